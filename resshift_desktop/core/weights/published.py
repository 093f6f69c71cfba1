"""The models that the authors of ResShift and SinSR published. Torch-free.

Sources of the numbers: the authors' configurations; addresses, sizes and hashes are from notes made earlier,
not compared with the release pages. The file of v3 and the f4 autoencoder are known by size and SHA-256; of
the others only about the size is known.
"""

from dataclasses import replace

from resshift_desktop.core.diffusion.config import (
    AutoencoderConfig,
    DiffusionConfig,
    ModelConfig,
    SwinUNetConfig,
)
from resshift_desktop.core.weights.cards import Checkpoint, ModelCard
from resshift_desktop.core.weights.licences import S_LAB, S_LAB_AND_CC
from resshift_desktop.errors import UsageError

_RESSHIFT = "https://github.com/zsyOAOA/ResShift/releases/download/v2.0/"
_SINSR = "https://github.com/wyf0912/SinSR/releases/download/v1.0/"

_UNET = SwinUNetConfig(
    latent_channels=3,
    model_channels=160,
    channel_mult=(1, 2, 2, 4),
    num_res_blocks=(2, 2, 2, 2),
    attention_levels=(0, 1, 2, 3),
    swin_embed_dim=192,
)
_F4 = AutoencoderConfig(
    latent_channels=3,
    codebook_size=8192,
    model_channels=128,
    channel_mult=(1, 2, 4),
    num_res_blocks=(2, 2, 2),
)
_F8 = AutoencoderConfig(
    latent_channels=8,
    codebook_size=4096,
    model_channels=64,
    channel_mult=(1, 2, 4, 8),
    num_res_blocks=(1, 2, 3, 4),
)
_IN_4_STEPS = DiffusionConfig(num_steps=4, kappa=2.0, min_noise_level=0.2)
_IN_15_STEPS = DiffusionConfig(num_steps=15, kappa=2.0, min_noise_level=0.04)
_IN_1_STEP = replace(_IN_15_STEPS, visits=(15,))

_X4 = ModelConfig(scale=4, diffusion=_IN_4_STEPS, unet=_UNET, codec=_F4)
_INPAINT = replace(_X4, scale=1, unet=replace(_UNET, cond_channels=4, cond_downsamples=2))
_FACE = ModelConfig(
    scale=1,
    diffusion=_IN_4_STEPS,
    unet=replace(_UNET, latent_channels=8, cond_downsamples=3),
    codec=_F8,
)


def _unet(url: str, num_bytes: int, sha256: str | None = None) -> Checkpoint:
    return Checkpoint("unet", url.rpartition("/")[2], url, num_bytes, sha256)


def _codec(url: str, num_bytes: int, sha256: str | None = None) -> Checkpoint:
    return Checkpoint("codec", url.rpartition("/")[2], url, num_bytes, sha256)


_AUTOENCODER = _codec(
    _RESSHIFT + "autoencoder_vq_f4.pth",
    221_364_711,
    "e967eaa2c380152811c53e312990d6967a8a957c4f7590f19490ec72110b2889",
)

_V3 = ModelCard(
    name="realsr-v3",
    title="ResShift x4, v3",
    description="x4 for photographs. The paper's best quality in 4 steps; for a GPU with about 2 GB of "
    "memory, or much patience.",
    licence=S_LAB,
    config=_X4,
    weights_file="realsr-v3.safetensors",
    weights_sha256="",
    tile_size=256,
    tile_overlap=64,
    tile_halo=16,
    bytes_per_lq_pixel=56_000,
    checkpoints=(
        _unet(
            _RESSHIFT + "resshift_realsrx4_s4_v3.pth",
            477_917_058,
            # Two mirrors agree on it; the release itself states none.
            "878da888bbbe10b8b0d4ff179c2de3059fd8a4cf2c705942a77a7f3b23ea1efd",
        ),
        _AUTOENCODER,
    ),
)


def _x4(name: str, title: str, description: str, diffusion: DiffusionConfig, url: str) -> ModelCard:
    return replace(
        _V3,
        name=name,
        title=title,
        description=description,
        config=replace(_X4, diffusion=diffusion),
        weights_file=f"{name}.safetensors",
        checkpoints=(_unet(url, 478_000_000), _AUTOENCODER),
    )


def _sinsr(version: str) -> ModelCard:
    card = _x4(
        f"sinsr-{version}",
        f"SinSR x4, {version}",
        "x4 for photographs in a single step: faster than ResShift, with less detail. For a GPU with about "
        "2 GB of memory, or patience.",
        _IN_1_STEP,
        f"{_SINSR}SinSR_{version}.pth",
    )
    return replace(card, licence=S_LAB_AND_CC)


_INPAINT_IMAGENET = replace(
    _V3,
    name="inpaint-imagenet",
    title="ResShift inpainting, photographs",
    description="Fills the white parts of a mask; all else stays as it is. 4 steps; for a GPU with about 3 "
    "GB of memory, or patience.",
    config=_INPAINT,
    weights_file="inpaint-imagenet.safetensors",
    tile_size=512,
    bytes_per_lq_pixel=3_500,
    checkpoints=(
        _unet(_RESSHIFT + "resshift_inpainting_imagenet_s4.pth", 478_000_000),
        _AUTOENCODER,
    ),
)
_INPAINT_FACE = replace(
    _INPAINT_IMAGENET,
    name="inpaint-face",
    title="ResShift inpainting, faces",
    description="Fills the white parts of a mask in an upright face that fills the picture, best at 256 x "
    "256 pixels. 4 steps; for a GPU with about 3 GB of memory, or patience.",
    weights_file="inpaint-face.safetensors",
    checkpoints=(
        _unet(_RESSHIFT + "resshift_inpainting_face_s4.pth", 478_000_000),
        _codec(_RESSHIFT + "celeba256_vq_f4_dim3_face.pth", 221_000_000),
    ),
)
_FACE_RESTORATION = replace(
    _V3,
    name="faceir",
    title="ResShift face restoration",
    description="Restores an upright face that fills a picture of 512 x 512 pixels. 4 steps; for a GPU with "
    "about 2 GB of memory, or patience.",
    config=_FACE,
    weights_file="faceir.safetensors",
    tile_size=512,
    tile_overlap=0,
    tile_halo=0,
    bytes_per_lq_pixel=2_000,
    input_side=512,
    checkpoints=(
        _unet(_RESSHIFT + "resshift_faceir_s4.pth", 479_000_000),
        _codec(_RESSHIFT + "ffhq512_vq_f8_dim8_face.pth", 308_000_000),
    ),
)
_CARDS = (
    _V3,
    _x4(
        "realsr-v2",
        "ResShift x4, v2",
        "x4 for photographs in 15 steps, as in the paper's second version; slower than v3.",
        _IN_15_STEPS,
        _RESSHIFT + "resshift_realsrx4_s15_v2.pth",
    ),
    _x4(
        "realsr-v1",
        "ResShift x4, v1",
        "x4 for photographs in 15 steps, as in the paper's first version; slower than v3.",
        _IN_15_STEPS,
        _RESSHIFT + "resshift_realsrx4_s15_v1.pth",
    ),
    _x4(
        "bicsr-x4",
        "ResShift x4, clean pictures",
        "x4 for clean pictures that were only made smaller: no noise, no JPEG. 4 steps; needs what v3 needs.",
        _IN_4_STEPS,
        _RESSHIFT + "resshift_bicsrx4_s4.pth",
    ),
    _sinsr("v1"),
    _sinsr("v2"),
    _INPAINT_IMAGENET,
    _INPAINT_FACE,
    _FACE_RESTORATION,
)


def published_cards() -> tuple[ModelCard, ...]:
    """The cards of the published models. Their `weights_sha256` is empty: it is that of what is made of the
    checkpoints here."""
    return _CARDS


def published_card(name: str) -> ModelCard:
    """The card of the published model called `name`.

    Raises:
        UsageError: there is none; the hint names those there are.
    """
    cards = {card.name: card for card in published_cards()}
    if name not in cards:
        raise UsageError(
            f"There is no published model called “{name}”.", f"Choose one of: {', '.join(cards)}."
        )
    return cards[name]

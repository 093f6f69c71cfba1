"""The autoencoder against the golden vectors, and its shortcuts against the plain way."""

from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from resshift_desktop.core.diffusion import autoencoder, norm
from resshift_desktop.core.diffusion.autoencoder import Codebook, VQAutoencoder
from resshift_desktop.core.diffusion.config import AutoencoderConfig
from resshift_desktop.core.diffusion.upsample import Upsample
from tests.parity import golden

TOLERANCE = 2e-4
CODES = AutoencoderConfig(
    latent_channels=3, codebook_size=64, model_channels=32, channel_mult=(1,), num_res_blocks=(1,)
)


@pytest.fixture(autouse=True)
def inference() -> Iterator[None]:
    with torch.inference_mode():
        yield


def reduced_autoencoder(name: str) -> VQAutoencoder:
    reduced = golden.reduced_configs()[name]
    model = VQAutoencoder(golden.autoencoder_config(reduced["autoencoder_params"])).eval()
    model.load_state_dict(golden.rule_weights(reduced["autoencoder"]))
    return model.eval()


def max_difference(a: Tensor, b: Tensor) -> float:
    assert a.shape == b.shape
    return (a - b).abs().max().item()


@pytest.mark.parametrize("name", golden.VECTORS)
def test_golden_vectors(name: str) -> None:
    model = reduced_autoencoder(golden.VECTORS[name])
    vectors = golden.vectors(name)
    assert max_difference(model.encode(vectors["ae_image"]), vectors["ae_latent"]) <= TOLERANCE
    assert max_difference(model.decode(vectors["ae_latent"]), vectors["ae_decoded"]) <= TOLERANCE
    decoded = model.decode(vectors["ae_latent"], quantize=False)
    assert max_difference(decoded, vectors["ae_decoded_unquantized"]) <= TOLERANCE


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_networks_keep_the_memory_format_and_agree(memory_format: torch.memory_format) -> None:
    model = reduced_autoencoder("sr")
    vectors = golden.vectors("sr_64x64")
    latent = model.encoder(vectors["ae_image"].contiguous(memory_format=memory_format))
    assert latent.is_contiguous(memory_format=memory_format)
    assert max_difference(model.quant_conv(latent), vectors["ae_latent"]) <= TOLERANCE
    codes = model.post_quant_conv(vectors["ae_latent"].contiguous(memory_format=memory_format))
    decoded = model.decoder(codes)
    assert decoded.is_contiguous(memory_format=memory_format)
    assert max_difference(decoded, vectors["ae_decoded_unquantized"]) <= TOLERANCE


@pytest.mark.parametrize("task", golden.checkpoint_layouts())
def test_published_checkpoints_fit(task: str) -> None:
    published = golden.checkpoint_layouts()[task]
    with torch.device("meta"):
        model = VQAutoencoder(golden.autoencoder_config(published["autoencoder_params"]))
    ours = {key: [str(t.dtype), list(t.shape)] for key, t in model.state_dict().items()}
    assert ours == {
        key: [f"torch.{dtype}", shape] for key, (dtype, shape) in published["autoencoder"].items()
    }


def test_weights_assigned_to_a_meta_model_decode_alike() -> None:
    reduced = golden.reduced_configs()["sr"]
    with torch.device("meta"):
        model = VQAutoencoder(golden.autoencoder_config(reduced["autoencoder_params"])).eval()
    model.load_state_dict(golden.rule_weights(reduced["autoencoder"]), assign=True)
    latent = golden.vectors("sr_64x64")["ae_latent"]
    assert torch.equal(model.decode(latent), reduced_autoencoder("sr").decode(latent))


@pytest.mark.parametrize(("name", "downscale"), [("sr", 4), ("face", 8)])
def test_shapes_of_a_picture_that_is_not_square(name: str, downscale: int) -> None:
    model = reduced_autoencoder(name)
    image = torch.rand(2, 3, 5 * downscale, 3 * downscale) * 2 - 1
    latent = model.encode(image)
    assert model.downscale == downscale
    assert latent.shape == (2, model.config.latent_channels, 5, 3)
    assert model.decode(latent).shape == image.shape


@settings(deadline=None, max_examples=25)
@given(height=st.integers(1, 9), width=st.integers(1, 9), batch=st.integers(1, 2))
def test_upsample_equals_repeating_pixels_then_convolving(height: int, width: int, batch: int) -> None:
    generator = torch.Generator().manual_seed(height * 100 + width)
    upsample = Upsample(16)
    weights = {key: torch.randn(t.shape, generator=generator) for key, t in upsample.state_dict().items()}
    upsample.eval().load_state_dict(weights)
    x = torch.randn(batch, 16, height, width, generator=generator)
    plain = upsample.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))
    torch.testing.assert_close(upsample(x), plain, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("count", [1, 15, 16, 17, 100])
def test_chunked_codebook_search_equals_the_whole_one(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoencoder, "CODEBOOK_CHUNK", 16)
    generator = torch.Generator().manual_seed(count)
    codebook = Codebook(CODES)
    pixels = torch.randn(count, 3, generator=generator)
    distances = (pixels[:, None] - codebook.embedding.weight).square().sum(dim=2)
    assert torch.equal(codebook.nearest(pixels), distances.argmin(dim=1))


def test_codebook_vectors_are_their_own_nearest() -> None:
    codebook = Codebook(CODES)
    latent = codebook.embedding.weight.T.reshape(1, 3, 4, 16)
    assert torch.equal(codebook(latent), latent)


@pytest.mark.parametrize("whole", [1 << 26, 0])
def test_half_precision_is_normalised_in_float32(whole: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(norm, "_WHOLE", whole)
    layer = norm.GroupNorm32(64, eps=1e-6).half()
    # The squares of these are beyond half precision's range.
    x = torch.randn(2, 64, 8, 8, generator=torch.Generator().manual_seed(1)).mul(1000).half()
    exact = F.group_norm(x.float(), 32, eps=1e-6).half()
    assert torch.equal(layer(x), exact)

"""The numbers that define a model: its chain and its network. Frozen, torch-free, JSON-friendly."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal


@dataclass(frozen=True)
class DiffusionConfig:
    """The residual-shifting chain of one model (ResShift paper, section 3).

    `kappa` sets the noise level, `num_steps` is T. `latent_variance` is the variance the network
    input is scaled by beside the noise's: 1 for the published models, 0.25 for pictures in [-1, 1].
    `predicts` says what the network returns: x_0 itself, or x_0 - y (the negative residual e_0).
    `visits` are the steps t at which the network of a distilled model is asked, from T down, with no fresh
    noise between them (SinSR asks once, at T); the others' are asked at every step and have none.
    """

    num_steps: int
    kappa: float
    min_noise_level: float
    power: float = 0.3
    etas_end: float = 0.99
    latent_variance: float = 1.0
    predicts: Literal["x_0", "x_0 - y"] = "x_0"
    visits: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.num_steps < 1:
            raise ValueError(f"num_steps is {self.num_steps}; a chain has at least one step")
        if min(self.kappa, self.min_noise_level, self.power, self.latent_variance) <= 0:
            raise ValueError("kappa, min_noise_level, power and latent_variance must be above 0")
        if not min(self.min_noise_level / self.kappa, self.min_noise_level) < self.etas_end <= 1:
            raise ValueError("sqrt(eta) must grow from the least noise level to etas_end, which is at most 1")
        if self.visits and not _descends(self.num_steps, *self.visits):
            raise ValueError(f"visits are steps from T = {self.num_steps} down to 1, not {self.visits}")

    @property
    def num_calls(self) -> int:
        """How often the network is asked for a picture."""
        return len(self.visits) or self.num_steps


def _descends(first: int, *steps: int) -> bool:
    """Whether `steps` begin with `first`, fall and stay above 0."""
    return steps[0] == first and all(a > b for a, b in pairwise((*steps, 0)))


@dataclass(frozen=True)
class SwinUNetConfig:
    """Shape of a SwinUNet; `num_res_blocks` and `channel_mult` have one entry a level.

    `attention_levels` are the levels (0 is the latent's own resolution) with Swin attention; the
    middle block has it always. `unshifted_from` is the first level whose windows are not shifted
    (the published networks' lowest level is a single window). `cond_channels` counts the channels
    of the condition (LQ, and the mask when inpainting); `cond_downsamples` how often it is halved
    to reach the latent's resolution. `norm`: "group" is GroupNorm(32), as published; "channel" is
    a LayerNorm over the channels of each pixel, which makes a tile's result independent of its
    surroundings' statistics.
    """

    latent_channels: int
    model_channels: int
    channel_mult: tuple[int, ...]
    num_res_blocks: tuple[int, ...]
    attention_levels: tuple[int, ...]
    swin_embed_dim: int
    swin_depth: int = 2
    mlp_ratio: int = 4
    window_size: int = 8
    head_channels: int = 32
    unshifted_from: int = 3
    cond_channels: int = 3
    cond_downsamples: int = 0
    norm: Literal["group", "channel"] = "group"

    @property
    def latent_multiple(self) -> int:
        """Sides of the latent must be multiples of this: the coarsest level holds whole windows.

        The middle block always attends, so it is the window size at the coarsest level.
        """
        return self.window_size << (len(self.channel_mult) - 1)


@dataclass(frozen=True)
class AutoencoderConfig:
    """Shape of a VQ autoencoder; `channel_mult` and `num_res_blocks` have one entry a level."""

    latent_channels: int
    codebook_size: int
    model_channels: int
    channel_mult: tuple[int, ...]
    num_res_blocks: tuple[int, ...]

    @property
    def downscale(self) -> int:
        """How many picture pixels one latent pixel stands for along a side."""
        return 1 << (len(self.channel_mult) - 1)


@dataclass(frozen=True)
class ModelConfig:
    """Everything needed to build a model's networks, short of their weights.

    `scale` is the upscale factor of one pass (1 for inpainting and face restoration). The codec is
    an autoencoder, or the pixel unshuffle by `scale`, which has no parameters.
    """

    scale: int
    diffusion: DiffusionConfig
    unet: SwinUNetConfig
    codec: AutoencoderConfig | Literal["pixel-unshuffle"] = "pixel-unshuffle"

    @property
    def takes_mask(self) -> bool:
        return self.unet.cond_channels == 4

    @property
    def latent_downscale(self) -> int:
        """How many result pixels one latent pixel stands for along a side."""
        return self.scale if self.codec == "pixel-unshuffle" else self.codec.downscale

    @property
    def lq_multiple(self) -> int:
        """Sides of an input tile must be multiples of this many LQ pixels."""
        return max(1, self.unet.latent_multiple * self.latent_downscale // self.scale)

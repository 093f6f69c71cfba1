"""A whole ResShift model: codec, network and chain, with the contract that the rest relies on."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resshift_desktop.core.diffusion.autoencoder import VQAutoencoder
from resshift_desktop.core.diffusion.codec import PixelUnshuffle
from resshift_desktop.core.diffusion.config import ModelConfig
from resshift_desktop.core.diffusion.sampler import sample, sample_deterministically
from resshift_desktop.core.diffusion.schedule import make_schedule
from resshift_desktop.core.diffusion.unet import SwinUNet


class ResShift(nn.Module):
    """The networks of one model. Pictures are (b, 3, h, w) in [-1, 1]; latents are (b, c, h', w')."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.schedule = make_schedule(config.diffusion)
        self.unet = SwinUNet(config.unet)
        self.codec = (
            PixelUnshuffle(config.scale) if config.codec == "pixel-unshuffle" else VQAutoencoder(config.codec)
        )
        self.register_buffer(
            "input_scale", torch.from_numpy(self.schedule.input_scale).float(), persistent=False
        )

    def encode(self, lq: Tensor) -> Tensor:
        """lq: (b, 3, h, w) -> y, the latent of the picture upscaled by bicubic interpolation."""
        if self.config.scale > 1:
            lq = F.interpolate(lq, scale_factor=float(self.config.scale), mode="bicubic")
        return self.codec.encode(lq)

    def predict_x_0(self, x_t: Tensor, t: Tensor, y: Tensor, cond: Tensor) -> Tensor:
        """The network's estimate of x_0 from x_t at the steps t: (b,) in 1 ... T, not clamped.

        `y` is `encode(lq)`; `cond` is lq, with the mask as a fourth channel where the model takes one.
        """
        scale = self.get_buffer("input_scale")[t - 1].to(x_t.dtype)
        out = self.unet(x_t * scale[:, None, None, None], t - 1, cond)
        return y + out if self.config.diffusion.predicts == "x_0 - y" else out

    def sample(
        self,
        y: Tensor,
        cond: Tensor,
        noise: Callable[[int], Tensor],
        on_step: Callable[[int, Tensor], None] = lambda _t, _x: None,
    ) -> Tensor:
        """The latent x_0 given `y` and `cond` (see `predict_x_0`), by the chain that the model is made for.

        `noise` and `on_step` as in `sampler.sample`.
        """

        def predict_x_0(x_t: Tensor, t: int) -> Tensor:
            return self.predict_x_0(x_t, torch.full((len(y),), t, device=y.device), y, cond)

        visits = self.config.diffusion.visits
        if visits:
            return sample_deterministically(predict_x_0, y, self.schedule, visits, noise, on_step)
        return sample(predict_x_0, y, self.schedule, noise, on_step)

    def decode(self, latent: Tensor) -> Tensor:
        """latent -> picture, not clamped."""
        return self.codec.decode(latent)

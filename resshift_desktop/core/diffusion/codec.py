"""The fixed codec of the built-in model: picture <-> latent without a network and without loss."""

import torch.nn.functional as F
from torch import Tensor, nn


class PixelUnshuffle(nn.Module):
    """A picture's `downscale` x `downscale` blocks as channels: the latent is the picture itself.

    Much cheaper than an autoencoder, exact both ways, and it has no parameters.
    """

    def __init__(self, downscale: int = 4) -> None:
        super().__init__()
        self.downscale = downscale
        self.latent_channels = 3 * downscale**2

    def encode(self, image: Tensor) -> Tensor:
        """image: (b, 3, h, w) in [-1, 1] -> latent: (b, 3 f^2, h / f, w / f), f = `downscale`."""
        return F.pixel_unshuffle(image, self.downscale)

    def decode(self, latent: Tensor) -> Tensor:
        """latent: (b, 3 f^2, h, w) -> image: (b, 3, f h, f w), not clamped."""
        return F.pixel_shuffle(latent, self.downscale)

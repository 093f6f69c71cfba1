"""A small critic that learns to tell results from true pictures, patch by patch."""

import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchCritic(nn.Module):
    """A score for each 8 x 8 pixels, from 46 x 46 around them: above 0 is what it takes for true.

    A PatchGAN (Isola et al. 2017, section 3.2.2). Spectral norms (Miyato et al. 2018) keep it from running
    ahead of the network.
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            spectral_norm(nn.Conv2d(3, width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2, inplace=True),
            spectral_norm(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2, inplace=True),
            spectral_norm(nn.Conv2d(2 * width, 2 * width, 3, padding=1)),
            nn.LeakyReLU(0.2, inplace=True),
            spectral_norm(nn.Conv2d(2 * width, 3 * width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(3 * width, 1, 3, padding=1),
        )

    def forward(self, picture: Tensor) -> Tensor:
        """picture: (b, 3, h, w) in [-1, 1] -> (b, 1, h / 8, w / 8)."""
        return self.layers(picture)


def with_coarse_part_of(sr: Tensor, hr: Tensor, cell: int) -> Tensor:
    """`sr`'s detail on `hr`'s colours: what the critic is shown, so that it cannot pull at the colours."""

    def coarse(x: Tensor) -> Tensor:
        return F.interpolate(F.avg_pool2d(x, cell), scale_factor=float(cell), mode="bilinear")

    return sr - coarse(sr) + coarse(hr)


def deceive(critic: PatchCritic, sr: Tensor) -> Tensor:
    """The network's loss: how surely the critic sees through `sr` (Goodfellow et al. 2014, section 3)."""
    return F.softplus(-critic(sr).float()).mean()


def discern(critic: PatchCritic, sr: Tensor, hr: Tensor) -> Tensor:
    """The critic's loss on results and true pictures, which need not be pairs."""
    return F.softplus(critic(sr).float()).mean() + F.softplus(-critic(hr).float()).mean()

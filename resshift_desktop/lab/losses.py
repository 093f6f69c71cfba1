"""What training punishes."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resshift_desktop.lab.metrics import LPIPS

_LEVEL = 1 / 127.5  # of 255, of pictures in [-1, 1]
VIEW_SCALES = (0.5, 0.625, 0.75, 0.875, 1.25, 1.5)


@dataclass(frozen=True)
class LossWeights:
    """The share of each term; pictures are in [-1, 1]."""

    l1: float = 0.7
    psnr: float = 0.14
    deviation: float = 0.12
    lpips: float = 1.0
    grid: float = 2.0
    colour: float = 1.0
    input: float = 0.2
    critic: float = 0.015


class TrainingLoss(nn.Module):
    """L1 + psnr + deviation + LPIPS + grid + colour + input on the predicted picture.

    L1 and `psnr` want what is likely; LPIPS and `deviation` want detail of the right strength.
    `colour` compares the means of cells with the truth's, `input` with the input itself: where the truth is
    in doubt, a result keeps to what it was made from.

    LPIPS alone lets a faint pattern of the unshuffle's period grow: its first layer strides by
    two, so a pattern tied to the pixel grid can hide between its samples. Two things take that
    away: both pictures are shifted and scaled at random before LPIPS sees them, and `grid_loss`
    punishes the pattern itself.
    """

    def __init__(self, weights: LossWeights, period: int, lpips: LPIPS | None) -> None:
        super().__init__()
        self.weights, self.period, self.lpips = weights, period, lpips

    def forward(self, sr: Tensor, hr: Tensor, lq: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        """The weighted terms by name, scalars to be summed, all but the critic's.

        sr, hr: (b, 3, h, w), lq: (b, 3, h / period, w / period), all in [-1, 1].
        """
        coarse = F.avg_pool2d(sr, self.period)
        terms = {
            "l1": self.weights.l1 * F.l1_loss(sr, hr),
            "psnr": self.weights.psnr * log_error(sr, hr),
            "deviation": self.weights.deviation * deviation_loss(sr, hr),
            "grid": self.weights.grid * grid_loss(sr, hr, self.period),
            "colour": self.weights.colour * F.l1_loss(coarse, F.avg_pool2d(hr, self.period)),
            "input": self.weights.input * F.l1_loss(coarse, lq),
        }
        if self.lpips is not None:
            a, b = random_view(sr, hr, generator)
            terms["lpips"] = self.weights.lpips * self.lpips(a / 2 + 0.5, b / 2 + 0.5).mean()
        return terms


def log_error(sr: Tensor, hr: Tensor) -> Tensor:
    """The mean over pictures of log10 of the luma's squared error: PSNR-Y but for sign and factor.

    So what is flat, and has little error, weighs as much as what has a lot of it. Two levels of 255 are
    added to the error, or a single flat piece would outweigh all others.
    """
    error = _luma(sr) - _luma(hr)
    return (error.square().mean(dim=(1, 2, 3)) + (2 * _LEVEL) ** 2).log10().mean()


def deviation_loss(sr: Tensor, hr: Tensor, window: int = 16) -> Tensor:
    """How far the strength of detail is from the truth's, wherever exactly the detail lies.

    Detail is the luma less its means over blocks, of 2 pixels for the finest and of 8 for all; its deviation
    is taken in windows, which overlap by half, and compared as |log ratio|. Noise that is left where the
    truth is flat counts, and so does texture that is too weak; deviations below a level of 255 hardly do.
    """
    a, b = _luma(sr), _luma(hr)
    bands = [F.l1_loss(_log_variance(a, block, window), _log_variance(b, block, window)) for block in (2, 8)]
    return torch.stack(bands).mean() / 2


def _log_variance(luma: Tensor, block: int, window: int) -> Tensor:
    coarse = F.interpolate(F.avg_pool2d(luma, block), scale_factor=float(block), mode="bilinear")
    return (F.avg_pool2d((luma - coarse).square(), window, window // 2) + _LEVEL**2).log()


def _luma(picture: Tensor) -> Tensor:
    """(b, 3, h, w) -> (b, 1, h, w), weighted as PSNR-Y does (ITU-R BT.601)."""
    red, green, blue = picture.split(1, dim=1)
    return 0.257 * red + 0.504 * green + 0.098 * blue


def grid_loss(sr: Tensor, hr: Tensor, period: int, window: int = 8) -> Tensor:
    """How much the error depends on the position within a `period` x `period` cell.

    The error of each of the period^2 positions is averaged over windows of window x window cells.
    What a picture's own detail leaves averages out there; a pattern tied to the cells does not.
    """
    error = F.pixel_unshuffle(sr - hr, period)
    means = F.avg_pool2d(error, window, window // 2)
    by_position = means.unflatten(1, (3, period**2)).flatten(3)
    return (by_position - by_position.mean(dim=2, keepdim=True)).abs().mean()


def random_view(a: Tensor, b: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """The same random view of both: shifted by 0 to 7 pixels, in one of 8 orientations, half the time scaled.

    The side is 8 pixels less, times one of few factors: each size of picture costs a CPU memory that it
    does not give back (oneDNN keeps what it compiled for it).
    """

    def draw(below: int) -> int:
        return int(torch.randint(below, (), generator=generator))

    top, left, turns, mirrored = draw(8), draw(8), draw(4), draw(2)
    scale = VIEW_SCALES[draw(len(VIEW_SCALES))] if draw(2) else 1.0
    views: list[Tensor] = []
    for x in (a, b):
        view = x[..., top : top + x.shape[2] - 8, left : left + x.shape[3] - 8].rot90(turns, (2, 3))
        view = view.flip(3) if mirrored else view
        if scale != 1:
            size = [round(side * scale) for side in view.shape[2:]]
            view = F.interpolate(view, size=size, mode="bilinear", antialias=True)
        views.append(view)
    return views[0], views[1]

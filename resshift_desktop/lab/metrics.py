"""How close a result is to the truth: PSNR-Y, SSIM-Y, LPIPS, and how true it stays to its input.

Pictures are (b, 3, h, w) float RGB in [0, 1]; every metric gives (b,), one number a picture, and can be
differentiated. PSNR and SSIM are taken on the luma without its border, as super-resolution papers do.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resshift_desktop.errors import WeightsError

LPIPSNetwork = Literal["alex", "squeeze"]


def psnr_y(sr: Tensor, hr: Tensor, crop: int = 4) -> Tensor:
    """Peak signal-to-noise ratio of the luma in dB, without `crop` pixels at each border; equal: infinity."""
    return _psnr(_luma(sr, crop), _luma(hr, crop))


def lq_psnr(sr: Tensor, lq: Tensor) -> Tensor:
    """PSNR in dB of the input against the result averaged down to its size: colour and brightness kept."""
    return _psnr(F.interpolate(sr, size=lq.shape[-2:], mode="area"), lq)


def ssim_y(sr: Tensor, hr: Tensor, crop: int = 4) -> Tensor:
    """Structural similarity of the luma (at most 1), without `crop` pixels at each border.

    Wang et al. 2004, "Image quality assessment: from error visibility to structural similarity", eq. 13 and
    section III-C: an 11 x 11 Gaussian window of deviation 1.5, K1 = 0.01, K2 = 0.03, only where the window
    fits wholly. Sides must be at least 11 + 2 `crop`.
    """
    a, b = _luma(sr, crop), _luma(hr, crop)
    _check_same_shape(a, b)
    offset = torch.arange(11, dtype=a.dtype, device=a.device) - 5
    window = torch.exp(-(offset**2) / (2 * 1.5**2))
    window = window / window.sum()

    def local_mean(x: Tensor) -> Tensor:
        return F.conv2d(F.conv2d(x, window.view(1, 1, 11, 1)), window.view(1, 1, 1, 11))

    mean_a, mean_b = local_mean(a), local_mean(b)
    var_a, var_b = local_mean(a * a) - mean_a**2, local_mean(b * b) - mean_b**2
    covariance = local_mean(a * b) - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    luminance = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
    structure = (2 * covariance + c2) / (var_a + var_b + c2)
    return (luminance * structure).mean(dim=(1, 2, 3))


class LPIPS(nn.Module):
    """Learned perceptual distance, version 0.1: 0 for equal pictures, larger for less alike ones.

    Zhang et al. 2018, "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", eq. 1: the
    features of a classifier after chosen layers, scaled to unit length at each position, are compared by a
    weighted squared difference, averaged over positions and summed over layers. The weights are frozen, so
    it serves as a training loss as it is. Module and weight names are those of the published files.
    """

    def __init__(self, network: LPIPSNetwork) -> None:
        super().__init__()
        self.features, self.taps, channels = _alex() if network == "alex" else _squeeze()
        self.lins = nn.ModuleList(nn.Conv2d(c, 1, 1, bias=False) for c in channels)
        # Mean and deviation of the classifier's training pictures, on [-1, 1] (the paper's scaling layer).
        self.register_buffer("shift", torch.tensor([-0.030, -0.088, -0.188]).view(3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor([0.458, 0.448, 0.450]).view(3, 1, 1), persistent=False)
        self.requires_grad_(False)

    @classmethod
    def load(cls, network: LPIPSNetwork, path: Path) -> Self:
        """The metric with the weights of the .npz file at `path`: torchvision's `features.*`, and `lin*`.

        Raises WeightsError when the file cannot be read or holds the weights of something else.
        """
        model = cls(network)
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                state_dict = {k.replace("lin", "lins."): torch.from_numpy(v) for k, v in arrays.items()}
            model.load_state_dict(state_dict)
        except (OSError, EOFError, ValueError, TypeError, RuntimeError, zipfile.BadZipFile) as error:
            title = f"{path} does not hold the LPIPS weights of the network '{network}'."
            raise WeightsError(title, "Give the .npz file of LPIPS v0.1 for this network.") from error
        return model

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        """Distances (b,) between pictures (b, 3, h, w) in [0, 1]; sides at least 32."""
        _check_same_shape(a, b)
        # Apart, not as one batch: a target that needs no gradient then costs no backward pass.
        pairs = zip(self.lins, self._unit_features(a), self._unit_features(b), strict=True)
        return torch.stack([lin((p - q) ** 2).mean(dim=(1, 2, 3)) for lin, p, q in pairs]).sum(dim=0)

    def _unit_features(self, x: Tensor) -> list[Tensor]:
        x = (x * 2 - 1 - self.get_buffer("shift")) / self.get_buffer("scale")
        units: list[Tensor] = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in self.taps:
                # vector_norm: unlike sqrt, its gradient at a feature vector of zeros is not NaN.
                units.append(x / (torch.linalg.vector_norm(x, dim=1, keepdim=True) + 1e-10))
        return units


class _Fire(nn.Module):
    """SqueezeNet's block (Iandola et al. 2016): 1x1 to few channels, then 1x1 and 3x3 side by side."""

    def __init__(self, inputs: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.squeeze(x))
        return F.relu(torch.cat([self.expand1x1(x), self.expand3x3(x)], dim=1))


def _alex() -> tuple[nn.Sequential, Sequence[int], Sequence[int]]:
    """AlexNet's features, the indices of the layers compared and their channels."""
    layers = nn.Sequential(
        *(nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(256, 256, 3, padding=1), nn.ReLU()),
    )
    return layers, (1, 4, 7, 9, 11), (64, 192, 384, 256, 256)


def _squeeze() -> tuple[nn.Sequential, Sequence[int], Sequence[int]]:
    """SqueezeNet 1.1's features, the indices of the layers compared and their channels."""
    layers = nn.Sequential(
        *(nn.Conv2d(3, 64, 3, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)),
        *(_Fire(64, 16, 64), _Fire(128, 16, 64), nn.MaxPool2d(3, 2, ceil_mode=True)),
        *(_Fire(128, 32, 128), _Fire(256, 32, 128), nn.MaxPool2d(3, 2, ceil_mode=True)),
        *(_Fire(256, 48, 192), _Fire(384, 48, 192), _Fire(384, 64, 256), _Fire(512, 64, 256)),
    )
    return layers, (1, 4, 7, 9, 10, 11, 12), (64, 128, 256, 384, 384, 512, 512)


def _luma(x: Tensor, crop: int) -> Tensor:
    """Luma (b, 1, h - 2 crop, w - 2 crop) in [16, 235] / 255: ITU-R BT.601, 8-bit studio range."""
    red, green, blue = x[..., crop : x.shape[-2] - crop, crop : x.shape[-1] - crop].split(1, dim=1)
    return (65.481 * red + 128.553 * green + 24.966 * blue + 16) / 255


def _psnr(a: Tensor, b: Tensor) -> Tensor:
    _check_same_shape(a, b)
    return -10 * torch.log10(((a - b) ** 2).mean(dim=(1, 2, 3)))


def _check_same_shape(a: Tensor, b: Tensor) -> None:
    """Raise ValueError where broadcasting would compare pictures that are no pairs."""
    if a.shape != b.shape:
        raise ValueError(f"Pictures of {tuple(a.shape)} and {tuple(b.shape)} are no pairs.")

"""Low-quality inputs made from good pictures: the synthetic degradations of the ResShift supplement.

`degrade_real` is section 2.1, the first order of Real-ESRGAN's pipeline (Wang et al. 2021, "Real-ESRGAN:
Training Real-World Blind Super-Resolution with Pure Synthetic Data"): blur, downsample, noise, JPEG.
`degrade_bicubic` is section 2.2. Every function is pure given its `rng`; nothing depends on the number of
threads. Pictures between the stages are (h, w, 3) float32 RGB in [0, 1].
"""

import io
import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image

Uint8Image = NDArray[np.uint8]
FloatImage = NDArray[np.float32]
Interpolation = Literal["area", "bilinear", "bicubic"]


@dataclass(frozen=True)
class Degradation:
    """Parameters of section 2.1 with the published defaults; a range is drawn from uniformly, ends included.

    `blur_sigma` is in HR pixels, `gaussian_sigma` in units of the full range 1; `poisson_scale` multiplies
    the deviation of Poisson noise (1: the noise of 256 photons at white). Noise is Gaussian with
    `gaussian_probability`, else Poisson.
    """

    kernel_size: int = 13
    isotropic_probability: float = 0.6
    blur_sigma: tuple[float, float] = (0.2, 0.8)
    gaussian_probability: float = 0.5
    gaussian_sigma: tuple[float, float] = (1 / 255, 15 / 255)
    poisson_scale: tuple[float, float] = (0.05, 0.3)
    jpeg_quality: tuple[int, int] = (70, 95)


MILD = Degradation(
    blur_sigma=(0.2, 0.5), gaussian_sigma=(0.0, 3 / 255), poisson_scale=(0.0, 0.1), jpeg_quality=(85, 97)
)
"""Lightly degraded inputs: a good camera picture that was shrunk and saved once. Ours, not the paper's."""


def degrade_real(
    hr: Uint8Image, rng: np.random.Generator, scale: int = 4, degradation: Degradation = Degradation()
) -> Uint8Image:
    """Degrade `hr` (h, w, 3), sides multiples of `scale`, to (h / scale, w / scale, 3): section 2.1.

    Raises ValueError for sides that `scale` does not divide, or that half the kernel exceeds.
    """
    image = np.divide(hr, 255, dtype=np.float32)
    image = blur(image, sample_kernel(rng, degradation))
    image = downsample(image, rng, scale)
    image = add_noise(image, rng, degradation)
    return jpeg(image, rng, degradation)


def degrade_bicubic(hr: Uint8Image, scale: int = 4) -> Uint8Image:
    """Shrink `hr` (h, w, 3), sides multiples of `scale`, by MATLAB's bicubic rule: section 2.2.

    The rule is Keys' cubic with a = -0.5, stretched by `scale` (antialiased). Pillow's BICUBIC is the same
    filter. They differ within 2 output pixels of the border, where MATLAB mirrors the picture and Pillow
    leaves out the taps beyond it, and elsewhere by the rounding to 8 bits: at most one level.
    Raises ValueError for sides that `scale` does not divide.
    """
    height, width = _shrunk_size(hr, scale)
    return np.array(Image.fromarray(hr).resize((width, height), Image.Resampling.BICUBIC))


def sample_kernel(rng: np.random.Generator, degradation: Degradation = Degradation()) -> FloatImage:
    """Draw a Gaussian blur kernel (kernel_size, kernel_size) that sums to one.

    Isotropic with `isotropic_probability`, else with a width of its own along each of two axes at any angle.
    """
    if rng.random() < degradation.isotropic_probability:
        sigma_u = sigma_v = rng.uniform(*degradation.blur_sigma)
        angle = 0.0
    else:
        sigma_u, sigma_v = rng.uniform(*degradation.blur_sigma, size=2)
        angle = rng.uniform(0, math.pi)
    offset = np.arange(degradation.kernel_size) - (degradation.kernel_size - 1) / 2
    y, x = offset[:, None], offset[None, :]
    u = math.cos(angle) * x + math.sin(angle) * y
    v = math.cos(angle) * y - math.sin(angle) * x
    kernel = np.exp(-0.5 * ((u / sigma_u) ** 2 + (v / sigma_v) ** 2))
    return (kernel / kernel.sum()).astype(np.float32)


def blur(image: FloatImage, kernel: FloatImage) -> FloatImage:
    """Filter each channel of `image` with an odd-sided `kernel`; the border is mirrored without its edge.

    Raises ValueError when a side of the image is not longer than half the kernel.
    """
    if min(image.shape[:2]) <= kernel.shape[0] // 2:
        raise ValueError(f"A {image.shape[:2]} picture is too small for a kernel of {kernel.shape}.")
    kernel = _trim(kernel)
    pad = kernel.shape[0] // 2
    # Channels as a batch: one channel a picture is the fast path of the convolution.
    channels = F.pad(_to_tensor(image), (pad, pad, pad, pad), mode="reflect").transpose(0, 1)
    return _to_image(F.conv2d(channels, torch.tensor(kernel)[None, None]).transpose(0, 1))


def downsample(image: FloatImage, rng: np.random.Generator, scale: int) -> FloatImage:
    """Shrink by `scale` with a random one of area, bilinear and bicubic (a = -0.75), without antialiasing.

    Bicubic may leave [0, 1] a little. Raises ValueError for sides that `scale` does not divide.
    """
    mode: Interpolation = rng.choice(get_args(Interpolation))
    return _to_image(F.interpolate(_to_tensor(image), size=_shrunk_size(image, scale), mode=mode))


def add_noise(
    image: FloatImage, rng: np.random.Generator, degradation: Degradation = Degradation()
) -> FloatImage:
    """Add independent Gaussian noise, or Poisson noise, to each channel of each pixel; clips to [0, 1]."""
    image = np.clip(image, 0, 1)
    if rng.random() < degradation.gaussian_probability:
        noise = rng.uniform(*degradation.gaussian_sigma) * rng.standard_normal(image.shape, np.float32)
    else:
        # Real-ESRGAN counts photons in as many levels as the picture has; 256 does not vary with the crop.
        noise = rng.uniform(*degradation.poisson_scale) * (rng.poisson(256 * image) / 256 - image)
    return np.clip(image + noise, 0, 1).astype(np.float32)


def jpeg(image: FloatImage, rng: np.random.Generator, degradation: Degradation = Degradation()) -> Uint8Image:
    """Save and reopen `image` (clipped to [0, 1]) as JPEG of a random quality, colour at half resolution."""
    quality = int(rng.integers(*degradation.jpeg_quality, endpoint=True))
    levels = np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "JPEG", quality=quality, subsampling="4:2:0")
    return np.array(Image.open(file))


def _trim(kernel: FloatImage) -> FloatImage:
    """`kernel` without the rings too small to change a float32 sum: two thirds of the blur's time."""
    rows, columns = np.nonzero(kernel > kernel.max() * 2.0**-24)
    centre = kernel.shape[0] // 2
    radius = max(np.abs(rows - centre).max(), np.abs(columns - centre).max())
    return kernel[centre - radius : centre + radius + 1, centre - radius : centre + radius + 1]


def _shrunk_size(image: NDArray[np.generic], scale: int) -> tuple[int, int]:
    height, width = image.shape[:2]
    if height % scale or width % scale:
        raise ValueError(f"The sides of a {height} x {width} picture are not multiples of {scale}.")
    return height // scale, width // scale


def _to_tensor(image: FloatImage) -> torch.Tensor:
    """(h, w, 3) -> (1, 3, h, w)."""
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))[None]


def _to_image(tensor: torch.Tensor) -> FloatImage:
    """(1, 3, h, w) -> (h, w, 3)."""
    return tensor[0].permute(1, 2, 0).contiguous().numpy()

import io
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from resshift_desktop.lab.degrade import (
    MILD,
    Degradation,
    add_noise,
    blur,
    degrade_bicubic,
    degrade_real,
    downsample,
    jpeg,
    sample_kernel,
)


def picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Soft shapes with some grain, (height, width, 3) uint8."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (height // 32 + 1, width // 32 + 1, 3), np.uint8))
    soft = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), np.int16)
    return np.clip(soft + rng.integers(-3, 4, soft.shape), 0, 255).astype(np.uint8)


def random_floats(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).random(shape, np.float32)


def inverse_covariance(kernel: np.ndarray) -> np.ndarray:
    """The 2 x 2 matrix of a Gaussian read back from the ratios of its samples about the centre."""
    c = kernel.shape[0] // 2
    neighbours = kernel[[c, c + 1, c + 1], [c + 1, c, c + 1]].astype(np.float64)
    xx, yy, diagonal = -2 * np.log(neighbours / kernel[c, c])
    xy = (diagonal - xx - yy) / 2
    return np.array([[xx, xy], [xy, yy]])


@pytest.fixture(scope="module")
def kernels() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.stack([sample_kernel(rng) for _ in range(2000)])


def test_kernels_are_13_wide_not_negative_and_sum_to_one(kernels: np.ndarray) -> None:
    assert kernels.shape == (2000, 13, 13)
    assert kernels.dtype == np.float32
    assert kernels.min() >= 0
    np.testing.assert_allclose(kernels.sum((1, 2)), 1, rtol=1e-6)


def test_kernel_widths_angles_and_isotropic_share(kernels: np.ndarray) -> None:
    inverses = np.stack([inverse_covariance(k) for k in kernels])
    widths = 1 / np.sqrt(np.linalg.eigvalsh(inverses))
    isotropic = widths[:, 0] / widths[:, 1] < 1.0001
    assert isotropic.mean() == pytest.approx(0.6, abs=0.05)
    for drawn in (widths[isotropic][:, 0], widths[~isotropic].ravel()):
        assert drawn.min() == pytest.approx(0.2, abs=0.01)
        assert drawn.max() == pytest.approx(0.8, abs=0.01)
        assert drawn.min() > 0.1999
        assert drawn.max() < 0.8001
        assert drawn.mean() == pytest.approx(0.5, abs=0.03)
    leaning = inverses[~isotropic]
    assert (leaning[:, 0, 1] > 0).mean() == pytest.approx(0.5, abs=0.08)
    assert (leaning[:, 0, 0] > leaning[:, 1, 1]).mean() == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_blur_is_the_filter_over_a_mirrored_border(probability: float) -> None:
    kernel = sample_kernel(np.random.default_rng(5), Degradation(isotropic_probability=probability))
    image = random_floats(9, 14, 3)
    padded = np.pad(image.astype(np.float64), ((6, 6), (6, 6), (0, 0)), "reflect")
    expected = sum(
        kernel[i, j] * padded[i : i + 9, j : j + 14] for i, j in itertools.product(range(13), range(13))
    )
    np.testing.assert_allclose(blur(image, kernel), expected, atol=1e-6)


def test_downsample_draws_each_mode_a_third_of_the_time() -> None:
    image = random_floats(8, 12, 3)
    blocks = image.reshape(2, 4, 3, 4, 3)
    taps = {
        "area": np.full(4, 0.25),
        "bilinear": np.array([0, 0.5, 0.5, 0]),
        "bicubic": np.array([-3, 19, 19, -3]) / 32,  # Keys' cubic at half a pixel, a = -0.75
    }
    expected = {mode: np.einsum("hiwjc,i,j->hwc", blocks, t, t) for mode, t in taps.items()}
    rng = np.random.default_rng(0)
    counts = dict.fromkeys(taps, 0)
    for _ in range(900):
        small = downsample(image, rng, 4)
        (mode,) = [m for m, e in expected.items() if np.allclose(small, e, atol=1e-5)]
        counts[mode] += 1
    assert counts == pytest.approx(dict.fromkeys(taps, 300), abs=60)


def noise_levels(degradation: Degradation, brightness: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    flat = np.full((32, 32, 3), brightness, np.float32)
    return np.array([np.std(add_noise(flat, rng, degradation) - flat) for _ in range(400)])


@pytest.mark.parametrize(
    ("gaussian_probability", "brightness", "low", "high"),
    [
        (1.0, 0.5, 1 / 255, 15 / 255),
        (0.0, 0.5, 0.05 * np.sqrt(0.5 / 256), 0.3 * np.sqrt(0.5 / 256)),
        (0.0, 0.1, 0.05 * np.sqrt(0.1 / 256), 0.3 * np.sqrt(0.1 / 256)),
    ],
)
def test_noise_levels_fill_their_range(
    gaussian_probability: float, brightness: float, low: float, high: float
) -> None:
    levels = noise_levels(Degradation(gaussian_probability=gaussian_probability), brightness)
    assert levels.min() == pytest.approx(low, rel=0.12)
    assert levels.max() == pytest.approx(high, rel=0.08)
    assert levels.mean() == pytest.approx((low + high) / 2, rel=0.06)


def test_noise_is_gaussian_half_of_the_time() -> None:
    levels = noise_levels(Degradation(gaussian_sigma=(0.0, 0.0)), 0.5)
    assert (levels == 0).mean() == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("gaussian_probability", [0.0, 1.0])
def test_noise_is_centred_and_independent_between_channels(gaussian_probability: float) -> None:
    flat = np.full((128, 128, 3), 0.5, np.float32)
    degradation = Degradation(gaussian_probability=gaussian_probability)
    noise = (add_noise(flat, np.random.default_rng(0), degradation) - flat).reshape(-1, 3)
    assert np.abs(noise.mean(0) / noise.std(0)).max() < 0.04
    np.testing.assert_allclose(np.corrcoef(noise.T), np.eye(3), atol=0.04)


@pytest.mark.parametrize("gaussian_probability", [0.0, 1.0])
def test_noise_stays_in_range_and_accepts_overshoot(gaussian_probability: float) -> None:
    image = np.linspace(-0.2, 1.2, 3 * 64 * 64, dtype=np.float32).reshape(64, 64, 3)
    noisy = add_noise(image, np.random.default_rng(0), Degradation(gaussian_probability=gaussian_probability))
    assert noisy.dtype == np.float32
    assert noisy.min() >= 0
    assert noisy.max() <= 1


def jpeg_qualities(degradation: Degradation, draws: int) -> list[int]:
    """The qualities `jpeg` drew, told by saving the same picture in every quality."""
    image = np.random.default_rng(2).integers(0, 256, (48, 48, 3), np.uint8)
    by_result: dict[bytes, int] = {}
    for quality in range(60, 101):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=quality)
        by_result[np.asarray(Image.open(file)).tobytes()] = quality
    assert len(by_result) == 41
    rng = np.random.default_rng(0)
    floats = np.divide(image, 255, dtype=np.float32)
    return [by_result[jpeg(floats, rng, degradation).tobytes()] for _ in range(draws)]


def test_jpeg_qualities_fill_the_published_range() -> None:
    qualities = jpeg_qualities(Degradation(), 400)
    assert set(qualities) == set(range(70, 96))
    assert np.mean(qualities) == pytest.approx(82.5, abs=1.5)


def test_degradation_defaults_are_the_published_ones() -> None:
    assert Degradation() == Degradation(
        kernel_size=13,
        isotropic_probability=0.6,
        blur_sigma=(0.2, 0.8),
        gaussian_probability=0.5,
        gaussian_sigma=(1 / 255, 15 / 255),
        poisson_scale=(0.05, 0.3),
        jpeg_quality=(70, 95),
    )


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(1, 6),
    columns=st.integers(1, 6),
    scale=st.sampled_from([1, 2, 4]),
    seed=st.integers(0, 2**32),
    degradation=st.sampled_from([Degradation(), MILD]),
)
def test_degrade_real_is_a_pure_function_of_the_generator(
    rows: int, columns: int, scale: int, seed: int, degradation: Degradation
) -> None:
    hr = picture(8 * rows, 8 * columns)
    before = hr.copy()
    lq = degrade_real(hr, np.random.default_rng(seed), scale, degradation)
    assert lq.shape == (8 * rows // scale, 8 * columns // scale, 3)
    assert lq.dtype == np.uint8
    np.testing.assert_array_equal(lq, degrade_real(hr, np.random.default_rng(seed), scale, degradation))
    np.testing.assert_array_equal(hr, before)


def test_degrade_real_does_not_vary_with_the_number_of_threads() -> None:
    hr = picture(128, 128)
    results: list[np.ndarray] = []
    before = torch.get_num_threads()
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(np.stack([degrade_real(hr, np.random.default_rng(i)) for i in range(8)]))
    finally:
        torch.set_num_threads(before)
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_degrade_real_keeps_the_picture_and_mild_keeps_more_of_it() -> None:
    hr = picture(128, 128)
    clean = degrade_bicubic(hr).astype(float)

    def mean_error(degradation: Degradation) -> float:
        rng = np.random.default_rng(0)
        results = [degrade_real(hr, rng, degradation=degradation) for _ in range(20)]
        return float(np.mean([np.abs(lq - clean).mean() for lq in results]))

    assert mean_error(MILD) < 0.7 * mean_error(Degradation()) < 10


def matlab_bicubic_matrix(length: int, scale: int) -> np.ndarray:
    """(length / scale, length): Keys' cubic, a = -0.5, stretched by `scale`, the border mirrored."""
    matrix = np.zeros((length // scale, length))
    for row in range(length // scale):
        centre = (row + 0.5) * scale - 0.5
        for tap in range(int(centre) - 2 * scale, int(centre) + 2 * scale + 2):
            t = abs(tap - centre) / scale
            inner = 1.5 * t**3 - 2.5 * t**2 + 1
            outer = -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
            mirrored = min(max(tap, -1 - tap), 2 * length - 1 - tap)
            matrix[row, mirrored] += inner if t <= 1 else outer if t < 2 else 0
    return matrix / matrix.sum(1, keepdims=True)


@pytest.mark.parametrize("scale", [2, 4])
def test_degrade_bicubic_follows_matlab_within_a_level(scale: int) -> None:
    hr = picture(96, 64)
    rows, columns = (matlab_bicubic_matrix(side, scale) for side in (96, 64))
    expected = np.clip(np.einsum("ih,jw,hwc->ijc", rows, columns, hr.astype(float)), 0, 255)
    error = np.abs(degrade_bicubic(hr, scale) - expected)
    assert error.shape == (96 // scale, 64 // scale, 3)
    assert error[2:-2, 2:-2].max() <= 1.1  # a half for each of the two passes' roundings
    assert error[2:-2, 2:-2].mean() < 0.35


@pytest.mark.parametrize("shape", [(30, 32, 3), (32, 30, 3)])
def test_sides_that_the_scale_does_not_divide_are_refused(shape: tuple[int, int, int]) -> None:
    hr = np.zeros(shape, np.uint8)
    with pytest.raises(ValueError, match="not multiples of 4"):
        degrade_real(hr, np.random.default_rng(0))
    with pytest.raises(ValueError, match="not multiples of 4"):
        degrade_bicubic(hr)


def test_a_picture_smaller_than_the_kernel_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        degrade_real(np.zeros((4, 32, 3), np.uint8), np.random.default_rng(0))

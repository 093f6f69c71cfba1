"""Pixels of a host program, there and back."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.samples import (
    PixelIntake,
    SampleFormat,
    SampleType,
    decode_srgb,
    encode_srgb,
    resize_excess,
    to_host,
)
from resshift_desktop.errors import Cancelled, ImageReadError, ImageWriteError


def take_in(samples: np.ndarray, layout: SampleFormat, folder: Path, pixels_at_once: int = 1000):
    height, width = samples.shape[:2]
    intake = PixelIntake(layout, width, height, folder)
    flat = samples.reshape(-1, layout.channels)
    for start in range(0, len(flat), pixels_at_once):
        intake.write(flat[start : start + pixels_at_once].tobytes())
    return intake.finish()


def round_trip(samples: np.ndarray, layout: SampleFormat, folder: Path) -> np.ndarray:
    """`samples` through the picture and back, as with an engine that changes nothing."""
    picture, excess = take_in(samples, layout, folder)
    back = b"".join(to_host(picture, layout, excess))
    return np.frombuffer(back, layout.dtype).reshape(samples.shape)


def ramp(values: np.ndarray, channels: int = 3) -> np.ndarray:
    """All of `values` in each channel of a picture one pixel high."""
    return np.repeat(values[None, :, None], channels, axis=2)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("sample", ["u8", "u16"])
def test_srgb_integers_are_the_picture_bit_for_bit(sample: SampleType, channels: int, tmp_path: Path) -> None:
    layout = SampleFormat(sample, "srgb", channels)
    top = np.iinfo(layout.dtype).max
    samples = np.random.default_rng(0).integers(0, top, (40, 51, channels), layout.dtype, endpoint=True)
    picture, excess = take_in(samples, layout, tmp_path)
    assert picture.array.dtype == layout.dtype
    np.testing.assert_array_equal(picture.array, samples)
    assert excess is None
    np.testing.assert_array_equal(round_trip(samples, layout, tmp_path), samples)


def test_8_bits_linear_come_back_exactly(tmp_path: Path) -> None:
    samples = ramp(np.arange(256, dtype=np.uint8), 4)
    np.testing.assert_array_equal(round_trip(samples, SampleFormat("u8", "linear", 4), tmp_path), samples)


def test_16_bits_linear_come_back_within_a_level_and_their_alpha_exactly(tmp_path: Path) -> None:
    samples = ramp(np.arange(65536).astype(np.uint16), 2)
    back = round_trip(samples, SampleFormat("u16", "linear", 2), tmp_path).astype(int)
    off = np.abs(back - samples)
    assert off[..., 0].max() <= 1
    assert off[..., 0][samples[..., 0] < 16000].max() == 0  # the darks, where steps show
    assert off[..., 1].max() == 0


@pytest.mark.parametrize(("transfer", "exact_from"), [("srgb", 2**-5), ("linear", 2**-9)])
def test_half_floats_come_back_exactly(transfer: str, exact_from: float, tmp_path: Path) -> None:
    values = np.arange(0x3C01, dtype=np.uint16).view(np.float16)  # every one in [0, 1]
    layout = SampleFormat("f16", transfer, 1)  # pyright: ignore[reportArgumentType]
    back = round_trip(ramp(values, 1), layout, tmp_path).reshape(-1)
    exact = values >= exact_from
    np.testing.assert_array_equal(back[exact], values[exact])
    assert np.abs(back.astype(float) - values.astype(float)).max() <= 1 / 65535


def test_linear_darks_keep_more_than_16_linear_bits(tmp_path: Path) -> None:
    darks = np.linspace(0, 0.003, 10_000, dtype=np.float32)
    back = round_trip(ramp(darks), SampleFormat("f32", "linear", 3), tmp_path)
    assert np.abs(back - ramp(darks)).max() <= 0.51 / 65535 / 12.92


@given(
    values=arrays.arrays(
        np.float32,
        (3, 5, 4),
        elements=st.floats(-60000, 60000, width=32) | st.floats(-0.5, 1.5, width=32),
    ),
    transfer=st.sampled_from(["srgb", "linear"]),
    sample=st.sampled_from(["f16", "f32"]),
)
def test_floats_come_back_within_a_level_also_outside_the_range(
    values: np.ndarray, transfer, sample, tmp_path_factory: pytest.TempPathFactory
) -> None:
    layout = SampleFormat(sample, transfer, 4)
    samples = values.astype(layout.dtype)
    back = round_trip(samples, layout, tmp_path_factory.mktemp("work"))
    before, after = samples.astype(float), back.astype(float)
    if transfer == "linear":
        before[..., :3], after[..., :3] = encode_srgb(before[..., :3]), encode_srgb(after[..., :3])
    before[..., 3] = before[..., 3].clip(0, 1)  # there is no opacity above opaque
    rounding = {"f16": 2.0**-10, "f32": 2.0**-21}[sample]
    assert (np.abs(after - before) <= 1 / 65535 + rounding * np.abs(before)).all()


def test_what_exceeds_the_range_is_kept_only_where_there_is_any(tmp_path: Path) -> None:
    layout = SampleFormat("f32", "linear", 3)
    inside = ramp(np.linspace(0, 1, 500, dtype=np.float32))
    assert take_in(inside, layout, tmp_path)[1] is None
    assert [path.name for path in tmp_path.iterdir()] == ["input.raw"]
    # In the middle block only, so that what lies before and after is a hole in the file.
    bright = inside.copy()
    bright[0, 250] = (-0.25, 0.5, 8)
    picture, excess = take_in(bright, layout, tmp_path, pixels_at_once=100)
    assert excess is not None
    beyond = np.fromfile(excess.path, np.float32).reshape(500, 3)
    expected = encode_srgb(np.array([-0.25, 0, 8])) - [0, 0, 1]
    np.testing.assert_allclose(beyond[250], expected, rtol=1e-6)
    assert np.count_nonzero(beyond) == 2
    assert picture.array[0, 250, 0] == 0
    assert picture.array[0, 250, 2] == 65535


def test_a_highlight_grows_with_the_result(tmp_path: Path) -> None:
    layout = SampleFormat("f16", "linear", 3)
    samples = np.full((8, 10, 3), 12.5, np.float16)
    _, excess = take_in(samples, layout, tmp_path)
    assert excess is not None
    grown = resize_excess(excess, 40, 32, tmp_path / "grown.raw")
    white = PixelImage(np.full((32, 40, 3), 65535, np.uint16))
    back = np.frombuffer(b"".join(to_host(white, layout, grown)), np.float16)
    assert back.size == 32 * 40 * 3
    np.testing.assert_allclose(back, 12.5, rtol=2e-3)


def test_resizing_what_exceeds_the_range_can_be_cancelled(tmp_path: Path) -> None:
    layout = SampleFormat("f32", "srgb", 3)
    _, excess = take_in(np.full((300, 300, 3), 2, np.float32), layout, tmp_path)
    assert excess is not None
    with pytest.raises(Cancelled):
        resize_excess(excess, 1200, 1200, tmp_path / "grown.raw", cancel=lambda: True)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("sample", ["f16", "f32"])
def test_what_is_no_number_is_refused(sample: SampleType, wrong: float, tmp_path: Path) -> None:
    layout = SampleFormat(sample, "linear", 4)
    samples = np.full((2, 2, 4), 0.5, layout.dtype)
    samples[1, 1, 2] = wrong
    with pytest.raises(ImageReadError, match="no numbers"):
        take_in(samples, layout, tmp_path)


def test_missing_pixels_are_not_made_up(tmp_path: Path) -> None:
    intake = PixelIntake(SampleFormat("u8", "srgb", 3), 4, 4, tmp_path)
    intake.write(bytes(3 * 15))
    with pytest.raises(ValueError, match="15 pixels of 4 x 4"):
        intake.finish()


def test_a_disk_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ImageWriteError, match="in progress"):
        PixelIntake(SampleFormat("u8", "srgb", 3), 4, 4, tmp_path / "not there")


def test_the_curve_is_odd_and_inverts() -> None:
    values = np.linspace(-4, 4, 10_001)
    np.testing.assert_allclose(decode_srgb(encode_srgb(values)), values, atol=1e-7)
    np.testing.assert_array_equal(encode_srgb(-values), -encode_srgb(values))
    # IEC 61966-2-1: mid-grey of 18 % is about 118 of 255.
    assert round(float(encode_srgb(np.array(0.18))) * 255) == 118


def test_blocks_hold_whole_pixels_and_are_of_bounded_size() -> None:
    layout = SampleFormat("f32", "srgb", 3)
    picture = PixelImage(np.zeros((1, 400_000, 3), np.uint16))  # one row longer than a block
    sizes = [len(block) for block in to_host(picture, layout, None)]
    assert sum(sizes) == 400_000 * 12
    assert max(sizes) <= 2**20
    assert all(size % 12 == 0 for size in sizes)

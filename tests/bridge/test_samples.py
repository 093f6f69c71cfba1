"""Pixels as bytes, against numpy."""

import numpy as np
import pytest

from resshift_desktop.bridge.samples import fade, swap_red_and_blue

DTYPES = {"u8": "<u1", "u16": "<u2", "f16": "<f2", "f32": "<f4"}

samples = pytest.mark.parametrize("sample", DTYPES)


def picture(sample: str, channels: int, pixels: int) -> np.ndarray:
    """(pixels, channels), in the sample's whole range, floats in [0, 1]."""
    dtype = np.dtype(DTYPES[sample])
    random = np.random.default_rng(0)
    if dtype.kind == "f":
        return random.random((pixels, channels)).astype(dtype)
    return random.integers(0, np.iinfo(dtype).max, (pixels, channels), dtype, endpoint=True)


@samples
def test_red_and_blue_change_places(sample: str) -> None:
    """Also across the blocks that it works in."""
    rgba = picture(sample, 4, 300_000)
    pixels = bytearray(rgba.tobytes())
    swap_red_and_blue(pixels, sample)
    assert pixels == rgba[:, [2, 1, 0, 3]].tobytes()
    swap_red_and_blue(pixels, sample)
    assert pixels == rgba.tobytes()


@samples
@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_is_multiplied_by_the_opacity(sample: str, channels: int) -> None:
    before = picture(sample, channels, 256)
    opacity = np.arange(256, dtype=np.uint8)
    pixels = bytearray(before.tobytes())
    fade(pixels, opacity.tobytes(), channels, sample)
    after = np.frombuffer(pixels, before.dtype).reshape(before.shape)
    expected = before[:, -1].astype(float) * opacity / 255
    np.testing.assert_array_equal(after[:, :-1], before[:, :-1])
    np.testing.assert_allclose(after[:, -1], expected, rtol=1e-3, atol=0.5 if sample[0] == "u" else 1e-7)
    assert (after[0, -1], after[255, -1]) == (0, before[255, -1])

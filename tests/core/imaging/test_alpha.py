import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from resshift_desktop.core.imaging.alpha import fill_clear
from tests.core.imaging import samples


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(("height", "width"), [(1, 9), (8, 8), (13, 7), (31, 33)])
@pytest.mark.parametrize("bands", [1, 3])
def test_one_visible_pixel_colours_everything(height: int, width: int, bands: int, dtype: type) -> None:
    top = np.iinfo(dtype).max
    colour = np.zeros((height, width, bands), dtype)
    colour[0, width // 2] = [top, 1, top // 2][:bands]
    alpha = np.zeros((height, width), dtype)
    alpha[0, width // 2] = 1
    filled = fill_clear(colour, alpha)
    assert filled.dtype == dtype
    assert (filled == colour[0, width // 2]).all()


@given(
    alpha=arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12)),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=60)
def test_visible_pixels_stay_and_others_lie_between_them(alpha: np.ndarray, seed: int) -> None:
    colour = samples.noise(*alpha.shape, depth=16, seed=seed)
    filled = fill_clear(colour, alpha)
    visible = alpha != 0
    np.testing.assert_array_equal(filled[visible], colour[visible])
    if visible.any():
        assert (filled.min(axis=(0, 1)) >= colour[visible].min(axis=0)).all()
        assert (filled.max(axis=(0, 1)) <= colour[visible].max(axis=0)).all()


def test_neighbours_decide() -> None:
    colour = np.full((16, 64, 1), 99, np.uint8)
    colour[:, :8], colour[:, -8:] = 10, 200
    alpha = np.zeros((16, 64), np.uint8)
    alpha[:, :8] = alpha[:, -8:] = 255
    filled = fill_clear(colour, alpha)[:, :, 0]
    assert (filled[:, :16] == 10).all()
    assert (filled[:, -16:] == 200).all()


def test_constant_colour_stays_constant() -> None:
    colour = np.full((200, 300, 3), 65535, np.uint16)
    alpha = samples.noise(200, 300, 1, seed=3)[:, :, 0] // 200
    colour[alpha == 0] = 0
    assert (fill_clear(colour, alpha) == 65535).all()


@pytest.mark.parametrize("opacity", [0, 1, 255])
def test_nothing_to_do(opacity: int) -> None:
    colour = samples.noise()
    assert fill_clear(colour, np.full(colour.shape[:2], opacity, np.uint8)) is colour


def test_input_is_left_as_it_is() -> None:
    colour, alpha = samples.noise(), samples.noise(bands=1)[:, :, 0] // 128
    before = colour.copy()
    fill_clear(colour, alpha)
    np.testing.assert_array_equal(colour, before)

"""PixelImage: views of the bands, and what it refuses to hold."""

import numpy as np
import pytest

from resshift_desktop.core.imaging.pixels import PixelImage
from tests.core.imaging import samples


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(
    ("bands", "colours", "has_alpha"), [(1, 1, False), (2, 1, True), (3, 3, False), (4, 3, True)]
)
def test_views(bands: int, colours: int, has_alpha: bool, depth: int) -> None:
    array = samples.noise(5, 7, bands, depth)
    image = PixelImage(array)
    assert (image.height, image.width, image.depth, image.is_grey) == (5, 7, depth, bands < 3)
    assert np.array_equal(image.colour, array[:, :, :colours])
    assert np.shares_memory(image.colour, array)
    assert (image.alpha_channel is not None) == has_alpha
    if image.alpha_channel is not None:
        assert np.array_equal(image.alpha_channel, array[:, :, -1])


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 5), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 4, 3), np.int16),
    ],
)
def test_refuses_other_arrays(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="array must be"):
        PixelImage(array)

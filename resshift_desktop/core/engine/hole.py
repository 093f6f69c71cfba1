"""The mask of a picture: which of its pixels a model is to fill."""

from pathlib import Path

import numpy as np

from resshift_desktop.core.imaging.files import read_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.errors import UsageError


def read_hole(mask: Path, picture: PixelImage) -> np.ndarray:
    """Where the mask in a file is white, or nearer to it than to black: (h, w) bool. Clear pixels are black.

    Raises:
        ImageReadError: the file is no picture.
        UsageError: the mask is not as large as the picture, or has no white part.
    """
    image = read_image(mask)
    if (image.height, image.width) != (picture.height, picture.width):
        raise UsageError(
            f"The mask {mask.name} is {image.width} x {image.height} pixels, the picture "
            f"{picture.width} x {picture.height}.",
            "Make the mask as large as the picture.",
        )
    half = np.iinfo(image.array.dtype).max / 2
    hole = image.colour.mean(axis=2) > half
    if image.alpha_channel is not None:
        hole &= image.alpha_channel > half
    if not hole.any():
        raise UsageError(f"The mask {mask.name} has no white part.", "Paint white what is to be filled.")
    return hole

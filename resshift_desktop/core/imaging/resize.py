"""The one high-quality resize, for sizes the network's factor does not give."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.vips import as_vips, pyvips, streaming
from resshift_desktop.errors import ImageWriteError


def resize(
    picture: PixelImage, width: int, height: int, path: Path, cancel: Callable[[], bool] = lambda: False
) -> PixelImage:
    """`picture` at `width` x `height` pixels by Lanczos (3 lobes, antialiased), in a raw file at `path`.

    Raises:
        ImageWriteError: the file cannot be written.
        Cancelled: `cancel`, which is asked meanwhile, said so.
    """
    if (width, height) == (picture.width, picture.height):
        return picture
    try:
        # In float, because libvips' whole-number arithmetic takes up to 0.2 % off 16-bit values: an opaque
        # alpha would not stay opaque.
        resized = (
            as_vips(picture)
            .cast("float")
            .resize(width / picture.width, vscale=height / picture.height, kernel="lanczos3")
            .rint()
            .cast("uchar" if picture.depth == 8 else "ushort")
        )
        with streaming(resized, picture, cancel) as rows:
            rows.rawsave(str(path))
    except pyvips.Error as error:
        raise ImageWriteError(
            "The result in progress cannot be written.",
            "Make room on the disk that holds the temporary files.",
        ) from error
    shape = (height, width, picture.array.shape[2])
    return PixelImage(
        np.memmap(path, picture.array.dtype, mode="r", shape=shape), picture.profile, picture.metadata
    )

"""Writing a PixelImage to a file: to a temporary name, checked, then renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyvips

from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.errors import ImageWriteError

_MAX_SIDE = {ImageFormat.JPEG: 65535, ImageFormat.WEBP: 16383}


def write_image(
    path: Path, image: PixelImage, image_format: ImageFormat, quality: int = 90, overwrite: bool = False
) -> None:
    """Write `image` to `path`; the file is there only once it is complete and has been read back.

    quality: 1 to 100, for JPEG and WebP (WebP is lossless at 100). JPEG and WebP hold 8 bits per
    channel; JPEG shows transparent parts on white.
    Raises ImageWriteError where the file exists (unless `overwrite`), cannot be written, or does not
    read back as what was written.
    """
    picture = _encodable(image, image_format)
    part = path.with_name(f".resshift-{uuid4().hex}.part")
    picture_to_file(picture, part, image_format, quality)
    os.replace(part, path)


def picture_to_file(picture, part, image_format, quality):
    if image_format is ImageFormat.PNG:
        picture.pngsave(str(part), compression=3, filter="up")
    elif image_format is ImageFormat.JPEG:
        picture.jpegsave(str(part), Q=quality, subsample_mode="off" if quality >= 90 else "on")
    elif image_format is ImageFormat.WEBP:
        picture.webpsave(str(part), Q=quality, lossless=quality == 100, exact=True)
    else:
        picture.tiffsave(str(part), compression="deflate", predictor="horizontal")


def _encodable(image, image_format):
    a = np.ascontiguousarray(image.array)
    h, w, b = a.shape
    p = pyvips.Image.new_from_memory(a, w, h, b, "uchar" if image.depth == 8 else "ushort")
    p = p.copy(interpretation={(8, True): "b-w", (8, False): "srgb", (16, True): "grey16", (16, False): "rgb16"}[image.depth, image.is_grey])
    if image_format is ImageFormat.JPEG and image.alpha_channel is not None:
        p = p.flatten(background=255)
    return p

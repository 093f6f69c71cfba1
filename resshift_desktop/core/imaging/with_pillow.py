"""Two kinds of file that libvips cannot read: Windows bitmaps, and TIFF in 8-bit CIE Lab."""

from typing import IO

import numpy as np
from PIL import Image, ImageCms
from PIL.BmpImagePlugin import BmpImageFile
from PIL.TiffImagePlugin import TiffImageFile

from resshift_desktop.core.imaging.exif import damage_passed_over


def open_header(file: IO[bytes], head: bytes) -> Image.Image | None:
    """The picture in a file that begins with `head`, its pixels yet to be decoded; None if of another kind.

    Opened by its class, as Image.open has a limit on size of its own.
    """
    kind = {b"BM": BmpImageFile, b"II": TiffImageFile, b"MM": TiffImageFile}.get(head[:2])
    if kind is None:
        return None
    with damage_passed_over(OSError):
        image = kind(file)
        if kind is BmpImageFile or (image.mode == "LAB" and image.n_frames == 1):
            return image
    return None


def decode(image: Image.Image) -> np.ndarray | None:
    """(h, w, bands) uint8, in sRGB or grey; None where the file is damaged."""
    with damage_passed_over(OSError):
        image.load()
        if image.mode == "LAB":
            lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        else:
            picture = image.convert({"1": "L", "L": "L", "RGBA": "RGBA"}.get(image.mode, "RGB"))
        return np.array(picture).reshape(image.height, image.width, -1)
    return None

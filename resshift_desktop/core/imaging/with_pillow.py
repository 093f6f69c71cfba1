"""Two kinds of file that libvips cannot read: Windows bitmaps, and TIFF in 8-bit CIE Lab."""

import warnings
from typing import IO

import numpy as np
from PIL import Image, ImageCms
from PIL.BmpImagePlugin import BmpImageFile
from PIL.TiffImagePlugin import TiffImageFile

_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, KeyError)


def open_header(file: IO[bytes], head: bytes) -> Image.Image | None:
    """The picture in a file that begins with `head`, its pixels yet to be decoded; None if of another kind.

    Opened by its class, as Image.open has a limit on size of its own.
    """
    kind = {b"BM": BmpImageFile, b"II": TiffImageFile, b"MM": TiffImageFile}.get(head[:2])
    if kind is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damage; whoever decodes the pixels will tell
            image = kind(file)
    except _DAMAGE:
        return None
    return image if kind is BmpImageFile or (image.mode == "LAB" and image.n_frames == 1) else None


def decode(image: Image.Image) -> np.ndarray | None:
    """(h, w, bands) uint8, in sRGB or grey; None where the file is damaged."""
    try:
        if image.mode == "LAB":
            lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        else:
            picture = image.convert({"1": "L", "L": "L", "RGBA": "RGBA"}.get(image.mode, "RGB"))
    except _DAMAGE:
        return None
    return np.array(picture).reshape(image.height, image.width, -1)

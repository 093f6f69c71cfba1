"""Two kinds of file that libvips cannot read: Windows bitmaps, and TIFF in 8-bit CIE Lab."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageCms
from PIL.BmpImagePlugin import BmpImageFile
from PIL.TiffImagePlugin import TiffImageFile

_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, KeyError)


def open_bitmap(path: Path) -> Image.Image | None:
    """The header of a bitmap, pixels yet to be decoded; None where it is none, or damaged."""
    try:
        return BmpImageFile(path)  # by its class, as Image.open has a limit on size of its own
    except _DAMAGE:
        return None


def open_lab(path: Path) -> Image.Image | None:
    """The header of a TIFF in 8-bit Lab; None where it is another."""
    try:
        image = TiffImageFile(path)
    except _DAMAGE:
        return None
    return image if image.mode == "LAB" and image.n_frames == 1 else None


def decode(image: Image.Image) -> np.ndarray | None:
    """(h, w, bands) uint8, in sRGB or grey; None where the file is damaged. Closes the file."""
    try:
        with image:
            if image.mode == "LAB":
                lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
                pixels = np.array(ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB"))
            else:
                mode = {"1": "L", "L": "L", "RGBA": "RGBA"}.get(image.mode, "RGB")
                pixels = np.array(image.convert(mode))
    except _DAMAGE:
        return None
    return pixels.reshape(image.height, image.width, -1)

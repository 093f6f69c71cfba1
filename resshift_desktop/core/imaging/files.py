"""Bytes on disk <-> PixelImage. What each format keeps is tabled in docs/formats.md."""

from resshift_desktop.core.imaging.formats import READABLE_SUFFIXES, ImageFormat
from resshift_desktop.core.imaging.reading import MAX_PIXELS, read_image
from resshift_desktop.core.imaging.writing import check_sides, part_beside, write_image

__all__ = [
    "MAX_PIXELS",
    "READABLE_SUFFIXES",
    "ImageFormat",
    "check_sides",
    "part_beside",
    "read_image",
    "write_image",
]

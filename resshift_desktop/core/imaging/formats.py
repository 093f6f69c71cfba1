"""The file formats that are read and written."""

from enum import StrEnum
from pathlib import Path

from resshift_desktop.errors import UsageError


class ImageFormat(StrEnum):
    """A format that results are written in."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    TIFF = "tiff"

    @property
    def suffix(self) -> str:
        """The usual file name ending, with its dot."""
        return {"jpeg": ".jpg", "tiff": ".tif"}.get(self.value, f".{self.value}")

    @classmethod
    def from_suffix(cls, path: Path) -> "ImageFormat":
        """The format that the name of `path` asks for.

        Raises:
            UsageError: it asks for none that can be written.
        """
        try:
            return _WRITABLE_SUFFIXES[path.suffix.lower()]
        except KeyError:
            raise UsageError(
                f"Results cannot be written as '{path.suffix or path.name}'.",
                f"Use a name ending in one of {', '.join(sorted(_WRITABLE_SUFFIXES))}.",
            ) from None


MAX_SIDE = {ImageFormat.JPEG: 65535, ImageFormat.WEBP: 16383}
"""Pixels a side that the formats can count; the others hold more than can be computed."""

_WRITABLE_SUFFIXES = {
    ".png": ImageFormat.PNG,
    ".jpg": ImageFormat.JPEG,
    ".jpeg": ImageFormat.JPEG,
    ".jpe": ImageFormat.JPEG,
    ".jfif": ImageFormat.JPEG,
    ".webp": ImageFormat.WEBP,
    ".tif": ImageFormat.TIFF,
    ".tiff": ImageFormat.TIFF,
}

READABLE_SUFFIXES: frozenset[str] = frozenset(_WRITABLE_SUFFIXES) | {".bmp", ".dib", ".avif", ".gif"}

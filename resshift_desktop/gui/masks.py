"""Masks that were painted, kept for the core as files."""

from pathlib import Path

from PySide6.QtCore import QUuid
from PySide6.QtGui import QImage

from resshift_desktop.errors import ImageWriteError
from resshift_desktop.paths import data_folder


def masks_folder() -> Path:
    """Where they are."""
    return data_folder() / "masks"


def save_mask(mask: QImage) -> Path:
    """Write a mask to a new file; for worker threads. White is to be filled.

    Raises:
        ImageWriteError, OSError: it cannot be written.
    """
    folder = masks_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{QUuid.createUuid().toString(QUuid.StringFormat.WithoutBraces)}.png"
    if not mask.save(str(path)):
        raise ImageWriteError("The mask cannot be kept.", "Free space on the disk, then try again.")
    return path

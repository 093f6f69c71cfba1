"""Room on disk for work in progress."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from resshift_desktop import paths
from resshift_desktop.errors import ImageWriteError


@contextmanager
def work_folder(needed: int) -> Iterator[Path]:
    """A new folder below the cache folder, gone afterwards.

    Raises:
        ImageWriteError: the disk has less than `needed` bytes left, or the folder cannot be made.
    """
    parent = paths.cache_folder() / "work"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(parent)
        check_room(parent, needed)
        folder = tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise ImageWriteError(
            f"The folder for work in progress cannot be used: {error.strerror}.",
            "Move it with the environment variable RESSHIFT_CACHE.",
        ) from error
    with folder as name:
        yield Path(name)


def check_room(folder: Path, needed: int) -> None:
    """Raise ImageWriteError where the disk of `folder` has less than `needed` bytes left."""
    if shutil.disk_usage(folder).free < needed:
        raise ImageWriteError(
            f"The disk lacks room for the work in progress ({needed / 1e9:.1f} GB).",
            "Make room, or move the folder with the environment variable RESSHIFT_CACHE.",
        )


def _remove_leftovers(parent: Path) -> None:
    """Delete the folders of processes that were killed: they can be gigabytes."""
    for folder in parent.iterdir():
        owner = folder.name.partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)

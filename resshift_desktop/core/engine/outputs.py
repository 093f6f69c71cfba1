"""The folder a result goes into: made when needed, and never at the cost of an input."""

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from resshift_desktop.errors import ImageWriteError

FileId = tuple[int, int]
"""Device and file number: the same file has the same under all its names."""


def file_ids(paths: Iterable[Path]) -> set[FileId]:
    """Which files these are; names of no file are left out."""
    ids: set[FileId] = set()
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            ids.add((status.st_dev, status.st_ino))
    return ids


@contextmanager
def output_folder(output: Path, inputs: Collection[FileId]) -> Iterator[None]:
    """Make the output's folder, and take it away again when the work within fails.

    Raises:
        ImageWriteError, OSError: nothing can be written there, or `output` is one of the inputs; before
            any work is done.
    """
    if not file_ids([output]).isdisjoint(inputs):
        raise ImageWriteError(f"{output.name} is one of the inputs.", "Choose another folder or name.")
    folder = output.parent
    made = [missing for missing in (folder, *folder.parents) if not missing.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise ImageWriteError(f"The folder {folder} may not be written to.", "Choose another folder.")
        yield
    except BaseException:
        with suppress(OSError):  # one that something is in
            for folder in made:
                folder.rmdir()
        raise

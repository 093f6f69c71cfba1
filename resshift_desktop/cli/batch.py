"""Many pictures, one after the other: one that fails does not stop the rest."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from resshift_desktop.cli.foreign_errors import in_words
from resshift_desktop.cli.report import Report
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.errors import Cancelled, ImageWriteError

FileId = tuple[int, int]


def run_batch(
    engine: Engine, requests: Sequence[UpscaleRequest], report: Report, cancel: Callable[[], bool]
) -> int:
    """Upscale each picture and tell `report`; the number that failed.

    Raises:
        Cancelled: `cancel` said so.
    """
    inputs = set(_file_ids(request.input for request in requests))
    failed = 0
    for request in requests:
        if cancel():
            raise Cancelled
        report.started(request)
        try:
            with _output_folder(request.output, inputs):
                result = engine.upscale(request, report.progress, cancel)
        except (Cancelled, BrokenPipeError):
            raise
        except Exception as error:  # whatever is wrong with this picture, the next may be fine
            failed += 1
            report.failed(request, in_words(error))
        else:
            report.done(request, result)
    return failed


@contextmanager
def _output_folder(output: Path, inputs: set[FileId]) -> Iterator[None]:
    """Make the output's folder, and take it away again when the work fails.

    Raises ImageWriteError or OSError, before any work is done, where nothing can be written there.
    """
    if not inputs.isdisjoint(_file_ids([output])):
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


def _file_ids(paths: Iterable[Path]) -> Iterator[FileId]:
    """The same file has the same number under all its names; names of no file are left out."""
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            yield status.st_dev, status.st_ino

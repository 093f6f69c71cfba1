"""Many pictures, one after the other: one that fails does not stop the rest."""

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from resshift_desktop.cli.report import Report
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.errors import Cancelled, ImageWriteError, ResShiftError

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
        except ResShiftError as error:
            failed += 1
            report.failed(request, error)
        except Exception as error:  # whatever is wrong with this picture, the next may be fine
            failed += 1
            report.failed(request, _unforeseen(error))
        else:
            report.done(request, result)
    return failed


@contextmanager
def _output_folder(output: Path, inputs: set[FileId]) -> Iterator[None]:
    """Make the output's folder, and take it away again when the work fails.

    Raises ImageWriteError, before any work is done, where the output cannot be written.
    """
    folder = output.parent
    made = []
    try:
        if not inputs.isdisjoint(_file_ids([output])):
            raise ImageWriteError(f"{output.name} is one of the inputs.", "Choose another folder or name.")
        output.exists()  # the system may refuse the name
        made = [missing for missing in (folder, *folder.parents) if not missing.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImageWriteError(
            f"{_shortened(output)} cannot be written: {error.strerror}.", "Choose another folder or name."
        ) from error
    try:
        if not os.access(folder, os.W_OK):
            raise ImageWriteError(f"The folder {folder} may not be written to.", "Choose another folder.")
        yield
    except BaseException:
        with suppress(OSError):  # something is in it by now
            for empty in made:
                empty.rmdir()
        raise


def _file_ids(paths: Iterable[Path]) -> Iterator[FileId]:
    """The same file has the same number under all its names; names of no file are left out."""
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            yield status.st_dev, status.st_ino


def _shortened(path: Path) -> str:
    return path.name if len(path.name) <= 80 else f"{path.name[:60]}…{path.suffix[:10]}"


def _unforeseen(error: Exception) -> ResShiftError:
    if isinstance(error, MemoryError):
        return ResShiftError("The memory ran out.", "Close other programs, or use a smaller picture.")
    place = traceback.extract_tb(error.__traceback__)[-1]
    words = " ".join(str(error).split())
    return ResShiftError(
        f"Something unforeseen went wrong: {type(error).__name__}: {words} "
        f"({Path(place.filename).name}, line {place.lineno}).",
        "Please report it, with what `resshift doctor` says.",
    )

"""Errors of the system and of libraries, put into words for people."""

import traceback
from pathlib import Path

from resshift_desktop.errors import ResShiftError

_LONGEST_NAME = 80


def in_words(error: Exception) -> ResShiftError:
    """What to tell of an error that nothing nearer to its cause knew."""
    if isinstance(error, ResShiftError):
        return error
    if isinstance(error, MemoryError):
        return ResShiftError("The memory ran out.", "Close other programs, or use a smaller picture.")
    if isinstance(error, OSError) and error.strerror:
        name = Path(str(error.filename)).name if error.filename is not None else ""
        shown = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 20]}…{name[-10:]}"
        return ResShiftError(
            f"{error.strerror}{': ' if shown else ''}{shown}.", "Choose another name or folder."
        )
    place = traceback.extract_tb(error.__traceback__)[-1]
    return ResShiftError(
        f"Something unforeseen went wrong: {type(error).__name__}: {' '.join(str(error).split())} "
        f"({Path(place.filename).name}, line {place.lineno}).",
        "Please report it, with what `resshift doctor` says.",
    )

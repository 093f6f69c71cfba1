"""Errors as the command line tells them: with the option or command that does what their hints advise."""

from resshift_desktop.errors import Remedy, ResShiftError

REMEDIES: dict[Remedy, str] = {
    "accept the licence": "--accept-licence",
    "another device": "--device",
    "download": "resshift models download NAME",
    "folders below": "--recursive",
    "full precision": "--float32",
    "import": "resshift models import FILE",
    "mask": "--mask FILE",
    "name": "--name NAME",
    "overwrite": "--overwrite",
    "remove": "resshift models remove NAME",
    "which model": "--like MODEL",
}


def hint_of(error: ResShiftError) -> str:
    """The hint and, in brackets, what to type; "" where there is none."""
    return error.hint if error.remedy is None else f"{error.hint} ({REMEDIES[error.remedy]})"


def told(error: ResShiftError) -> str:
    """Title and hint, for a terminal."""
    return f"{error.title} {hint_of(error)}".strip()

"""Errors that speak to the person using the program.

Every error that may reach a person is a ResShiftError: a short title (what happened) and a
hint (what to do about it). Library errors are converted where they arise.
"""

from typing import Literal

Remedy = Literal[
    "accept the licence",
    "another device",
    "download",
    "folders below",
    "full precision",
    "import",
    "mask",
    "name",
    "overwrite",
    "remove",
    "which model",
]
"""What helps against an error where each front end has a way of its own to do it."""


class ResShiftError(Exception):
    """What went wrong (`title`) and what the person can do about it (`hint`), one sentence each.

    The hint is true in the app, the plugins and on the command line; from `remedy` each can tell where.
    """

    def __init__(self, title: str, hint: str = "", remedy: Remedy | None = None) -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint
        self.remedy: Remedy | None = remedy

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip()


class UsageError(ResShiftError):
    """What was asked for makes no sense: a scale of 0, an unknown model."""


class ImageReadError(ResShiftError):
    """An input cannot be read as a picture."""


class ImageWriteError(ResShiftError):
    """A result cannot be written, or what was written is not right."""


class WeightsError(ResShiftError):
    """A model's weights are missing, damaged, or of another layout."""


class DownloadError(ResShiftError):
    """A file cannot be fetched: the network, the server, or what it sent."""


class LicenceError(ResShiftError):
    """A model's licence has to be accepted first."""


class DeviceError(ResShiftError):
    """The device asked for is not there, or failed."""


class MemoryLimitError(DeviceError):
    """Not even the smallest tile fits in memory."""


class NonFiniteError(ResShiftError):
    """The network gave numbers that are no picture (NaN or infinity), even in full precision."""


class Cancelled(ResShiftError):
    """The person stopped the work."""

    def __init__(self) -> None:
        super().__init__("Cancelled.")

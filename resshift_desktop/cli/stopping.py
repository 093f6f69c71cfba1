"""Ctrl+C, `kill` and a closed terminal ask the program to stop; it does so, and leaves nothing half-done."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

CANCELLED = 130
"""The exit code of a program that was asked to stop."""

Handler = Callable[[int, FrameType | None], object]

# Not every system has each of them; SIGBREAK is Ctrl+Break on Windows.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


@contextmanager
def stopping_at_once() -> Iterator[None]:
    """Within it the program ends as soon as it is asked to: for when there is nothing to tidy up.

    Not by an exception, which aborts the process with a crash report when it is raised while torch's
    C++ code is being imported.
    """

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            os.write(2, b"Cancelled.\n")
        os._exit(CANCELLED)

    with _handled_by(on_signal):
        yield


@contextmanager
def stopping_by_exception() -> Iterator[None]:
    """Within it, being asked to stop raises KeyboardInterrupt."""
    with _handled_by(signal.default_int_handler):
        yield


@contextmanager
def stopping_between_steps() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether stopping was asked for; asking twice raises KeyboardInterrupt."""
    asked = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            signal.default_int_handler(number, frame)
        asked = True

    with _handled_by(on_signal):
        yield lambda: asked


@contextmanager
def _handled_by(handler: Handler) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    # What is ignored stays so: `nohup` keeps its promise, and so does a shell that runs this behind.
    heard = [number for number, earlier in before.items() if earlier is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])

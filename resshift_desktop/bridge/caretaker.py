"""What the core owes the rest of the computer: low priority, no sleep during work, and to leave when idle."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress

import psutil

from resshift_desktop.settings import Settings

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_NICE = 10


def lower_priority() -> None:
    """Let other programs go first, at the processor and, where there is such a thing, at the disk.

    To be called before threads are started: on Linux each has a priority of its own.
    """
    process = psutil.Process()
    with suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
            process.ionice(psutil.IOPRIO_LOW)
        else:
            process.nice(max(_NICE, process.nice()))
            if sys.platform == "linux":
                process.ionice(psutil.IOPRIO_CLASS_IDLE)


class Caretaker:
    """Looks once a second whether the core works, and calls `leave` when nobody has needed it for long.

    `is_working`: something is being computed. `is_needed`: so it is, or work waits, or a client is being
    served. `last_asked`: when a client asked for something last; it and `clock` in monotonic seconds.
    """

    def __init__(
        self,
        settings: Settings,
        is_working: Callable[[], bool],
        is_needed: Callable[[], bool],
        last_asked: Callable[[], float],
        leave: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._is_working, self._is_needed, self._last_asked = is_working, is_needed, last_asked
        self._leave, self._clock = leave, clock
        self._needed_at = clock()
        self._awake: ExitStack | None = None
        self._stop = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within it the caretaker looks, in a thread of its own."""
        thread = threading.Thread(target=self._watch, name="caretaker", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()

    def look(self) -> None:
        """One look, and what follows from it."""
        self._stay_awake(self._settings.keep_awake and self._is_working())
        now = self._clock()
        if self._is_needed():
            self._needed_at = now
        elif now - max(self._needed_at, self._last_asked()) > 60 * self._settings.idle_minutes:
            _log.info("Nobody needed the core for %g minutes.", self._settings.idle_minutes)
            self._leave()

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            self.look()
        self._stay_awake(False)

    def _stay_awake(self, wanted: bool) -> None:
        if wanted and self._awake is None:
            self._awake = _keep_awake()
        elif not wanted and self._awake is not None:
            self._awake.close()
            self._awake = None


def _keep_awake() -> ExitStack:
    """Ask the computer not to go to sleep by itself until the result is closed; some cannot be asked."""
    stack = ExitStack()
    with suppress(Exception):  # desktops differ, and none of it is a reason not to work
        from wakepy import keep

        mode: AbstractContextManager[object] = keep.running(on_fail="pass")
        stack.enter_context(mode)
    return stack

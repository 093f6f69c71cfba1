"""Pictures loaded in the background; what was asked for before is forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from resshift_desktop.errors import ResShiftError
from resshift_desktop.foreign_errors import in_words
from resshift_desktop.gui.picture.levels import Pyramid


class PictureLoader(QObject):
    """Loads one picture at a time. A new `load`, or `cancel`, makes sure that nothing more of the one before
    is heard.
    """

    loaded = Signal(object)
    """A Pyramid."""
    failed = Signal(str, str)
    """Title and hint."""
    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(1, "picture-loader")
        self._current = threading.Event()
        self._current.set()
        self._finished.connect(self._deliver)

    @property
    def is_busy(self) -> bool:
        """Whether something asked for is neither there nor given up."""
        return not self._current.is_set()

    def load(self, path: Path, screen_profile: Path | None) -> None:
        self.cancel()
        self._current = given_up = threading.Event()
        self._executor.submit(self._load, path, screen_profile, given_up)

    def cancel(self) -> None:
        self._current.set()

    def close(self) -> None:
        """Load nothing more; what runs ends soon, unheard."""
        self.cancel()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _load(self, path: Path, screen_profile: Path | None, given_up: threading.Event) -> None:
        if given_up.is_set():
            return
        # In the thread, because numpy and libvips take longer to import than a window takes to open.
        from resshift_desktop.gui.picture.pyramid import build_pyramid

        try:
            outcome: Pyramid | ResShiftError = build_pyramid(path, screen_profile, given_up.is_set)
        except Exception as error:
            outcome = in_words(error)
        if not given_up.is_set():
            self._finished.emit(given_up, outcome)

    def _deliver(self, given_up: threading.Event, outcome: Pyramid | ResShiftError) -> None:
        if given_up.is_set():
            return
        given_up.set()
        if isinstance(outcome, ResShiftError):
            self.failed.emit(outcome.title, outcome.hint)
        else:
            self.loaded.emit(outcome)

"""How long the GUI thread was kept from its events; told, not judged: the machine may be busy."""

import time
from types import TracebackType

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MILLISECONDS = 5


class Watchdog:
    """Within it a timer looks how late it comes; `worst` is the longest gap in milliseconds."""

    worst_of_all = 0.0

    def __init__(self, parent: QObject) -> None:
        self.worst = 0.0
        self._timer = QTimer(parent, interval=_INTERVAL_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._seen = time.monotonic()

    def __enter__(self) -> "Watchdog":
        self._seen = time.monotonic()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.stop()
        self._timer.deleteLater()

    def _look(self) -> None:
        now = time.monotonic()
        self.worst = max(self.worst, 1000 * (now - self._seen) - _INTERVAL_MILLISECONDS)
        self._seen = now

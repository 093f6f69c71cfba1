"""How long the GUI thread was kept from its events; told, not judged: the machine may be busy."""

import time
from types import TracebackType

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MILLISECONDS = 5


class Watchdog:
    """Within it a timer looks how late it comes.

    worst: the longest gap in milliseconds. worst_processor: the most processor time that the thread took
    between two looks, which other programs do not add to.
    """

    def __init__(self, parent: QObject) -> None:
        self.worst = self.worst_processor = 0.0
        self._timer = QTimer(parent, interval=_INTERVAL_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._seen, self._processor = time.monotonic(), time.thread_time()

    def __enter__(self) -> "Watchdog":
        self._seen, self._processor = time.monotonic(), time.thread_time()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.stop()
        self._timer.deleteLater()

    def _look(self) -> None:
        now, processor = time.monotonic(), time.thread_time()
        self.worst = max(self.worst, 1000 * (now - self._seen) - _INTERVAL_MILLISECONDS)
        self.worst_processor = max(self.worst_processor, 1000 * (processor - self._processor))
        self._seen, self._processor = now, processor

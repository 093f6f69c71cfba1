"""The way from worker threads to the GUI thread, which many messages at once do not block."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

_GATHER_MILLISECONDS = 20
_MOST_AT_ONCE = 250

_Message = TypeVar("_Message")


class Mailbox(QObject, Generic[_Message]):
    """Gathers what is posted for a moment, then hands it over together, in order.

    deliver: called in the thread that the mailbox lives in.
    """

    _filled = Signal()

    def __init__(self, deliver: Callable[[list[_Message]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deliver = deliver
        self._messages: deque[_Message] = deque()
        self._lock = threading.Lock()
        self._closed = False
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MILLISECONDS)
        self._timer.timeout.connect(self._hand_over)
        self._filled.connect(self._timer.start)

    def post(self, message: _Message) -> None:
        """Thread-safe."""
        with self._lock:
            was_empty = not self._messages
            self._messages.append(message)
            # Under the lock, so that after `close` no thread is still about to use this object.
            if was_empty and not self._closed:
                self._filled.emit()

    def close(self) -> None:
        """Hand nothing over any more."""
        with self._lock:
            self._closed = True
        self._timer.stop()

    def _hand_over(self) -> None:
        with self._lock:
            count = min(len(self._messages), _MOST_AT_ONCE)
            messages = [self._messages.popleft() for _ in range(count)]
            if self._messages and not self._closed:
                self._filled.emit()
        if messages and not self._closed:
            self._deliver(messages)

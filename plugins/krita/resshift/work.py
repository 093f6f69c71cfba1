"""Work in a thread of its own, heard of in Krita's thread: only that one may touch Krita and widgets."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from .bridge.protocol import BridgeError
from .qt import QtCore

_LOOK_MILLISECONDS = 50


class Work(QtCore.QObject):
    """Begins `function(tell, is_cancelled)` at once.

    `on_told` gets what is given to `tell`, `on_done` what the function returns; where it raises, `on_failed`
    gets the sentences for people. After `cancel` none of them is called any more.
    """

    def __init__(
        self,
        parent: QtCore.QObject,
        function: Callable[..., Any],
        on_told: Callable[..., None],
        on_done: Callable[[Any], None],
        on_failed: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._calls: queue.SimpleQueue = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._call_back)
        self._timer.start(_LOOK_MILLISECONDS)

        def tell(*news: Any) -> None:
            if self._cancelled.is_set():
                raise BridgeError("Cancelled.", "", "Cancelled")
            self._calls.put((on_told, news))

        def run() -> None:
            try:
                self._calls.put((on_done, (function(tell, self._cancelled.is_set),)))
            except Exception as error:
                self._calls.put((on_failed, (str(error) or type(error).__name__,)))

        threading.Thread(target=run, daemon=True).start()

    def cancel(self) -> None:
        self._cancelled.set()
        self._timer.stop()

    def _call_back(self) -> None:
        while not self._cancelled.is_set() and not self._calls.empty():
            on_event, arguments = self._calls.get()
            on_event(*arguments)

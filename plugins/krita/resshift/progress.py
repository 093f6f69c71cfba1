"""The work itself, how far it is, and how it ended. Several may run at a time, and Krita goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from .bridge.client import Result
from .bridge.for_plugins import progress_words
from .bridge.launcher import connect
from .pixels import Picture
from .qt import QtCore, QtWidgets
from .source import Source
from .work import Work

_BLOCK = 1 << 20


class UpscaleProgress(QtWidgets.QProgressDialog):
    """Upscales at once. Esc, Cancel, or closing it, ends the work."""

    def __init__(
        self, source: Source, place: str, options: dict[str, Any], title: str, parent: QtWidgets.QWidget
    ) -> None:
        super().__init__(i18n("Starting ResShift..."), i18n("Cancel"), 0, 0, parent)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title.rstrip("."))
        self.setMinimumWidth(360)
        self.setAutoReset(False)
        picture = source.read()
        done = partial(self._finish, source, picture, place)
        work = Work(self, partial(_upscale, picture, options), self._tell, done, self._fail)
        self.canceled.connect(work.cancel)
        self.canceled.connect(self.close)
        self.show()

    def _tell(self, fraction: float | None, seconds_left: float | None = None) -> None:
        if fraction is None:
            self.setLabelText(i18n("Waiting for ResShift to be free..."))
        else:
            self.setMaximum(100)
            self.setValue(int(100 * fraction))
            self.setLabelText(progress_words(fraction, seconds_left))

    def _finish(self, source: Source, picture: Picture, place: str, sr: Result) -> None:
        source.place(sr, picture, place)
        self.close()

    def _fail(self, message: str) -> None:
        show_message(self.parent(), message)
        self.close()


def show_message(parent: QtWidgets.QWidget, message: str) -> None:
    """Without waiting for the person to read it."""
    icon = QtWidgets.QMessageBox.Icon.Information
    box = QtWidgets.QMessageBox(icon, "ResShift", message, parent=parent)
    box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def _upscale(
    picture: Picture, options: dict[str, Any], tell: Callable[..., None], is_cancelled: Callable[[], bool]
) -> Result:
    """Runs in a thread of its own, so it touches nothing of Krita's."""
    pixels = bytearray(picture.pixels)
    client = connect(on_waiting=lambda: tell(None))
    tell(None)
    if picture.is_blue_first():
        _swap_red_and_blue(pixels, picture.sent[1])
    sr = client.upscale(pixels, on_progress=tell, cancel=is_cancelled, **picture.layout(), **options)
    if picture.is_blue_first():
        _swap_red_and_blue(sr.pixels, picture.sent[1])
    return sr


def _swap_red_and_blue(pixels: bytearray, depth: str) -> None:
    """In place, and a block at a time: Python lets no other thread, such as Krita's, in between."""
    num_bytes = int(depth[1:]) // 8
    for start in range(0, len(pixels), _BLOCK):
        block = pixels[start : start + _BLOCK]
        for byte in range(num_bytes):
            blues = slice(byte, None, 4 * num_bytes)
            reds = slice(byte + 2 * num_bytes, None, 4 * num_bytes)
            block[blues], block[reds] = block[reds], block[blues]
        pixels[start : start + _BLOCK] = block

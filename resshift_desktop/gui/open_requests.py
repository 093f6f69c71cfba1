"""What the system asks the app to open: files, and `resshift:` links.

A link comes from anywhere, as from a page in the browser. All that it can do is to bring the window to the
front and to show the models; it names no files and starts no work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

_SCHEME = "resshift:"
MODELS = "models"


@dataclass(frozen=True)
class OpenRequest:
    """files: absolute. page: MODELS, or "" for the window alone."""

    files: tuple[Path, ...] = ()
    page: str = ""


def open_request(words: Sequence[str]) -> OpenRequest:
    """What arguments of the command line ask for."""
    links = [word for word in words if word.lower().startswith(_SCHEME)]
    files = tuple(Path(word).absolute() for word in words if word not in links)
    return OpenRequest(files, MODELS if any(map(_asks_for_models, links)) else "")


def _asks_for_models(link: str) -> bool:
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    return (url.host() or url.path()) == MODELS


class App(QApplication):
    """macOS asks by events what other systems put on the command line."""

    asked = Signal(OpenRequest)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.asked.emit(open_request([event.file() or event.url().toString()]))
            return True
        return super().event(event)

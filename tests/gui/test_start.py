"""The window opens before anything heavy is loaded, and the rest comes without anybody seeing it come."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resshift_desktop.gui import theme
from resshift_desktop.gui.preferences import app_settings
from resshift_desktop.gui.window import MainWindow

PATIENCE_MILLISECONDS = 20_000
HEAVY = ("torch", "numpy", "pyvips", "PIL", "http", "psutil", "uvicorn", "json", "PySide6.QtDBus")
LATER = (*HEAVY, "PySide6.QtNetwork", "resshift_desktop.gui.core_link", "resshift_desktop.core.engine")

CODE = f"""
import sys
from PySide6.QtWidgets import QApplication
from resshift_desktop.gui import theme
from resshift_desktop.gui.main import main
from resshift_desktop.gui.preferences import app_settings
from resshift_desktop.gui.window import MainWindow

app = QApplication([])
theme.apply(app)
window = MainWindow(app_settings())
window.painted.connect(lambda: print([name for name in {LATER!r} if name in sys.modules]))
window.painted.connect(window.close)
window.show()
app.exec()
"""


class ShownWindows(QObject):
    """Writes down every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


@pytest.fixture
def window(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Before it is shown. Its core cannot be started, which here is of no interest."""
    monkeypatch.setenv("RESSHIFT_CORE", "none")
    theme.apply(qapp)
    window = MainWindow(app_settings())
    yield window
    window.close()
    window.wait_closed()
    window.deleteLater()


def show_until_ready(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.ready, timeout=PATIENCE_MILLISECONDS):
        window.show()


def picture(folder: Path) -> Path:
    Image.new("RGB", (8, 6)).save(folder / "a.png")
    return folder / "a.png"


def drop(window: MainWindow, data: QMimeData) -> None:
    place, actions, button = QPointF(400, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), actions, data, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, actions, data, button, none))


def test_nothing_heavy_is_imported_before_the_window_is_painted() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_version_is_told_without_a_window() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "resshift_desktop", "--version"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("ResShift 0")


def test_nothing_is_seen_of_the_rest_being_made(window: MainWindow, qtbot: QtBot, qapp: QApplication) -> None:
    windows = ShownWindows()
    qapp.installEventFilter(windows)
    window.show()
    first: QImage = window.grab().toImage()
    qtbot.waitUntil(lambda: window.is_ready, timeout=PATIENCE_MILLISECONDS)
    qapp.removeEventFilter(windows)
    assert window.grab().toImage() == first
    assert windows.shown == [window]


def test_what_is_dropped_or_opened_before_all_is_there_is_listed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    opened, dropped = picture(tmp_path), tmp_path / "b.png"
    dropped.hardlink_to(opened)
    window.open_paths([opened])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(dropped))])
    drop(window, data)
    data.clear()  # as when the drop is over
    image = QMimeData()
    image.setImageData(QImage(5, 4, QImage.Format.Format_RGB32))
    drop(window, image)
    image.clear()
    assert not window.is_ready
    show_until_ready(window, qtbot)
    qtbot.waitUntil(lambda: window.model.rowCount() == 3, timeout=PATIENCE_MILLISECONDS)
    assert [item.input for item in window.model.items()][:2] == [opened, dropped]


def test_a_window_can_be_closed_before_all_is_there(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.painted, timeout=PATIENCE_MILLISECONDS):
        window.show()
    event = QCloseEvent()
    QApplication.sendEvent(window, event)
    assert event.isAccepted()
    window.wait_closed()
    assert not window.is_ready

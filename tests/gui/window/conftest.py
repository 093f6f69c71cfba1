"""The whole window, with a core that computes nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resshift_desktop.gui import theme
from resshift_desktop.gui.core_link import CoreLink
from resshift_desktop.gui.job_item import JobItem, State
from resshift_desktop.gui.preferences import app_settings
from resshift_desktop.gui.window import MainWindow
from tests.gui.window.core import PATIENCE, Core, running_core
from tests.gui.window.watchdog import Watchdog


@dataclass
class App:
    """The window, and what people do to it."""

    window: MainWindow
    link: CoreLink
    qtbot: QtBot

    def wait_until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=int(1000 * PATIENCE))

    def items(self, *states: State) -> list[JobItem]:
        return self.window.model.items(*states)

    def states(self) -> list[State]:
        return [item.state for item in self.items()]

    def drop(self, data: QMimeData) -> bool:
        """Drop on the middle of the window, as a file manager does; whether the window takes it."""
        place, actions, button = QPointF(400, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        modifiers = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(place.toPoint(), actions, data, button, modifiers)
        QApplication.sendEvent(self.window, enter)
        if not enter.isAccepted():
            return False
        QApplication.sendEvent(self.window, QDropEvent(place, actions, data, button, modifiers))
        return True

    def drop_files(self, *paths: Path) -> None:
        assert self.drop(files(*paths))

    def list_pictures(self, *paths: Path) -> None:
        """Drop files, and wait until they are listed."""
        before = self.window.model.rowCount()
        self.drop_files(*paths)
        self.wait_until(lambda: self.window.model.rowCount() == before + len(paths))

    def start(self, *paths: Path) -> None:
        """Drop files and press the button."""
        self.list_pictures(*paths)
        self.wait_until(self.window.primary.isEnabled)
        self.window.primary.click()
        self.wait_until(lambda: not self.items(State.NEW))

    def wait_for(self, state: State, count: int = 1) -> None:
        self.wait_until(lambda: len(self.items(state)) == count)

    def select(self, *names: str) -> None:
        """Select pictures by the names of their files."""
        self.window.strip.clearSelection()
        selection = self.window.strip.selectionModel()
        for item in self.items():
            if item.input.name in names:
                index = self.window.model.index_of(item.id)
                selection.setCurrentIndex(index, selection.SelectionFlag.Select)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    with running_core(tmp_path / "data") as running:
        yield running


@pytest.fixture
def make_app(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[[], App]]:
    theme.apply(qapp)
    apps: list[App] = []

    def make() -> App:
        window = MainWindow(app_settings())
        with qtbot.waitSignal(window.ready, timeout=int(1000 * PATIENCE)):
            window.show()
        app = App(window, window.link, qtbot)
        apps.append(app)
        return app

    with Watchdog(qapp):
        yield make
        for app in apps:
            app.window.close()
    for app in apps:
        app.window.deleteLater()


@pytest.fixture
def app(core: Core, make_app: Callable[[], App]) -> Iterator[App]:
    app = make_app()
    app.wait_until(lambda: app.window.page is not None and core.server.active > 0)
    yield app
    app.window.close()
    core.stop()
    app.link.wait_closed()


@pytest.fixture
def pictures(tmp_path: Path) -> Callable[..., list[Path]]:
    """Makes small pictures with these names."""

    def make(*names: str) -> list[Path]:
        folder = tmp_path / "pictures"
        folder.mkdir(exist_ok=True)
        for number, name in enumerate(names):
            Image.new("RGB", (8, 6), (40 * number % 256, 90, 160)).save(folder / name)
        return [folder / name for name in names]

    return make


def files(*paths: Path) -> QMimeData:
    """What file managers give."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def names(paths: Sequence[Path]) -> list[str]:
    return [path.name for path in paths]

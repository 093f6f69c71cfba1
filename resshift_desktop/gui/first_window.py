"""The window as it is first painted: the empty page and the menus' names. The rest is made afterwards."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from resshift_desktop.gui.empty_page import EmptyPage
from resshift_desktop.gui.menus import Menus

if TYPE_CHECKING:  # the window is painted before it is imported
    from resshift_desktop.gui.importing import Importer

SIZE = (1240, 760)


class FirstWindow(QMainWindow):
    """Takes pictures from the first moment on: those that come before all is there wait for it."""

    painted = Signal()
    """The window can be seen."""
    ready = Signal()
    """All is there."""

    importer: "Importer"

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self.setWindowTitle("ResShift")
        self.setAcceptDrops(True)
        self._settings = settings
        self._begun = self._is_ready = False
        self._steps = self.make_rest()
        self._stepping = QTimer(self, interval=0)
        self._stepping.timeout.connect(self._make_some)
        self._waiting: list[Callable[[], object]] = []
        self.empty_page = EmptyPage()
        self.empty_page.open_wanted.connect(self.choose_pictures)
        self.empty_page.open_folder_wanted.connect(self.choose_folder)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty_page)
        whole = QWidget()
        self.rows = QVBoxLayout(whole)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        self.rows.addWidget(self.stack, 1)
        self.setCentralWidget(whole)
        self.menus = Menus(self.menuBar())
        geometry = settings.value("window/geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(*SIZE)

    # Making the rest.

    def make_rest(self) -> Iterator[None]:
        """Make all else. At each `yield` events come first, so that the window answers meanwhile."""
        raise NotImplementedError

    @property
    def is_ready(self) -> bool:
        """Whether all is there."""
        return self._is_ready

    def begin(self) -> None:
        """Make the rest from now on, if that has not begun."""
        if not self._begun:
            self._begun = True
            self._stepping.start()

    def when_ready(self, act: Callable[[], object]) -> None:
        """Do something now or, in its turn, once all is there."""
        if self._is_ready:
            act()
        else:
            self._waiting.append(act)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if not self._begun:
            self.painted.emit()
            self.begin()

    def _make_some(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self._stepping.stop()
            self._is_ready = True
            for act in self._waiting:
                act()
            self._waiting.clear()
            self.ready.emit()

    # Bringing pictures in.

    def open_paths(self, paths: Sequence[Path]) -> None:
        """List the pictures among `paths`, and in the folders among them."""
        self.when_ready(lambda: self.importer.take_paths(paths))

    def choose_pictures(self) -> None:
        """Ask for pictures to list."""
        from resshift_desktop.gui import dialogs

        dialogs.choose_pictures(self, self.open_paths)

    def choose_folder(self) -> None:
        """Ask for a folder with pictures to list."""
        from resshift_desktop.gui import dialogs

        dialogs.choose_folder(self, self.tr("Open a folder"), lambda folder: self.open_paths([folder]))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        from resshift_desktop.gui.importing import has_pictures

        if event.source() is None and has_pictures(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.empty_page.set_highlighted(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802, ARG002
        self.empty_page.set_highlighted(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        from resshift_desktop.gui.importing import lasting

        self.empty_page.set_highlighted(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        data = event.mimeData() if self._is_ready else lasting(event.mimeData())
        self.when_ready(lambda: self.importer.take(data))

    # Life.

    def come_to_front(self) -> None:
        """Show the window over others, as far as the desktop lets it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._begun = True
        self._stepping.stop()
        self._settings.setValue("window/geometry", self.saveGeometry())
        self._settings.sync()
        super().closeEvent(event)

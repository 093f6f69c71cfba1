"""One editor in the dialog about editors' plugins."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resshift_desktop import __version__
from resshift_desktop.editors.folders import Place
from resshift_desktop.editors.install import State, Status
from resshift_desktop.gui.labels import heading, tell, wrapped
from resshift_desktop.gui.theme import SPACING, ProblemLabel, QuietLabel, icon


class EditorRow(QFrame):
    """What the plugin does there, whether it is there, and the buttons that change that."""

    install_wanted = Signal(Place)
    removal_wanted = Signal(Place)

    def __init__(self, status: Status, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._place = status.place
        self._state, self._note, self._problem = QuietLabel(), QLabel(), ProblemLabel()
        self._install, self._remove = QPushButton(), QPushButton(self.tr("&Remove"))
        self._install.setIcon(icon("download"))
        self._remove.setIcon(icon("remove"))
        self._remove.setAccessibleName(f"{self._remove.text().replace('&', '')}: {self._place.title}")
        row = QHBoxLayout()
        row.addWidget(wrapped(self._state), 1)
        for button in (self._remove, self._install):
            button.setAutoDefault(False)
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, SPACING, 2 * SPACING, SPACING)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(heading(self._place.title))
        layout.addWidget(wrapped(QLabel(description)))
        layout.addLayout(row)
        for label in (self._note, self._problem):
            layout.addWidget(wrapped(label))
            label.hide()
        self._install.clicked.connect(self._ask_to_install)
        self._remove.clicked.connect(self._ask_to_remove)
        self.set_status(status)

    def set_status(self, status: Status) -> None:
        """Show how the plugin is there now."""
        state = status.state
        self._state.setText(self._words(status))
        self._state.setToolTip(str(self._place.folder))
        action = self._action(state)
        self._install.setText(action)
        self._install.setAccessibleName(f"{action.replace('&', '')}: {self._place.title}")
        self._install.setVisible(state not in (State.CURRENT, State.NOT_STARTED))
        self._remove.setVisible(state not in (State.ABSENT, State.NOT_STARTED))
        self.setEnabled(True)

    def show_note(self, text: str) -> None:
        """What was done with it."""
        tell(self._note, text)
        tell(self._problem, "")

    def show_problem(self, text: str) -> None:
        """What was tried with it has failed."""
        tell(self._note, "")
        tell(self._problem, text)
        self.setEnabled(True)

    def _ask_to_install(self) -> None:
        self._wait()
        self.install_wanted.emit(self._place)

    def _ask_to_remove(self) -> None:
        self._wait()
        self.removal_wanted.emit(self._place)

    def _wait(self) -> None:
        self.setEnabled(False)
        self.show_note("")

    def _words(self, status: Status) -> str:
        return {
            State.ABSENT: self.tr("Not installed"),
            State.CURRENT: self.tr("Installed"),
            State.OTHER_VERSION: self.tr("Installed in version {version}; this is {current}"),
            State.DAMAGED: self.tr("Not whole, or changed by somebody"),
            State.OFF: self.tr("Installed, but turned off"),
            State.NOT_STARTED: self.tr("Never started. Start it once, then look again."),
        }[status.state].format(version=status.version, current=__version__)

    def _action(self, state: State) -> str:
        return {
            State.OTHER_VERSION: self.tr("&Update"),
            State.DAMAGED: self.tr("&Repair"),
            State.OFF: self.tr("&Turn on"),
        }.get(state, self.tr("&Install"))

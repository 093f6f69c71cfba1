"""What went wrong, said beside what it concerns, with a button that helps."""

from enum import Enum

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from resshift_desktop.gui import theme
from resshift_desktop.gui.job_item import JobItem, Problem, State


class Help(Enum):
    """What the button does about the problem."""

    TRY_AGAIN = "Try again"
    CHOOSE_FOLDER = "Choose another folder…"
    SHOW_IN_FOLDER = "Show in folder"
    USE_PROCESSOR = "Use the processor"
    CHANGE_OPTIONS = "Change the options"
    OPEN_MODELS = "Open models…"


_BY_KIND = {
    "ImageReadError": Help.SHOW_IN_FOLDER,
    "ImageWriteError": Help.CHOOSE_FOLDER,
    "DeviceError": Help.USE_PROCESSOR,
    "MemoryLimitError": Help.USE_PROCESSOR,
    "NonFiniteError": Help.USE_PROCESSOR,
    "UsageError": Help.CHANGE_OPTIONS,
    "BadRequest": Help.CHANGE_OPTIONS,
    "WeightsError": Help.OPEN_MODELS,
}


def help_for(item: JobItem) -> Help | None:
    """What helps most with a picture that has failed; None where it has not."""
    if item.state is not State.FAILED or item.problem is None:
        return None
    wanted = _BY_KIND.get(item.problem.kind, Help.TRY_AGAIN)
    on_processor = item.request is not None and item.request.device == "cpu"
    return Help.TRY_AGAIN if wanted is Help.USE_PROCESSOR and on_processor else wanted


class ProblemBar(QFrame):
    """One problem, or one line of news; hidden while there is neither."""

    helped = Signal(Help)
    """The button was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._help: Help | None = None
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self._icon = QLabel()
        self._title, self._hint, self._news = theme.ProblemLabel(), theme.QuietLabel(), QLabel()
        for label in (self._title, self._hint, self._news):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)  # names of files are in it
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        self._button.clicked.connect(self._tell)
        self._close = QToolButton(autoRaise=True)
        self._close.setIcon(theme.icon("close"))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.setToolTip(self.tr("Close this message"))
        self._close.clicked.connect(self.hide)
        self._lay_out()
        self.hide()

    def show_problem(self, problem: Problem, help_: Help | None, closable: bool = True) -> None:
        self._help = help_
        if help_ is not None:
            self._button.setText(label(help_))
        self._show("error", problem.title, problem.hint, "", closable)

    def show_news(self, text: str) -> None:
        """One line that is no problem of anybody's."""
        self._help = None
        self._show("info", "", "", text, closable=True)

    @property
    def text(self) -> str:
        """What is said; "" while hidden."""
        texts = (label.text() for label in (self._title, self._hint, self._news))
        return "" if self.isHidden() else " ".join(text for text in texts if text)

    @property
    def button(self) -> QPushButton:
        return self._button

    def _show(self, icon: str, title: str, hint: str, news: str, closable: bool) -> None:
        self._icon.setPixmap(theme.icon(icon).pixmap(20, 20))
        for widget, text in ((self._title, title), (self._hint, hint), (self._news, news)):
            widget.setText(text)
            widget.setVisible(bool(text))
        self._button.setVisible(self._help is not None)
        self._close.setVisible(closable)
        self.show()
        self.setAccessibleName(self.text)

    def _tell(self) -> None:
        if self._help is not None:
            self.helped.emit(self._help)

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._hint)
        texts.addWidget(self._news)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.SPACING, theme.SPACING, theme.SPACING, theme.SPACING)
        row.setSpacing(theme.SPACING)
        row.addWidget(self._icon)
        row.addLayout(texts, 1)
        row.addWidget(self._button)
        row.addWidget(self._close)


def label(help_: Help) -> str:
    """What is on the button."""
    return {
        Help.TRY_AGAIN: QCoreApplication.translate("ProblemBar", "Try again"),
        Help.CHOOSE_FOLDER: QCoreApplication.translate("ProblemBar", "Choose another folder…"),
        Help.SHOW_IN_FOLDER: QCoreApplication.translate("ProblemBar", "Show in folder"),
        Help.USE_PROCESSOR: QCoreApplication.translate("ProblemBar", "Use the processor"),
        Help.CHANGE_OPTIONS: QCoreApplication.translate("ProblemBar", "Change the options"),
        Help.OPEN_MODELS: QCoreApplication.translate("ProblemBar", "Open models…"),
    }[help_]

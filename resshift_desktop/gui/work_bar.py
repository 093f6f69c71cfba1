"""How the work as a whole stands, and pausing it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from resshift_desktop.gui import theme
from resshift_desktop.gui.job_item import State, time_left
from resshift_desktop.gui.jobs_model import JobsModel


class WorkBar(QWidget):
    """Below the list: "2 of 5 done · 3 min left", a bar, and buttons to pause all and to clear up."""

    pause_wanted = Signal(bool)
    """True: pause all; False: go on."""
    clear_wanted = Signal()

    def __init__(self, model: JobsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._held = False
        self._shows_held: bool | None = None
        self._seconds_left: float | None = None
        self._text = theme.QuietLabel()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedHeight(theme.SPACING)
        self._bar.setAccessibleName(self.tr("All pictures"))
        self._pause = QPushButton()
        self._pause.clicked.connect(lambda: self.pause_wanted.emit(not self._held))
        self._clear = QPushButton(self.tr("Clear finished"))
        self._clear.clicked.connect(self.clear_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACING)
        buttons.addWidget(self._pause)
        buttons.addWidget(self._clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING, theme.SPACING, theme.SPACING, theme.SPACING)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self._text)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)
        model.counts_changed.connect(self.refresh)
        self.refresh()

    @property
    def text(self) -> str:
        """The line that is shown."""
        return self._text.text()

    @property
    def pictures_left(self) -> int:
        counts = self._model.counts
        return counts[State.QUEUED] + counts[State.RUNNING]

    @property
    def fraction(self) -> float:
        """How much is done of all that is done, worked on or waiting."""
        counts = self._model.counts
        running = (
            sum(item.fraction for item in self._model.items(State.RUNNING)) if counts[State.RUNNING] else 0
        )
        total = self.pictures_left + counts[State.DONE]
        return (counts[State.DONE] + running) / total if total else 0.0

    def set_queue(self, held: bool, seconds_left: float | None) -> None:
        self._held, self._seconds_left = held, seconds_left
        self.refresh()

    def set_seconds_left(self, seconds_left: float | None) -> None:
        self.set_queue(self._held, seconds_left)

    def refresh(self) -> None:
        counts, left = self._model.counts, self.pictures_left
        done = counts[State.DONE]
        if left:
            text = self.tr("{done} of {all} done").format(done=done, all=done + left)
            detail = self.tr("paused") if self._held else time_left(self._seconds_left)
            text = f"{text} · {detail}" if detail else text
        elif done:
            text = self.tr("{done} done").format(done=done)
        else:
            text = ""
        if counts[State.FAILED]:
            failed = self.tr("{failed} failed").format(failed=counts[State.FAILED])
            text = f"{text}, {failed}" if text else failed
        self._text.setText(text)
        self._bar.setValue(round(1000 * self.fraction))
        self._bar.setVisible(left > 0)
        if self._held is not self._shows_held:  # the core tells of the queue often, and icons take long
            self._shows_held = self._held
            self._pause.setText(self.tr("Go on") if self._held else self.tr("Pause all"))
            self._pause.setIcon(theme.icon("start" if self._held else "pause"))
        self._pause.setVisible(left > 0)
        finished = done + counts[State.FAILED] + counts[State.CANCELLED]
        self._clear.setVisible(finished > 0)
        self.setVisible(bool(text) or finished > 0)

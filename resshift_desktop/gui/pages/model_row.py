"""One model in the model manager."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from resshift_desktop.gui.labels import heading, wrapped
from resshift_desktop.gui.model_item import ModelItem, file_size
from resshift_desktop.gui.theme import SPACING, ProblemLabel, QuietLabel, icon

_STEPS = 1000  # of the progress bar


class ModelRow(QFrame):
    """What the model is, whether it is here, how far its download is, and the button that changes that."""

    download_wanted = Signal(ModelItem)
    cancel_wanted = Signal(ModelItem)
    removal_wanted = Signal(ModelItem)

    def __init__(self, model: ModelItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._model = model
        self._loading = False
        self._asked = False  # whether it is really to be removed
        self._title, self._description = heading(""), QLabel()
        self._facts, self._problem = QuietLabel(), ProblemLabel()
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._button = QPushButton()
        self._button.setAutoDefault(False)
        self._keep = QPushButton(self.tr("&Keep"))
        self._keep.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self._facts, 1)
        row.addWidget(self._bar, 1)
        row.addWidget(self._keep)
        row.addWidget(self._button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, SPACING, 2 * SPACING, SPACING)
        layout.setSpacing(SPACING // 2)
        for widget in (self._title, wrapped(self._description)):
            layout.addWidget(widget)
        layout.addLayout(row)
        layout.addWidget(wrapped(self._problem))
        wrapped(self._facts)
        self._problem.hide()
        self._button.clicked.connect(self._press)
        self._keep.clicked.connect(self.show_idle)
        self.set_model(model)

    def set_model(self, model: ModelItem) -> None:
        """Show what is known of the model now."""
        if model.installed != self._model.installed:
            self._loading = self._asked = False
            self._problem.hide()
        self._model = model
        self._show()

    def show_progress(self, fraction: float) -> None:
        """It is being fetched; `fraction` in [0, 1] is here."""
        self._loading = True
        self._problem.hide()
        self._bar.setValue(round(_STEPS * fraction))
        self._show()

    def show_idle(self) -> None:
        """Nothing is being done with it."""
        self._loading = self._asked = False
        self._show()

    def show_problem(self, text: str) -> None:
        """What was tried with it has failed."""
        self._problem.setText(text)
        self._problem.show()
        self.show_idle()

    def _press(self) -> None:
        if self._loading:
            self.cancel_wanted.emit(self._model)
        elif not self._model.installed:
            self.download_wanted.emit(self._model)
        elif not self._asked:
            self._asked = True
            self._show()
        else:
            self._asked = False
            self.removal_wanted.emit(self._model)
            self._show()

    def _show(self) -> None:
        model = self._model
        self._title.setText(model.title)
        self._description.setText(model.description)
        facts = self.tr("{state} · {size} · licence: {licence}").format(
            state=self._state(), size=file_size(model.size_bytes), licence=model.licence
        )
        self._facts.setText(self.tr("Really remove it?") if self._asked else facts)
        self._facts.setVisible(not self._loading)
        self._bar.setVisible(self._loading)
        self._bar.setAccessibleName(self.tr("Download of “{title}”").format(title=model.title))
        self._button.setVisible(not model.built_in)
        self._keep.setVisible(self._asked)
        text, name = self._action()
        self._button.setText(text)
        self._button.setIcon(icon(name))
        self._button.setAccessibleName(f"{text.replace('&', '')}: {model.title}")

    def _state(self) -> str:
        if self._model.built_in:
            return self.tr("Part of the program")
        return self.tr("Ready") if self._model.installed else self.tr("Not downloaded")

    def _action(self) -> tuple[str, str]:
        """The button's text and icon."""
        if self._loading:
            return self.tr("&Cancel"), "close"
        if self._model.installed:
            return self.tr("&Remove"), "remove"
        return self.tr("&Download"), "download"

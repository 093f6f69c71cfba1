"""What the files of a model are: a published one, or one of the person's own under a name of its own."""

from collections.abc import Iterable

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QWidget

from resshift_desktop.gui.labels import wrapped
from resshift_desktop.gui.model_item import ModelItem
from resshift_desktop.gui.pages.page import Page
from resshift_desktop.gui.theme import QuietLabel

_NAME = "[a-z0-9][a-z0-9._-]{0,39}"  # what core.weights.importing takes


class ImportDialog(Page):
    """Asks which of `models` a network is one of, and what it is to be called."""

    def __init__(self, models: Iterable[ModelItem], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import a model"))
        self._which, self._name = QComboBox(), QLineEdit()
        self._which.addItem(self.tr("Recognize it"), None)
        for model in models:
            if not model.built_in:
                self._which.addItem(model.title, model.name)
        self._name.setPlaceholderText(self.tr("Only for a model of your own"))
        self._name.setValidator(QRegularExpressionValidator(QRegularExpression(_NAME), self))
        explanation = self.tr(
            "A checkpoint that you have trained yourself gets a name: small letters, digits, and - . _ "
            "between them. A published model keeps its own."
        )
        self._ask(self.tr("&Which model is it, or was it made like?"), self._which)
        self._ask(self.tr("&Name"), self._name)
        self.content.addWidget(wrapped(QuietLabel(explanation)))
        self.content.addStretch(1)
        self.buttons.setStandardButtons(QDialogButtonBox.StandardButton.Cancel)
        start = self.buttons.addButton(self.tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        start.setDefault(True)
        self.buttons.accepted.connect(self.accept)

    @property
    def like(self) -> str | None:
        """The model that was chosen; None: the files' content is to say it."""
        return self._which.currentData()

    @property
    def name(self) -> str | None:
        """What was entered; None for a published model."""
        return self._name.text() or None

    def _ask(self, question: str, field: QWidget) -> None:
        label = QLabel(question)
        label.setBuddy(field)
        field.setAccessibleName(question.replace("&", ""))
        self.content.addWidget(label)
        self.content.addWidget(field)

"""Licences: the program's own text, and a dialog in which a model's is accepted."""

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit, QWidget

from resshift_desktop.gui.labels import heading, wrapped
from resshift_desktop.gui.model_item import ModelItem
from resshift_desktop.gui.pages.page import Page
from resshift_desktop.gui.theme import QuietLabel
from resshift_desktop.paths import resources_folder

_CHARACTERS = 82
_TERMS_WIDTH = 460


class LicenceView(QPlainTextEdit):
    """The text of the program's own licence, wide enough for its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName(self.tr("Text of the licence"))
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * _CHARACTERS, 260)
        self.setPlainText((resources_folder().parent / "LICENSE").read_text("utf-8"))


class LicenceDialog(Page):
    """The terms of a model, to be accepted before it is fetched; the dialog's result says whether."""

    def __init__(self, model: ModelItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(model.title)
        for label in (
            heading(self.tr("Licence: {name}").format(name=model.licence)),
            QLabel(model.licence_summary),
        ):
            label.setTextFormat(Qt.TextFormat.PlainText)
            self.content.addWidget(wrapped(label))
        for url in model.licence_urls:
            self.content.addWidget(_link(url))
        once = self.tr("It is asked once for all models under this licence.")
        self.content.addWidget(wrapped(QuietLabel(once)))
        self.content.addStretch(1)
        self.buttons.setStandardButtons(QDialogButtonBox.StandardButton.Cancel)
        # What Enter presses, which may have been meant for something else.
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
        accept = self.buttons.addButton(
            self.tr("&Accept and download"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        accept.setAutoDefault(False)
        self.buttons.accepted.connect(self.accept)
        self.resize(_TERMS_WIDTH, self.heightForWidth(_TERMS_WIDTH))


def _link(url: str) -> QLabel:
    address = html.escape(url)
    label = wrapped(QLabel(f'<a href="{address}">{address}</a>'))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
    label.setOpenExternalLinks(True)
    return label

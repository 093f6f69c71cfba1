"""Licences: their texts, and a dialog that shows one, to be accepted or only to be read."""

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit, QWidget

from resshift_desktop.gui.labels import wrapped
from resshift_desktop.gui.pages.page import Page
from resshift_desktop.paths import resources_folder

_CHARACTERS = 82


class LicenceView(QPlainTextEdit):
    """A licence's text, wide enough for its lines."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName(self.tr("Text of the licence"))
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * _CHARACTERS, 260)
        missing = self.tr(
            "The text of “{name}” is not part of this program. Look for it where the model comes from."
        )
        self.setPlainText(licence_text(name) or missing.format(name=name))


class LicenceDialog(Page):
    """Shows a licence. `asks`: it is to be accepted before a download; the dialog's result says whether."""

    def __init__(self, title: str, name: str, asks: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.content.addWidget(wrapped(QLabel(self.tr("Licence: {name}").format(name=name))))
        self.content.addWidget(LicenceView(name), 1)
        if asks:
            self.buttons.setStandardButtons(QDialogButtonBox.StandardButton.Cancel)
            # What Enter presses, which may have been meant for something else.
            self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
            accept = self.buttons.addButton(
                self.tr("&Accept and download"), QDialogButtonBox.ButtonRole.AcceptRole
            )
            accept.setAutoDefault(False)
            self.buttons.accepted.connect(self.accept)


def licence_text(name: str) -> str | None:
    """The text of the licence called `name`; None where it is not here."""
    places = [resources_folder() / "licences" / f"{name}.txt"]
    if name == "Apache-2.0":  # the program's own
        places.append(resources_folder().parent / "LICENSE")
    for place in places:
        if place.is_file():
            return place.read_text("utf-8")
    return None

"""About the plugins for picture editors, which are yet to come."""

from PySide6.QtWidgets import QLabel, QWidget

from resshift_desktop.gui.labels import heading, wrapped
from resshift_desktop.gui.pages.page import Page
from resshift_desktop.gui.theme import QuietLabel


class EditorsDialog(Page):
    """Says what the plugins will do, and that they are not here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Editors"))
        self.content.addWidget(
            wrapped(QLabel(self.tr("Plugins for GIMP and Krita are being made. This version has none yet.")))
        )
        self._add("GIMP", self.tr("Upscale the layer or the selection from the Filters menu."))
        self._add("Krita", self.tr("Upscale the layer, as a new layer or a new document."))
        self.content.addWidget(
            wrapped(
                QuietLabel(
                    self.tr(
                        "Both will use the models that you have here. Until then, save your picture, "
                        "open it in ResShift, and open the result in your editor."
                    )
                )
            )
        )
        self.content.addStretch(1)
        self.resize(420, self.sizeHint().height())

    def _add(self, name: str, text: str) -> None:
        self.content.addWidget(heading(name))
        self.content.addWidget(wrapped(QLabel(text)))

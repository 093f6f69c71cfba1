"""What all dialogs are made of."""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from resshift_desktop.gui.theme import SPACING


class Page(QDialog):
    """A dialog with room for `content`, and a Close button below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = QVBoxLayout()
        self.content.setSpacing(SPACING)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        # Not the style's own icon, which does not follow light and dark.
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(self.content, 1)
        layout.addWidget(self.buttons)

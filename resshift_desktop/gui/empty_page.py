"""What is seen while there are no pictures: where to drop them, and how else to bring them."""

from PySide6.QtCore import QEvent, QMargins, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resshift_desktop.gui import theme

_ICON_SIDE = 64
_MARGIN = 4 * theme.SPACING
_RADIUS = 12
_ROOM = 2 * theme.SPACING
"""Beside a button's text."""


class EmptyPage(QWidget):
    """The drop zone. The window takes what is dropped."""

    open_wanted = Signal()
    open_folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._highlighted = False
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel(self.tr("Drop pictures here"), alignment=Qt.AlignmentFlag.AlignCenter)
        font = QFont(self.font())
        font.setPointSizeF(1.7 * font.pointSizeF())
        title.setFont(font)
        hint = theme.QuietLabel(
            self.tr("Files, folders, or pictures from a web page. Or paste one with Ctrl+V.")
        )
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setWordWrap(True)
        self.open_button = theme.PrimaryButton(self.tr("&Open pictures…"))
        self.open_button.clicked.connect(self.open_wanted)
        folder = QPushButton(self.tr("Open a &folder…"))
        folder.clicked.connect(self.open_folder_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACING)
        buttons.addStretch(1)
        for button in (self.open_button, folder):
            room = button.sizeHint().grownBy(QMargins(_ROOM, _ROOM // 2, _ROOM, _ROOM // 2))
            button.setMinimumSize(room)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * _MARGIN, 2 * _MARGIN, 2 * _MARGIN, 2 * _MARGIN)
        layout.setSpacing(theme.SPACING)
        layout.addStretch(1)
        layout.addWidget(self._icon)
        layout.addSpacing(theme.SPACING)
        layout.addWidget(title)
        layout.addWidget(hint)
        layout.addSpacing(2 * theme.SPACING)
        layout.addLayout(buttons)
        layout.addStretch(1)
        self._show_icon()

    def set_highlighted(self, highlighted: bool) -> None:
        """Show that what is being dragged can be dropped here."""
        self._highlighted = highlighted
        self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._show_icon()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(self.palette().color(QPalette.ColorRole.Accent))
        border = accent if self._highlighted else self.palette().color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(border, 2, Qt.PenStyle.DashLine))
        if self._highlighted:
            accent.setAlpha(24)
            painter.setBrush(accent)
        margins = (_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.drawRoundedRect(self.rect().adjusted(*margins), _RADIUS, _RADIUS)

    def _show_icon(self) -> None:
        self._icon.setPixmap(theme.icon("picture").pixmap(_ICON_SIDE, _ICON_SIDE))

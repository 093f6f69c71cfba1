"""What is written and drawn over a picture."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

_MARGIN = 12
_PADDING_X, _PADDING_Y = 10, 4
_SHADE = QColor(0, 0, 0, 150)


def draw_label(painter: QPainter, area: QRectF, text: str, on_left: bool) -> None:
    """Write `text` into an upper corner of `area` (logical pixels), readable on any picture.

    Where the area is too narrow, only what fits in it is seen.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(area)
    size = painter.fontMetrics().size(0, text)
    width, height = size.width() + 2 * _PADDING_X, size.height() + 2 * _PADDING_Y
    left = area.left() + _MARGIN if on_left else area.right() - _MARGIN - width
    box = QRectF(left, area.top() + _MARGIN, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADE)
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def draw_brush(painter: QPainter, middle: QPointF, diameter: float) -> None:
    """The outline of a brush, seen on light and dark."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor(0, 0, 0, 160), 3), (QColor(255, 255, 255), 1)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(middle, diameter / 2, diameter / 2)
    painter.restore()

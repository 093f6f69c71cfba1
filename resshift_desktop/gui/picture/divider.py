"""The line between input and result, which can be dragged, moved with keys, and read by screen readers."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QWidget

STEPS = 10_000
_TOUCH_SIDE = 44
"""Logical pixels; what a finger hits (WCAG 2.2, 2.5.5)."""
_LINE_REACH = 12
_GRIP_RADIUS = 16


class Divider(QAbstractSlider):
    """A vertical line with a grip, laid over a view; its value is 0 at the left edge, STEPS at the right."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setPageStep(STEPS // 10)
        self.setValue(STEPS // 2)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._held_at = 0.0
        self.valueChanged.connect(self.place)

    def position(self, width: int) -> int:
        """Where the line is in a view of `width` pixels of any kind."""
        return round(self.value() / STEPS * width)

    def place(self) -> None:
        """Go where the value says; to be called when the view's size changes."""
        self.setGeometry(
            self.position(self._view.width()) - _TOUCH_SIDE // 2, 0, _TOUCH_SIDE, self._view.height()
        )
        middle = self.rect().center()
        line = QRect(middle.x() - _LINE_REACH // 2, 0, _LINE_REACH, self.height())
        grip = QRect(0, middle.y() - _TOUCH_SIDE // 2, _TOUCH_SIDE, _TOUCH_SIDE)
        self.setMask(QRegion(line) + QRegion(grip))
        self._view.update()

    def step(self, pixels_right: int) -> None:
        """Move one step to the right (1) or left (-1), whatever the reading direction."""
        self.setValue(self.value() + pixels_right * self.singleStep())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._held_at = event.position().x() - _TOUCH_SIDE // 2
        self.setSliderDown(True)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self.isSliderDown():
            x = self.mapToParent(event.position()).x() - self._held_at
            self.setValue(round(x / max(1, self._view.width()) * STEPS))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002
        self.setValue(STEPS // 2)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        event.ignore()  # the wheel zooms, wherever the pointer is

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if steps is not None:
            self.step(steps)
        else:
            event.ignore()  # the view's keys work here too

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(_TOUCH_SIDE / 2, self.height() / 2)
        shade, white = QColor(0, 0, 0, 90), QColor(255, 255, 255)
        for colour, width in ((shade, 4), (white, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(middle.x(), 0), QPointF(middle.x(), self.height()))
        accent = self.palette().highlight().color()
        painter.setPen(QPen(accent if self.hasFocus() else shade, 3 if self.hasFocus() else 1))
        painter.setBrush(white)
        painter.drawEllipse(middle, _GRIP_RADIUS, _GRIP_RADIUS)
        painter.setPen(QPen(QColor(60, 60, 60), 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        for direction in (-1, 1):
            tip = middle + QPointF(9 * direction, 0)
            painter.drawPolyline(
                QPolygonF([tip + QPointF(-4 * direction, -4), tip, tip + QPointF(-4 * direction, 4)])
            )
        painter.end()

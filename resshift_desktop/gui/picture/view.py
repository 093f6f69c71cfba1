"""The widget that shows one picture: its input, its result, and the difference."""

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from resshift_desktop.gui.picture.brush import Brush
from resshift_desktop.gui.picture.canvas import ZOOM_STEP, PictureCanvas
from resshift_desktop.gui.picture.compare import Compare, Side
from resshift_desktop.gui.picture.labels import draw_brush
from resshift_desktop.gui.picture.levels import Source
from resshift_desktop.gui.picture.mask import Mask, MaskedSource

_WHEEL_NOTCH = 120
_ARROW_STEP = 64
_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class PictureView(PictureCanvas):
    """A PictureCanvas moved by mouse, wheel, touch and keys, on which a mask can be painted.

    Wheel or pinch zoom, dragging pans, a double click goes between fit and 100 %. Keys: arrows pan, + and -
    zoom, 0 fits, 1 is 100 %, Ctrl with left and right moves the divider, O held shows the input.
    Painting a mask: left button paints, right button or Alt erases, middle button pans, [ and ] change the
    size, Ctrl+Z takes the last stroke back.
    """

    mask_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._brush: Brush | None = None
        self._masked: MaskedSource | None = None
        self._painted_before: QImage | None = None
        self._mask_mode = False
        super().__init__(parent)
        self._dragged_from: QPointF | None = None
        self._pointer: QPointF | None = None
        self._shows_focus = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(self.tr("Plus and minus zoom, arrow keys move the picture."))

    # The mask.

    @property
    def mask_mode(self) -> bool:
        """Whether the pointer paints a mask; only the input is shown then."""
        return self._mask_mode

    @mask_mode.setter
    def mask_mode(self, on: bool) -> None:
        self._mask_mode = on
        self._prepare_mask()
        self._arrange()
        self._choose_cursor()

    def mask_image(self) -> QImage | None:
        """What is painted: Grayscale8, the input's size, 255 painted; None where nothing ever was."""
        if self._brush is None:
            return self._painted_before
        return self._brush.mask.image() if self._brush.mask.is_painted else None

    def set_mask_image(self, mask: QImage) -> None:
        """Go on with what `mask_image` gave of the input that is shown, or is being loaded."""
        self._brush = self._masked = None
        self._painted_before = mask
        self._place_picture()

    def undo_mask(self) -> None:
        if self._brush:
            self._brush.undo()

    def clear_mask(self) -> None:
        if self._brush:
            self._brush.clear()

    def clear(self) -> None:
        self._brush = self._masked = self._painted_before = None
        super().clear()

    def _prepare_mask(self) -> None:
        if self._mask_mode and self._input and self._brush is None:
            mask = Mask(self._input.width, self._input.height, self._painted_before)
            self._masked = MaskedSource(self._input, mask)
            self._brush = Brush(mask, self)
            self._brush.painted.connect(self._show_painted)
            self._brush.diameter_changed.connect(self.update)

    def _show_painted(self, rect: QRect) -> None:
        if self._brush and self._masked:
            width, height = self._brush.mask.width, self._brush.mask.height
            self._tiles.changed(
                self._masked,
                rect.left() / width,
                rect.top() / height,
                rect.width() / width,
                rect.height() / height,
            )
            self.mask_changed.emit()

    def _place_picture(self) -> None:
        self._prepare_mask()
        super()._place_picture()

    def _source(self, side: Side) -> Source | None:
        if side is Side.INPUT and self._mask_mode and self._masked:
            return self._masked
        return super()._source(side)

    @property
    def _shown(self) -> Compare:
        return Compare.INPUT if self._mask_mode and self._input else super()._shown

    def _mask_point(self, position: QPointF) -> tuple[QPointF, float]:
        """The mask's point under a point of the widget, and its pixels per logical pixel of the widget."""
        assert self._placement is not None
        assert self._brush is not None
        scale = self._brush.mask.width / self._placement.picture_width
        x, y = self._placement.to_picture(*self._in_pane(position))
        return QPointF(x * scale, y * scale), scale * self.devicePixelRatioF() / self._placement.zoom

    # Pointer.

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        paints = event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        if paints and self._mask_mode and self._brush and self._placement:
            erase = event.button() == Qt.MouseButton.RightButton or bool(
                event.modifiers() & Qt.KeyboardModifier.AltModifier
            )
            self._brush.press(*self._mask_point(event.position()), erase)
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged_from = event.position()
            self._choose_cursor()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._pointer = event.position()
        if self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self.pan(moved.x(), moved.y())
        elif self._brush and self._brush.is_down:
            self._brush.move(*self._mask_point(event.position()))
        if self._mask_mode:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._brush and self._brush.is_down:
            self._brush.release()
        elif self._dragged_from is None:
            super().mouseReleaseEvent(event)
        self._dragged_from = None
        self._choose_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._mask_mode or event.button() != Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
        elif self._placement and self._placement.fitted:
            self.zoom_to(1.0, event.position())
        else:
            self.zoom_fit()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        is_touchpad = event.device().type() == QInputDevice.DeviceType.TouchPad
        if is_touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            moved = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
            self.pan(moved.x(), moved.y())
        else:
            notches = event.angleDelta().y() / _WHEEL_NOTCH
            self.zoom_to(self.zoom * ZOOM_STEP**notches, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_to(self.zoom * (1 + event.value()), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                centre = QPointF(self.mapFromGlobal(pinch.centerPoint()))
                self.zoom_to(self.zoom * pinch.scaleFactor(), centre)
                moved = pinch.centerPoint() - pinch.lastCenterPoint()
                self.pan(moved.x(), moved.y())
                return True
        return super().event(event)

    def _choose_cursor(self) -> None:
        if self._dragged_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._mask_mode:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    # Keys.

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = Qt.Key(event.key())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and control:
            self._divider.step(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Z and control and self._mask_mode:
            self.undo_mask()
        elif control:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            dx, dy = _ARROWS[key]
            self.pan(dx * _ARROW_STEP, dy * _ARROW_STEP)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.zoom_fit()
        elif key == Qt.Key.Key_1:
            self.zoom_to(1.0)
        elif key == Qt.Key.Key_O:
            if not event.isAutoRepeat():
                self.hold_original(True)
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight) and self._brush and self._mask_mode:
            self._brush.grow() if key == Qt.Key.Key_BracketRight else self._brush.shrink()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_O:
            if not event.isAutoRepeat():
                self.hold_original(False)
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._shows_focus = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._shows_focus = False
        self.hold_original(False)  # its key may be released elsewhere
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        painter = QPainter(self)
        if self._mask_mode and self._brush and self._pointer is not None:
            draw_brush(painter, self._pointer, self._brush.diameter)
        if self._shows_focus:
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

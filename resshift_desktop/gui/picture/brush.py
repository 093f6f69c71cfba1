"""The brush that paints a mask: its size, and strokes."""

from PySide6.QtCore import QObject, QPointF, QRect, Signal

from resshift_desktop.gui.picture.mask import Mask

MIN_DIAMETER, MAX_DIAMETER = 4, 512
_STEP = 1.25


class Brush(QObject):
    """Paints on a mask; its `diameter` is in logical pixels of the view, so that zooming in paints finer."""

    painted = Signal(QRect)
    """Pixels of the mask that may have changed."""
    diameter_changed = Signal(float)

    def __init__(self, mask: Mask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mask = mask
        self.diameter = 48.0
        self._last: QPointF | None = None
        self._erases = False

    @property
    def is_down(self) -> bool:
        return self._last is not None

    def press(self, point: QPointF, scale: float, erase: bool) -> None:
        """Begin a stroke at a point of the mask; `scale` is mask pixels per logical pixel of the view."""
        self.mask.begin_stroke()
        self._erases = erase
        self._last = point
        self.move(point, scale)

    def move(self, point: QPointF, scale: float) -> None:
        if self._last is not None:
            self.painted.emit(self.mask.line(self._last, point, self.diameter * scale, self._erases))
            self._last = point

    def release(self) -> None:
        self._last = None

    def grow(self) -> None:
        self._resize(self.diameter * _STEP)

    def shrink(self) -> None:
        self._resize(self.diameter / _STEP)

    def undo(self) -> None:
        self.mask.undo()
        self._all_painted()

    def clear(self) -> None:
        self.mask.clear()
        self._all_painted()

    def _resize(self, diameter: float) -> None:
        self.diameter = min(max(diameter, MIN_DIAMETER), MAX_DIAMETER)
        self.diameter_changed.emit(self.diameter)

    def _all_painted(self) -> None:
        self.painted.emit(QRect(0, 0, self.mask.width, self.mask.height))

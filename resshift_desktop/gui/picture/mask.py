"""A mask of a picture: which of its pixels are painted, and how that is seen."""

import threading
from collections import deque

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from resshift_desktop.gui.picture.levels import Source, draw_levels

MAX_UNDO = 50
"""Strokes that can be undone."""
_BLOCK_SIDE = 256
_TINT = QColor(255, 64, 64, 140)


class Mask:
    """One byte for each pixel of a picture: 255 painted, 0 not, between at the edges of strokes.

    Painted on in the GUI thread, drawn by any. It is a Level.
    """

    def __init__(self, width: int, height: int, painted: QImage | None = None) -> None:
        """painted: what `image` gave of an earlier mask; of another size it is left out."""
        self._image = QImage(width, height, QImage.Format.Format_Grayscale8)
        self._image.fill(0)
        self._goes_on = painted is not None and painted.size() == self._image.size()
        if painted is not None and self._goes_on:
            self._image = painted.copy()
        self._lock = threading.Lock()
        # What each stroke painted over, as blocks by their corners.
        self._strokes: deque[dict[tuple[int, int], QImage]] = deque(maxlen=MAX_UNDO)

    @property
    def width(self) -> int:
        return self._image.width()

    @property
    def height(self) -> int:
        return self._image.height()

    @property
    def is_painted(self) -> bool:
        """Whether there was ever anything that is not undone."""
        return self._goes_on or bool(self._strokes)

    def image(self) -> QImage:
        """A copy, Grayscale8."""
        with self._lock:
            return self._image.copy()

    def region(self, rect: QRect) -> QImage:
        """A copy of the pixels in `rect`, as opacities."""
        with self._lock:
            piece = self._image.copy(rect)
        piece.reinterpretAsFormat(QImage.Format.Format_Alpha8)
        return piece

    def begin_stroke(self) -> None:
        """What is painted from now on is undone together."""
        self._strokes.append({})

    def line(self, start: QPointF, end: QPointF, diameter: float, erase: bool) -> QRect:
        """Paint or erase a line with round ends; returns the pixels that may have changed."""
        reach = diameter / 2 + 1
        rect = QRectF(start, end).normalized().adjusted(-reach, -reach, reach, reach).toAlignedRect()
        rect &= self._image.rect()
        if rect.isEmpty():
            return rect
        with self._lock:
            self._remember(rect)
            painter = QPainter(self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = QColor(0, 0, 0) if erase else QColor(255, 255, 255)
            if start == end:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                painter.drawEllipse(start, diameter / 2, diameter / 2)
            else:
                painter.setPen(QPen(colour, diameter, c=Qt.PenCapStyle.RoundCap))
                painter.drawLine(start, end)
            painter.end()
        return rect

    def clear(self) -> None:
        """Nothing is painted; can be undone."""
        self.begin_stroke()
        with self._lock:
            self._remember(self._image.rect())
            self._image.fill(0)

    def undo(self) -> None:
        """Take the last stroke back, if there is one."""
        if not self._strokes:
            return
        with self._lock:
            painter = QPainter(self._image)
            for (left, top), block in self._strokes.pop().items():
                painter.drawImage(left, top, block)
            painter.end()

    def _remember(self, rect: QRect) -> None:
        if not self._strokes:
            self.begin_stroke()
        blocks = self._strokes[-1]
        for top in range(rect.top() // _BLOCK_SIDE * _BLOCK_SIDE, rect.bottom() + 1, _BLOCK_SIDE):
            for left in range(rect.left() // _BLOCK_SIDE * _BLOCK_SIDE, rect.right() + 1, _BLOCK_SIDE):
                if (left, top) not in blocks:
                    block = QRect(left, top, _BLOCK_SIDE, _BLOCK_SIDE) & self._image.rect()
                    blocks[left, top] = self._image.copy(block)


class MaskedSource:
    """A Source: a picture with what is painted tinted."""

    def __init__(self, base: Source, mask: Mask) -> None:
        self._base = base
        self._mask = mask

    @property
    def is_transparent(self) -> bool:
        return self._base.is_transparent

    @property
    def overview(self) -> QImage:
        return self._base.overview

    def draw(self, painter: QPainter, rect: QRect, width: int, height: int) -> None:
        self._base.draw(painter, rect, width, height)
        tint = QImage(rect.size(), QImage.Format.Format_ARGB32_Premultiplied)
        tint.fill(0)
        tinting = QPainter(tint)
        tinting.setRenderHints(painter.renderHints())
        draw_levels(tinting, [self._mask], rect, width, height)
        tinting.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        tinting.fillRect(tint.rect(), _TINT)
        tinting.end()
        painter.drawImage(0, 0, tint)

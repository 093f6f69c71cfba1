"""The result while it is being made: its finished tiles over the enlarged input."""

import math
import threading
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColorSpace, QImage, QPainter

from resshift_desktop.gui.picture.levels import OVERVIEW_SIDE, Pyramid, draw_levels

MAX_PIXELS = 16_000_000
"""Larger results are kept at this size while they are made: 64 MB, and a third more for the levels."""
_MAX_SIDE = 16384
_SRGB = QColorSpace(QColorSpace.NamedColorSpace.SRgb)


@dataclass(frozen=True, eq=False)
class _CanvasLevel:
    canvas: QImage

    @property
    def width(self) -> int:
        return self.canvas.width()

    @property
    def height(self) -> int:
        return self.canvas.height()

    def region(self, rect: QRect) -> QImage:
        return self.canvas.copy(rect)


class LiveCanvas:
    """A Source: `base`, the input, and over it the tiles added so far. Safe to use from several threads."""

    def __init__(self, base: Pyramid, width: int, height: int, screen_profile: Path | None) -> None:
        """For a result of `width` x `height` pixels.

        screen_profile: file with the screen's ICC profile; None means sRGB.
        """
        self._base = base
        self._screen_space = (
            _SRGB if screen_profile is None else QColorSpace.fromIccProfile(screen_profile.read_bytes())
        )
        self._size = _bounded(width, height)
        self.levels: list[_CanvasLevel] = []
        self._lock = threading.Lock()

    @property
    def is_transparent(self) -> bool:
        return self._base.is_transparent

    @property
    def overview(self) -> QImage:
        return self._base.overview

    def add(self, left: float, top: float, width: float, height: float, tile: QImage) -> None:
        """Lay a tile over what is there; its place is in [0, 1] of the picture.

        One without a colour space is in sRGB.
        """
        space = tile.colorSpace() if tile.colorSpace().isValid() else _SRGB
        if space != self._screen_space:
            tile = tile.copy()
            tile.setColorSpace(space)
            tile = tile.convertedToColorSpace(self._screen_space, QImage.Format.Format_RGB32)
        with self._lock:
            if not self.levels:
                self.levels = _empty_levels(*self._size)
            for level in self.levels:
                x, y = round(left * level.width), round(top * level.height)
                place = QRect(
                    x, y, round((left + width) * level.width) - x, round((top + height) * level.height) - y
                )
                if place.isEmpty():
                    continue
                # In steps, as each level is half of the one before: every pixel of the tile counts.
                tile = tile.scaled(place.size(), mode=Qt.TransformationMode.SmoothTransformation)
                painter = QPainter(level.canvas)
                painter.drawImage(place.topLeft(), tile)
                painter.end()

    def draw(self, painter: QPainter, rect: QRect, width: int, height: int) -> None:
        self._base.draw(painter, rect, width, height)
        with self._lock:
            if self.levels:
                draw_levels(painter, self.levels, rect, width, height)


def _bounded(width: int, height: int) -> tuple[int, int]:
    shrink = min(1.0, math.sqrt(MAX_PIXELS / (width * height)), _MAX_SIDE / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _empty_levels(width: int, height: int) -> list[_CanvasLevel]:
    levels: list[_CanvasLevel] = []
    while True:
        canvas = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        canvas.fill(0)
        levels.append(_CanvasLevel(canvas))
        if max(width, height) <= OVERVIEW_SIDE:
            return levels
        width, height = (width + 1) // 2, (height + 1) // 2

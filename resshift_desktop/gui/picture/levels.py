"""A picture at several sizes, each half of the one before, and how a piece of it is drawn at any scale."""

import _thread
import math
import mmap
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QTransform

OVERVIEW_SIDE = 1024
"""Pixels a side of the smallest level, at most."""


class Level(Protocol):
    """One size of a picture. A pixel of level n stands for 2**n x 2**n of the picture."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def region(self, rect: QRect) -> QImage:
        """The pixels of `rect`, which lies within the level; valid as long as the level is."""
        ...


class Source(Protocol):
    """What screen tiles are rendered from. Rendering happens in several threads at once."""

    @property
    def is_transparent(self) -> bool: ...

    @property
    def overview(self) -> QImage:
        """The whole picture, small."""
        ...

    def draw(self, painter: QPainter, rect: QRect, width: int, height: int) -> None:
        """Draw the piece `rect` of the picture scaled to `width` x `height`, its corner at 0, 0."""
        ...


@dataclass(frozen=True, eq=False)
class BufferLevel:
    """A level in memory or in a mapped file.

    pixels: rows of 4 bytes a pixel, blue, green, red, alpha (premultiplied), without gaps.
    """

    width: int
    height: int
    pixels: memoryview
    image_format: QImage.Format

    def region(self, rect: QRect) -> QImage:
        """A view of the pixels, not a copy."""
        stride = 4 * self.width
        start = rect.top() * stride + 4 * rect.left()
        end = start + (rect.height() - 1) * stride + 4 * rect.width()
        # Only the piece is shown to Qt, whose coordinates end at 32767.
        return QImage(self.pixels[start:end], rect.width(), rect.height(), stride, self.image_format)

    def give_back_pages(self) -> None:
        """Let the system take back the memory through which a mapped file has been read.

        The file can give the pixels again at any time. Windows trims what is mapped by itself.
        """
        if isinstance(self.pixels.obj, mmap.mmap) and hasattr(mmap.mmap, "madvise"):
            self.pixels.obj.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        """Give up the pixels; no region of them may be in use."""
        mapped = self.pixels.obj
        self.pixels.release()
        if isinstance(mapped, mmap.mmap):
            mapped.close()


@dataclass(frozen=True, eq=False)
class Pyramid:
    """A picture ready for the screen: its colours are the screen's.

    levels: from full size down to one of at most OVERVIEW_SIDE pixels a side, which is `overview`. When the
    pyramid is gone, a thread closes them: unmapping takes the system tens of milliseconds.
    """

    levels: Sequence[BufferLevel]
    is_transparent: bool
    overview: QImage

    def __post_init__(self) -> None:
        # Not an executor, whose locks may be held where the garbage collector calls this.
        weakref.finalize(self, _thread.start_new_thread, _close, (self.levels,)).atexit = False

    @property
    def width(self) -> int:
        return self.levels[0].width

    @property
    def height(self) -> int:
        return self.levels[0].height

    def draw(self, painter: QPainter, rect: QRect, width: int, height: int) -> None:
        draw_levels(painter, self.levels, rect, width, height)
        for level in self.levels:
            level.give_back_pages()


def _close(levels: Sequence[BufferLevel]) -> None:
    for level in levels:
        level.close()


def draw_levels(painter: QPainter, levels: Sequence[Level], rect: QRect, width: int, height: int) -> None:
    """Draw the piece `rect` of a picture scaled to `width` x `height`, from the level that fits best.

    That is the smallest which need not be enlarged: the painter's bilinear filter then never has to
    reduce by more than 2.
    """
    full = levels[0]
    shrink = min(full.width / width, full.height / height)
    number = min(len(levels) - 1, math.floor(math.log2(shrink))) if shrink >= 1 else 0
    level = levels[number]
    scale_x, scale_y = width / full.width * 2**number, height / full.height * 2**number
    # One pixel more on each side, for the filter to look at.
    left, top = math.floor(rect.left() / scale_x) - 1, math.floor(rect.top() / scale_y) - 1
    right = math.ceil((rect.left() + rect.width()) / scale_x) + 1
    bottom = math.ceil((rect.top() + rect.height()) / scale_y) + 1
    piece = QRect(left, top, right - left, bottom - top) & QRect(0, 0, level.width, level.height)
    if piece.isEmpty():
        return
    painter.save()
    painter.setTransform(
        QTransform(
            scale_x, 0, 0, scale_y, piece.left() * scale_x - rect.left(), piece.top() * scale_y - rect.top()
        ),
        combine=True,
    )
    painter.drawImage(0, 0, level.region(piece))
    painter.restore()

"""Pictures cut into tiles at the size they have on the screen, rendered in worker threads.

Scaling costs about 10 ms a megapixel, so that a window full of it cannot be had in the 16 ms of a frame;
copying ready tiles takes one or two. The GUI thread only copies: tiles that are not ready yet are filled
with what there is (the view at the zoom before, else the overview), pixel by pixel.
"""

import logging
import os
import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QRegion

from resshift_desktop.gui.picture.levels import Source

TILE_SIDE = 256
"""Device pixels."""
_MIN_TILES_KEPT = 128
_SETTLE_MS = 40
"""How long a zoom must last before tiles are rendered for it."""
_THREADS = max(1, min(4, (os.cpu_count() or 2) - 1))

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A picture scaled to `width` x `height` device pixels, which is what tiles are cut from.

    crisp: pixels are squares instead of being interpolated. Tiles belong to this very object, as looking
    at its values hundreds of times a frame would take longer than painting.
    """

    source: Source
    width: int
    height: int
    crisp: bool

    def shows_the_same(self, other: "Sheet") -> bool:
        return (self.source, self.width, self.height, self.crisp) == (
            other.source,
            other.width,
            other.height,
            other.crisp,
        )

    def tile_rect(self, column: int, row: int) -> QRect:
        return QRect(column * TILE_SIDE, row * TILE_SIDE, TILE_SIDE, TILE_SIDE) & self.rect

    @property
    def rect(self) -> QRect:
        return QRect(0, 0, self.width, self.height)

    def tiles_in(self, rect: QRect) -> Iterable["Tile"]:
        """The tiles that touch `rect`, row by row."""
        rect = rect & self.rect
        if rect.isEmpty():
            return
        for row in range(rect.top() // TILE_SIDE, rect.bottom() // TILE_SIDE + 1):
            for column in range(rect.left() // TILE_SIDE, rect.right() // TILE_SIDE + 1):
                yield Tile(self, column, row)


class Tile(NamedTuple):
    """One piece of a sheet."""

    sheet: Sheet
    column: int
    row: int

    @property
    def rect(self) -> QRect:
        return self.sheet.tile_rect(self.column, self.row)


@dataclass(frozen=True)
class Checkerboard:
    """What is seen through transparent pictures; `side` of a square in device pixels."""

    light: QColor
    dark: QColor
    side: int

    def fill(self, painter: QPainter, rect: QRect) -> None:
        """Fill the painter's 0, 0, ... with the piece `rect` of the board."""
        pattern = QImage(2 * self.side, 2 * self.side, QImage.Format.Format_RGB32)
        pattern.fill(self.light)
        squares = QPainter(pattern)
        squares.fillRect(self.side, 0, self.side, self.side, self.dark)
        squares.fillRect(0, self.side, self.side, self.side, self.dark)
        squares.end()
        painter.setBrushOrigin(-rect.topLeft())
        painter.fillRect(QRect(QPoint(), rect.size()), QBrush(pattern))


def render(tile: Tile, background: Checkerboard) -> QImage:
    """The tile's pixels, opaque."""
    rect = tile.rect
    image = QImage(rect.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    if tile.sheet.source.is_transparent:
        background.fill(painter, rect)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not tile.sheet.crisp)
    tile.sheet.source.draw(painter, rect, tile.sheet.width, tile.sheet.height)
    painter.end()
    return image


class ScreenTiles(QObject):
    """Paints sheets from ready tiles, and has those rendered that are missing.

    A frame is `begin`, `paint` and `prefetch` for what is seen and soon may be, and `end`. Tiles are kept
    for about two frames' worth of `paint` and `prefetch`.
    """

    updated = Signal()
    """There are new tiles: paint again."""
    _rendered = Signal(object, object)

    def __init__(self, background: Checkerboard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._ready: dict[Tile, QImage] = {}
        self._complete: dict[object, Sheet] = {}
        self._visible: list[Tile] = []
        self._soon: list[Tile] = []
        self._wanted_before: list[Tile] = []
        self._sheets_before: set[Sheet] = set()
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self._request)
        self._executor = ThreadPoolExecutor(_THREADS, "tile-renderer")
        # Renderers hold Python's lock while they draw. Were they not to wait while a frame is painted, each
        # of its many calls could lose milliseconds to them.
        self._idle = threading.Event()
        self._idle.set()
        self._lock = threading.Lock()  # guards what follows
        self._wanted: deque[Tile] = deque()
        self._rendering: set[Tile] = set()
        self._stale: set[Tile] = set()
        self._rendered.connect(self._keep)

    def begin(self) -> None:
        """Nothing is rendered until `end`."""
        self._idle.clear()
        self._visible.clear()
        self._soon.clear()

    def paint(self, painter: QPainter, slot: object, sheet: Sheet, origin: QPoint, clip: QRect) -> None:
        """Paint what of the sheet lies in `clip`, its corner at `origin`; one painter unit is a device pixel.

        slot: names what the sheet shows. Missing tiles are filled with what the slot showed before.
        """
        missing = QRegion()
        painter.save()
        painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
        for tile in sheet.tiles_in(clip.translated(-origin)):
            self._visible.append(tile)
            place = tile.rect.translated(origin)
            if (image := self._ready.get(tile)) is not None:
                painter.drawImage(place.topLeft(), image)
            else:
                missing += place
        if missing.isEmpty():
            self._complete[slot] = sheet
        else:
            before = self._complete.get(slot) or next(iter(self._complete.values()), None)
            self._paint_stand_in(painter, before, sheet, origin, missing)
        painter.restore()

    def prefetch(self, sheet: Sheet, rect: QRect) -> None:
        """Have the tiles that touch `rect` of the sheet ready, after what is painted."""
        self._soon.extend(sheet.tiles_in(rect))

    def end(self) -> None:
        """Start rendering what is missing; what was wanted before and is no more is not rendered."""
        self._idle.set()
        wanted = self._visible + self._soon
        if wanted == self._wanted_before:
            return
        self._wanted_before = wanted
        sheets = {tile.sheet for tile in self._visible}
        if self._complete and sheets != self._sheets_before:  # zooming: these sizes will hardly be seen
            self._settling.start()
            with self._lock:
                self._wanted.clear()
        elif not self._settling.isActive():
            self._request()
        self._sheets_before = sheets

    @property
    def is_done(self) -> bool:
        """Whether all tiles of the last frame, and what soon may be seen, are ready."""
        with self._lock:
            return not (self._wanted or self._rendering or self._settling.isActive())

    def _request(self) -> None:
        wanted = self._wanted_before
        self._drop_unwanted(set(wanted))
        with self._lock:
            self._stale.intersection_update(self._ready.keys() | self._rendering)
            self._wanted = deque(
                tile
                for tile in dict.fromkeys(wanted)
                if tile not in self._rendering and (tile not in self._ready or tile in self._stale)
            )
            starts = min(len(self._wanted), _THREADS)
        for _ in range(starts):
            self._executor.submit(self._render_wanted)

    def _drop_unwanted(self, wanted: set[Tile]) -> None:
        """Drop the oldest tiles beyond twice what is wanted, and all of sheets that are seen no more."""
        sheets = {tile.sheet for tile in wanted} | set(self._complete.values())
        surplus = len(self._ready) - max(_MIN_TILES_KEPT, 2 * len(wanted))
        for tile in list(self._ready):
            if tile.sheet not in sheets or (surplus > 0 and tile not in wanted):
                del self._ready[tile]
                surplus -= 1

    def changed(self, source: Source, left: float, top: float, width: float, height: float) -> None:
        """Part of a source, in [0, 1] of it, looks different now; until it is rendered the old is shown."""
        with self._lock:
            for tile in [*self._ready, *self._rendering]:
                sheet = tile.sheet
                part = QRectF(
                    left * sheet.width, top * sheet.height, width * sheet.width, height * sheet.height
                )
                if sheet.source is source and part.toAlignedRect().adjusted(-2, -2, 2, 2) & tile.rect:
                    self._stale.add(tile)
        self._wanted_before = []  # so that the next frame asks for them
        self.updated.emit()

    def forget(self, background: Checkerboard) -> None:
        """Drop all tiles, and render on another background from now on."""
        with self._lock:
            self._wanted.clear()
            self._stale |= self._rendering
            self._background = background
        self._ready.clear()
        self._complete.clear()
        self._wanted_before = []

    def close(self) -> None:
        """Render nothing more."""
        self._settling.stop()
        self._executor.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._wanted.clear()

    def _paint_stand_in(
        self, painter: QPainter, before: Sheet | None, sheet: Sheet, origin: QPoint, missing: QRegion
    ) -> None:
        """Fill `missing` with the tiles of the sheet before, enlarged or reduced, else with the overview."""
        painter.setClipRegion(missing, Qt.ClipOperation.IntersectClip)
        if before is not None:
            scale_x, scale_y = sheet.width / before.width, sheet.height / before.height
            area = missing.boundingRect().translated(-origin)
            # Of the ready tiles, which are few: a sheet may have a million.
            for tile, image in self._ready.items():
                if tile.sheet is not before:
                    continue
                rect = tile.rect
                left, top = round(rect.left() * scale_x), round(rect.top() * scale_y)
                right = round((rect.left() + rect.width()) * scale_x)
                bottom = round((rect.top() + rect.height()) * scale_y)
                place = QRect(left, top, right - left, bottom - top)
                if place.intersects(area):
                    painter.drawImage(place.translated(origin), image)
                    missing -= place.translated(origin)
        if not missing.isEmpty():
            painter.setClipRegion(missing, Qt.ClipOperation.IntersectClip)
            painter.drawImage(sheet.rect.translated(origin), sheet.source.overview)

    def _render_wanted(self) -> None:
        while True:
            self._idle.wait()
            with self._lock:
                if not self._wanted:
                    return
                tile = self._wanted.popleft()
                self._rendering.add(tile)
                self._stale.discard(tile)
                background = self._background
            try:
                image = render(tile, background)
            except Exception:
                _log.exception("A tile was not rendered.")
                with self._lock:
                    self._rendering.discard(tile)
                continue
            self._rendered.emit(tile, image)

    def _keep(self, tile: Tile, image: QImage) -> None:
        with self._lock:
            self._rendering.discard(tile)
        self._ready[tile] = image
        self.updated.emit()

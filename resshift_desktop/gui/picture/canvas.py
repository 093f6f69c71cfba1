"""What of a picture is shown, and where: loading, comparing, zooming, painting."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from resshift_desktop.gui.picture.compare import Compare, Pane, Side, panes
from resshift_desktop.gui.picture.divider import Divider
from resshift_desktop.gui.picture.labels import draw_label
from resshift_desktop.gui.picture.levels import Pyramid, Source
from resshift_desktop.gui.picture.live_canvas import LiveCanvas
from resshift_desktop.gui.picture.loader import PictureLoader
from resshift_desktop.gui.picture.placement import Placement
from resshift_desktop.gui.picture.screen_profile import find_screen_profile
from resshift_desktop.gui.picture.screen_tiles import TILE_SIDE, Checkerboard, ScreenTiles, Sheet

CRISP_ABOVE = 2.0
"""Zoom beyond which pixels are shown as squares."""
ZOOM_STEP = 1.25
_GAP = 8
_CHECK_SIDE = 8
_LIGHT_CHECKS = QColor(255, 255, 255), QColor(222, 222, 222)
_DARK_CHECKS = QColor(90, 90, 90), QColor(66, 66, 66)
_LOADING_AFTER_MS = 400
_LABELLED_WIDTH = 240
"""Logical pixels a side; larger pictures have their labels on them, smaller ones beside them."""


@dataclass(frozen=True)
class _LiveTile:
    """A finished tile and its place in [0, 1] of the picture."""

    left: float
    top: float
    width: float
    height: float
    image: QImage


class PictureCanvas(QWidget):
    """Input and result of one picture, as one picture: whatever their sizes, they lie over each other.

    Zoom counts in pixels of the result where there is one, or its size is known, else of the input: at 1
    a pixel is one pixel of the screen, whatever its scaling.
    """

    zoom_changed = Signal(float)
    loaded = Signal()
    """The input, or the result, is there and shown."""
    failed = Signal(str, str)
    """A picture cannot be shown: title and hint."""
    compare_changed = Signal(object)
    """A Compare."""
    _live_added = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._screen_profile: Path | None = None
        self._input: Pyramid | None = None
        self._result: Pyramid | None = None
        self._live: LiveCanvas | None = None
        self._early_tiles: list[_LiveTile] = []
        self._result_size: tuple[int, int] | None = None
        self._placement: Placement | None = None
        self._sheets: dict[Side, Sheet] = {}
        self._compare = Compare.SLIDER
        self._holds_original = False
        self._input_loader = self._make_loader(self._show_loaded_input)
        self._result_loader = self._make_loader(self._show_loaded_result)
        self._live_executor = ThreadPoolExecutor(1, "live-tiles")  # one, as later tiles lie above
        self._live_added.connect(self._show_live_tile)
        self._tiles = ScreenTiles(self._checkerboard(), self)
        self._tiles.updated.connect(self.update)
        self._divider = Divider(self)
        self._divider.setAccessibleName(self.tr("Divider between input and result"))
        self._divider.hide()
        self._loading = QTimer(self, singleShot=True, interval=_LOADING_AFTER_MS)
        self._loading.timeout.connect(self.update)

    # What is shown.

    def show_input(self, path: Path) -> None:
        """Show another picture; nothing of the one before is seen from now on.

        It and its result are shown in the colours of the screen that the view is on by now.
        """
        self.clear()
        self._loading.start()
        self._screen_profile = find_screen_profile(self)
        self._input_loader.load(path, self._screen_profile)

    def show_result(self, path: Path | None) -> None:
        """Show the picture's result once it is loaded; None takes result and live tiles away."""
        self._result_loader.cancel()
        if path is not None:
            self._result_loader.load(path, self._screen_profile)
            return
        self._result = self._live = None
        self._early_tiles.clear()
        self._place_picture()

    def set_result_size(self, width: int, height: int) -> None:
        """How many pixels the result will have, so that zoom means the same before and after."""
        self._result_size = (width, height)
        self._place_picture()

    def add_tile(self, left: float, top: float, width: float, height: float, image: QImage) -> None:
        """Show a finished tile over the input until the result is there.

        Its place is in [0, 1] of the picture. An image without a colour space is in sRGB.
        """
        tile = _LiveTile(left, top, width, height, image)
        if self._input is None:
            self._early_tiles.append(tile)
            return
        if self._result is not None:
            return
        if self._live is None:
            size = self._picture_size
            assert size is not None
            self._live = LiveCanvas(self._input, *size, self._screen_profile)
        self._live_executor.submit(self._add_live_tile, self._live, tile)

    def clear(self) -> None:
        """Show nothing."""
        self._input_loader.cancel()
        self._result_loader.cancel()
        self._loading.stop()
        self._input = self._result = self._live = self._result_size = self._placement = None
        self._early_tiles.clear()
        self._sheets.clear()
        self._tiles.forget(self._checkerboard())
        self._arrange()

    @property
    def is_sharp(self) -> bool:
        """Whether all that is loaded is shown at its best, with nothing left to render."""
        return self._tiles.is_done

    def close_threads(self) -> None:
        """Nothing is loaded or rendered any more; for when the window has been closed."""
        self.clear()
        self._input_loader.close()
        self._result_loader.close()
        self._tiles.close()
        self._live_executor.shutdown(wait=False, cancel_futures=True)

    @property
    def compare(self) -> Compare:
        return self._compare

    @compare.setter
    def compare(self, compare: Compare) -> None:
        if compare is not self._compare:
            self._compare = compare
            self._arrange()
            self.compare_changed.emit(compare)

    def hold_original(self, hold: bool) -> None:
        """Show the input alone while held."""
        self._holds_original = hold
        self._arrange()

    # Zoom and position.

    @property
    def zoom(self) -> float:
        """Pixels of the screen per pixel of the picture."""
        return self._placement.zoom if self._placement else 1.0

    def zoom_fit(self) -> None:
        """Show the whole picture, and go on doing so when the window's size changes."""
        if self._placement:
            placement = self._placement
            self._place(
                Placement.fit(
                    placement.view_width,
                    placement.view_height,
                    placement.picture_width,
                    placement.picture_height,
                )
            )

    def zoom_to(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom to `factor`, with the same point of the picture at `at` (logical pixels; None: the middle)."""
        if self._placement:
            x, y = self._in_pane(at or QPointF(self.rect().center()))
            if at is None:
                x, y = self._placement.view_width / 2, self._placement.view_height / 2
            self._place(self._placement.zoomed(factor, x, y))

    def zoom_in(self) -> None:
        self.zoom_to(self.zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        self.zoom_to(self.zoom / ZOOM_STEP)

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by logical pixels."""
        if self._placement:
            ratio = self.devicePixelRatioF()
            self._place(self._placement.panned(dx * ratio, dy * ratio))

    # Loading.

    def _make_loader(self, on_loaded: Callable[[Pyramid], None]) -> PictureLoader:
        loader = PictureLoader(self)
        loader.loaded.connect(on_loaded)
        loader.failed.connect(self._fail)
        return loader

    def _show_loaded_input(self, pyramid: Pyramid) -> None:
        self._loading.stop()
        self._input = pyramid
        self._place_picture()
        early, self._early_tiles = self._early_tiles, []
        for tile in early:
            self.add_tile(tile.left, tile.top, tile.width, tile.height, tile.image)
        self.loaded.emit()

    def _show_loaded_result(self, pyramid: Pyramid) -> None:
        self._result = pyramid
        self._result_size = (pyramid.width, pyramid.height)
        self._live = None
        self._early_tiles.clear()
        self._place_picture()
        self.loaded.emit()

    def _fail(self, title: str, hint: str) -> None:
        self._loading.stop()
        self.update()
        self.failed.emit(title, hint)

    def _add_live_tile(self, live: LiveCanvas, tile: _LiveTile) -> None:
        live.add(tile.left, tile.top, tile.width, tile.height, tile.image)
        self._live_added.emit(live, tile)

    def _show_live_tile(self, live: LiveCanvas, tile: _LiveTile) -> None:
        self._tiles.changed(live, tile.left, tile.top, tile.width, tile.height)
        self._arrange()

    # Geometry.

    @property
    def _picture_size(self) -> tuple[int, int] | None:
        if self._result_size:
            return self._result_size
        return (self._input.width, self._input.height) if self._input else None

    def _source(self, side: Side) -> Source | None:
        return self._input if side is Side.INPUT else self._result or self._live

    @property
    def _shown(self) -> Compare:
        """The way of comparing that is possible now."""
        if self._source(Side.INPUT) is None:
            return Compare.RESULT
        if self._source(Side.RESULT) is None or self._holds_original:
            return Compare.INPUT
        return self._compare

    def _panes(self) -> list[Pane]:
        ratio = self.devicePixelRatioF()
        width = round(self.width() * ratio)
        return panes(
            self._shown,
            width,
            round(self.height() * ratio),
            divider=self._divider.position(width),
            gap=round(_GAP * ratio),
            mirrored=self.isRightToLeft(),
        )

    def _place_picture(self) -> None:
        """Take the picture's size as it is known now."""
        size = self._picture_size
        if size is not None and (self._input or self._result):
            if self._placement is None:
                area = self._panes()[0].area
                self._place(Placement.fit(area.width(), area.height(), *size))
            else:
                self._place(self._placement.of_size(*size))
        self._arrange()

    def _place(self, placement: Placement) -> None:
        before, self._placement = self._placement, placement
        self.update()
        if before is None or before.zoom != placement.zoom:
            self.zoom_changed.emit(placement.zoom)

    def _arrange(self) -> None:
        """Fit panes and divider to what is shown and to the widget's size."""
        shown = self._shown
        self._divider.setVisible(shown is Compare.SLIDER)
        self._divider.place()
        if self._placement:
            area = self._panes()[0].area
            self._place(self._placement.in_view(area.width(), area.height()))
        self.update()

    def _in_pane(self, point: QPointF) -> tuple[float, float]:
        """A point of the widget as device pixels of the pane it is in."""
        ratio = self.devicePixelRatioF()
        x, y = point.x() * ratio, point.y() * ratio
        all_panes = self._panes()
        pane = next((pane for pane in all_panes if pane.area.contains(int(x), int(y))), all_panes[0])
        return x - pane.area.left(), y - pane.area.top()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        if self._placement:
            painter.save()
            _to_device_pixels(painter)
            self._paint_picture(painter, self._placement)
            painter.restore()
            self._paint_labels(painter, self._placement)
        elif self._input_loader.is_busy and not self._loading.isActive():
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Loading…"))
        painter.end()

    def _paint_picture(self, painter: QPainter, placement: Placement) -> None:
        self._tiles.begin()
        place = QPoint(round(placement.left), round(placement.top))
        view = QRect(-place, QSize(placement.view_width, placement.view_height))
        for pane in self._panes():
            if sheet := self._sheet(pane.side, placement):
                self._tiles.paint(painter, pane.side, sheet, pane.area.topLeft() + place, pane.clip)
        for side, reach in ((side, reach) for reach in (0, TILE_SIDE) for side in Side):
            if sheet := self._sheet(side, placement):
                self._tiles.prefetch(sheet, view.adjusted(-reach, -reach, reach, reach))
        self._tiles.end()

    def _sheet(self, side: Side, placement: Placement) -> Sheet | None:
        source = self._source(side)
        if source is None:
            return None
        sheet = Sheet(source, placement.width, placement.height, crisp=placement.zoom > CRISP_ABOVE)
        if (known := self._sheets.get(side)) and known.shows_the_same(sheet):
            return known
        self._sheets[side] = sheet
        return sheet

    def _paint_labels(self, painter: QPainter, placement: Placement) -> None:
        if self._source(Side.RESULT) is None or self._source(Side.INPUT) is None:
            return
        if self._shown is self._compare and self._compare in (Compare.INPUT, Compare.RESULT):
            return
        ratio = self.devicePixelRatioF()
        texts = {Side.INPUT: self.tr("Input"), Side.RESULT: self.tr("Result")}
        for pane in self._panes():
            seen = pane.clip
            if placement.width > _LABELLED_WIDTH * ratio and placement.height > _LABELLED_WIDTH * ratio:
                corner = pane.area.topLeft() + QPoint(round(placement.left), round(placement.top))
                seen &= QRect(corner, QSize(placement.width, placement.height))
            area = QRectF(
                seen.left() / ratio, seen.top() / ratio, seen.width() / ratio, seen.height() / ratio
            )
            at_start = pane.side is Side.INPUT or self._shown is not Compare.SLIDER
            draw_label(painter, area, texts[pane.side], on_left=at_start != self.isRightToLeft())

    def _checkerboard(self) -> Checkerboard:
        dark = self.palette().color(QPalette.ColorRole.Window).lightness() < 128
        first, second = _DARK_CHECKS if dark else _LIGHT_CHECKS
        return Checkerboard(first, second, max(1, round(_CHECK_SIDE * self.devicePixelRatioF())))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tiles.forget(self._checkerboard())
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._tiles.forget(self._checkerboard())
            self._arrange()
        return super().event(event)


def _to_device_pixels(painter: QPainter) -> None:
    """Make one painter unit one pixel of the screen, whole numbers on its edges.

    With a scaling of 125 % or 150 %, a widget's corner may lie within a pixel.
    """
    transform = painter.deviceTransform()
    painter.scale(1 / transform.m11(), 1 / transform.m22())
    painter.translate(round(transform.dx()) - transform.dx(), round(transform.dy()) - transform.dy())

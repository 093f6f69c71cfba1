"""Tiles rendered at screen size."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from resshift_desktop.gui.picture.levels import Pyramid
from resshift_desktop.gui.picture.pyramid import build_pyramid
from resshift_desktop.gui.picture.screen_tiles import Checkerboard, ScreenTiles, Sheet, render
from tests.gui.picture.conftest import noise, pixels, save

BOARD = Checkerboard(QColor(255, 255, 255), QColor(0, 0, 0), 8)


def build(tmp_path: Path, array: np.ndarray) -> Pyramid:
    return build_pyramid(save(tmp_path / "a.png", array), None, lambda: False)


def assembled(sheet: Sheet) -> np.ndarray:
    image = QImage(sheet.width, sheet.height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for tile in sheet.tiles_in(sheet.rect):
        painter.drawImage(tile.rect.topLeft(), render(tile, BOARD))
    painter.end()
    return pixels(image)


def test_at_full_size_tiles_are_the_picture(tmp_path: Path) -> None:
    array = noise(600, 300)
    assert np.array_equal(assembled(Sheet(build(tmp_path, array), 600, 300, crisp=False)), array)


@pytest.mark.parametrize("scale", [3, 4, 8])
def test_crisp_pixels_are_squares(tmp_path: Path, scale: int) -> None:
    array = noise(150, 70)
    sheet = Sheet(build(tmp_path, array), 150 * scale, 70 * scale, crisp=True)
    assert np.array_equal(assembled(sheet), array.repeat(scale, axis=0).repeat(scale, axis=1))


@pytest.mark.parametrize("width", [333, 600, 1111, 2000])
def test_no_seam_shows_between_tiles(tmp_path: Path, width: int) -> None:
    """A smooth ramp stays one: no step at a tile's edge is larger than elsewhere."""
    ramp = np.linspace(0, 255, 1500).astype(np.uint8)
    array = np.repeat(np.tile(ramp, (4, 1))[:, :, None], 3, axis=2)
    seen = assembled(Sheet(build(tmp_path, array), width, 4, crisp=False)).astype(int)
    steps = np.diff(seen[:, :, 0], axis=1)
    assert steps.min() >= 0
    assert steps.max() <= 255 / width + 2
    assert np.array_equal(seen[0], seen[-1])


def test_extreme_shapes(tmp_path: Path) -> None:
    pyramid = build(tmp_path, noise(3, 5000))
    sheet = Sheet(pyramid, 96, 160_000, crisp=True)
    last = list(sheet.tiles_in(QRect(0, 159_990, 96, 10)))
    assert [tile.rect for tile in last] == [QRect(0, 159_744, 96, 256)]
    assert tuple(pixels(render(last[0], BOARD))[-1, -1]) == tuple(noise(3, 5000)[-1, -1])


def test_the_checkerboard_runs_on_from_tile_to_tile(tmp_path: Path) -> None:
    array = np.zeros((8, 8, 4), np.uint8)
    seen = assembled(Sheet(build(tmp_path, array), 520, 520, crisp=True))
    rows, columns = np.mgrid[0:520, 0:520] // 8
    expected = np.where((rows + columns) % 2 == 0, 255, 0)
    assert np.array_equal(seen[:, :, 0], expected)


def test_only_tiles_in_view_are_named(tmp_path: Path) -> None:
    sheet = Sheet(build(tmp_path, noise(4, 4)), 1000, 1000, crisp=True)
    tiles = sheet.tiles_in(QRect(QPoint(250, 250), QPoint(260, 260)))
    assert [(tile.column, tile.row) for tile in tiles] == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert list(sheet.tiles_in(QRect(-50, 0, 40, 40))) == []


@dataclass(frozen=True)
class Plain:
    """A source of one colour, however large."""

    overview: QImage
    is_transparent: bool = False

    def draw(self, painter: QPainter, rect: QRect, width: int, height: int) -> None:  # noqa: ARG002
        painter.fillRect(QRect(QPoint(), rect.size()), QColor("red"))


def test_zooming_far_out_looks_at_no_more_tiles_than_there_are(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 3200 % a sheet of 64 megapixels has a million tiles."""
    blue = QImage(1, 1, QImage.Format.Format_RGB32)
    blue.fill(QColor("blue"))
    tiles, source, view = ScreenTiles(BOARD), Plain(blue), QRect(0, 0, 300, 300)
    near, far = Sheet(source, 256_000, 256_000, crisp=True), Sheet(source, 300, 300, crisp=False)

    def frame(sheet: Sheet) -> QImage:
        seen = QImage(view.size(), QImage.Format.Format_RGB32)
        painter = QPainter(seen)
        tiles.begin()
        tiles.paint(painter, "slot", sheet, QPoint(), view)
        tiles.end()
        painter.end()
        return seen

    frame(near)
    qtbot.waitUntil(lambda: tiles.is_done, timeout=20_000)
    assert frame(near).pixelColor(150, 150) == QColor("red")
    looked_at: list[tuple[int, int]] = []
    monkeypatch.setattr(
        Sheet,
        "tile_rect",
        lambda sheet, column, row, rect=Sheet.tile_rect: (
            looked_at.append((column, row)) or rect(sheet, column, row)
        ),
    )
    seen = frame(far)
    assert len(looked_at) < 20
    assert seen.pixelColor(150, 150) == QColor("blue")  # the overview; the tiles are less than a pixel now
    tiles.close()

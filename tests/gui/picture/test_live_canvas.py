"""Finished tiles over the enlarged input."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QColorSpace, QImage, QPainter

from resshift_desktop.gui.picture import live_canvas
from resshift_desktop.gui.picture.live_canvas import LiveCanvas
from resshift_desktop.gui.picture.pyramid import build_pyramid
from tests.gui.picture.conftest import flat, in_srgb, pixels, save


def canvas(tmp_path: Path, width: int, height: int, screen_profile: Path | None = None) -> LiveCanvas:
    base = build_pyramid(save(tmp_path / "a.png", flat(40, 30, (0, 0, 200))), None, lambda: False)
    return LiveCanvas(base, width, height, screen_profile)


def tile(colour: tuple[int, int, int], side: int = 50) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(*colour))
    return image


def seen(live: LiveCanvas, width: int, height: int) -> np.ndarray:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    live.draw(painter, QRect(0, 0, width, height), width, height)
    painter.end()
    return pixels(image)


def test_later_tiles_lie_above_and_the_input_shows_elsewhere(tmp_path: Path) -> None:
    live = canvas(tmp_path, 400, 300)
    live.add(0.0, 0.0, 0.5, 0.5, tile((200, 0, 0)))
    live.add(0.25, 0.0, 0.5, 0.5, tile((0, 200, 0)))
    for width, height in ((400, 300), (200, 150), (800, 600)):
        picture = seen(live, width, height)
        assert tuple(picture[height // 4, width // 8]) == (200, 0, 0)
        assert tuple(picture[height // 4, width * 3 // 8]) == (0, 200, 0)
        assert tuple(picture[height * 3 // 4, width // 2]) == (0, 0, 200)


def test_neighbouring_tiles_leave_no_gap(tmp_path: Path) -> None:
    live = canvas(tmp_path, 333, 217)
    for number in range(7):
        live.add(number / 7, 0.0, 1 / 7, 1.0, tile((200, 0, 0)))
    assert np.all(seen(live, 333, 217) == (200, 0, 0))


def test_a_tiles_colours_are_converted(tmp_path: Path) -> None:
    live = canvas(tmp_path, 100, 100)
    p3 = QColorSpace(QColorSpace.NamedColorSpace.DisplayP3)
    image = tile((200, 120, 60))
    image.setColorSpace(p3)
    live.add(0.0, 0.0, 1.0, 1.0, image)
    expected = in_srgb((200, 120, 60), p3)
    assert np.abs(seen(live, 100, 100)[50, 50].astype(int) - expected).max() <= 2


def test_a_tile_without_a_colour_space_is_in_srgb(tmp_path: Path) -> None:
    p3 = QColorSpace(QColorSpace.NamedColorSpace.DisplayP3)
    screen = tmp_path / "screen.icc"
    screen.write_bytes(p3.iccProfile().data())
    live = canvas(tmp_path, 100, 100, screen)
    live.add(0.0, 0.0, 1.0, 1.0, tile((200, 120, 60)))
    red, green, blue = (int(value) for value in seen(live, 100, 100)[50, 50])
    assert (red, green, blue) != (200, 120, 60)
    assert np.abs(np.subtract(in_srgb((red, green, blue), p3), (200, 120, 60))).max() <= 2


def test_memory_does_not_grow_with_the_result(tmp_path: Path) -> None:
    live = canvas(tmp_path, 40_000, 30_000)
    live.add(0.0, 0.0, 1.0, 1.0, tile((200, 0, 0)))
    assert sum(level.width * level.height for level in live.levels) <= live_canvas.MAX_PIXELS * 1.35
    assert np.all(seen(live, 40, 30) == (200, 0, 0))

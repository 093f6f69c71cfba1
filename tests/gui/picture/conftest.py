"""What the tests of the viewer share: a view, and pictures whose pixels tell where they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QColorSpace, QImage, QPixmap
from pytestqt.qtbot import QtBot

from resshift_desktop.core.imaging.files import ImageFormat, write_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.gui.picture.view import PictureView


def noise(width: int, height: int, seed: int = 0) -> np.ndarray:
    """(h, w, 3) uint8, no two neighbours alike."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def flat(width: int, height: int, colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def save(path: Path, array: np.ndarray, profile: bytes | None = None) -> Path:
    write_image(path, PixelImage(array, profile), ImageFormat.from_suffix(path))
    return path


def pixels(image: QImage) -> np.ndarray:
    """(h, w, 3) uint8, red, green, blue."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].copy()


def in_srgb(colour: tuple[int, int, int], space: QColorSpace) -> tuple[int, ...]:
    """By Qt's colour management, which is another than libvips'."""
    to_srgb = space.transformationToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    converted = to_srgb.map(QColor(*colour))
    assert isinstance(converted, QColor)
    return converted.red(), converted.green(), converted.blue()


@dataclass(frozen=True)
class Screen:
    """A view and what one can see of it."""

    view: PictureView
    qtbot: QtBot

    def show_input(self, path: Path) -> None:
        with self.qtbot.waitSignal(self.view.loaded, timeout=20_000):
            self.view.show_input(path)
        self.settle()

    def show_result(self, path: Path) -> None:
        with self.qtbot.waitSignal(self.view.loaded, timeout=20_000):
            self.view.show_result(path)
        self.settle()

    def settle(self) -> None:
        """Wait until all is rendered."""
        self.view.grab()
        self.qtbot.waitUntil(lambda: self.view.is_sharp, timeout=20_000)

    def grab(self) -> np.ndarray:
        """What is seen, once all is rendered."""
        self.settle()
        seen: QPixmap = self.view.grab()
        return pixels(seen.toImage())

    def colour_at(self, x: int, y: int) -> tuple[int, ...]:
        return tuple(int(value) for value in self.grab()[y, x])

    @property
    def middle(self) -> QPoint:
        return self.view.rect().center()


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    """A view of 400 x 300."""
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    qtbot.waitExposed(view)
    yield Screen(view, qtbot)
    view.close_threads()

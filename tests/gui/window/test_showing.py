"""What is shown of one picture and then of another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.gui.window.conftest import App

MakePictures = Callable[..., list[Path]]


@pytest.fixture
def two(app: App, pictures: MakePictures) -> App:
    """With a.png, which is shown, and b.png."""
    for path in pictures("a.png", "b.png"):
        Image.new("RGB", (200, 100), (0, 0, 200)).save(path)
        app.list_pictures(path)
    show(app, "a.png")
    return app


def show(app: App, name: str) -> None:
    app.select(name)
    app.wait_until(lambda: zoom(app))


def zoom(app: App) -> str:
    labels = app.window.page.findChildren(QLabel)
    return next(label.text() for label in labels if label.accessibleName() == "Zoom")


def red_at(app: App, point: QPoint) -> int:
    app.window.page.view.grab()  # which asks for what is not rendered yet
    app.wait_until(lambda: app.window.page.view.is_sharp)
    return app.window.page.view.grab().toImage().pixelColor(point).red()


def test_a_picture_that_cannot_be_shown_has_no_zoom(two: App, tmp_path: Path) -> None:
    assert zoom(two).endswith("%")
    damaged = tmp_path / "c.png"
    damaged.write_bytes(b"no picture")
    two.list_pictures(damaged)
    two.select("c.png")
    two.wait_until(lambda: two.window.page.problem_bar.text)
    assert zoom(two) == ""
    assert not any(button.isVisible() for button in two.window.page.zoom_buttons)
    show(two, "b.png")
    assert zoom(two).endswith("%")
    assert all(button.isVisible() for button in two.window.page.zoom_buttons)


def test_a_mask_stays_with_its_picture(two: App) -> None:
    view = two.window.page.view
    view.mask_mode = True
    point = view.rect().center()
    assert red_at(two, point) == 0
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
    two.wait_until(lambda: red_at(two, point) > 100)
    show(two, "b.png")
    assert view.mask_image() is None
    assert red_at(two, point) == 0
    show(two, "a.png")
    assert red_at(two, point) > 100
    beside = point + QPoint(0, 60)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=beside)
    two.wait_until(lambda: red_at(two, beside) > 100)
    show(two, "b.png")
    (mask,) = two.window.pictures.masks.values()
    assert red_at(two, point) == red_at(two, beside) == 0
    painted = [mask.pixelColor(100, y).red() for y in range(mask.height())]
    assert painted.count(255) > view.zoom  # both strokes, of which neither has the other forgotten
    show(two, "a.png")
    assert red_at(two, point) > 100
    assert red_at(two, beside) > 100


def test_a_stroke_that_was_undone_is_no_mask(two: App) -> None:
    view = two.window.page.view
    view.mask_mode = True
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    two.window.strip.current_changed.emit()  # as other news does, too: what is painted is kept
    assert len(two.window.pictures.masks) == 1
    view.undo_mask()
    show(two, "b.png")
    assert two.window.pictures.masks == {}

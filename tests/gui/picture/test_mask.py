"""Painting a mask: pixels, erasing, undoing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage

from resshift_desktop.gui.picture.mask import MAX_UNDO, Mask


def values(mask: Mask) -> np.ndarray:
    image = mask.image()
    assert image.format() == QImage.Format.Format_Grayscale8
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def stroke(mask: Mask, *points: tuple[float, float], erase: bool = False, diameter: float = 10) -> None:
    mask.begin_stroke()
    for start, end in zip(points, points[1:] or points, strict=False):
        mask.line(QPointF(*start), QPointF(*end), diameter, erase)


def test_a_dab_is_a_disc() -> None:
    mask = Mask(101, 61)
    stroke(mask, (50, 30), diameter=20)
    rows, columns = np.mgrid[0:61, 0:101] + 0.5
    distance = np.hypot(rows - 30, columns - 50)
    assert np.all(values(mask)[distance < 9] == 255)
    assert np.all(values(mask)[distance > 11] == 0)


def test_erasing_and_undoing() -> None:
    mask = Mask(600, 400)
    stroke(mask, (10, 10), (590, 390), (10, 390))
    painted = values(mask)
    assert painted.any()
    stroke(mask, (10, 10), (590, 390), erase=True, diameter=14)
    assert values(mask)[200, 300] == 0
    mask.undo()
    assert np.array_equal(values(mask), painted)
    mask.clear()
    assert not values(mask).any()
    mask.undo()
    assert np.array_equal(values(mask), painted)
    mask.undo()
    assert not values(mask).any()
    assert not mask.is_painted
    mask.undo()  # nothing left, and nothing happens


@given(
    st.lists(st.tuples(st.floats(-50, 350), st.floats(-50, 250)), min_size=1, max_size=4), st.floats(1, 90)
)
def test_undoing_gives_exactly_what_was(points: list[tuple[float, float]], diameter: float) -> None:
    mask = Mask(300, 200)
    stroke(mask, (20, 20), (280, 180))
    before = values(mask)
    stroke(mask, *points, diameter=diameter, erase=True)
    mask.undo()
    assert np.array_equal(values(mask), before)


@given(st.floats(-50, 350), st.floats(-50, 250), st.floats(1, 90))
def test_nothing_outside_what_is_told_changes(x: float, y: float, diameter: float) -> None:
    mask = Mask(300, 200)
    rect = mask.line(QPointF(x, y), QPointF(x + 20, y - 30), diameter, erase=False)
    painted = values(mask)
    assert QRect(0, 0, 300, 200).contains(rect) or rect.isEmpty()
    if not rect.isEmpty():
        painted[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1] = 0
    assert not painted.any()


@pytest.mark.parametrize(("strokes", "left"), [(MAX_UNDO, False), (MAX_UNDO + 1, True)])
def test_undo_is_bounded(strokes: int, left: bool) -> None:
    mask = Mask(1000, 20)
    for number in range(strokes):
        stroke(mask, (10 + number * 15, 10))
    while mask.is_painted:
        mask.undo()
    assert values(mask).any() == left

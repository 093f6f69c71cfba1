"""The viewer, used as a person uses it: what is on the screen is compared with the pictures."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from resshift_desktop.gui.picture.compare import Compare
from resshift_desktop.gui.picture.divider import STEPS, Divider
from tests.gui.picture.conftest import Screen, flat, noise, save

RED, GREEN, BLUE = (200, 0, 0), (0, 180, 0), (0, 0, 220)


@pytest.fixture
def compared(screen: Screen, tmp_path: Path) -> Screen:
    """A red input of 200 x 150 and its green result of 800 x 600, fitted into 400 x 300."""
    screen.show_input(save(tmp_path / "in.png", flat(200, 150, RED)))
    screen.show_result(save(tmp_path / "out.png", flat(800, 600, GREEN)))
    return screen


def divider(screen: Screen) -> Divider:
    return screen.view.findChildren(Divider)[0]


def wheel(screen: Screen, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(screen.view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(screen.view, event)


def test_a_large_input_is_fitted_and_a_small_one_not_enlarged_much(screen: Screen, tmp_path: Path) -> None:
    screen.show_input(save(tmp_path / "large.png", flat(4000, 1000, RED)))
    assert screen.view.zoom == pytest.approx(0.1)
    seen = screen.grab()
    assert np.all(seen[102:198] == RED)
    assert not np.any(np.all(seen[:99] == RED, axis=2))
    screen.show_input(save(tmp_path / "small.png", flat(10, 10, GREEN)))
    assert screen.view.zoom == 2
    assert np.all(screen.grab()[140:160, 190:210] == GREEN)


def test_one_hundred_percent_is_pixel_exact(screen: Screen, tmp_path: Path) -> None:
    array = noise(1000, 800)
    screen.show_input(save(tmp_path / "a.png", array))
    QTest.keyClick(screen.view, Qt.Key.Key_1)
    assert screen.view.zoom == 1
    assert np.array_equal(screen.grab(), array[250:550, 300:700])


def test_above_two_hundred_percent_pixels_are_squares(screen: Screen, tmp_path: Path) -> None:
    array = noise(1000, 800)
    screen.show_input(save(tmp_path / "a.png", array))
    screen.view.zoom_to(4)
    expected = array[362:438, 450:550].repeat(4, axis=0).repeat(4, axis=1)
    assert np.array_equal(screen.grab(), expected[2:302])
    screen.view.zoom_to(2)
    assert len(np.unique(screen.grab()[0, :, 0])) > 150  # interpolated: more values than the 200 pixels' own


def test_slider_has_the_input_left_of_the_divider(compared: Screen) -> None:
    assert compared.view.compare is Compare.SLIDER
    assert compared.colour_at(100, 250) == RED
    assert compared.colour_at(300, 250) == GREEN
    QTest.mousePress(divider(compared), Qt.MouseButton.LeftButton, pos=divider(compared).rect().center())
    QTest.mouseMove(divider(compared), divider(compared).rect().center() - QPoint(120, 0))
    QTest.mouseRelease(divider(compared), Qt.MouseButton.LeftButton, pos=divider(compared).rect().center())
    assert divider(compared).value() == pytest.approx(STEPS * 0.2, abs=STEPS / 100)
    assert compared.colour_at(60, 250) == RED
    assert compared.colour_at(100, 250) == GREEN


def test_right_to_left_has_the_input_right(compared: Screen) -> None:
    compared.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert compared.colour_at(100, 250) == GREEN
    assert compared.colour_at(300, 250) == RED
    compared.view.compare = Compare.SIDE_BY_SIDE
    assert compared.colour_at(300, 150) == RED


def test_the_divider_moves_with_keys_and_stays_while_zooming(compared: Screen) -> None:
    QTest.keyClick(compared.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert divider(compared).value() == STEPS // 2 + STEPS // 100
    compared.view.zoom_to(3)
    assert divider(compared).value() == STEPS // 2 + STEPS // 100
    QTest.keyClick(divider(compared), Qt.Key.Key_Left)
    assert divider(compared).value() == STEPS // 2
    assert divider(compared).width() >= 44


def test_the_divider_is_a_slider_to_screen_readers(compared: Screen) -> None:
    interface = QAccessible.queryAccessibleInterface(divider(compared))
    assert interface.role() == QAccessible.Role.Slider
    assert interface.text(QAccessible.Text.Name)
    assert interface.valueInterface().currentValue() == STEPS // 2


def test_side_by_side_shows_the_same_part_twice(screen: Screen, tmp_path: Path) -> None:
    left_red = flat(400, 400, BLUE)
    left_red[:, :200] = RED
    screen.show_input(save(tmp_path / "in.png", left_red))
    screen.show_result(save(tmp_path / "out.png", left_red))
    with screen.qtbot.waitSignal(screen.view.compare_changed) as changed:
        screen.view.compare = Compare.SIDE_BY_SIDE
    assert changed.args == [Compare.SIDE_BY_SIDE]
    screen.view.zoom_to(1.5)
    for dx in (0, 50, -90):
        screen.view.pan(dx, 0)
        seen = screen.grab()[150]
        assert np.array_equal(seen[:196], seen[204:])
        assert len(np.unique(seen[:196], axis=0)) >= 2


def test_result_or_input_alone_and_the_original_while_held(compared: Screen) -> None:
    compared.view.compare = Compare.RESULT
    assert compared.colour_at(100, 250) == GREEN
    assert not divider(compared).isVisible()
    QTest.keyPress(compared.view, Qt.Key.Key_O)
    assert compared.colour_at(300, 250) == RED
    QTest.keyRelease(compared.view, Qt.Key.Key_O)
    assert compared.colour_at(300, 250) == GREEN
    compared.view.compare = Compare.INPUT
    assert compared.colour_at(300, 250) == RED


def test_the_wheel_zooms_to_the_pointer(screen: Screen, tmp_path: Path) -> None:
    array = flat(1600, 1200, BLUE)
    array[896:904, 396:404] = RED  # at (100, 225) when fitted
    screen.show_input(save(tmp_path / "a.png", array))
    with screen.qtbot.waitSignal(screen.view.zoom_changed) as changed:
        wheel(screen, QPoint(100, 225), 8)
    assert changed.args == [screen.view.zoom]
    assert screen.view.zoom == pytest.approx(0.25 * 1.25**8)
    assert screen.colour_at(100, 225) == RED
    wheel(screen, QPoint(100, 225), -30)
    assert screen.view.zoom == pytest.approx(0.25)


def test_dragging_and_arrows_pan_as_far_as_the_edge(screen: Screen, tmp_path: Path) -> None:
    array = noise(1000, 800)
    screen.show_input(save(tmp_path / "a.png", array))
    screen.view.zoom_to(1)
    QTest.mousePress(screen.view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    QTest.mouseMove(screen.view, QPoint(160, 170))
    QTest.mouseRelease(screen.view, Qt.MouseButton.LeftButton, pos=QPoint(160, 170))
    assert np.array_equal(screen.grab(), array[230:530, 340:740])
    QTest.keyClick(screen.view, Qt.Key.Key_Right)
    assert np.array_equal(screen.grab(), array[230:530, 404:804])
    screen.view.pan(-5000, -5000)
    assert np.array_equal(screen.grab(), array[500:, 600:])


def test_double_click_and_keys_zoom(screen: Screen, tmp_path: Path) -> None:
    screen.show_input(save(tmp_path / "a.png", flat(1600, 1200, RED)))
    QTest.mouseDClick(screen.view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert screen.view.zoom == 1
    QTest.mouseDClick(screen.view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert screen.view.zoom == pytest.approx(0.25)
    QTest.keyClick(screen.view, Qt.Key.Key_Plus)
    assert screen.view.zoom == pytest.approx(0.3125)
    QTest.keyClick(screen.view, Qt.Key.Key_Minus)
    assert screen.view.zoom == pytest.approx(0.25)
    QTest.keyClick(screen.view, Qt.Key.Key_0)
    screen.view.resize(200, 150)
    assert screen.view.zoom == pytest.approx(0.125)  # fitted stays fitted


def test_live_tiles_lie_over_the_input_until_the_result_is_there(screen: Screen, tmp_path: Path) -> None:
    screen.view.compare = Compare.RESULT
    tile = QImage(64, 64, QImage.Format.Format_RGB32)
    tile.fill(QColor(*BLUE))
    screen.view.show_input(save(tmp_path / "in.png", flat(200, 150, RED)))
    screen.view.set_result_size(800, 600)
    screen.view.add_tile(0.0, 0.0, 0.5, 0.5, tile)  # before the input is loaded
    screen.qtbot.waitUntil(lambda: screen.colour_at(100, 75) == BLUE, timeout=20_000)
    assert screen.view.zoom == pytest.approx(0.5)
    assert screen.colour_at(300, 225) == RED
    screen.view.add_tile(0.5, 0.5, 0.5, 0.5, tile)
    screen.qtbot.waitUntil(lambda: screen.colour_at(300, 225) == BLUE, timeout=20_000)
    assert screen.colour_at(300, 75) == RED
    screen.show_result(save(tmp_path / "out.png", flat(800, 600, GREEN)))
    assert np.all(screen.grab() == GREEN)
    screen.view.show_result(None)
    assert np.all(screen.grab() == RED)


def test_only_the_last_of_many_pictures_is_shown(screen: Screen, tmp_path: Path) -> None:
    paths = [save(tmp_path / f"{n}.png", flat(300 + n, 200, (n, n, n))) for n in range(20)]
    loads: list[int] = []
    screen.view.loaded.connect(lambda: loads.append(round(screen.view.zoom * 1000)))
    for path in paths:
        screen.view.show_input(path)
        assert np.all(np.abs(screen.grab()[150, 200].astype(int) - 19) > 0)  # nothing of another picture
    screen.qtbot.waitUntil(lambda: bool(loads), timeout=20_000)
    assert screen.colour_at(200, 150) == (19, 19, 19)
    assert len(loads) == 1


@pytest.mark.parametrize("kind", ["vanished", "broken", "no picture"])
def test_what_cannot_be_shown_is_told(screen: Screen, tmp_path: Path, kind: str) -> None:
    path = save(tmp_path / "a.png", noise(100, 100))
    if kind == "vanished":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:5000] if kind == "broken" else b"hello")
    with screen.qtbot.waitSignal(screen.view.failed, timeout=20_000) as failed:
        screen.view.show_input(path)
    assert failed.args
    title, hint = failed.args
    assert "a.png" in title
    assert hint


def test_a_broken_result_leaves_the_input(screen: Screen, tmp_path: Path) -> None:
    screen.show_input(save(tmp_path / "in.png", flat(200, 150, RED)))
    with screen.qtbot.waitSignal(screen.view.failed, timeout=20_000):
        screen.view.show_result(tmp_path / "missing.png")
    assert screen.colour_at(200, 150) == RED


def test_transparent_pictures_lie_on_a_checkerboard_that_follows_the_theme(
    screen: Screen, tmp_path: Path
) -> None:
    screen.show_input(save(tmp_path / "a.png", np.zeros((300, 400, 4), np.uint8)))
    screen.view.zoom_to(1)
    light = screen.grab()
    assert {tuple(map(int, light[4, 4])), tuple(map(int, light[4, 12]))} == {(255,) * 3, (222,) * 3}
    palette = screen.view.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(30, 30, 30))
    screen.view.setPalette(palette)
    assert screen.grab().max() < 100


def test_clearing_leaves_the_background(compared: Screen) -> None:
    compared.view.clear()
    window = compared.view.palette().window().color()
    assert np.all(compared.grab() == (window.red(), window.green(), window.blue()))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 5000), (5000, 3)])
def test_extreme_shapes_are_shown(screen: Screen, tmp_path: Path, width: int, height: int) -> None:
    screen.show_input(save(tmp_path / "a.png", flat(width, height, RED)))
    for zoom in (screen.view.zoom, 1, 32):
        screen.view.zoom_to(zoom)
        assert np.any(np.all(screen.grab() == RED, axis=2))
        assert screen.colour_at(200, 150) == RED


def test_painting_a_mask(screen: Screen, tmp_path: Path) -> None:
    screen.show_input(save(tmp_path / "in.png", flat(800, 600, BLUE)))
    assert screen.view.mask_image() is None
    screen.view.mask_mode = True
    changes: list[None] = []
    screen.view.mask_changed.connect(lambda: changes.append(None))
    QTest.mousePress(screen.view, Qt.MouseButton.LeftButton, pos=QPoint(100, 150))
    QTest.mouseMove(screen.view, QPoint(300, 150))
    QTest.mouseRelease(screen.view, Qt.MouseButton.LeftButton, pos=QPoint(300, 150))
    mask = screen.view.mask_image()
    assert mask is not None
    assert (mask.format(), mask.width(), mask.height()) == (QImage.Format.Format_Grayscale8, 800, 600)
    assert mask.pixelColor(400, 300).lightness() == 255
    assert mask.pixelColor(400, 400).lightness() == 0
    assert changes
    assert screen.colour_at(200, 150)[0] > 100  # tinted
    assert screen.colour_at(200, 250) == BLUE

    QTest.mouseClick(screen.view, Qt.MouseButton.RightButton, pos=QPoint(200, 150))
    QTest.mouseClick(
        screen.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, QPoint(100, 150)
    )
    erased = screen.view.mask_image()
    assert erased is not None
    assert erased.pixelColor(400, 300).lightness() == 0
    assert erased.pixelColor(200, 300).lightness() == 0
    QTest.keyClick(screen.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(screen.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert screen.view.mask_image() == mask

    QTest.keyClick(screen.view, Qt.Key.Key_BracketRight)
    screen.view.clear_mask()
    QTest.mouseClick(screen.view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    larger = screen.view.mask_image()
    assert larger is not None
    reach = sum(larger.pixelColor(400, y).lightness() > 127 for y in range(600))
    assert reach == pytest.approx(48 * 1.25 * 2, abs=2)  # the view is at 50 %
    screen.view.mask_mode = False
    assert screen.colour_at(200, 150) == BLUE


def test_the_pointer_leaving_takes_the_brush_along(screen: Screen, tmp_path: Path) -> None:
    screen.show_input(save(tmp_path / "in.png", flat(800, 600, BLUE)))
    screen.view.mask_mode = True
    QTest.mouseMove(screen.view, QPoint(200, 150))
    assert not np.all(screen.grab() == BLUE)
    QApplication.sendEvent(screen.view, QEvent(QEvent.Type.Leave))
    assert np.all(screen.grab() == BLUE)

"""Files to pyramids: every kind of pixel, colours, sizes, damage."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QColorSpace, QImage
from pytestqt.qtbot import QtBot

from resshift_desktop.errors import Cancelled, ImageReadError, ResShiftError
from resshift_desktop.gui.picture import display, pyramid
from resshift_desktop.gui.picture.levels import OVERVIEW_SIDE, BufferLevel, Pyramid
from resshift_desktop.gui.picture.pyramid import build_pyramid
from tests.gui.picture.conftest import flat, in_srgb, noise, pixels, save


def build(path: Path) -> Pyramid:
    return build_pyramid(path, None, lambda: False)


def whole(built: Pyramid, number: int = 0) -> np.ndarray:
    level = built.levels[number]
    return pixels(level.region(QRect(0, 0, level.width, level.height)))


def test_pixels_are_those_of_the_file(tmp_path: Path) -> None:
    array = noise(37, 23)
    assert np.array_equal(whole(build(save(tmp_path / "a.png", array))), array)


def test_grey_and_16_bits(tmp_path: Path) -> None:
    grey = np.arange(256, dtype=np.uint16).reshape(16, 16, 1) * 257
    built = build(save(tmp_path / "a.png", grey))
    assert not built.is_transparent
    assert np.array_equal(whole(built), np.repeat(grey // 257, 3, axis=2))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_alpha_is_kept_premultiplied(tmp_path: Path, dtype: type) -> None:
    full = np.iinfo(dtype).max
    array = np.zeros((4, 4, 4), dtype)
    array[:, :, 0], array[:, :, 3] = full, full // 5
    built = build(save(tmp_path / "a.png", array))
    assert built.is_transparent
    assert built.overview.format() == QImage.Format.Format_ARGB32_Premultiplied
    assert built.overview.pixelColor(1, 1) == QColor(255, 0, 0, 51)


def test_cmyk(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "a.jpg", quality=100)
    red, green, blue = whole(build(tmp_path / "a.jpg"))[4, 4]
    assert red > 200
    assert max(green, blue) < 80


@pytest.mark.parametrize(
    "space", [QColorSpace.NamedColorSpace.DisplayP3, QColorSpace.NamedColorSpace.AdobeRgb]
)
@pytest.mark.parametrize("colour", [(200, 120, 60), (90, 140, 90), (128, 128, 128)])
def test_wide_gamut_is_shown_in_the_screens_colours(
    tmp_path: Path, space: QColorSpace.NamedColorSpace, colour: tuple[int, int, int]
) -> None:
    wide = QColorSpace(space)
    path = save(tmp_path / "a.png", flat(8, 8, colour), bytes(wide.iccProfile().data()))
    expected = in_srgb(colour, wide)
    assert np.abs(whole(build(path))[4, 4].astype(int) - expected).max() <= 2
    assert colour == (128, 128, 128) or expected != colour


def test_a_wide_screen_gets_its_own_colours(tmp_path: Path) -> None:
    p3 = bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data())
    profile = tmp_path / "screen.icc"
    profile.write_bytes(p3)
    path = save(tmp_path / "a.png", flat(8, 8, (255, 0, 0)), p3)
    built = build_pyramid(path, profile, lambda: False)
    assert np.abs(whole(built)[4, 4].astype(int) - (255, 0, 0)).max() <= 1
    srgb_red = build_pyramid(save(tmp_path / "b.png", flat(8, 8, (255, 0, 0))), profile, lambda: False)
    assert np.abs(whole(srgb_red)[4, 4].astype(int) - (234, 51, 35)).max() <= 2  # CSS Color 4, sample


def test_a_broken_profile_is_passed_over(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), (10, 200, 30)).save(tmp_path / "a.png", icc_profile=b"no profile" * 30)
    assert tuple(whole(build(tmp_path / "a.png"))[1, 1]) == (10, 200, 30)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 5000), (2049, 1025), (1024, 1024)])
def test_levels_halve_down_to_the_overview(tmp_path: Path, width: int, height: int) -> None:
    built = build(save(tmp_path / "a.png", flat(width, height, (7, 8, 9))))
    assert (built.width, built.height) == (width, height)
    for finer, coarser in zip(built.levels, built.levels[1:], strict=False):
        assert (coarser.width, coarser.height) == ((finer.width + 1) // 2, (finer.height + 1) // 2)
    assert max(built.overview.width(), built.overview.height()) <= OVERVIEW_SIDE
    assert np.all(pixels(built.overview) == (7, 8, 9))


def test_a_level_is_the_mean_of_the_finer(tmp_path: Path) -> None:
    array = noise(1100, 40)
    built = build(save(tmp_path / "a.png", array))
    mean = array.reshape(20, 2, 550, 2, 3).mean(axis=(1, 3))
    assert np.abs(whole(built, 1) - mean).max() <= 1


def test_files_streamed_and_mapped_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.png", noise(1500, 1100))
    expected = [whole(build(path), number) for number in (0, 1)]
    monkeypatch.setattr(display, "STREAMED_PIXELS", 0)
    monkeypatch.setattr(pyramid, "IN_MEMORY_BYTES", 0)
    built = build(path)
    built.levels[0].give_back_pages()
    assert all(np.array_equal(whole(built, number), expected[number]) for number in (0, 1))
    assert list((tmp_path / "cache").iterdir()) == []  # nothing is left by name


@pytest.mark.parametrize("streamed", [0, 1_000_000])
def test_damage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, streamed: int) -> None:
    monkeypatch.setattr(display, "STREAMED_PIXELS", streamed)
    path = save(tmp_path / "a.png", noise(300, 300))
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(ImageReadError) as told:
        build(path)
    assert "damaged" in told.value.title
    assert told.value.hint


def test_no_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyramid, "IN_MEMORY_BYTES", 0)
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(ResShiftError, match="no room"):
        build(save(tmp_path / "a.png", noise(30, 30)))


def test_cancelling(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        build_pyramid(save(tmp_path / "a.png", noise(300, 300)), None, lambda: True)


def test_levels_are_closed_by_a_thread_once_the_pyramid_is_gone(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyramid, "IN_MEMORY_BYTES", 0)
    closed: list[threading.Thread] = []
    monkeypatch.setattr(
        BufferLevel,
        "close",
        lambda level, close=BufferLevel.close: (close(level), closed.append(threading.current_thread())),
    )
    built = build(save(tmp_path / "a.png", noise(1500, 1100)))
    levels = list(built.levels)
    del built
    qtbot.waitUntil(lambda: len(closed) == len(levels), timeout=20_000)
    assert threading.current_thread() not in closed
    with pytest.raises(ValueError, match="released"):
        levels[0].region(QRect(0, 0, 1, 1))

"""Small pictures of files."""

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from resshift_desktop.gui import thumbnails
from resshift_desktop.gui.thumbnails import SIDE, Thumbnails, make_thumbnail


@pytest.mark.parametrize(
    ("mode", "suffix", "size"),
    [("RGB", ".jpg", (400, 200)), ("RGBA", ".png", (30, 300)), ("L", ".png", (8, 8)), ("LA", ".png", (9, 9)),
     ("RGB", ".bmp", (400, 200)), ("I;16", ".tif", (200, 400)), ("CMYK", ".jpg", (64, 64))],
)  # fmt: skip
def test_every_kind_of_picture(tmp_path: Path, mode: str, suffix: str, size: tuple[int, int]) -> None:
    path = tmp_path / f"picture [1]{suffix}"
    Image.new(mode, size).save(path)
    made = make_thumbnail(path)
    assert (made.width, made.height) == size
    assert made.image is not None
    assert max(made.image.width(), made.image.height()) == min(SIDE, max(size))


def test_it_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100)).save(tmp_path / "a.jpg", exif=exif)
    made = make_thumbnail(tmp_path / "a.jpg")
    assert (made.width, made.height) == (100, 200)
    assert made.image is not None
    assert made.image.height() > made.image.width()


def test_what_cannot_be_read_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"nothing")
    assert make_thumbnail(tmp_path / "a.png").image is None
    assert make_thumbnail(tmp_path / "missing.png").image is None


def test_they_are_made_in_the_background_and_kept(qtbot: QtBot, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    made = Thumbnails()
    assert made.pixmap(tmp_path / "a.png") is None
    qtbot.waitUntil(lambda: made.pixmap(tmp_path / "a.png") is not None, timeout=20_000)
    thumbnail = made.thumbnail(tmp_path / "a.png")
    assert thumbnail is not None
    assert (thumbnail.width, thumbnail.height) == (8, 8)
    made.close()


def test_memory_is_bounded(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "_KEPT", 2)
    made = Thumbnails()
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths:
        with qtbot.waitSignal(made.made, timeout=20_000):
            made.pixmap(path)
    assert len(made._kept) == 2
    made.close()

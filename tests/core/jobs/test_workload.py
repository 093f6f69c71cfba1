"""How many pixels a request means, from the picture's header."""

from pathlib import Path

import pytest
from PIL import Image

from resshift_desktop.core.engine.request import TargetSize
from resshift_desktop.core.jobs.workload import pixels_to_compute
from tests.core.jobs.conftest import request_for


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "tif", "bmp", "gif"])
def test_the_size_is_read_from_every_kind_of_picture(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"picture.{ending}"
    Image.new("RGB", (30, 20)).save(path)
    assert pixels_to_compute([request_for(tmp_path, input=path)], 9.0) == [30 * 20 * 16]


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        (TargetSize(scale=8), 240 * 160),
        (TargetSize(scale=2), 120 * 80),  # made smaller from one pass of the model
        (TargetSize(width=300), 300 * 200),
        (TargetSize(width=10), None),
    ],
)
def test_the_size_asked_for(tmp_path: Path, size: TargetSize, pixels: int | None) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", (30, 20)).save(path)
    assert pixels_to_compute([request_for(tmp_path, input=path, size=size)], 9.0) == [pixels]


def test_a_photo_on_its_side(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (30, 20)).save(path, exif=exif)
    request = request_for(tmp_path, input=path, size=TargetSize(width=120))
    assert pixels_to_compute([request], 9.0) == [120 * 180]


def test_what_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 9)
    names = ["missing", "torn", "nul\0byte"]
    assert pixels_to_compute([request_for(tmp_path, name) for name in names], 9.0) == [None] * 3
    assert pixels_to_compute([request_for(tmp_path, model="none")], 9.0) == [None]


def test_patience_ends(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", (30, 20)).save(path)
    assert pixels_to_compute([request_for(tmp_path, input=path)] * 3, -1.0) == [None] * 3

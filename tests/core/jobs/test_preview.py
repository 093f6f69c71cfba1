"""Previews of finished tiles: kept, listed, and none of them a reason to fail."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from resshift_desktop.core.engine.request import TilePreview
from resshift_desktop.core.jobs.preview import Previews, TilePlace

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def tile(number: int, bands: int = 3, value: int = 128, profile: bytes | None = None) -> TilePreview:
    return TilePreview(number, 0.25, 0.5, 0.125, 0.0625, np.full((40, 60, bands), value, np.uint8), profile)


@pytest.mark.parametrize(("bands", "mode"), [(1, "L"), (3, "RGB")])
def test_a_tile_is_a_jpeg_with_its_profile(tmp_path: Path, bands: int, mode: str) -> None:
    previews = Previews(tmp_path / "preview")
    assert previews.add(tile(3, bands, profile=SRGB)) == TilePlace(3, 0.25, 0.5, 0.125, 0.0625)
    jpeg = previews.jpeg(3)
    assert jpeg is not None
    with Image.open(io.BytesIO(jpeg)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", mode, (60, 40))
        assert image.info["icc_profile"] == SRGB
        assert abs(np.asarray(image).mean() - 128) < 2


def test_tiles_are_listed_by_number_each_once(tmp_path: Path) -> None:
    previews = Previews(tmp_path)
    for number in (5, 2, 5, 9):
        previews.add(tile(number))
    assert [place.number for place in Previews(tmp_path).places()] == [2, 5, 9]


def test_a_line_cut_short_spoils_no_other(tmp_path: Path) -> None:
    previews = Previews(tmp_path)
    previews.add(tile(1))
    with (tmp_path / "tiles.jsonl").open("a") as places:
        places.write('\n{"number": 2, "le')
    previews.add(tile(3))
    assert [place.number for place in previews.places()] == [1, 3]


def test_no_tiles_and_no_room(tmp_path: Path) -> None:
    assert Previews(tmp_path / "none").places() == []
    assert Previews(tmp_path / "none").jpeg(1) is None
    (tmp_path / "file").write_text("")
    assert Previews(tmp_path / "file" / "preview").add(tile(1)) is None

from pathlib import Path

import numpy as np
import pytest

from resshift_desktop.core.imaging.pixels import Metadata, PixelImage
from resshift_desktop.core.imaging.resize import resize
from resshift_desktop.errors import ImageWriteError
from tests.core.imaging import samples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "resized.raw"


@pytest.mark.parametrize(
    ("width", "height"),
    [(1, 1), (7, 5), (35, 24), (36, 23), (33, 22), (19, 13), (18, 12), (37, 25), (101, 3)],
)
@pytest.mark.parametrize("bands", [1, 2, 3, 4])
@pytest.mark.parametrize("depth", [8, 16])
def test_exact_size(path: Path, width: int, height: int, bands: int, depth: int) -> None:
    resized = resize(PixelImage(samples.gradient(24, 36, bands, depth)), width, height, path)
    assert resized.array.shape == (height, width, bands)
    assert resized.depth == depth
    assert path.stat().st_size == height * width * bands * depth // 8


@pytest.mark.parametrize("length", [1, 2, 3, 999, 1000, 4093])
def test_exact_size_of_long_pictures(path: Path, length: int) -> None:
    resized = resize(PixelImage(samples.noise(1, 4096, 1)), length, 1, path)
    assert resized.array.shape == (1, length, 1)


@pytest.mark.parametrize(("depth", "value"), [(8, 0), (8, 255), (8, 77), (16, 65535), (16, 257), (16, 12345)])
@pytest.mark.parametrize("size", [(3, 2), (19, 11), (53, 70)])
def test_constant_stays_constant(path: Path, depth: int, value: int, size: tuple[int, int]) -> None:
    flat = np.full((24, 36, 3), value, np.uint8 if depth == 8 else np.uint16)
    assert (resize(PixelImage(flat), *size, path).array == value).all()


def test_slope_stays_a_slope(path: Path) -> None:
    """Pixel centres: the middle of n output pixels is the middle of the input."""
    slope = np.broadcast_to(np.arange(0, 4096, 16, dtype=np.uint16)[None, :, None], (9, 256, 1)).copy()
    resized = resize(PixelImage(slope), 100, 3, path).array[1, :, 0].astype(float)
    expected = 16 * ((np.arange(100) + 0.5) * 2.56 - 0.5)
    np.testing.assert_allclose(resized[5:-5], expected[5:-5], atol=4)


def test_fine_lines_are_averaged_not_dropped(path: Path) -> None:
    lines = np.zeros((32, 96, 1), np.uint8)
    lines[:, ::2] = 255
    resized = resize(PixelImage(lines), 24, 8, path).array
    assert np.abs(resized[:, 3:-3].astype(float) - 127.5).max() < 16


@pytest.mark.parametrize("bands", [3, 4])
def test_memory_mapped_picture_gives_the_same(path: Path, tmp_path: Path, bands: int) -> None:
    array = samples.noise(40, 60, bands)
    array.tofile(tmp_path / "source.raw")
    mapped = np.memmap(tmp_path / "source.raw", np.uint8, "r", shape=array.shape)
    from_disk = np.array(resize(PixelImage(mapped), 33, 21, path).array)
    from_memory = resize(PixelImage(array), 33, 21, tmp_path / "other.raw").array
    np.testing.assert_array_equal(from_disk, from_memory)
    assert np.ptp(from_disk) > 50


def test_same_size_is_the_picture_itself(path: Path) -> None:
    picture = PixelImage(samples.noise())
    assert resize(picture, picture.width, picture.height, path) is picture
    assert not path.exists()


def test_profile_and_metadata_travel_along(path: Path) -> None:
    picture = PixelImage(samples.noise(), b"profile", Metadata(xmp=b"x", dpi=(300.0, 300.0)))
    resized = resize(picture, 10, 10, path)
    assert (resized.profile, resized.metadata) == (picture.profile, picture.metadata)


def test_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ImageWriteError):
        resize(PixelImage(samples.noise()), 5, 5, tmp_path / "missing" / "resized.raw")

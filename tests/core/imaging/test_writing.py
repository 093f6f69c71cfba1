"""What is written reads back; what cannot be written leaves nothing behind."""

import errno
import struct
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base

from resshift_desktop.core.imaging import tiff_exif
from resshift_desktop.core.imaging.files import ImageFormat, read_image, write_image
from resshift_desktop.core.imaging.pixels import Metadata, PixelImage
from resshift_desktop.core.imaging.verify import verify
from resshift_desktop.core.imaging.write_errors import told_to_people
from resshift_desktop.errors import ImageWriteError, UsageError
from tests.core.imaging import samples


@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    bands=st.integers(1, 4),
    depth=st.sampled_from([8, 16]),
    seed=st.integers(0, 2**32 - 1),
    image_format=st.sampled_from([ImageFormat.PNG, ImageFormat.TIFF]),
)
@settings(max_examples=30, deadline=None)
def test_lossless_formats_bring_back_every_pixel(
    tmp_path_factory: pytest.TempPathFactory,
    height: int,
    width: int,
    bands: int,
    depth: int,
    seed: int,
    image_format: ImageFormat,
) -> None:
    path = tmp_path_factory.mktemp("round") / "trip"
    image = PixelImage(samples.noise(height, width, bands, depth, seed))
    write_image(path, image, image_format)
    back = read_image(path)
    assert back.array.dtype == image.array.dtype
    assert np.array_equal(back.array, image.array)


@given(
    bands=st.integers(1, 4),
    depth=st.sampled_from([8, 16]),
    quality=st.integers(1, 100),
    image_format=st.sampled_from([ImageFormat.JPEG, ImageFormat.WEBP]),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=30, deadline=None)
def test_lossy_formats_take_any_picture_at_any_quality(
    tmp_path_factory: pytest.TempPathFactory,
    bands: int,
    depth: int,
    quality: int,
    image_format: ImageFormat,
    seed: int,
) -> None:
    path = tmp_path_factory.mktemp("round") / "trip"
    write_image(path, PixelImage(samples.noise(30, 20, bands, depth, seed)), image_format, quality)
    back = read_image(path)
    assert (back.height, back.width, back.depth) == (30, 20, 8)


@pytest.mark.parametrize("image_format", ImageFormat)
def test_writes_flat_and_tiny_pictures(tmp_path: Path, image_format: ImageFormat) -> None:
    for name, array in {
        "flat": np.full((9, 9, 3), 77, np.uint8),
        "tiny": np.zeros((1, 1, 4), np.uint8),
    }.items():
        write_image(tmp_path / name, PixelImage(array), image_format)
        assert read_image(tmp_path / name).array.shape[:2] == array.shape[:2]


def test_webp_of_quality_100_is_lossless_even_where_clear(tmp_path: Path) -> None:
    array = samples.noise(bands=4)
    array[:5, :, 3] = 0
    write_image(tmp_path / "picture", PixelImage(array), ImageFormat.WEBP, quality=100)
    assert np.array_equal(read_image(tmp_path / "picture").array, array)


def test_16_bits_become_8_by_rounding(tmp_path: Path) -> None:
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1).repeat(3, axis=2)
    write_image(tmp_path / "picture", PixelImage(values), ImageFormat.WEBP, quality=100)
    assert np.array_equal(read_image(tmp_path / "picture").array, np.rint(values / 257).astype(np.uint8))


def test_webp_converts_grey_through_its_profile(tmp_path: Path) -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    image = PixelImage(levels, samples.grey_profile(1.8))
    write_image(tmp_path / "picture", image, ImageFormat.WEBP, quality=100)
    back = read_image(tmp_path / "picture")
    light = (levels / 255) ** 1.8
    srgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)  # IEC 61966-2-1
    assert back.profile is None
    assert np.abs(back.array - 255 * srgb).max() <= 2


@pytest.mark.parametrize("image_format", [ImageFormat.PNG, ImageFormat.JPEG, ImageFormat.TIFF])
def test_grey_keeps_its_profile(tmp_path: Path, image_format: ImageFormat) -> None:
    profile = samples.grey_profile(1.8)
    write_image(tmp_path / "picture", PixelImage(samples.gradient(bands=1), profile), image_format)
    back = read_image(tmp_path / "picture")
    assert back.is_grey
    assert back.profile == profile


@pytest.mark.parametrize(("quality", "subsampling"), [(90, "4:4:4"), (89, "4:2:0")])
def test_jpeg_keeps_colour_resolution_from_90(tmp_path: Path, quality: int, subsampling: str) -> None:
    write_image(tmp_path / "picture", PixelImage(samples.gradient()), ImageFormat.JPEG, quality)
    written = pyvips.Image.new_from_file(str(tmp_path / "picture"))
    assert written.get("jpeg-chroma-subsample") == subsampling


@pytest.mark.parametrize("image_format", ImageFormat)
def test_nothing_is_added(tmp_path: Path, image_format: ImageFormat) -> None:
    write_image(tmp_path / "picture", PixelImage(samples.gradient()), image_format)
    back = read_image(tmp_path / "picture")
    assert (back.profile, back.metadata) == (None, Metadata())


@pytest.mark.parametrize("image_format", [ImageFormat.JPEG, ImageFormat.WEBP])
def test_the_block_made_for_dpi_does_not_deny_srgb(tmp_path: Path, image_format: ImageFormat) -> None:
    write_image(
        tmp_path / "picture", PixelImage(samples.gradient(), None, Metadata(dpi=(300, 300))), image_format
    )
    block = read_image(tmp_path / "picture").metadata.exif
    assert samples.load_exif(block).get_ifd(IFD.Exif)[Base.ColorSpace] == 1


def test_a_second_generation_keeps_as_much(tmp_path: Path) -> None:
    metadata = Metadata(samples.exif_block(), samples.XMP, (300, 300))
    image = PixelImage(samples.gradient(), samples.wide_gamut_profile(), metadata)
    for number, image_format in enumerate([*ImageFormat, *ImageFormat]):
        write_image(tmp_path / str(number), image, image_format, quality=100)
        image = read_image(tmp_path / str(number))
    exif = samples.load_exif(image.metadata.exif)
    assert exif.get_ifd(IFD.Exif)[Base.MakerNote] == samples.MAKER_NOTE
    assert float(exif.get_ifd(IFD.Exif)[Base.ExposureTime]) == pytest.approx(1 / 125)
    assert (image.metadata.xmp, image.metadata.dpi) == (samples.XMP, (300, 300))
    assert image.profile == samples.wide_gamut_profile()


ODD_BLOCKS = {
    "no block": b"nonsense",
    "cut off": samples.exif_block()[:90],
    "wild offsets": b"II*\0\x08\0\0\0\xff\xff" + b"\x01" * 60,
    "large": samples.exif_block() + bytes(100_000),
}


@pytest.mark.parametrize("image_format", ImageFormat)
@pytest.mark.parametrize("case", ODD_BLOCKS)
def test_odd_metadata_does_no_harm(
    tmp_path: Path, image_format: ImageFormat, case: str, capfd: pytest.CaptureFixture[str]
) -> None:
    metadata = Metadata(exif=ODD_BLOCKS[case], xmp=b"<x>" + b"y" * 100_000 + b"</x>")
    write_image(tmp_path / "picture", PixelImage(samples.gradient(), None, metadata), image_format, 100)
    assert np.abs(read_image(tmp_path / "picture").array.astype(int) - samples.gradient()).max() <= 4
    assert capfd.readouterr() == ("", "")


def test_bigtiff_holds_exif_too(tmp_path: Path) -> None:
    path = tmp_path / "picture.tif"
    samples.vips_image(samples.noise()).tiffsave(str(path), bigtiff=True)
    tiff_exif.attach(path, samples.exif_block(), (36, 24))
    exif = samples.load_exif(tiff_exif.extract(path))
    assert exif.get_ifd(IFD.Exif)[Base.MakerNote] == samples.MAKER_NOTE
    assert exif.get_ifd(IFD.Exif)[Base.ExifImageWidth] == 36
    assert np.array_equal(read_image(path).array, samples.noise())


# --- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["фото 写真 é 🐈.png", "photo[1].png", "a [Q=90]", "x" * 251 + ".png"])
def test_writes_any_name(tmp_path: Path, name: str) -> None:
    write_image(tmp_path / name, PixelImage(samples.gradient()), ImageFormat.PNG)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert np.array_equal(read_image(tmp_path / name).array, samples.gradient())


def test_an_existing_file_stays_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"precious")
    with pytest.raises(ImageWriteError, match="exists already") as caught:
        write_image(path, PixelImage(samples.gradient()), ImageFormat.PNG)
    assert caught.value.remedy == "overwrite"
    assert path.read_bytes() == b"precious"
    write_image(path, PixelImage(samples.gradient()), ImageFormat.PNG, overwrite=True)
    assert np.array_equal(read_image(path).array, samples.gradient())
    assert list(tmp_path.iterdir()) == [path]


def test_of_many_writers_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"

    losers: list[str] = []

    def write(seed: int) -> int | None:
        try:
            write_image(path, PixelImage(samples.noise(seed=seed)), ImageFormat.PNG)
        except ImageWriteError as error:
            losers.append(error.title)
            return None
        return seed

    with ThreadPoolExecutor(4) as pool:
        winners = [seed for seed in pool.map(write, range(8)) if seed is not None]
    assert len(winners) == 1
    assert losers == ["picture.png exists already."] * 7
    assert np.array_equal(read_image(path).array, samples.noise(seed=winners[0]))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("absent/picture.png", "does not exist"),
        ("file/picture.png", "does not exist"),
        ("folder", "exists already"),
        ("x" * 300 + ".png", "too long"),
    ],
)
def test_refuses_targets_that_cannot_be(tmp_path: Path, target: str, reason: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(ImageWriteError, match=reason) as caught:
        write_image(tmp_path / target, PixelImage(samples.gradient()), ImageFormat.PNG)
    assert caught.value.hint
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_folder_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ImageWriteError, match="is a folder"):
        write_image(tmp_path / "folder", PixelImage(samples.gradient()), ImageFormat.PNG, overwrite=True)
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_refuses_a_read_only_folder(unprivileged: Path) -> None:
    folder = unprivileged / "sealed"
    folder.mkdir(mode=0o555)
    with pytest.raises(ImageWriteError, match="may not be written to"):
        write_image(folder / "picture.png", PixelImage(samples.gradient()), ImageFormat.PNG)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("image_format", "height", "width"),
    [(ImageFormat.JPEG, 1, 65536), (ImageFormat.JPEG, 65536, 1), (ImageFormat.WEBP, 16384, 1)],
)
def test_refuses_sides_the_format_cannot_count(
    tmp_path: Path, image_format: ImageFormat, height: int, width: int
) -> None:
    with pytest.raises(ImageWriteError, match="pixels a side") as caught:
        write_image(tmp_path / "picture", PixelImage(np.zeros((height, width, 1), np.uint8)), image_format)
    assert "PNG" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("image_format", ImageFormat)
def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path: Path, image_format: ImageFormat) -> None:
    """A limit on the size of files stands in for a disk's: the failing write is the system's own."""
    script = f"""
        import resource
        from pathlib import Path
        from resshift_desktop.core.imaging.files import ImageFormat, write_image
        from resshift_desktop.core.imaging.pixels import PixelImage
        from resshift_desktop.errors import ImageWriteError
        from tests.core.imaging import samples
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            write_image(Path({str(tmp_path / "picture")!r}), PixelImage(samples.noise(200, 200)),
                        ImageFormat({image_format.value!r}), 100)
        except ImageWriteError as error:
            print(error.title)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "picture is larger than this disk allows.\n"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("raised", "title"),
    [
        (OSError(errno.ENOSPC, "x"), "The disk is full"),
        (OSError(errno.EROFS, "x"), "may not be written to"),
        (
            pyvips.Error("x", "picture: write error\nsystem error: No space left on device\n"),
            "The disk is full",
        ),
        (pyvips.Error("x", "something else\n"), "could not be written: something else"),
    ],
)
def test_says_what_the_system_said(raised: Exception, title: str) -> None:
    with pytest.raises(ImageWriteError, match=title) as caught, told_to_people(Path("folder/picture.png")):
        raise raised
    assert caught.value.hint


# --- reading back -----------------------------------------------------------------------------------

NOISE = samples.noise()


@pytest.mark.parametrize(
    ("written", "lossless"),
    [
        (np.zeros_like(NOISE), True),
        (np.zeros_like(NOISE), False),
        (np.full_like(NOISE, 128), False),
        (NOISE[:-1], True),
        (NOISE[:, :, :1], True),
        (NOISE.astype(np.uint16) * 257, True),
        (np.where(NOISE == 255, 254, NOISE), True),
    ],
    ids=["black", "black lossy", "grey lossy", "a row short", "one band", "deeper", "almost"],
)
def test_a_wrong_file_is_found_out(tmp_path: Path, written: np.ndarray, lossless: bool) -> None:
    samples.vips_image(written.astype(written.dtype)).pngsave(str(tmp_path / "picture"))
    with pytest.raises(ImageWriteError, match="does not read back"):
        verify(tmp_path / "picture", samples.vips_image(NOISE), lossless)


def test_a_cut_file_is_found_out(tmp_path: Path) -> None:
    samples.vips_image(NOISE).pngsave(str(tmp_path / "picture"))
    verify(tmp_path / "picture", samples.vips_image(NOISE), lossless=True)
    (tmp_path / "picture").write_bytes((tmp_path / "picture").read_bytes()[:-200])
    with pytest.raises(ImageWriteError, match="does not read back"):
        verify(tmp_path / "picture", samples.vips_image(NOISE), lossless=True)


# --- large pictures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("image_format", [ImageFormat.PNG, ImageFormat.JPEG, ImageFormat.TIFF])
def test_memory_does_not_grow_with_a_mapped_picture(tmp_path: Path, image_format: ImageFormat) -> None:
    """120 MB of pixels, alpha included, are written with far less in memory."""
    script = f"""
        from pathlib import Path
        import numpy as np
        from resshift_desktop.core.imaging.files import ImageFormat, write_image
        from resshift_desktop.core.imaging.pixels import PixelImage
        folder = Path({str(tmp_path)!r})
        shape = (5000, 6000, 4)
        array = np.memmap(folder / "raw", np.uint8, "w+", shape=shape)
        for start in range(0, 5000, 500):  # whose pages count only until they are on disk
            array[start : start + 500] = np.arange(start, start + 500)[:, None, None] % 251
        array.flush()
        array = np.memmap(folder / "raw", np.uint8, "r", shape=shape)
        image_format = ImageFormat({image_format.value!r})
        write_image(folder / "small", PixelImage(np.zeros((9, 9, 4), np.uint8)), image_format)
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")  # start the peak anew
        def peak():
            status = Path("/proc/self/status").read_text()
            return int(status.split("VmHWM:")[1].split()[0])
        before = peak()
        write_image(folder / "large", PixelImage(array), image_format)
        print((peak() - before) // 1024)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 70


def test_a_changed_private_mapping_is_written_as_changed(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(samples.noise().tobytes())
    array = np.memmap(tmp_path / "raw", np.uint8, "c", shape=samples.noise().shape)
    array[:] = 255 - array[:]
    write_image(tmp_path / "picture", PixelImage(array), ImageFormat.PNG)
    assert np.array_equal(read_image(tmp_path / "picture").array, 255 - samples.noise())


def test_importing_is_cheap() -> None:
    """Neither torch nor anything else large comes along."""
    script = "import sys, resshift_desktop.core.imaging.files; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- formats ----------------------------------------------------------------------------------------


NAMED = {
    "a.PNG": ImageFormat.PNG,
    "b.jpg": ImageFormat.JPEG,
    "c.jpeg": ImageFormat.JPEG,
    "d.webp": ImageFormat.WEBP,
    "e.tif": ImageFormat.TIFF,
    "f.x.TIFF": ImageFormat.TIFF,
}


@pytest.mark.parametrize(("name", "image_format"), NAMED.items())
def test_format_from_name(name: str, image_format: ImageFormat) -> None:
    assert ImageFormat.from_suffix(Path(name)) is image_format
    assert ImageFormat.from_suffix(Path("a" + image_format.suffix)) is image_format


@pytest.mark.parametrize("name", ["a.avif", "a", "png", ".png", "a.png.txt"])
def test_no_format_from_other_names(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        ImageFormat.from_suffix(Path(name))
    assert ".png" in caught.value.hint


def test_thumbnails_of_the_old_picture_are_dropped(tmp_path: Path) -> None:
    """A camera's JPEG with a thumbnail in IFD1."""
    block = samples.exif_block()
    thumbnail = b"\xff\xd8thumbnail\xff\xd9"
    assert block.startswith(b"MM")
    (first,) = struct.unpack_from(">I", block, 4)
    (count,) = struct.unpack_from(">H", block, first)
    link = first + 2 + 12 * count
    directory = struct.pack(">H", 2)
    directory += struct.pack(">HHII", 0x0201, 4, 1, len(block) + 30)
    directory += struct.pack(">HHII", 0x0202, 4, 1, len(thumbnail)) + bytes(4)
    block = block[:link] + struct.pack(">I", len(block)) + block[link + 4 :] + directory + thumbnail
    Image.fromarray(samples.gradient()).save(tmp_path / "a.jpg", exif=b"Exif\0\0" + block)
    assert samples.load_exif(block).get_ifd(IFD.IFD1)
    image = read_image(tmp_path / "a.jpg")
    assert not samples.load_exif(image.metadata.exif).get_ifd(IFD.IFD1)
    write_image(tmp_path / "b.jpg", image, ImageFormat.JPEG)
    assert thumbnail not in (tmp_path / "b.jpg").read_bytes()

"""Files of odd kinds, and files that are no pictures."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.ExifTags import Base

from resshift_desktop.core.imaging.files import READABLE_SUFFIXES, read_image
from resshift_desktop.errors import ImageReadError
from tests.core.imaging import samples


def _rgb() -> Image.Image:
    return Image.fromarray(samples.gradient())


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header)


# --- kinds ------------------------------------------------------------------------------------------


def _palette_with_transparency(path: Path) -> np.ndarray:
    picture = _rgb().quantize(4)
    picture.save(path, format="PNG", transparency=bytes([0, 255, 128, 7]))
    with Image.open(path) as saved:
        return np.asarray(saved.convert("RGBA"))


def _transparent_colour(path: Path) -> np.ndarray:
    array = samples.gradient()
    _rgb().save(path, format="PNG", transparency=tuple(array[0, 0].tolist()))
    clear = (array == array[0, 0]).all(axis=2, keepdims=True)
    return np.concatenate([array, np.where(clear, 0, 255).astype(np.uint8)], axis=2)


def _interlaced(path: Path) -> np.ndarray:
    array = samples.noise(depth=16)
    samples.vips_image(array).pngsave(str(path), interlace=True)
    return array


def _one_bit(kind: str) -> Callable[[Path], np.ndarray]:
    def save(path: Path) -> np.ndarray:
        picture = _rgb().convert("1")
        picture.save(path, format=kind)
        return np.asarray(picture.convert("L"))[:, :, None]

    return save


def _grey_alpha(depth: int, kind: str) -> Callable[[Path], np.ndarray]:
    def save(path: Path) -> np.ndarray:
        array = samples.noise(bands=2, depth=depth)
        picture = samples.vips_image(array)
        {"PNG": picture.pngsave, "TIFF": picture.tiffsave}[kind](str(path))
        return array

    return save


def _tiff(options: str) -> Callable[[Path], np.ndarray]:
    def save(path: Path) -> np.ndarray:
        array = samples.noise(64, 80, depth=16)
        samples.vips_image(array).write_to_file(f"{path}.tif[{options}]")
        path.with_suffix(".tif").rename(path)
        return array

    return save


def _planar_tiff(path: Path) -> np.ndarray:
    """One strip a channel (TIFF 6.0, PlanarConfiguration 2); no library here writes it."""
    array = samples.noise()
    height, width, bands = array.shape
    size = height * width
    tags = [
        *((256, 3, 1, width), (257, 3, 1, height), (258, 3, 3, 200), (259, 3, 1, 1), (262, 3, 1, 2)),
        *((273, 4, 3, 208), (277, 3, 1, bands), (278, 3, 1, height), (279, 4, 3, 220), (284, 3, 1, 2)),
    ]
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    block = (b"II*\0" + struct.pack("<I", 8) + directory).ljust(200, b"\0") + struct.pack("<3HH", 8, 8, 8, 0)
    block += struct.pack("<3I", *(232 + size * band for band in range(3))) + struct.pack(
        "<3I", size, size, size
    )
    path.write_bytes(block + array.transpose(2, 0, 1).tobytes())
    return array


def _associated_alpha(path: Path) -> np.ndarray:
    """Premultiplied in the file; straight in memory. Colour survives where alpha divides evenly."""
    array = np.full((8, 8, 4), (200, 100, 50, 51), np.uint8)
    samples.vips_image(array).tiffsave(str(path), premultiply=True)
    return array


def _white_avif(depth: int) -> Callable[[Path], np.ndarray]:
    def save(path: Path) -> np.ndarray:
        array = np.full((8, 8, 3), 65535, np.uint16)
        samples.vips_image(array).heifsave(str(path), compression="av1", bitdepth=depth, lossless=True)
        return array

    return save


def _save_cmyk(path: Path, progressive: bool) -> None:
    profile = samples.cmyk_profile()
    options = {"quality": 95, "subsampling": 0, "icc_profile": profile, "progressive": progressive}
    _rgb().convert("CMYK").save(path, format="JPEG", **options)


def _ycck_jpeg(path: Path) -> np.ndarray:
    """A CMYK JPEG with Adobe's transform 2; what Pillow's decoder and LittleCMS make of it."""
    _save_cmyk(path, progressive=False)
    data = bytearray(path.read_bytes())
    data[data.index(b"Adobe") + 11] = 2
    path.write_bytes(data)
    return _through_pillow(path)


def _plain_cmyk_jpeg(path: Path) -> np.ndarray:
    profile = samples.cmyk_profile()
    _rgb().convert("CMYK").save(
        path, format="JPEG", quality=95, subsampling=0, icc_profile=profile, progressive=True
    )
    return _through_pillow(path)


def _through_pillow(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
        srgb = ImageCms.createProfile("sRGB")
        return np.asarray(
            ImageCms.profileToProfile(picture, profile, srgb, intent, outputMode="RGB", flags=flags)
        )


def _lab(path: Path) -> np.ndarray:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    picture = ImageCms.profileToProfile(_rgb(), srgb, lab, outputMode="LAB")
    assert picture is not None
    picture.save(path, format="TIFF")
    return samples.gradient()


def _deep_lab(path: Path) -> np.ndarray:
    samples.vips_image(samples.gradient()).colourspace("labs").tiffsave(str(path))
    return samples.gradient()


def _five_six_five_bitmap(path: Path) -> np.ndarray:
    """Two 16-bit pixels, red and white."""
    header = struct.pack("<IiiHHIIiiII", 40, 2, 1, 1, 16, 3, 4, 0, 0, 0, 0) + struct.pack(
        "<3I", 0xF800, 0x7E0, 0x1F
    )
    path.write_bytes(
        struct.pack("<2sIHHI", b"BM", 70, 0, 0, 66) + header + struct.pack("<2H", 0xF800, 0xFFFF)
    )
    return np.array([[[255, 0, 0], [255, 255, 255]]], np.uint8)


KINDS: dict[str, tuple[Callable[[Path], np.ndarray], int]] = {  # and the greatest difference allowed
    "palette with transparency": (_palette_with_transparency, 0),
    "transparent colour": (_transparent_colour, 0),
    "interlaced 16-bit PNG": (_interlaced, 0),
    "1-bit PNG": (_one_bit("PNG"), 0),
    "1-bit TIFF": (_one_bit("TIFF"), 0),
    "1-bit BMP": (_one_bit("BMP"), 0),
    "8-bit grey + alpha PNG": (_grey_alpha(8, "PNG"), 0),
    "16-bit grey + alpha PNG": (_grey_alpha(16, "PNG"), 0),
    "16-bit grey + alpha TIFF": (_grey_alpha(16, "TIFF"), 0),
    "LZW TIFF": (_tiff("compression=lzw,predictor=horizontal"), 0),
    "deflate TIFF": (_tiff("compression=deflate"), 0),
    "packbits TIFF": (_tiff("compression=packbits"), 0),
    "tiled TIFF": (_tiff("tile,tile-width=32,tile-height=16,compression=deflate"), 0),
    "BigTIFF": (_tiff("bigtiff"), 0),
    "planar TIFF": (_planar_tiff, 0),
    "associated alpha": (_associated_alpha, 0),
    "white 10-bit AVIF": (_white_avif(10), 0),
    "white 12-bit AVIF": (_white_avif(12), 0),
    "YCCK JPEG": (_ycck_jpeg, 2),
    "progressive CMYK JPEG": (_plain_cmyk_jpeg, 2),
    "8-bit Lab TIFF": (_lab, 16),
    "16-bit Lab TIFF": (_deep_lab, 1),
    "16-bit BMP": (_five_six_five_bitmap, 0),
}


@pytest.mark.parametrize("kind", KINDS)
def test_reads_every_kind(tmp_path: Path, kind: str) -> None:
    save, tolerance = KINDS[kind]
    wanted = save(tmp_path / "picture")
    image = read_image(tmp_path / "picture")
    array = image.array if image.depth == 8 * wanted.itemsize else np.rint(image.array / 257).astype(np.uint8)
    assert array.shape == wanted.shape
    assert np.abs(array.astype(int) - wanted).max() <= tolerance
    assert image.array.flags.writeable


def test_cmyk_of_16_bits_keeps_them(tmp_path: Path) -> None:
    cmyk = samples.vips_image(samples.gradient()).icc_transform("cmyk", input_profile="srgb", depth=16)
    cmyk.tiffsave(str(tmp_path / "picture"))
    image = read_image(tmp_path / "picture")
    assert (image.depth, image.array.shape, image.profile) == (16, (24, 36, 3), None)
    assert len(np.unique(image.array & 255)) > 100


_UPRIGHT: dict[int, Callable[[np.ndarray], np.ndarray]] = {  # EXIF 2.32, 4.6.4, Orientation
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
    8: lambda a: np.rot90(a),
}


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("orientation", _UPRIGHT)
def test_turns_pictures_upright(tmp_path: Path, orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    path = tmp_path / "picture"
    _rgb().save(path, format=kind, exif=exif if kind == "TIFF" else exif.tobytes(), dpi=(300, 200))
    image = read_image(path)
    assert np.array_equal(image.array, _UPRIGHT[orientation](samples.gradient()))
    assert image.metadata.dpi == ((300, 200) if orientation < 5 else (200, 300))


def test_a_profile_of_another_kind_is_dropped(tmp_path: Path) -> None:
    _rgb().convert("L").save(tmp_path / "grey.jpg", icc_profile=samples.wide_gamut_profile())
    assert read_image(tmp_path / "grey.jpg").profile is None


def test_a_grey_profile_is_kept_on_grey(tmp_path: Path) -> None:
    profile = samples.grey_profile(1.8)
    _rgb().convert("L").save(tmp_path / "grey.jpg", icc_profile=profile)
    assert read_image(tmp_path / "grey.jpg").profile == profile


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 5000), (5000, 3)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WebP", "TIFF", "BMP", "AVIF", "GIF"])
def test_reads_small_and_thin_pictures(tmp_path: Path, width: int, height: int, kind: str) -> None:
    Image.new("RGB", (width, height), (10, 200, 30)).save(tmp_path / "picture", format=kind)
    image = read_image(tmp_path / "picture")
    assert (image.width, image.height) == (width, height)
    assert np.abs(image.array.astype(int) - (10, 200, 30)).max() <= 4


@pytest.mark.parametrize(
    "name", ["фото 写真 é 🐈.png", "photo[1].png", "a [Q=90]", "x" * 251 + ".png", "wrong.jpg"]
)
def test_reads_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    _rgb().save(path, format="PNG")
    assert np.array_equal(read_image(path).array, samples.gradient())


def test_reads_what_is_there_now(tmp_path: Path) -> None:
    """libvips keeps what it has opened before; a changed file must not come back old."""
    path = tmp_path / "picture.png"
    for seed in (1, 2):
        Image.fromarray(samples.noise(seed=seed)).save(path)
        assert np.array_equal(read_image(path).array, samples.noise(seed=seed))


def test_suffixes_are_those_of_the_table() -> None:
    assert {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".avif", ".gif"} <= READABLE_SUFFIXES
    assert all(suffix == suffix.lower() for suffix in READABLE_SUFFIXES)


# --- no pictures ------------------------------------------------------------------------------------


def _animated(kind: str) -> Callable[[Path], None]:
    def save(path: Path) -> None:
        others = [Image.fromarray(samples.noise(seed=seed)) for seed in (1, 2)]
        _rgb().save(path, format=kind, save_all=True, append_images=others)

    return save


def _float_tiff(path: Path) -> None:
    Image.fromarray(samples.gradient()[:, :, 0].astype(np.float32)).save(path, format="TIFF")


def _five_bands(path: Path) -> None:
    pyvips.Image.new_from_array(samples.noise(bands=4)).bandjoin(7).copy(interpretation="multiband").tiffsave(
        str(path)
    )


def _bomb(side: int) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(_png_header(side, side) + b"\0\0\x20\0IDAT" + bytes(100))


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _path: None, "does not exist"),
    "empty": (lambda path: path.touch(), "is empty"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "text": (lambda path: path.write_text("hello " * 100), "not a picture"),
    "one byte": (lambda path: path.write_bytes(b"B"), "not a picture"),
    "bitmap of nothing": (lambda path: path.write_bytes(b"BM"), "not a picture"),
    "svg": (
        lambda path: path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
        "not a kind of picture",
    ),
    "header alone": (lambda path: path.write_bytes(_png_header(8, 8)), "damaged"),
    "bomb": (
        lambda path: path.write_bytes(_png_header(40000, 40000) + b"\0\0\x20\0IDAT" + bytes(100)),
        "at most 500 million",
    ),
    "animated GIF": (_animated("GIF"), "several pictures"),
    "animated WebP": (_animated("WebP"), "several pictures"),
    "animated PNG": (_animated("PNG"), "several pictures"),
    "animated AVIF": (_animated("AVIF"), "several pictures"),
    "pages": (_animated("TIFF"), "several pictures"),
    "floating point": (_float_tiff, "float numbers"),
    "five channels": (_five_bands, "5 channels"),
}


@pytest.mark.parametrize("case", BAD)
def test_refuses_with_a_reason(tmp_path: Path, case: str, capfd: pytest.CaptureFixture[str]) -> None:
    make, reason = BAD[case]
    path = tmp_path / "picture"
    make(path)
    with pytest.raises(ImageReadError, match=reason) as caught:
        read_image(path)
    assert caught.value.hint
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WebP", "TIFF", "BMP", "AVIF", "GIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_refuses_truncated_files(
    tmp_path: Path, kind: str, share: float, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "picture"
    Image.fromarray(samples.noise(200, 300)).save(path, format=kind)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ImageReadError, match="damaged"):
        read_image(path)
    assert capfd.readouterr() == ("", "")


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WebP", "TIFF", "BMP", "AVIF", "GIF"]),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6
    ),
    near_the_start=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_damage_gives_a_picture_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory,
    kind: str,
    changes: list[tuple[float, int]],
    near_the_start: bool,
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "picture"
    _rgb().save(path, format=kind)
    data = bytearray(path.read_bytes())
    for place, value in changes:
        data[int(place * (60 if near_the_start else len(data)))] = value
    path.write_bytes(data)
    try:
        image = read_image(path, max_pixels=1_000_000)
    except ImageReadError as error:
        reason = error.title
    else:
        reason = "none" if image.array.size else ""
    assert reason


def test_refuses_a_name_too_long(tmp_path: Path) -> None:
    with pytest.raises(ImageReadError, match="cannot be opened: File name too long"):
        read_image(tmp_path / ("x" * 300 + ".png"))


def test_the_limit_can_be_set(tmp_path: Path) -> None:
    _rgb().save(tmp_path / "picture.png")
    with pytest.raises(ImageReadError, match="36 × 24 pixels"):
        read_image(tmp_path / "picture.png", max_pixels=36 * 24 - 1)


def test_refuses_what_may_not_be_read(unprivileged: Path) -> None:
    path = unprivileged / "picture.png"
    _rgb().save(path)
    path.chmod(0)
    with pytest.raises(ImageReadError, match="may not be read"):
        read_image(path)

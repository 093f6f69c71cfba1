"""Every cell of the tables in docs/formats.md, on real files."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

from resshift_desktop.core.imaging.files import ImageFormat, read_image, write_image
from resshift_desktop.core.imaging.pixels import Metadata, PixelImage
from tests.core.imaging import samples

DOCUMENT = Path(__file__).parents[3] / "docs" / "formats.md"
COLUMNS = ["8 bit", "16 bit", "grey", "alpha", "palette", "CMYK", "ICC", "EXIF", "orientation", "XMP", "DPI"]
LOSSY = ("JPEG", "WebP", "AVIF")


def _table(heading: str) -> dict[tuple[str, str], str]:
    """(format, column) -> what the cell says."""
    section = DOCUMENT.read_text(encoding="utf-8").split(f"## {heading}")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    assert rows[0][1:] == COLUMNS
    return {(row[0], column): cell for row in rows[2:] for column, cell in zip(COLUMNS, row[1:], strict=True)}


READING, WRITING = _table("Reading"), _table("Writing")


def _close(kind: str, found: np.ndarray, wanted: np.ndarray) -> bool:
    tolerance = (8 if kind in LOSSY else 0) * (257 if wanted.dtype == np.uint16 else 1)
    return found.shape == wanted.shape and bool(np.abs(found.astype(int) - wanted).max() <= tolerance)


# --- reading ---------------------------------------------------------------------------------------


def _save(path: Path, kind: str, array: np.ndarray, **options: object) -> Path:
    """A file of this kind; by Pillow, or libvips where Pillow cannot."""
    if kind == "BMP" and array.shape[2] == 4:
        path.write_bytes(samples.bitmap_with_alpha(array))
        return path
    if array.dtype == np.uint16:
        picture = samples.vips_image(array)
        if kind == "AVIF":
            picture.heifsave(str(path), compression="av1", bitdepth=10, Q=95, subsample_mode="off")
        else:
            {"PNG": picture.pngsave, "TIFF": picture.tiffsave}[kind](str(path))
    else:
        if kind == "JPEG":
            options |= {"quality": 95, "subsampling": 0}
        if kind == "WebP":
            options |= {"lossless": True}
        if kind == "AVIF":
            options |= {"quality": 95, "subsampling": "4:4:4"}
        picture = Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array)
        picture.save(path, format=kind, **options)
    return path


def _reads_pixels(bands: int, depth: int) -> Callable[[Path, str, str], None]:
    def check(path: Path, kind: str, says: str) -> None:
        array = samples.gradient(bands=bands, depth=depth)
        if kind == "GIF":
            array = np.where(array < 128, 0, 255).astype(np.uint8)  # few colours, and clear or opaque
        image = read_image(_save(path, kind, array))
        assert image.depth == depth
        if kind == "GIF" and bands == 4:
            clear = array[:, :, 3] == 0
            image.array[clear], array[clear] = 0, 0
        wanted = {"yes": array, "as RGB": array.repeat(3, axis=2)}[says]
        assert _close(kind, image.array, wanted)

    return check


def _reads_palette(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    picture = Image.fromarray(samples.gradient()).quantize(16)
    picture.save(path, format=kind)
    assert _close(kind, read_image(path).array, np.asarray(picture.convert("RGB")))


def _reads_cmyk(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    cmyk = samples.vips_image(samples.gradient()).icc_transform("cmyk", input_profile="srgb")
    {"JPEG": cmyk.jpegsave, "TIFF": cmyk.tiffsave}[kind](str(path), keep="icc")
    image = read_image(path)
    with Image.open(path) as picture:
        wanted = ImageCms.profileToProfile(
            picture,
            io.BytesIO(samples.cmyk_profile()),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    assert image.profile is None
    assert np.abs(image.array.astype(int) - np.asarray(wanted)).max() <= 2


def _reads_profile(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    profile = samples.wide_gamut_profile()
    array = samples.gradient()
    image = read_image(_save(path, kind, array, icc_profile=profile))
    assert image.profile == profile
    assert _close(kind, image.array, array)


def _reads_exif(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    block = samples.exif_block()
    exif = samples.load_exif(block) if kind == "TIFF" else b"Exif\0\0" + block  # as Pillow takes it
    _assert_exif(read_image(_save(path, kind, samples.gradient(), exif=exif)).metadata.exif, (4000, 3000))


def _assert_exif(block: bytes | None, size: tuple[int, int]) -> None:
    exif = samples.load_exif(block)
    photo, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    assert (exif[Base.Make], exif[Base.Copyright]) == ("Acme", "Someone")
    assert exif.get(Base.Orientation, 1) == 1
    assert float(photo[Base.ExposureTime]) == pytest.approx(1 / 125)
    assert photo[Base.LensModel] == "50 mm"
    assert photo[Base.MakerNote] == samples.MAKER_NOTE
    assert (photo[Base.ExifImageWidth], photo[Base.ExifImageHeight]) == size
    assert [float(part) for part in place[GPS.GPSLatitude]] == [48.0, 8.0, 1.5]


def _reads_orientation(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    array = samples.gradient()
    exif = Image.Exif()
    exif[Base.Orientation] = 6  # shown turned a quarter clockwise
    image = read_image(_save(path, kind, array, exif=exif if kind == "TIFF" else exif.tobytes()))
    assert _close(kind, image.array, np.rot90(array, -1))
    if image.metadata.exif is not None:
        assert samples.load_exif(image.metadata.exif).get(Base.Orientation, 1) == 1


def _reads_xmp(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    options: dict[str, object] = {"xmp": samples.XMP}
    if kind == "PNG":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", samples.XMP.decode())
        options = {"pnginfo": info}
    if kind == "TIFF":
        options = {"tiffinfo": {700: samples.XMP}}
    assert read_image(_save(path, kind, samples.gradient(), **options)).metadata.xmp == samples.XMP


def _reads_dpi(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    options: dict[str, object] = {"dpi": (300, 200)}
    if kind == "WebP":
        exif = Image.Exif()
        exif[Base.XResolution], exif[Base.YResolution], exif[Base.ResolutionUnit] = 300.0, 200.0, 2
        options = {"exif": exif.tobytes()}
    image = read_image(_save(path, kind, samples.gradient(), **options))
    assert image.metadata.dpi == pytest.approx((300, 200), abs=0.1)


READERS: dict[str, Callable[[Path, str, str], None]] = {
    "8 bit": _reads_pixels(3, 8),
    "16 bit": _reads_pixels(3, 16),
    "grey": _reads_pixels(1, 8),
    "alpha": _reads_pixels(4, 8),
    "palette": _reads_palette,
    "CMYK": _reads_cmyk,
    "ICC": _reads_profile,
    "EXIF": _reads_exif,
    "orientation": _reads_orientation,
    "XMP": _reads_xmp,
    "DPI": _reads_dpi,
}


@pytest.mark.parametrize(
    ("kind", "column"), [cell for cell, says in READING.items() if says not in ("–", "no")]
)
def test_reading_keeps_what_the_table_says(tmp_path: Path, kind: str, column: str) -> None:
    READERS[column](tmp_path / "picture", kind, READING[kind, column])


# --- writing ---------------------------------------------------------------------------------------


def _write(
    path: Path, kind: str, array: np.ndarray, profile: bytes | None = None, metadata: Metadata | None = None
) -> Path:
    write_image(
        path, PixelImage(array, profile, metadata or Metadata()), ImageFormat(kind.lower()), quality=95
    )
    return path


def _pixels(path: Path) -> np.ndarray:
    """Decoded without the code under test."""
    image = pyvips.Image.new_from_file(str(path))
    return image.numpy().reshape(image.height, image.width, image.bands)


def _writes_bits(path: Path, kind: str, says: str) -> None:
    array = samples.gradient(depth=16)
    wanted = {"yes": array, "as 8 bit": np.rint(array / 257).astype(np.uint8)}[says]
    assert _close(kind, _pixels(_write(path, kind, array)), wanted)


def _writes_8_bit(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    assert _close(kind, _pixels(_write(path, kind, samples.gradient())), samples.gradient())


def _writes_grey(path: Path, kind: str, says: str) -> None:
    array = samples.gradient(bands=1)
    wanted = {"yes": array, "as RGB": array.repeat(3, axis=2)}[says]
    assert _close(kind, _pixels(_write(path, kind, array)), wanted)


def _writes_alpha(path: Path, kind: str, says: str) -> None:
    array = samples.gradient(bands=4)
    opacity = array[:, :, 3:] / 255
    on_white = np.rint(array[:, :, :3] * opacity + 255 * (1 - opacity)).astype(np.uint8)
    wanted = {"yes": array, "on white": on_white}[says]
    assert _close(kind, _pixels(_write(path, kind, array)), wanted)


def _writes_converted(source: str) -> Callable[[Path, str, str], None]:
    def check(path: Path, kind: str, says: str) -> None:
        assert says == "as RGB"
        mode = {"palette": "P", "CMYK": "CMYK"}[source]
        Image.fromarray(samples.gradient()).convert(mode).save(path.with_suffix(".tif"))
        image = read_image(path.with_suffix(".tif"))
        _write(path, kind, image.array)
        assert _pixels(path).shape == (24, 36, 3)

    return check


def _writes_profile(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    profile = samples.wide_gamut_profile()
    with Image.open(_write(path, kind, samples.gradient(), profile=profile)) as picture:
        assert picture.info["icc_profile"] == profile


def _writes_exif(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    metadata = Metadata(exif=samples.exif_block())
    with Image.open(_write(path, kind, samples.gradient(), metadata=metadata)) as picture:
        exif = picture.getexif()
        _assert_exif(exif.tobytes().removeprefix(b"Exif\0\0"), picture.size)
    _assert_exif(read_image(path).metadata.exif, (36, 24))


def _writes_upright(path: Path, kind: str, says: str) -> None:
    assert says == "upright"
    array = samples.gradient()
    exif = Image.Exif()
    exif[Base.Orientation] = 8
    Image.fromarray(array).save(path.with_suffix(".png"), exif=exif.tobytes())
    image = read_image(path.with_suffix(".png"))
    _write(path, kind, image.array, metadata=image.metadata)
    with Image.open(path) as picture:
        assert picture.getexif().get(Base.Orientation, 1) == 1
    assert _close(kind, _pixels(path), np.rot90(array))


def _writes_xmp(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    with Image.open(_write(path, kind, samples.gradient(), metadata=Metadata(xmp=samples.XMP))) as picture:
        found = picture.info.get("xmp") or picture.info["XML:com.adobe.xmp"].encode()
    assert found == samples.XMP


def _writes_dpi(path: Path, kind: str, says: str) -> None:
    assert says == "yes"
    _write(path, kind, samples.gradient(), metadata=Metadata(dpi=(300, 200)))
    with Image.open(path) as picture:
        exif = picture.getexif()
        in_exif = kind in ("JPEG", "WebP")
        stated = (exif[Base.XResolution], exif[Base.YResolution]) if in_exif else picture.info["dpi"]
    assert [float(value) for value in stated] == pytest.approx([300, 200], abs=0.1)
    assert read_image(path).metadata.dpi == pytest.approx((300, 200), abs=0.1)


WRITERS: dict[str, Callable[[Path, str, str], None]] = {
    "8 bit": _writes_8_bit,
    "16 bit": _writes_bits,
    "grey": _writes_grey,
    "alpha": _writes_alpha,
    "palette": _writes_converted("palette"),
    "CMYK": _writes_converted("CMYK"),
    "ICC": _writes_profile,
    "EXIF": _writes_exif,
    "orientation": _writes_upright,
    "XMP": _writes_xmp,
    "DPI": _writes_dpi,
}


@pytest.mark.parametrize(("kind", "column"), list(WRITING))
def test_writing_keeps_what_the_table_says(tmp_path: Path, kind: str, column: str) -> None:
    WRITERS[column](tmp_path / "picture", kind, WRITING[kind, column])

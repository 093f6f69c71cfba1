"""Reading picture files of any supported kind into a PixelImage."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from resshift_desktop.core.imaging import exif, tiff_exif, with_pillow
from resshift_desktop.core.imaging.pixels import Metadata, PixelImage
from resshift_desktop.core.imaging.vips import get_blob, get_number, pyvips
from resshift_desktop.errors import ImageReadError

MAX_PIXELS = 500_000_000
"""Pictures that claim more pixels than this are refused before anything is decoded."""

_KINDS_HINT = "Pictures may be PNG, JPEG, WebP, TIFF, BMP, AVIF or GIF."
_LOADERS = ("png", "jpeg", "webp", "tiff", "heif", "gif")
_CONVERTED = ("cmyk", "lab", "labs")
_SILENT_DPI = ((25.4, 25.4), (72.0, 72.0))


def read_image(path: Path, max_pixels: int = MAX_PIXELS) -> PixelImage:
    """Read one still picture, upright, with 8 or 16 bits per channel.

    RGB and grey pixels come as stored, together with their profile; CMYK and Lab are converted to sRGB.

    Raises:
        ImageReadError: the file is no complete picture of a supported kind, or too large.
    """
    head = _read_head(path)
    try:
        if head[4:12] == b"ftypavis" or _is_animated_png(path, head):
            raise _several_frames(path)
        with path.open("rb") as file:
            if picture := with_pillow.open_header(file, head):
                return _read_with_pillow(path, picture, max_pixels)
        return _read_with_vips(path, max_pixels)
    except MemoryError as error:
        raise ImageReadError(
            f"{path.name} does not fit in memory.", "Close other programs, or use a smaller picture."
        ) from error


def _read_head(path: Path) -> bytes:
    """The first bytes, which tell the kind of file; says why where there are none."""
    try:
        if path.is_dir():
            raise ImageReadError(f"{path.name} is a folder.", "Name a picture file.")
        with path.open("rb") as file:
            head = file.read(32)
    except FileNotFoundError as error:
        raise ImageReadError(f"{path.name} does not exist.", "Check the name and the folder.") from error
    except PermissionError as error:
        raise ImageReadError(f"{path.name} may not be read.", "Check the file's permissions.") from error
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise ImageReadError(f"{path.name[:60]} cannot be opened: {reason}.", "Rename or move it.") from error
    if not head:
        raise ImageReadError(f"{path.name} is empty.", "Copy or download it again.")
    return head


def _read_with_vips(path: Path, max_pixels: int) -> PixelImage:
    image = _open(path)
    _check_size(path, image.width, image.height, max_pixels)
    if get_number(image, "n-pages", 1) > 1:
        raise _several_frames(path)
    if image.interpretation not in _CONVERTED:
        if image.format not in ("uchar", "ushort"):
            raise ImageReadError(
                f"{path.name} holds {image.format} numbers, not 8 or 16 bits per channel.",
                "Save it with 8 or 16 bits per channel first.",
            )
        if image.bands > 4:
            raise ImageReadError(
                f"{path.name} has {image.bands} channels.", "Save it as RGB with one alpha channel at most."
            )
    try:
        return _decode(path, image)
    except pyvips.Error as error:
        raise _damaged(path) from error


def _open(path: Path) -> pyvips.Image:
    """The picture's header; pixels are decoded later, top to bottom.

    Opened as a source because libvips takes "[...]" at the end of a file name for options.
    """
    try:
        source = pyvips.Source.new_from_file(str(path))
        image = pyvips.Image.new_from_source(source, "", access="sequential", fail_on="error")
    except pyvips.Error as error:
        raise ImageReadError(f"{path.name} is damaged, or not a picture.", _KINDS_HINT) from error
    if not str(image.get("vips-loader")).startswith(_LOADERS):
        raise ImageReadError(f"{path.name} is not a kind of picture that can be read.", _KINDS_HINT)
    return image


def _decode(path: Path, image: pyvips.Image) -> PixelImage:
    loader = str(image.get("vips-loader"))
    profile = get_blob(image, "icc-profile-data")
    block = _exif(path, image, loader)
    dpi = _stated_dpi(image.xres * 25.4, image.yres * 25.4)
    if dpi is None and block:  # libvips does not look there in WebP
        dpi = _stated_dpi(*(exif.resolution(block) or (0, 0)))
    metadata = Metadata(block, get_blob(image, "xmp-data"), dpi)
    orientation = get_number(image, "orientation", 1)
    if orientation > 1:
        image = image.copy_memory().autorot()  # turning needs the pixels in any order
    if orientation > 4 and metadata.dpi:
        metadata = replace(metadata, dpi=metadata.dpi[::-1])
    if image.interpretation in _CONVERTED:
        image, profile = _to_srgb(image), None
    array = image.numpy().reshape(image.height, image.width, image.bands)
    if loader.startswith("heif") and array.dtype == np.uint16:
        # libvips shifts 10 and 12 bits up and leaves the low ones zero, so that white is not white.
        array |= array >> get_number(image, "bits-per-sample", 16)
    if profile is not None and not _fits(profile, image.bands):
        profile = None
    return PixelImage(array, profile, metadata)


def _to_srgb(image: pyvips.Image) -> pyvips.Image:
    """CMYK through its own profile, or libvips' where it has none; Lab (D50) by its definition."""
    depth = 16 if image.format == "ushort" or image.interpretation == "labs" else 8
    if image.interpretation == "cmyk":
        return image.icc_transform(
            "srgb",
            embedded=True,
            input_profile="cmyk",
            depth=depth,
            intent="relative",
            black_point_compensation=True,
        )
    return image.colourspace("rgb16" if depth == 16 else "srgb")


def _fits(profile: bytes, bands: int) -> bool:
    """Whether the profile's colour space (ICC.1:2022, 7.2.8) is that of the colour bands."""
    return profile[16:20] == (b"GRAY" if bands < 3 else b"RGB ")


def _exif(path: Path, image: pyvips.Image, loader: str) -> bytes | None:
    block = tiff_exif.extract(path) if loader.startswith("tiff") else get_blob(image, "exif-data")
    return exif.upright(block) if block else None


def _stated_dpi(x_dpi: float, y_dpi: float) -> tuple[float, float] | None:
    """To a tenth, as PNG counts pixels per metre; None for what libraries say where files are silent."""
    dpi = (round(x_dpi, 1), round(y_dpi, 1))
    return None if dpi in _SILENT_DPI or min(dpi) <= 0 else dpi


def _read_with_pillow(path: Path, image: Image.Image, max_pixels: int) -> PixelImage:
    _check_size(path, image.width, image.height, max_pixels)
    array = with_pillow.decode(image)
    if array is None:
        raise _damaged(path)
    block = tiff_exif.extract(path) if image.format == "TIFF" else None
    dpi = _stated_dpi(*map(float, image.info.get("dpi", (0, 0))))
    return PixelImage(array, None, Metadata(exif=exif.upright(block) if block else None, dpi=dpi))


def _is_animated_png(path: Path, head: bytes) -> bool:
    """Whether an acTL chunk comes before the pixels (PNG 3rd edition, 11.3.6.1); libvips overlooks it."""
    if not head.startswith(b"\x89PNG"):
        return False
    with path.open("rb") as file:
        file.seek(8)
        while len(chunk := file.read(8)) == 8 and chunk[4:] != b"IDAT":
            if chunk[4:] == b"acTL":
                return True
            file.seek(int.from_bytes(chunk[:4], "big") + 4, os.SEEK_CUR)
    return False


def _check_size(path: Path, width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise ImageReadError(
            f"{path.name} claims {width} × {height} pixels; at most {max_pixels / 1e6:g} million are read.",
            "Cut it into parts first.",
        )


def _several_frames(path: Path) -> ImageReadError:
    return ImageReadError(
        f"{path.name} holds several pictures (an animation or pages).",
        "Save the one you want as a file of its own.",
    )


def _damaged(path: Path) -> ImageReadError:
    return ImageReadError(f"{path.name} is damaged or incomplete.", "Copy or download it again.")

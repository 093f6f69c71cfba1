"""Reading picture files of any supported kind into a PixelImage."""

import io
import os
import stat
from pathlib import Path

import numpy as np
from PIL import BmpImagePlugin

from resshift_desktop.core.imaging import exif
from resshift_desktop.core.imaging.pixels import Metadata, PixelImage
from resshift_desktop.core.imaging.vips import pyvips
from resshift_desktop.errors import ImageReadError

MAX_PIXELS = 500_000_000
"""Pictures that claim more pixels than this are refused before anything is decoded."""

_FORMATS_HINT = "Pictures may be PNG, JPEG, WebP, TIFF, BMP, AVIF or GIF."
_LOADERS = ("png", "jpeg", "webp", "tiff", "heif", "gif")
_UNKNOWN_DPI = 25.4  # libvips says 1 pixel per mm where the file says nothing


def read_image(path: Path, max_pixels: int = MAX_PIXELS) -> PixelImage:
    """Read one still picture, upright, with 8 or 16 bits per channel.

    RGB and grey pixels come as stored, together with their profile; CMYK and Lab are converted to
    sRGB. Raises ImageReadError for whatever is no complete picture of a supported kind.
    """
    head = _read_head(path)
    try:
        if head.startswith(b"BM"):
            return _read_bmp(path, max_pixels)
        if b"ftypavis" in head[:16] or _is_animated_png(path, head):
            raise _several_frames(path)
        return _read_with_vips(path, max_pixels)
    except MemoryError as error:
        raise ImageReadError(
            f"{path.name} does not fit in memory.", "Close other programs, or use a smaller picture."
        ) from error


def _read_head(path: Path) -> bytes:
    """First bytes of the file. Raises ImageReadError with the reason where there are none."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            raise ImageReadError(f"{path.name} is a folder.", "Give a picture file, or add --recursive.")
        with path.open("rb") as file:
            head = file.read(32)
    except FileNotFoundError as error:
        raise ImageReadError(f"{path.name} does not exist.", "Check the name and the folder.") from error
    except PermissionError as error:
        raise ImageReadError(f"{path.name} may not be read.", "Check the file's permissions.") from error
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise ImageReadError(f"{path.name[:60]} cannot be opened: {reason}.", "Rename or move it.") from error
    if not head:
        raise ImageReadError(f"{path.name} is empty.", "The download or copy may have failed: get it again.")
    return head


def _read_with_vips(path: Path, max_pixels: int) -> PixelImage:
    image = _open(path)
    _check_size(path, image.width, image.height, max_pixels)
    if "n-pages" in image.get_fields() and image.get("n-pages") > 1:
        raise _several_frames(path)
    if image.format not in ("uchar", "ushort") and image.interpretation not in ("lab", "labs"):
        raise ImageReadError(
            f"{path.name} holds {image.format} numbers, not 8 or 16 bits per channel.",
            "Save it with 8 or 16 bits per channel first.",
        )
    try:
        return _decode(image)
    except pyvips.Error as error:
        raise _damaged(path) from error


def _open(path: Path) -> pyvips.Image:
    """The picture's header; pixels are decoded later, top to bottom.

    Opened as a source because libvips reads "[...]" at the end of a file name as options.
    """
    try:
        source = pyvips.Source.new_from_file(str(path))
        image = pyvips.Image.new_from_source(source, "", access="sequential", fail_on="error")
        loader = str(image.get("vips-loader"))
    except pyvips.Error as error:
        raise ImageReadError(f"{path.name} is damaged, or not a picture.", _FORMATS_HINT) from error
    if not loader.startswith(_LOADERS):
        raise ImageReadError(f"{path.name} is not a kind of picture that can be read.", _FORMATS_HINT)
    return image


def _decode(image: pyvips.Image) -> PixelImage:
    fields = image.get_fields()
    profile = image.get("icc-profile-data") if "icc-profile-data" in fields else None
    metadata = _metadata(image)
    if image.get_n_pages() == 1 and "orientation" in fields and image.get("orientation") > 1:
        if image.get("orientation") > 4 and metadata.dpi:
            metadata = Metadata(metadata.exif, metadata.xmp, metadata.iptc, metadata.dpi[::-1])
        image = image.copy_memory().autorot()
    if image.interpretation in ("cmyk", "lab", "labs"):
        image = _to_srgb(image)
        profile = None
    array = image.numpy().reshape(image.height, image.width, image.bands)
    if str(image.get("vips-loader")).startswith("heif") and array.dtype == np.uint16:
        array |= array >> image.get("bits-per-sample")  # libvips leaves the low bits zero: white would not be white
    if profile is not None and not _fits(profile, array.shape[2]):
        profile = None
    return PixelImage(array, profile, metadata)


def _to_srgb(image: pyvips.Image) -> pyvips.Image:
    depth = 8 if image.format == "uchar" else 16
    if image.interpretation == "cmyk":
        return image.icc_transform(
            "srgb", embedded=True, input_profile="cmyk", depth=depth, black_point_compensation=True
        )
    return image.colourspace("rgb16" if depth == 16 else "srgb")


def _fits(profile: bytes, bands: int) -> bool:
    """Whether the profile's colour space (ICC.1 header, bytes 16 to 19) is that of the colour bands."""
    return profile[16:20] == (b"GRAY" if bands < 3 else b"RGB ")


def _metadata(image: pyvips.Image) -> Metadata:
    fields = image.get_fields()
    blocks = {
        name: image.get(f"{name}-data") if f"{name}-data" in fields else None for name in ("exif", "xmp", "iptc")
    }
    dpi = (round(image.xres * 25.4, 2), round(image.yres * 25.4, 2))
    return Metadata(
        exif=exif.upright(blocks["exif"]) if blocks["exif"] else None,
        xmp=blocks["xmp"],
        iptc=blocks["iptc"],
        dpi=None if dpi == (_UNKNOWN_DPI, _UNKNOWN_DPI) else dpi,
    )


def _read_bmp(path: Path, max_pixels: int) -> PixelImage:
    """Windows bitmaps, which libvips does not know; never more than 8 bits per channel."""
    try:
        with path.open("rb") as file, BmpImagePlugin.BmpImageFile(io.BytesIO(file.read())) as picture:
            _check_size(path, picture.width, picture.height, max_pixels)
            dpi = picture.info.get("dpi")
            mode = picture.mode if picture.mode in ("L", "RGB", "RGBA") else "L" if picture.mode == "1" else "RGB"
            array = np.asarray(picture.convert(mode))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _damaged(path) from error
    return PixelImage(array.reshape(*array.shape[:2], -1), None, Metadata(dpi=dpi))


def _is_animated_png(path: Path, head: bytes) -> bool:
    """Whether an acTL chunk comes before the pixels (APNG specification); libvips overlooks it."""
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
            f"{path.name} claims {width} × {height} pixels, more than the {max_pixels // 1_000_000} million allowed.",
            "Cut it into parts first.",
        )


def _several_frames(path: Path) -> ImageReadError:
    return ImageReadError(
        f"{path.name} holds several pictures (an animation or pages).",
        "Save the one you want as a file of its own.",
    )


def _damaged(path: Path) -> ImageReadError:
    return ImageReadError(f"{path.name} is damaged or incomplete.", "Copy or download it again.")

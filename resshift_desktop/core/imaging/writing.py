"""Writing a PixelImage to a file: to a temporary name, read back, then renamed."""

import errno
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np

from resshift_desktop.core.imaging import tiff_exif
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.imaging.pixels import Metadata, PixelImage
from resshift_desktop.core.imaging.verify import verify
from resshift_desktop.core.imaging.vips import pyvips
from resshift_desktop.errors import ImageWriteError

MAX_SIDE = {ImageFormat.JPEG: 65535, ImageFormat.WEBP: 16383}
"""Pixels a side that the formats can count; the others hold more than can be computed."""

_UNSTATED_DPI = (72.0, 72.0)
_BIG_TIFF_BYTES = 4_000_000_000
_LIBRARY_ERRORS = (errno.ENOSPC, errno.EFBIG, errno.EIO)


def write_image(
    path: Path, image: PixelImage, image_format: ImageFormat, quality: int = 90, overwrite: bool = False
) -> None:
    """Write `image` to `path`, which appears only once it is complete and has been read back.

    quality: 1 to 100 for JPEG and WebP; WebP is lossless at 100. Both hold 8 bits per channel, and
    JPEG shows transparent parts on white. Memory in use does not grow with a `np.memmap`.
    Raises ImageWriteError where the file exists (unless `overwrite`), cannot be written, or does not
    read back as what was written; nothing is left behind then.
    """
    _check_sides(path, image, image_format)
    part = path.with_name(f".resshift-{uuid4().hex}.part")  # short: the name itself may be at the limit
    with _told_to_people(path):
        if not overwrite:
            _check_absent(path)
        part.open("xb").close()
        try:
            picture = _encodable(image, image_format)
            _encode(_with_metadata(picture, image, image_format), part, image_format, quality)
            if image_format is ImageFormat.TIFF and image.metadata.exif:
                tiff_exif.attach(part, image.metadata.exif, (image.width, image.height))
            _sync(part)
            verify(part, picture, is_lossless(image_format, quality))
            _publish(part, path, overwrite)
        finally:
            part.unlink(missing_ok=True)


def is_lossless(image_format: ImageFormat, quality: int) -> bool:
    """Whether every pixel value (of the format's depth) is kept."""
    return image_format in (ImageFormat.PNG, ImageFormat.TIFF) or (
        image_format is ImageFormat.WEBP and quality == 100
    )


def _encodable(image: PixelImage, image_format: ImageFormat) -> pyvips.Image:
    """The picture in the depth and bands that the format can hold."""
    picture = _as_vips(image)
    top = 2**image.depth - 1
    if image_format is ImageFormat.JPEG and picture.hasalpha():
        picture = picture.flatten(background=[top])
    if image_format in (ImageFormat.JPEG, ImageFormat.WEBP) and image.depth == 16:
        rounded = picture.linear(255 / top, 0.5).cast("uchar")
        picture = rounded.copy(interpretation="b-w" if image.is_grey else "srgb")
    if image_format is ImageFormat.WEBP and image.is_grey:
        picture = _grey_to_rgb(picture, image.profile)
    return picture


def _as_vips(image: PixelImage) -> pyvips.Image:
    array = image.array
    layout = {
        "format": "uchar" if image.depth == 8 else "ushort",
        "interpretation": {8: ("srgb", "b-w"), 16: ("rgb16", "grey16")}[image.depth][image.is_grey],
    }
    height, width, bands = array.shape
    if isinstance(array, np.memmap) and isinstance(array.base, mmap.mmap) and array.mode != "c":
        # The whole of a raw file: libvips walks through it and keeps only a window in memory.
        if array.mode != "r":
            array.flush()
        return pyvips.Image.rawload(str(array.filename), width, height, bands, offset=array.offset, **layout)
    pixels = np.ascontiguousarray(array)
    picture = pyvips.Image.new_from_memory(pixels, width, height, bands, layout["format"])
    return picture.copy(interpretation=layout["interpretation"])


def _grey_to_rgb(picture: pyvips.Image, profile: bytes | None) -> pyvips.Image:
    """sRGB of 8-bit grey, through its profile if it has one: WebP knows neither grey nor grey profiles."""
    if profile is None:
        return picture.colourspace("srgb")
    picture = picture.copy()
    picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    converted = picture.icc_transform("srgb", embedded=True, intent="relative")
    converted.remove("icc-profile-data")
    return converted


def _with_metadata(picture: pyvips.Image, image: PixelImage, image_format: ImageFormat) -> pyvips.Image:
    x_dpi, y_dpi = image.metadata.dpi or _UNSTATED_DPI
    picture = picture.copy(xres=x_dpi / 25.4, yres=y_dpi / 25.4)
    profile = None if image_format is ImageFormat.WEBP and image.is_grey else image.profile
    blocks = {
        "icc-profile-data": profile,
        "exif-data": image.metadata.exif,
        "xmp-data": image.metadata.xmp,
    }
    for name, block in blocks.items():
        if block is not None:
            picture.set_type(pyvips.GValue.blob_type, name, block)
    if profile is None and image.metadata.exif is None:
        picture.set_type(pyvips.GValue.gstr_type, "exif-ifd2-ColorSpace", "1")  # else "uncalibrated"
    return picture


def _encode(picture: pyvips.Image, part: Path, image_format: ImageFormat, quality: int) -> None:
    kept = "icc|xmp|other"
    needs_exif = image_format in (ImageFormat.JPEG, ImageFormat.WEBP) and abs(picture.xres * 25.4 - 72) > 0.05
    if "exif-data" in picture.get_fields() or needs_exif:  # they have no other place for the resolution
        kept += "|exif"
    name = str(part)
    match image_format:
        case ImageFormat.PNG:
            # Nearly the smallest at three times the speed of the default level; see docs/formats.md.
            picture.pngsave(name, compression=2, filter="up", keep=kept)
        case ImageFormat.JPEG:
            picture.jpegsave(name, Q=quality, subsample_mode="off" if quality >= 90 else "on", keep=kept)
        case ImageFormat.WEBP:
            lossless = is_lossless(image_format, quality)
            picture.webpsave(name, Q=quality, lossless=lossless, exact=True, effort=2, keep=kept)
        case ImageFormat.TIFF:
            raw_bytes = picture.width * picture.height * picture.bands * (2 if picture.format == "ushort" else 1)
            picture.tiffsave(
                name,
                compression="deflate",
                predictor="horizontal",
                bigtiff=raw_bytes > _BIG_TIFF_BYTES,
                keep=kept,
            )


def _sync(part: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _publish(part: Path, path: Path, overwrite: bool) -> None:
    """Give the finished file its name at once, in a race too."""
    if overwrite:
        part.replace(path)
        return
    try:
        path.hardlink_to(part)  # fails where the name is taken
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: take the name first, then fill it
        path.open("xb").close()
        part.replace(path)


def _check_absent(path: Path) -> None:
    try:
        path.lstat()
    except FileNotFoundError:
        return
    raise FileExistsError(errno.EEXIST, "exists")


def _check_sides(path: Path, image: PixelImage, image_format: ImageFormat) -> None:
    limit = MAX_SIDE.get(image_format)
    if limit and max(image.width, image.height) > limit:
        raise ImageWriteError(
            f"{path.name} cannot be {image_format.upper()}: {image.width} × {image.height} is more than "
            f"{limit} pixels a side.",
            "Write it as PNG or TIFF.",
        )


@contextmanager
def _told_to_people(path: Path) -> Iterator[None]:
    """Turn what the system and the libraries raise into ImageWriteError."""
    try:
        yield
    except OSError as error:
        raise _write_error(path, error.errno, str(error.strerror or error)) from error
    except pyvips.Error as error:
        detail = str(error.detail)
        code = next((code for code in _LIBRARY_ERRORS if os.strerror(code) in detail), None)
        raise _write_error(path, code, detail.strip().splitlines()[0] if detail.strip() else "") from error


def _write_error(path: Path, code: int | None, reason: str) -> ImageWriteError:
    name, folder = path.name[:80], path.parent
    match code:
        case errno.EEXIST:
            return ImageWriteError(f"{name} exists already.", "Choose another name, or add --overwrite.")
        case errno.ENOSPC | errno.EDQUOT:
            return ImageWriteError(f"The disk is full: {name} was not written.", "Free some space, or choose another disk.")
        case errno.EFBIG:
            return ImageWriteError(f"{name} is larger than this disk allows.", "Choose another disk, or a smaller size.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return ImageWriteError(f"The folder {folder} may not be written to.", "Choose another folder.")
        case errno.ENOENT | errno.ENOTDIR:
            return ImageWriteError(f"The folder {folder} does not exist.", "Make it first, or choose another folder.")
        case errno.EISDIR:
            return ImageWriteError(f"{name} is a folder.", "Choose another name.")
        case errno.ENAMETOOLONG:
            return ImageWriteError(f"The name {name[:40]}… is too long.", "Choose a shorter name.")
        case _:
            return ImageWriteError(f"{name} could not be written: {reason}.", "Try another folder or format.")

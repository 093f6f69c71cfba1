"""Writing a PixelImage to a file: to a temporary name, read back, then renamed."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from resshift_desktop.core.imaging import tiff_exif
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.imaging.pixels import Metadata, PixelImage
from resshift_desktop.core.imaging.verify import verify
from resshift_desktop.core.imaging.vips import as_vips, pyvips, set_blob
from resshift_desktop.errors import ImageWriteError

MAX_SIDE = {ImageFormat.JPEG: 65535, ImageFormat.WEBP: 16383}
"""Pixels a side that the formats can count; the others hold more than can be computed."""

_UNSTATED_DPI = (72.0, 72.0)
_DPI_IN_EXIF = (ImageFormat.JPEG, ImageFormat.WEBP)  # as libvips writes them
_CLASSIC_TIFF_BYTES = 4_000_000_000
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


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
            complete = _with_metadata(picture, image, image_format)
            _encode(complete, part, image_format, quality, image.metadata)
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
    picture = as_vips(image)
    top = 2**image.depth - 1
    if image_format is ImageFormat.JPEG and picture.hasalpha():
        picture = picture.flatten(background=[top])
    if image_format in (ImageFormat.JPEG, ImageFormat.WEBP) and image.depth == 16:
        rounded = picture.linear([255 / top], [0.5]).cast("uchar")
        picture = rounded.copy(interpretation="b-w" if image.is_grey else "srgb")
    if image_format is ImageFormat.WEBP and image.is_grey:
        picture = _grey_to_rgb(picture, image.profile)
    return picture


def _grey_to_rgb(picture: pyvips.Image, profile: bytes | None) -> pyvips.Image:
    """sRGB of 8-bit grey, through its profile if it has one: WebP knows neither grey nor grey profiles."""
    if profile is None:
        return picture.colourspace("srgb")
    picture = picture.copy()
    set_blob(picture, "icc-profile-data", profile)
    converted = picture.icc_transform("srgb", embedded=True, intent="relative").copy()
    converted.remove("icc-profile-data")
    return converted


def _with_metadata(picture: pyvips.Image, image: PixelImage, image_format: ImageFormat) -> pyvips.Image:
    """The picture with the blocks to be written beside it, and no others."""
    metadata = image.metadata
    x_dpi, y_dpi = metadata.dpi or _UNSTATED_DPI
    picture = picture.copy(xres=x_dpi / 25.4, yres=y_dpi / 25.4)
    blocks = {"exif-data": metadata.exif, "xmp-data": metadata.xmp}
    if not (image_format is ImageFormat.WEBP and image.is_grey):
        blocks["icc-profile-data"] = image.profile
    for name, block in blocks.items():
        if block is not None:
            set_blob(picture, name, block)
    if metadata.exif is None and image.profile is None:
        # libvips would have the EXIF block it makes for the resolution say "uncalibrated".
        picture.set_type(pyvips.GValue.gstr_type, "exif-ifd2-ColorSpace", "1")
    return picture


def _encode(
    picture: pyvips.Image, part: Path, image_format: ImageFormat, quality: int, metadata: Metadata
) -> None:
    name = str(part)
    kept = pyvips.ForeignKeep.ICC | pyvips.ForeignKeep.XMP
    if metadata.exif or (metadata.dpi and image_format in _DPI_IN_EXIF):
        kept |= pyvips.ForeignKeep.EXIF
    match image_format:
        case ImageFormat.PNG:
            # Twice to three times as fast as libvips' defaults, files about 5 % larger.
            picture.pngsave(name, compression=2, filter=pyvips.ForeignPngFilter.UP, keep=kept)
        case ImageFormat.JPEG:
            subsampling = "off" if quality >= 90 else "on"
            picture.jpegsave(name, Q=quality, subsample_mode=subsampling, keep=kept)
        case ImageFormat.WEBP if quality == 100:
            # Here Q means effort: ten times as fast as more, files about 8 % larger.
            picture.webpsave(name, Q=0, lossless=True, effort=0, exact=True, keep=kept)
        case ImageFormat.WEBP:
            picture.webpsave(name, Q=quality, effort=2, exact=True, keep=kept)
        case ImageFormat.TIFF:
            num_bytes = picture.width * picture.height * picture.bands
            num_bytes *= 2 if picture.format == "ushort" else 1
            big = num_bytes > _CLASSIC_TIFF_BYTES
            picture.tiffsave(name, compression="deflate", predictor="horizontal", bigtiff=big, keep=kept)


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
        code = next((code for code in _DISK_ERRORS if os.strerror(code) in detail), None)
        if code is None and "webpsave: unable to encode" in detail:  # 512 kB for what is known of all blocks
            raise ImageWriteError(
                f"{path.name} is too large or too detailed for lossy WebP.", "Write it as JPEG or PNG."
            ) from error
        raise _write_error(path, code, detail.strip().splitlines()[0] if detail.strip() else "") from error


def _write_error(path: Path, code: int | None, reason: str) -> ImageWriteError:
    name, folder = path.name[:80], path.parent
    match code:
        case errno.EEXIST:
            title, hint = f"{name} exists already.", "Choose another name, or add --overwrite."
        case errno.ENOSPC | errno.EDQUOT:
            title, hint = f"The disk is full: {name} was not written.", "Make room, or choose another disk."
        case errno.EFBIG:
            title, hint = (
                f"{name} is larger than this disk allows.",
                "Choose another disk, or a smaller size.",
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            title, hint = f"The folder {folder} may not be written to.", "Choose another folder."
        case errno.ENOENT | errno.ENOTDIR:
            title, hint = f"The folder {folder} does not exist.", "Make it first, or choose another folder."
        case errno.EISDIR:
            title, hint = f"{name} is a folder.", "Choose another name."
        case errno.ENAMETOOLONG:
            title, hint = f"The name {path.name[:40]}… is too long.", "Choose a shorter name."
        case _:
            title, hint = f"{name} could not be written: {reason}.", "Choose another folder or format."
    return ImageWriteError(title, hint)

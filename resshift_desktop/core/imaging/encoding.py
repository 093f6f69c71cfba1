"""PixelImage to the bytes of each format, by libvips, streaming."""

from pathlib import Path

from resshift_desktop.core.imaging import tiff_exif
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.vips import as_vips, pyvips, set_blob

_UNSTATED_DPI = (72.0, 72.0)
_DPI_IN_EXIF = (ImageFormat.JPEG, ImageFormat.WEBP)  # as libvips writes them
_CLASSIC_TIFF_BYTES = 4_000_000_000


def is_lossless(image_format: ImageFormat, quality: int) -> bool:
    """Whether every pixel value (of the format's depth) is kept."""
    return image_format in (ImageFormat.PNG, ImageFormat.TIFF) or (
        image_format is ImageFormat.WEBP and quality == 100
    )


def encodable(image: PixelImage, image_format: ImageFormat) -> pyvips.Image:
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
    picture.set_type(pyvips.GValue.gint_type, "orientation", 1)  # whatever a damaged block says
    if metadata.exif is None and image.profile is None:
        # libvips would have the EXIF block it makes for the resolution say "uncalibrated".
        picture.set_type(pyvips.GValue.gstr_type, "exif-ifd2-ColorSpace", "1")
    return picture


def encode(
    picture: pyvips.Image, path: Path, image: PixelImage, image_format: ImageFormat, quality: int
) -> None:
    """Write `picture`, which `encodable` made of `image`, with the image's metadata.

    Raises:
        pyvips.Error, OSError: the file could not be written.
    """
    metadata = image.metadata
    picture = _with_metadata(picture, image, image_format)
    name = str(path)
    kept = pyvips.ForeignKeep.ICC | pyvips.ForeignKeep.XMP
    if metadata.exif or (metadata.dpi and image_format in _DPI_IN_EXIF):
        kept |= pyvips.ForeignKeep.EXIF
    match image_format:
        case ImageFormat.PNG:
            # 25 MP/s a core on photographs; level 6 takes over four times as long for a fifth less.
            picture.pngsave(name, compression=2, filter=pyvips.ForeignPngFilter.UP, keep=kept)
        case ImageFormat.JPEG:
            subsampling = "off" if quality >= 90 else "on"
            picture.jpegsave(name, Q=quality, subsample_mode=subsampling, keep=kept)
        case ImageFormat.WEBP if quality == 100:
            # Here Q means effort: ten times as fast as the most, files about a tenth larger.
            picture.webpsave(name, Q=0, lossless=True, effort=0, exact=True, keep=kept)
        case ImageFormat.WEBP:
            picture.webpsave(name, Q=quality, effort=2, exact=True, keep=kept)
        case ImageFormat.TIFF:
            num_bytes = picture.width * picture.height * picture.bands
            num_bytes *= 2 if picture.format == "ushort" else 1
            big = num_bytes > _CLASSIC_TIFF_BYTES
            picture.tiffsave(name, compression="deflate", predictor="horizontal", bigtiff=big, keep=kept)
            if metadata.exif:
                tiff_exif.attach(path, metadata.exif, (picture.width, picture.height))

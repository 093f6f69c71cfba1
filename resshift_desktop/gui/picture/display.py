"""Picture files to pixels as the screen wants them."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColorSpace

from resshift_desktop.core.imaging.files import MAX_PIXELS, read_image
from resshift_desktop.core.imaging.vips import as_vips, get_blob, get_number, pyvips, set_blob

STREAMED_PIXELS = 24_000_000
"""Pictures with more pixels are decoded strip by strip where that is possible."""

_PLAIN_LOADERS = ("png", "jpeg", "tiff", "webp")
_PLAIN_KINDS = ("srgb", "rgb16", "b-w", "grey16")


@dataclass(frozen=True, eq=False)
class DisplayPixels:
    """A picture in the screen's colours, still to be computed.

    image: 4 bands of 8 bits, blue, green, red, alpha; colour is premultiplied with alpha.
    """

    image: pyvips.Image
    is_transparent: bool


def open_for_display(path: Path, screen_profile: Path | None) -> DisplayPixels:
    """The picture in a file, to be shown on a screen.

    Large plain pictures are decoded from top to bottom while they are computed; all others are in memory.

    Args:
        screen_profile: file with the screen's ICC profile; None means sRGB.

    Raises:
        ImageReadError: the file is no complete picture of a supported kind, or too large.
    """
    return _for_screen(_stream(path) or _read(path), screen_profile)


def _read(path: Path) -> pyvips.Image:
    image = read_image(path)
    picture = as_vips(image)
    if image.profile is not None:
        set_blob(picture, "icc-profile-data", image.profile)
    return picture


def _stream(path: Path) -> pyvips.Image | None:
    """A large picture whose pixels need nothing done that read_image does; None for all others."""
    try:
        source = pyvips.Source.new_from_file(str(path))
        image = pyvips.Image.new_from_source(source, "", access="sequential", fail_on="error")
    except pyvips.Error:
        return None  # read_image finds the words
    is_plain = (
        str(image.get("vips-loader")).startswith(_PLAIN_LOADERS)
        and image.interpretation in _PLAIN_KINDS
        and image.format in ("uchar", "ushort")
        and image.bands <= 4
        and get_number(image, "orientation", 1) <= 1
        and get_number(image, "n-pages", 1) == 1
    )
    return image if is_plain and STREAMED_PIXELS < image.width * image.height <= MAX_PIXELS else None


def _for_screen(image: pyvips.Image, screen_profile: Path | None) -> DisplayPixels:
    colour = _to_screen_colours(image.extract_band(0, n=1 if image.bands < 3 else 3), screen_profile)
    if image.bands not in (2, 4):
        return DisplayPixels(colour[2].bandjoin([colour[1], colour[0], 255]), is_transparent=False)
    alpha = _to_8_bits(image[image.bands - 1])
    colour = (colour * (alpha / 255)).rint().cast("uchar")
    return DisplayPixels(colour[2].bandjoin([colour[1], colour[0], alpha]), is_transparent=True)


def _to_screen_colours(colour: pyvips.Image, screen_profile: Path | None) -> pyvips.Image:
    """1 or 3 bands to 3 bands of 8 bits, red, green, blue."""
    profile = get_blob(colour, "icc-profile-data")
    if profile is not None and (_is_srgb(profile) or (profile[16:20] == b"GRAY") != (colour.bands == 1)):
        profile = None
    if profile is None and colour.bands == 1:
        colour = colour.bandjoin([colour, colour])
        colour = colour.copy(interpretation="srgb" if colour.format == "uchar" else "rgb16")
    if profile is None and screen_profile is None:
        return _to_8_bits(colour)
    return colour.icc_transform(
        "srgb" if screen_profile is None else str(screen_profile),
        embedded=profile is not None,
        input_profile="srgb",
        depth=8,
        intent="relative",
        black_point_compensation=True,
    )


def _is_srgb(profile: bytes) -> bool:
    """Most files' profile, with which there is nothing to convert and much time to save."""
    space, srgb = QColorSpace.fromIccProfile(profile), QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    return (space.primaries(), space.transferFunction()) == (srgb.primaries(), srgb.transferFunction())


def _to_8_bits(bands: pyvips.Image) -> pyvips.Image:
    return (bands / 257).rint().cast("uchar") if bands.format == "ushort" else bands

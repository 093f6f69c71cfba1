"""Pictures, profiles and metadata blocks to make real files from."""

import struct

import numpy as np
import pyvips
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational


def noise(height: int = 24, width: int = 36, bands: int = 3, depth: int = 8, seed: int = 0) -> np.ndarray:
    """(h, w, bands) uint8 or uint16, every value equally likely."""
    dtype = np.uint8 if depth == 8 else np.uint16
    return np.random.default_rng(seed).integers(0, 2**depth, (height, width, bands), dtype=dtype)


def gradient(height: int = 24, width: int = 36, bands: int = 3, depth: int = 8) -> np.ndarray:
    """(h, w, bands), smooth: lossy formats keep it to a few levels. Differs at every corner."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    planes = [0.1 + 0.6 * x + 0.2 * y, 0.8 - 0.5 * y, 0.3 + 0.4 * x * y, 0.2 + 0.3 * x + 0.4 * y][:bands]
    dtype = np.uint8 if depth == 8 else np.uint16
    return np.stack([np.rint(plane * (2**depth - 1)) for plane in planes], axis=2).astype(dtype)


def vips_image(array: np.ndarray) -> pyvips.Image:
    grey, deep = array.shape[2] < 3, array.dtype == np.uint16
    interpretation = {(0, 0): "srgb", (0, 1): "rgb16", (1, 0): "b-w", (1, 1): "grey16"}[grey, deep]
    return pyvips.Image.new_from_array(array).copy(interpretation=interpretation)


def wide_gamut_profile() -> bytes:
    """Display P3."""
    return pyvips.Image.profile_load("p3")


def cmyk_profile() -> bytes:
    return pyvips.Image.profile_load("cmyk")


def grey_profile(gamma: float) -> bytes:
    """A monochrome ICC v2 profile with a power curve (ICC.1:2001-04, 6.3.1.1)."""
    text = b"grey\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))
    tags, data = b"", b""
    start = 128 + 4 + 3 * 12
    for name, element in ((b"desc", description), (b"wtpt", white), (b"kTRC", curve)):
        tags += name + struct.pack(">II", start + len(data), len(element))
        data += element + bytes(-len(element) % 4)
    header = struct.pack(
        ">I4s4s4s4s4s", start + len(data), bytes(4), b"\2\x10\0\0", b"mntr", b"GRAY", b"XYZ "
    )
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", 3) + tags + data


MAKER_NOTE = b"ACME\0\1" + bytes(range(200))
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>"


def exif_block(orientation: int = 1) -> bytes:
    """A camera's EXIF, without the prefix."""
    exif = Image.Exif()
    exif[Base.Make] = "Acme"
    exif[Base.Orientation] = orientation
    exif[Base.Copyright] = "Someone"
    photo = exif.get_ifd(IFD.Exif)
    photo[Base.ExposureTime] = IFDRational(1, 125)
    photo[Base.LensModel] = "50 mm"
    photo[Base.MakerNote] = MAKER_NOTE
    photo[Base.ExifImageWidth], photo[Base.ExifImageHeight] = 4000, 3000
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (48.0, 8.0, 1.5)
    return exif.tobytes().removeprefix(b"Exif\0\0")


def load_exif(block: bytes | None) -> Image.Exif:
    assert block is not None
    exif = Image.Exif()
    exif.load(b"Exif\0\0" + block)
    return exif


def bitmap_with_alpha(array: np.ndarray) -> bytes:
    """A BMP of (h, w, 4) RGBA with a BITMAPV4HEADER that tells where alpha is; Pillow writes none."""
    height, width = array.shape[:2]
    masks = struct.pack("<4I", 0x00FF0000, 0x0000FF00, 0x000000FF, 0xFF000000)
    header = struct.pack("<IiiHHIIiiII", 108, width, height, 1, 32, 3, 0, 0, 0, 0, 0) + masks
    pixels = array[::-1, :, [2, 1, 0, 3]].tobytes()
    return struct.pack("<2sIHHI", b"BM", 122 + len(pixels), 0, 0, 122) + header.ljust(108, b"\0") + pixels

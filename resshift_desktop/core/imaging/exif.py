"""EXIF blocks (CIPA DC-008): a small TIFF file inside the picture file.

A block is changed in place, byte for byte, so maker notes and their offsets stay as they are.
"""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from PIL.ExifTags import Base

PREFIX = b"Exif\0\0"
_DAMAGE = (struct.error, SyntaxError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
_UNITS_PER_INCH = {2: 1.0, 3: 2.54}


def upright(block: bytes) -> bytes | None:
    """The block without prefix, its orientation tag set to 1 and its thumbnail unlinked.

    A thumbnail would go on showing the old picture. None where the block is no EXIF.
    """
    data = bytearray(block.removeprefix(PREFIX))
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(data[:4]))
    if order is None:
        return None
    try:
        (ifd0,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, ifd0)
        for entry in range(ifd0 + 2, ifd0 + 2 + 12 * count, 12):
            (tag,) = struct.unpack_from(f"{order}H", data, entry)
            if tag == Base.Orientation:  # one SHORT, held in the entry itself
                struct.pack_into(f"{order}H", data, entry + 8, 1)
        struct.pack_into(f"{order}I", data, ifd0 + 2 + 12 * count, 0)
    except struct.error:
        return None
    return bytes(data)


def resolution(block: bytes) -> tuple[float, float] | None:
    """Pixels per inch (x, y) as stated in a block; None where it states none."""
    tags = Image.Exif()
    with damage_passed_over():
        tags.load(PREFIX + block)
        factor = _UNITS_PER_INCH[tags.get(Base.ResolutionUnit, 2)]
        return float(tags[Base.XResolution]) * factor, float(tags[Base.YResolution]) * factor
    return None


@contextmanager
def damage_passed_over(*more: type[Exception]) -> Iterator[None]:
    """EXIF in the wild is often damaged; the picture is what counts. `more`: other signs of damage."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (*_DAMAGE, *more):
        pass

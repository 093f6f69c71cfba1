"""EXIF blocks (CIPA DC-008): a small TIFF file inside the picture file.

A block is changed in place, byte for byte, so maker notes and their offsets stay as they are.
"""

import struct

PREFIX = b"Exif\0\0"
_ORIENTATION = 0x0112


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
            if tag == _ORIENTATION:  # one SHORT, held in the entry itself
                struct.pack_into(f"{order}H", data, entry + 8, 1)
        struct.pack_into(f"{order}I", data, ifd0 + 2 + 12 * count, 0)
    except struct.error:
        return None
    return bytes(data)

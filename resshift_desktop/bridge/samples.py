"""Pixels of host programs, changed in place as bytes: red and blue swapped, the alpha lowered.

Plugins carry a copy of this file: standard library only, Python 3.9.
"""

from __future__ import annotations

import struct

from .protocol import SAMPLE_BYTES

_FORMATS = {"u8": "<B", "u16": "<H", "f16": "<e", "f32": "<f"}
_BLOCK = 1 << 20


def swap_red_and_blue(pixels: bytearray, sample: str) -> None:
    """RGBA to BGRA and back.

    In blocks: while it copies bytes Python lets no other thread run, the host's own neither.
    """
    num_bytes = SAMPLE_BYTES[sample]
    for start in range(0, len(pixels), _BLOCK):
        block = pixels[start : start + _BLOCK]
        for byte in range(num_bytes):
            blue, red = (slice(byte + channel * num_bytes, None, 4 * num_bytes) for channel in (0, 2))
            block[blue], block[red] = block[red], block[blue]
        pixels[start : start + _BLOCK] = block


def fade(pixels: bytearray, opacity: bytes, channels: int, sample: str) -> None:
    """Multiply the alpha, the last of the channels, by a byte for each pixel: 255 leaves it as it is."""
    alpha = struct.Struct(_FORMATS[sample])
    for pixel, level in enumerate(opacity):
        if level < 255:
            place = ((pixel + 1) * channels - 1) * alpha.size
            faded = alpha.unpack_from(pixels, place)[0] * level / 255
            alpha.pack_into(pixels, place, round(faded) if sample[0] == "u" else faded)

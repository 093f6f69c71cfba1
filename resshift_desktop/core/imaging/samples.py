"""Pixels of a host program to a PixelImage and back, a block at a time.

8 bits in sRGB stay as they are, bit for bit. Everything else becomes 16 bits per channel, encoded with the
sRGB curve, and comes back in the sample type and transfer that it was given in. What float samples hold
outside [0, 1], highlights and wide gamut, is kept beside the picture and added to the result.

What is lost: floats are rounded to 1/65535 of the encoded range (half that at most), so sRGB-encoded
half floats come back exactly from 2**-5 up and linear ones from 2**-9 up. Linear 16-bit integers come back
exactly up to a quarter of white, above within one level: there the curve has fewer levels than they.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from resshift_desktop.core.imaging.mapped import give_back_pages
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.vips import pyvips, streaming
from resshift_desktop.errors import ImageReadError, ImageWriteError

SampleType = Literal["u8", "u16", "f16", "f32"]
Transfer = Literal["srgb", "linear"]

BLOCK_BYTES = 1 << 20
"""About as much as is worth holding in memory at a time."""

_TOP = 65535
_LARGEST_HALF = 65504.0


@dataclass(frozen=True)
class SampleFormat:
    """How a host's pixels lie in memory: row by row, little endian, straight alpha last.

    `channels` 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. Alpha is never encoded with a curve.
    """

    sample: SampleType
    transfer: Transfer
    channels: int

    @property
    def dtype(self) -> np.dtype:
        return np.dtype({"u8": "<u1", "u16": "<u2", "f16": "<f2", "f32": "<f4"}[self.sample])

    @property
    def bytes_per_pixel(self) -> int:
        return self.channels * self.dtype.itemsize

    @property
    def colours(self) -> int:
        """Bands of colour, without alpha."""
        return 1 if self.channels < 3 else 3

    @property
    def is_float(self) -> bool:
        return self.sample in ("f16", "f32")

    @property
    def is_stored(self) -> bool:
        """Whether PixelImage holds these samples unchanged."""
        return self.transfer == "srgb" and not self.is_float

    @property
    def stored_dtype(self) -> np.dtype:
        """uint8 or uint16, as the PixelImage has it."""
        return np.dtype(np.uint8 if self.sample == "u8" and self.is_stored else np.uint16)


@dataclass(frozen=True)
class Excess:
    """What of a picture lies outside [0, 1]: a raw file of (height, width, bands) float32, sRGB-encoded."""

    path: Path
    width: int
    height: int
    bands: int


class PixelIntake:
    """Takes a host's picture block by block into raw files in `folder`."""

    def __init__(self, layout: SampleFormat, width: int, height: int, folder: Path) -> None:
        """Raises ImageWriteError where the file cannot be made."""
        self._layout = layout
        self._width, self._height = width, height
        self._path = folder / "input.raw"
        self._excess = Excess(folder / "excess.raw", width, height, layout.colours)
        self._pixels = 0
        self._has_excess = False
        with _disk_errors_in_words():
            self._path.write_bytes(b"")

    def write(self, block: bytes | memoryview) -> None:
        """Add the next pixels, as they come; `block` holds whole ones.

        Raises:
            ImageReadError: a sample is no number, or infinite.
            ImageWriteError: the disk is full.
        """
        layout = self._layout
        samples = np.frombuffer(block, layout.dtype).reshape(-1, layout.channels)
        if layout.is_stored:
            levels = samples
        elif layout.is_float:
            levels = self._levels_of_floats(samples)
        else:
            levels = np.empty(samples.shape, np.uint16)
            colours = layout.colours
            levels[:, :colours] = _to_levels(layout.sample, layout.transfer)[samples[:, :colours]]
            levels[:, colours:] = _to_levels(layout.sample, "srgb")[samples[:, colours:]]
        with _disk_errors_in_words(), self._path.open("ab") as file:
            file.write(levels.data)
        self._pixels += len(samples)

    def finish(self) -> tuple[PixelImage, Excess | None]:
        """The picture, mapped from its file, and what did not fit into it.

        Raises:
            ValueError: pixels are missing.
        """
        if self._pixels != self._width * self._height:
            raise ValueError(f"{self._pixels} pixels of {self._width} x {self._height}")
        shape = (self._height, self._width, self._layout.channels)
        array = np.memmap(self._path, self._layout.stored_dtype, mode="r+", shape=shape)
        return PixelImage(array), self._excess if self._has_excess else None

    def _levels_of_floats(self, samples: np.ndarray) -> np.ndarray:
        values = samples.astype(np.float32)
        if not np.isfinite(values).all():
            raise ImageReadError(
                "The picture holds samples that are no numbers, or infinite.",
                "Replace them (NaN, Inf) in the program that sent the picture.",
            )
        colour = values[:, : self._layout.colours]
        outside = (colour < 0) | (colour > 1)
        if self._layout.transfer == "linear":
            colour[:] = encode_srgb(colour)
        if outside.any():
            beyond = np.where(outside, colour - np.clip(colour, 0, 1), 0)
            self._write_excess(np.clip(beyond, -_LARGEST_HALF, _LARGEST_HALF))
        return np.rint(np.clip(values, 0, 1) * np.float32(_TOP)).astype(np.uint16)

    def _write_excess(self, beyond: np.ndarray) -> None:
        excess = self._excess
        with _disk_errors_in_words():
            if not self._has_excess:
                with excess.path.open("wb") as file:
                    file.truncate(excess.width * excess.height * excess.bands * 4)  # a hole: reads as zeros
                self._has_excess = True
            with excess.path.open("r+b") as file:
                file.seek(self._pixels * excess.bands * 4)
                file.write(np.ascontiguousarray(beyond, np.float32).data)


def resize_excess(
    excess: Excess, width: int, height: int, path: Path, cancel: Callable[[], bool] = lambda: False
) -> Excess:
    """`excess` at the size of the result, bicubic (Catmull-Rom), in a raw file at `path`.

    Raises:
        ImageWriteError: the file cannot be written.
        Cancelled: `cancel`, which is asked meanwhile, said so.
    """
    if (width, height) == (excess.width, excess.height):
        return excess
    source = pyvips.Image.rawload(
        str(excess.path),
        excess.width,
        excess.height,
        excess.bands,
        format="float",
        interpretation="multiband",
    )
    resized = source.resize(width / excess.width, vscale=height / excess.height, kernel="cubic")
    with _disk_errors_in_words(), streaming(resized, None, cancel) as rows:
        rows.rawsave(str(path))
    return Excess(path, width, height, excess.bands)


def to_host(result: PixelImage, layout: SampleFormat, excess: Excess | None) -> Iterator[memoryview]:
    """The result's pixels as the host gave its own, in blocks of about BLOCK_BYTES, top to bottom.

    `excess` is of the result's size. A block holds whole pixels. The memory of mapped files is given back
    once read.
    """
    flat = result.array.reshape(-1, layout.channels)
    beyond = None
    if excess is not None:
        beyond = np.memmap(excess.path, np.float32, mode="r", shape=(len(flat), excess.bands))
    step = max(1, BLOCK_BYTES // layout.bytes_per_pixel)
    for start in range(0, len(flat), step):
        levels = flat[start : start + step]
        if layout.is_stored:
            samples = np.ascontiguousarray(levels)
        else:
            samples = _samples(levels, layout, None if beyond is None else beyond[start : start + step])
        yield samples.data.cast("B")
        give_back_pages(flat)
        if beyond is not None:
            give_back_pages(beyond)


def _samples(levels: np.ndarray, layout: SampleFormat, beyond: np.ndarray | None) -> np.ndarray:
    colours = layout.colours
    samples = np.empty(levels.shape, layout.dtype)
    samples[:, colours:] = _from_levels(layout.sample, "srgb")[levels[:, colours:]]
    if beyond is None:
        samples[:, :colours] = _from_levels(layout.sample, layout.transfer)[levels[:, :colours]]
        return samples
    values = levels[:, :colours] * np.float32(1 / _TOP) + beyond
    if layout.transfer == "linear":
        values = decode_srgb(values)
    limit = float(np.finfo(layout.dtype).max)
    samples[:, :colours] = np.clip(values, -limit, limit)
    return samples


@contextmanager
def _disk_errors_in_words() -> Iterator[None]:
    try:
        yield
    except (OSError, pyvips.Error) as error:
        raise ImageWriteError(
            "The picture in progress cannot be written.",
            "Make room on the disk that holds the temporary files.",
        ) from error


@cache
def _to_levels(sample: SampleType, transfer: Transfer) -> np.ndarray:
    """For each u8 or u16 sample its 16-bit level in the sRGB encoding."""
    values = np.linspace(0, 1, 256 if sample == "u8" else 65536)
    return np.rint((encode_srgb(values) if transfer == "linear" else values) * _TOP).astype(np.uint16)


@cache
def _from_levels(sample: SampleType, transfer: Transfer) -> np.ndarray:
    """(65536,): for each 16-bit level in the sRGB encoding the host's sample."""
    values = np.linspace(0, 1, 65536)
    if transfer == "linear":
        values = decode_srgb(values)
    dtype = SampleFormat(sample, transfer, 1).dtype
    if dtype.kind == "u":
        values = np.rint(values * np.iinfo(dtype).max)
    return values.astype(dtype)


def encode_srgb(linear: np.ndarray) -> np.ndarray:
    """The sRGB curve (IEC 61966-2-1:1999, 5.2), odd-symmetric below 0 and continued above 1.

    Any shape; float32 stays float32.
    """
    magnitude = np.abs(linear)
    curve = 1.055 * magnitude ** (1 / 2.4) - 0.055
    return np.copysign(np.where(magnitude <= 0.0031308, 12.92 * magnitude, curve), linear)


def decode_srgb(encoded: np.ndarray) -> np.ndarray:
    """The inverse of `encode_srgb`."""
    magnitude = np.abs(encoded)
    curve = ((magnitude + 0.055) / 1.055) ** 2.4
    return np.copysign(np.where(magnitude <= 0.04045, magnitude / 12.92, curve), encoded)

"""Feathered tiles, blended onto a canvas on disk.

A row of tiles, as wide as the picture, is put together in a mapped file, whose memory is given back after
every tile; finished rows are written to a raw file as they come.
"""

import math
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

import numpy as np

from resshift_desktop.core.engine.tiling import TilePlan
from resshift_desktop.core.imaging.mapped import give_back_pages
from resshift_desktop.errors import ImageWriteError

# Weights are multiples of 2**-12, so that products of a row's and a column's weight are multiples of
# 2**-24: exact in float32, and their sum over the tiles of a pixel is exactly 1.
_WEIGHT_LEVELS = 2**12

# Rows converted or copied at a time, few enough that the temporaries do not count.
_CHUNK_ROWS = 32

SampleType = Literal["uint8", "uint16"]


def crossfade(length: int, halo: int) -> np.ndarray:
    """Weights of the second of two neighbours along their shared zone; the first has 1 minus these.

    Args:
        length: pixels of the shared zone.
        halo: pixels next to a tile's cut edge that are not to be trusted, where that tile has weight 0.

    Returns:
        (length,) float32, rising from 0 to 1 as a raised cosine between the halos, multiples of 2**-12.

    Raises:
        ValueError: the halos leave no room: 2 * halo > length.
    """
    if not 0 <= 2 * halo <= length:
        raise ValueError(f"halos of {halo} pixels do not fit into an overlap of {length} pixels")
    ramp = length - 2 * halo
    cosine = 0.5 - 0.5 * np.cos(np.pi * (np.arange(ramp) + 0.5) / ramp)
    rising = np.rint(cosine * _WEIGHT_LEVELS) / _WEIGHT_LEVELS
    return np.concatenate([np.zeros(halo), rising, np.ones(halo)]).astype(np.float32)


class Canvas:
    """Blends tiles, one row of tiles after the other, into a picture on disk.

    The result does not depend on the order of the tiles within a row. Where one tile has all the
    weight, or where the tiles agree, it is that value exactly.
    """

    def __init__(
        self, plan: TilePlan, scale: int, halo: int, bands: int, sample_type: SampleType, path: Path,
        rows_in_file: int = 0,
    ) -> None:  # fmt: skip
        """A picture of `bands` bands in a raw file at `path`: a new one, or one that is gone on with.

        `halo` is in LQ pixels, see `crossfade`; `scale` is result pixels for one LQ pixel. `rows_in_file`
        is how many rows of tiles an earlier canvas finished there; what comes after them is cut off. The
        last of them is to be added again (see `row`), because the one below is blended with it. A file
        that is too short for them is begun anew.

        Raises:
            ValueError: the halos do not fit into the plan's overlap.
            ImageWriteError: the file cannot be written.
        """
        self._plan = plan
        self._scale = scale
        self._bands = bands
        self._dtype = np.dtype(sample_type)
        self._path = path
        self._shared = plan.overlap * scale
        self._weights = crossfade(self._shared, halo * scale)
        tallest = max(span.size for span in plan.rows)
        # Every pixel of a row of tiles is set before it is read, so the band needs no clearing.
        self._band = self._map_band((tallest * scale, plan.padded_width * scale, bands))
        self._carried = np.empty((0, plan.padded_width * scale, bands), np.float32)
        self.rows_in_file = rows_in_file if rows_in_file and self._cut_after(rows_in_file) else 0
        self._row = max(0, self.rows_in_file - 1)
        self._columns_done: set[int] = set()
        if not self.rows_in_file:
            _write_samples(path, np.empty(0, self._dtype), "wb")

    @property
    def row(self) -> int:
        """The row of tiles that is to be added next."""
        return self._row

    def add(self, row: int, column: int, tile: np.ndarray) -> None:
        """Add a tile: its whole span with padding, (size * scale, size * scale, bands) float32 in [0, 1].

        Rows of tiles come in order, the columns of a row in any order. Values outside [0, 1] are
        clipped once blended.

        Raises:
            ValueError: a tile of another row, one that is already there, or one of another shape.
            ImageWriteError: finished rows cannot be written.
        """
        if row != self._row or column in self._columns_done:
            raise ValueError(f"tile ({row}, {column}) came while row {self._row} was being filled")
        span = self._plan.columns[column]
        height, width = self._plan.rows[row].size * self._scale, span.size * self._scale
        if tile.shape != (height, width, self._bands):
            raise ValueError(f"tile of shape {tile.shape} where {(height, width, self._bands)} belongs")

        left = span.start * self._scale
        target = self._band[:height, left : left + width]
        weights = self._weights[:, None]
        begin, end = 0, width
        if column - 1 in self._columns_done:
            begin = self._shared
            target[:, :begin] = _mix(target[:, :begin], tile[:, :begin], weights)
        if column + 1 in self._columns_done:
            end = width - self._shared
            target[:, end:] = _mix(tile[:, end:], target[:, end:], weights)
        target[:, begin:end] = tile[:, begin:end]
        give_back_pages(self._band)

        self._columns_done.add(column)
        if len(self._columns_done) == len(self._plan.columns):
            self._finish_row()

    def finish(self) -> np.memmap:
        """The finished picture, read-only: (height * scale, width * scale, bands), without the padding.

        Raises:
            ValueError: tiles are missing.
        """
        if self._row < len(self._plan.rows):
            raise ValueError(f"the picture is not complete: row {self._row} of tiles is missing")
        return finished_picture(self._path, self._plan, self._scale, self._bands, self._dtype)

    def _finish_row(self) -> None:
        """Blend the full band with the rows carried over, and write what the next row will not touch."""
        span = self._plan.rows[self._row]
        band = self._band[: span.size * self._scale]
        finished = (self._bottom(self._row) - span.start) * self._scale
        if self._row >= self.rows_in_file:
            if self._row > 0:
                weights = self._weights[:, None, None]
                band[: self._shared] = _mix(self._carried, band[: self._shared], weights)
            for start in range(0, finished, _CHUNK_ROWS):
                _write_samples(
                    self._path, self._to_samples(band[start : min(start + _CHUNK_ROWS, finished)]), "ab"
                )
                give_back_pages(band)
        # A row shares none of these with the row above, so they are right without that one, too.
        self._carried = band[finished:].copy()
        self._row += 1
        self._columns_done.clear()

    def _map_band(self, shape: tuple[int, int, int]) -> np.memmap:
        """In a file without a name, which goes with the canvas."""
        try:
            with tempfile.TemporaryFile(dir=self._path.parent) as file:
                _reserve(file, 4 * math.prod(shape))
                return np.memmap(file, np.float32, mode="w+", shape=shape)
        except OSError as error:
            raise _cannot_write(error) from error

    def _cut_after(self, rows: int) -> bool:
        """Shorten the file to what `rows` rows of tiles finish; False where it does not hold as much."""
        row_bytes = self._plan.width * self._scale * self._bands * self._dtype.itemsize
        length = self._bottom(rows - 1) * self._scale * row_bytes
        if not self._path.exists() or self._path.stat().st_size < length:
            return False
        os.truncate(self._path, length)
        return True

    def _bottom(self, row: int) -> int:
        """The first LQ row that the row of tiles does not finish."""
        rows = self._plan.rows
        return self._plan.height if row + 1 == len(rows) else rows[row + 1].start

    def _to_samples(self, rows: np.ndarray) -> np.ndarray:
        """Clip to [0, 1], drop the padding on the right, round half to even."""
        levels = np.iinfo(self._dtype).max
        visible = rows[:, : self._plan.width * self._scale]
        # In float64 the product is exact, so that only a true half is rounded as one.
        samples = np.multiply(visible, levels, dtype=np.float64)
        np.clip(samples, 0, levels, out=samples)
        return np.rint(samples, out=samples).astype(self._dtype)


def finished_picture(path: Path, plan: TilePlan, scale: int, bands: int, dtype: np.dtype) -> np.memmap:
    """What a complete Canvas has left at `path`: (height * scale, width * scale, bands), read-only."""
    return np.memmap(path, dtype, mode="r", shape=(plan.height * scale, plan.width * scale, bands))


def interleave(colour: np.memmap, alpha: np.memmap, path: Path) -> np.memmap:
    """Join two finished pictures band after band into a new raw file, a few rows at a time.

    Args:
        colour: (height, width, bands) of either sample type.
        alpha: (height, width, 1) of the same type.

    Returns:
        (height, width, bands + 1), read-only.

    Raises:
        ValueError: the pictures differ in size or sample type.
        ImageWriteError: the file cannot be written.
    """
    if colour.shape[:2] != alpha.shape[:2] or colour.dtype != alpha.dtype:
        raise ValueError(f"{colour.shape} {colour.dtype} does not go with {alpha.shape} {alpha.dtype}")
    mode = "wb"
    for colour_rows, alpha_rows in zip(read_rows(colour), read_rows(alpha), strict=True):
        _write_samples(path, np.concatenate([colour_rows, alpha_rows], axis=2), mode)
        mode = "ab"
    shape = (*colour.shape[:2], colour.shape[2] + alpha.shape[2])
    return np.memmap(path, colour.dtype, mode="r", shape=shape)


def read_rows(picture: np.memmap) -> Iterator[np.ndarray]:
    """A finished picture a few rows at a time, top to bottom: (at most 32, width, bands).

    It reads the file, not the mapping, because pages read through a mapping count as this process's
    resident memory.
    """
    height, width, bands = picture.shape
    assert picture.filename is not None
    with Path(picture.filename).open("rb") as file:
        for start in range(0, height, _CHUNK_ROWS):
            rows = min(_CHUNK_ROWS, height - start)
            yield np.fromfile(file, picture.dtype, rows * width * bands).reshape(rows, width, bands)


def _mix(first: np.ndarray, second: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(1 - weights) * first + weights * second, exact where the two agree or one weight is 1."""
    return np.where(weights == 1, second, first + weights * (second - first))


def _write_samples(path: Path, samples: np.ndarray, mode: Literal["wb", "ab"]) -> None:
    try:
        with path.open(mode) as file:
            file.write(samples.tobytes())
    except OSError as error:
        raise _cannot_write(error) from error


def _reserve(file: IO[bytes], size: int) -> None:
    """Have the disk hold `size` bytes for the file. A full one is an error here, where writing through a
    mapping into a hole would end the process by a signal."""
    if sys.platform == "linux":
        os.posix_fallocate(file.fileno(), 0, size)
        return
    for start in range(0, size, 1 << 20):
        file.write(bytes(min(1 << 20, size - start)))
    file.flush()


def _cannot_write(error: OSError) -> ImageWriteError:
    return ImageWriteError(
        f"The result in progress cannot be written: {error.strerror or error}.",
        "Make room on the disk that holds the temporary files, or choose another folder for them.",
    )

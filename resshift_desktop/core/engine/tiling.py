"""Where the tiles of a picture lie: integers only, in LQ pixels.

Tile origins and sizes lie on the grid of the network's `multiple`, because its downsampling and its
attention windows are cut on that grid: a tile that starts elsewhere would see other windows than the
whole picture does.
"""

from dataclasses import dataclass

from resshift_desktop.errors import UsageError

# How much more than the least may be computed for lower tiles, which need less memory.
_GOOD_ENOUGH = 1.03


@dataclass(frozen=True)
class Span:
    """One tile along one axis, in LQ pixels: [start, end), both multiples of the network's `multiple`."""

    start: int
    size: int

    @property
    def end(self) -> int:
        return self.start + self.size


@dataclass(frozen=True)
class TilePlan:
    """The tiles of one picture: every pair of a row span and a column span is one tile.

    The spans cover the picture padded right and bottom to the multiple; the caller pads it. Neighbours
    share exactly `overlap` LQ pixels, and no pixel lies in more than two spans of an axis.
    """

    height: int
    width: int
    rows: tuple[Span, ...]
    columns: tuple[Span, ...]
    overlap: int

    @property
    def padded_height(self) -> int:
        return self.rows[-1].end

    @property
    def padded_width(self) -> int:
        return self.columns[-1].end

    @property
    def overhead(self) -> float:
        """Computed pixels over needed pixels (those of the picture before padding), at least 1."""
        computed = sum(row.size for row in self.rows) * sum(column.size for column in self.columns)
        return computed / (self.height * self.width)


def smallest_tile(overlap: int, multiple: int) -> int:
    """The least `tile_size` that `plan_tiles` takes: neighbours share at most half of it."""
    return multiple * max(1, 2 * -(-overlap // multiple))


def plan_tiles(height: int, width: int, tile_size: int, overlap: int, multiple: int) -> TilePlan:
    """Plan tiles of at most `tile_size`^2 pixels that overlap by at least `overlap` (all LQ pixels).

    A tile's sides are between 2/3 and 3/2 of `tile_size`, the same limits for all tiles; of the shapes
    that compute few pixels more than the best one, the lowest is taken, because a row of tiles is what
    the canvas holds in memory. `tile_size` is rounded down and `overlap` up to multiples of `multiple`.
    Along each axis there are the fewest tiles that such a shape allows, their sizes differ by at most one
    multiple and equal sizes are next to each other, so that they can be stacked into batches (tiles of
    under three overlaps may end in one shorter tile).

    Raises:
        UsageError: the picture is empty, or the tiles are too small for the overlap.
    """
    if height < 1 or width < 1:
        raise UsageError("The picture has no pixels.", "Choose a picture of at least 1x1 pixels.")
    if multiple < 1 or overlap < 0:
        raise UsageError("The tile settings make no sense.", "The overlap starts at 0 and the multiple at 1.")
    tile_units = tile_size // multiple
    overlap_units = -(-overlap // multiple)
    smallest = smallest_tile(overlap, multiple)
    if tile_size < smallest:
        raise UsageError(
            f"A tile size of {tile_size} is too small.", f"Use at least {smallest} for this model."
        )
    plans = [
        TilePlan(
            height,
            width,
            rows=_spans(height, tile_height, overlap_units, multiple),
            columns=_spans(width, tile_width, overlap_units, multiple),
            overlap=overlap_units * multiple,
        )
        for tile_height, tile_width in _shapes(tile_units, smallest // multiple)
    ]
    least = min(plan.overhead for plan in plans)
    return next(plan for plan in plans if plan.overhead <= _GOOD_ENOUGH * least)


def _shapes(tile_size: int, smallest: int) -> list[tuple[int, int]]:
    """(height, width) of tiles of about `tile_size`^2, the lowest first, in units of the multiple."""
    longest = max(tile_size, tile_size * 3 // 2)
    lowest = max(smallest, -(-tile_size * 2 // 3))
    shapes = [(height, min(longest, tile_size**2 // height)) for height in range(lowest, longest + 1)]
    return [shape for shape in shapes if shape[1] >= smallest]


def _spans(length: int, tile_size: int, overlap: int, multiple: int) -> tuple[Span, ...]:
    """Split one axis; `tile_size` and `overlap` are in units of `multiple`, `length` in pixels."""
    units = -(-length // multiple)
    if units <= tile_size:
        return (Span(0, units * multiple),)
    # n tiles of size T reach n * (T - overlap) + overlap units.
    count = -(-(units - overlap) // (tile_size - overlap))
    stride, longer = divmod(units - overlap, count)
    if stride < overlap:
        # Evened out this far, three tiles would meet; the last tile takes what is left instead.
        stride, longer = overlap, 0
    starts = [i * stride + min(i, longer) for i in range(count)]
    ends = [start + overlap for start in starts[1:]] + [units]
    return tuple(
        Span(start * multiple, (end - start) * multiple) for start, end in zip(starts, ends, strict=True)
    )

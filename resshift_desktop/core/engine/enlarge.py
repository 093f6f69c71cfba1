"""One pass of the network over a whole picture: cut into tiles, upscale, blend on a canvas on disk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from resshift_desktop.core.engine.blend import Canvas, SampleType, finished_picture, interleave
from resshift_desktop.core.engine.kept_work import TileStore
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.tiles import LqTile, TileUpscaler
from resshift_desktop.core.engine.tiling import TilePlan
from resshift_desktop.core.imaging.mapped import give_back_pages
from resshift_desktop.core.imaging.pixels import PixelImage


def ignore(*_: object) -> None:
    """For a caller that does not follow something."""


@dataclass(frozen=True, eq=False)
class Watch:
    """How the caller follows the work.

    on_layer, on_step: before each convolution, after each sampling step; they may raise to stop.
    on_tiles: with the number of tiles just finished.
    on_restored: with the number of tiles that an earlier run had finished.
    on_result: with row, column and result (h, w, bands) float32 in [0, 1] of each finished tile of colour.
    """

    on_layer: Callable[[], None] = ignore
    on_step: Callable[[], None] = ignore
    on_tiles: Callable[[int], None] = ignore
    on_restored: Callable[[int], None] = ignore
    on_result: Callable[[int, int, np.ndarray], None] = ignore


def enlarge(
    picture: PixelImage, upscaler: TileUpscaler, plan: TilePlan, batch: int, noise: NoiseField,
    folder: Path, watch: Watch, keep_tiles: bool = False, hole: np.ndarray | None = None,
) -> PixelImage:  # fmt: skip
    """`picture` upscaled by the model's factor, on disk in `folder`; `plan` is for its size.

    Alpha is upscaled by the model as a picture of its own; clear pixels have been given a colour (see
    imaging.alpha). Where a model fills a `hole` (h, w) bool, all other pixels stay as they are; so does the
    alpha where a model does not upscale. With `keep_tiles`, finished tiles are kept in `folder`, and a later
    call with the same arguments goes on from them to the identical picture. Errors as TileUpscaler.upscale
    and Canvas.
    """
    one_pass = _Pass(upscaler, plan, batch, noise, folder, watch, keep_tiles)
    alpha = picture.alpha_channel
    if alpha is None:
        array = one_pass.over(picture.colour, "colour", watch.on_result, hole)
    else:
        colour = one_pass.over(picture.colour, "colour", watch.on_result, hole)
        nowhere = np.broadcast_to(False, alpha.shape) if upscaler.config.scale == 1 else None
        opacity = one_pass.over(alpha[:, :, None], "alpha", ignore, nowhere)
        array = interleave(colour, opacity, folder / "joined.raw")
        del colour, opacity  # Windows deletes no file that is mapped
        if not keep_tiles:
            for name in ("colour", "alpha"):
                (folder / f"{name}.raw").unlink()
    return PixelImage(array, picture.profile, picture.metadata)


@dataclass(frozen=True, eq=False)
class _Pass:
    """What a pass over the colour and one over the alpha have in common."""

    upscaler: TileUpscaler
    plan: TilePlan
    batch: int
    noise: NoiseField
    folder: Path
    watch: Watch
    keep_tiles: bool

    def over(
        self, pixels: np.ndarray, name: str, on_result: Callable[[int, int, np.ndarray], None],
        hole: np.ndarray | None,
    ) -> np.memmap:  # fmt: skip
        scale, bands = self.upscaler.config.scale, pixels.shape[2]
        sample_type: SampleType = "uint8" if pixels.dtype == np.uint8 else "uint16"
        path = self.folder / f"{name}.raw"
        store = TileStore(self.folder / f"{name}-tiles") if self.keep_tiles else None
        rows_done = store.rows_on_canvas if store is not None else 0
        canvas = Canvas(self.plan, scale, self.upscaler.halo, bands, sample_type, path, rows_done)
        if canvas.rows_in_file == len(self.plan.rows):
            self.watch.on_restored(canvas.rows_in_file * len(self.plan.columns))
            return finished_picture(path, self.plan, scale, bands, np.dtype(sample_type))
        if canvas.row > 0:
            self.watch.on_restored(canvas.row * len(self.plan.columns))
        for row in range(canvas.row, len(self.plan.rows)):
            for column, result in self._row(pixels, hole, row, store):
                on_result(row, column, result)
                canvas.add(row, column, result)
            if store is not None and row >= canvas.rows_in_file:
                store.row_finished(row, path)
            give_back_pages(pixels)
        if store is not None:
            store.clear()
        return canvas.finish()

    def _row(
        self, pixels: np.ndarray, hole: np.ndarray | None, row: int, store: TileStore | None
    ) -> Iterator[tuple[int, np.ndarray]]:
        """The results of a row of tiles with their columns, in any order."""
        scale, bands = self.upscaler.config.scale, pixels.shape[2]
        todo: list[tuple[int, LqTile]] = []
        for column, tile in _cut_row(pixels, hole, self.plan, row):
            if tile.hole is not None and not tile.hole.any():
                yield column, _known(tile, bands)
                self.watch.on_tiles(1)
            elif tile.hole is None and _is_flat(tile):
                yield column, _flat_result(tile, scale, bands)
                self.watch.on_tiles(1)
            else:
                todo.append((column, tile))
        # The batches stay the same when some of their tiles are there: other batches may round otherwise.
        for group in _batches(todo, self.batch):
            kept = [_load(store, row, column, tile, scale, bands) for column, tile in group]
            whole = [result for result in kept if result is not None]
            if len(whole) == len(group):
                results, count = whole, self.watch.on_restored
            else:
                tiles = [tile for _, tile in group]
                results = [
                    _keep_known(_to_bands(result, bands), tile)
                    for tile, result in zip(
                        tiles,
                        self.upscaler.upscale(tiles, self.noise, self.watch.on_step, self.watch.on_layer),
                        strict=True,
                    )
                ]
                count = self.watch.on_tiles
                if store is not None:
                    for (column, _), result in zip(group, results, strict=True):
                        store.save(row, column, result)
            for (column, _), result in zip(group, results, strict=True):
                yield column, result
            count(len(group))


def _load(
    store: TileStore | None, row: int, column: int, tile: LqTile, scale: int, bands: int
) -> np.ndarray | None:
    height, width = tile.pixels.shape[:2]
    return None if store is None else store.load(row, column, (height * scale, width * scale, bands))


def _cut_row(
    pixels: np.ndarray, hole: np.ndarray | None, plan: TilePlan, row: int
) -> Iterator[tuple[int, LqTile]]:
    """The tiles of one row; beyond the picture's right and bottom edge it is mirrored."""
    levels = np.iinfo(pixels.dtype).max
    rows = plan.rows[row]
    y = _mirror(np.arange(rows.start, rows.end), plan.height)
    for column, columns in enumerate(plan.columns):
        x = _mirror(np.arange(columns.start, columns.end), plan.width)
        crop = pixels[y[:, None], x].astype(np.float32) / (levels / 2) - 1
        crop = np.broadcast_to(crop, (*crop.shape[:2], 3))
        yield column, LqTile(rows.start, columns.start, crop, None if hole is None else hole[y[:, None], x])


def _mirror(positions: np.ndarray, length: int) -> np.ndarray:
    """Positions beyond the end reflected back into [0, length), as often as it takes."""
    if length == 1:
        return np.zeros_like(positions)
    positions = positions % (2 * length - 2)
    return np.minimum(positions, 2 * length - 2 - positions)


def _batches(tiles: list[tuple[int, LqTile]], size: int) -> Iterator[list[tuple[int, LqTile]]]:
    """Neighbouring tiles of one shape, at most `size` at a time."""
    remaining = iter(tiles)
    group: list[tuple[int, LqTile]] = []
    for item in remaining:
        if group and (len(group) == size or item[1].pixels.shape != group[0][1].pixels.shape):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _is_flat(tile: LqTile) -> bool:
    return bool((tile.pixels == tile.pixels[0, 0]).all())


def _known(tile: LqTile, bands: int) -> np.ndarray:
    """The tile as it is; the way back from float32 to whole numbers is exact for 16 bits, too."""
    return (tile.pixels[:, :, :bands] + 1) / 2


def _keep_known(result: np.ndarray, tile: LqTile) -> np.ndarray:
    """The result in the hole, if there is one, and the picture elsewhere."""
    if tile.hole is None:
        return result
    return np.where(tile.hole[:, :, None], result, _known(tile, result.shape[2]))


def _flat_result(tile: LqTile, scale: int, bands: int) -> np.ndarray:
    """One colour stays that colour exactly: an opaque alpha stays opaque, a black page black."""
    height, width = tile.pixels.shape[:2]
    value = (tile.pixels[0, 0, :bands] + 1) / 2
    return np.broadcast_to(value, (height * scale, width * scale, bands)).astype(np.float32)


def _to_bands(result: np.ndarray, bands: int) -> np.ndarray:
    """A grey picture went through the network as three equal channels; its result is their mean."""
    return result if bands == 3 else result.mean(axis=2, keepdims=True)

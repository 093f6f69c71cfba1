"""One pass of the network over a whole picture: cut into tiles, upscale, blend on a canvas on disk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from resshift_desktop.core.engine.blend import Canvas, SampleType, interleave
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.tiles import LqTile, TileUpscaler
from resshift_desktop.core.engine.tiling import TilePlan
from resshift_desktop.core.imaging.mapped import give_back_pages
from resshift_desktop.core.imaging.pixels import PixelImage


@dataclass(frozen=True, eq=False)
class Watch:
    """How the caller follows the work: `on_step` after each sampling step (it may raise to stop),
    `on_tiles` with the number of tiles just finished."""

    on_step: Callable[[], None]
    on_tiles: Callable[[int], None]


def enlarge(
    picture: PixelImage, upscaler: TileUpscaler, plan: TilePlan, batch: int, noise: NoiseField,
    folder: Path, watch: Watch,
) -> PixelImage:  # fmt: skip
    """`picture` upscaled by the model's factor, on disk in `folder`; `plan` is for its size.

    Alpha is upscaled by the model as a picture of its own; clear pixels have been given a colour (see
    imaging.alpha). Errors as TileUpscaler.upscale and Canvas.
    """
    scale = upscaler.config.scale
    sample_type: SampleType = "uint8" if picture.depth == 8 else "uint16"

    def pass_over(pixels: np.ndarray, name: str) -> np.memmap:
        canvas = Canvas(plan, scale, upscaler.halo, pixels.shape[2], sample_type, folder / f"{name}.raw")
        for row in range(len(plan.rows)):
            todo: list[tuple[int, LqTile]] = []
            for column, tile in _cut_row(pixels, plan, row):
                if _is_flat(tile):
                    canvas.add(row, column, _flat_result(tile, scale, pixels.shape[2]))
                    watch.on_tiles(1)
                else:
                    todo.append((column, tile))
            for group in _batches(todo, batch):
                results = upscaler.upscale([tile for _, tile in group], noise, watch.on_step)
                for (column, _), result in zip(group, results, strict=True):
                    canvas.add(row, column, _to_bands(result, pixels.shape[2]))
                watch.on_tiles(len(group))
            give_back_pages(pixels)
        return canvas.finish()

    alpha = picture.alpha_channel
    if alpha is None:
        array = pass_over(picture.colour, "colour")
    else:
        colour, opacity = pass_over(picture.colour, "colour"), pass_over(alpha[:, :, None], "alpha")
        array = interleave(colour, opacity, folder / "joined.raw")
        del colour, opacity  # Windows deletes no file that is mapped
        for name in ("colour", "alpha"):
            (folder / f"{name}.raw").unlink()
    return PixelImage(array, picture.profile, picture.metadata)


def _cut_row(pixels: np.ndarray, plan: TilePlan, row: int) -> Iterator[tuple[int, LqTile]]:
    """The tiles of one row; beyond the picture's right and bottom edge it is mirrored."""
    levels = np.iinfo(pixels.dtype).max
    rows = plan.rows[row]
    y = _mirror(np.arange(rows.start, rows.end), plan.height)
    for column, columns in enumerate(plan.columns):
        x = _mirror(np.arange(columns.start, columns.end), plan.width)
        crop = pixels[y[:, None], x].astype(np.float32) / (levels / 2) - 1
        yield column, LqTile(rows.start, columns.start, np.broadcast_to(crop, (*crop.shape[:2], 3)))


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


def _flat_result(tile: LqTile, scale: int, bands: int) -> np.ndarray:
    """One colour stays that colour exactly: an opaque alpha stays opaque, a black page black."""
    height, width = tile.pixels.shape[:2]
    value = (tile.pixels[0, 0, :bands] + 1) / 2
    return np.broadcast_to(value, (height * scale, width * scale, bands)).astype(np.float32)


def _to_bands(result: np.ndarray, bands: int) -> np.ndarray:
    """A grey picture went through the network as three equal channels; its result is their mean."""
    return result if bands == 3 else result.mean(axis=2, keepdims=True)

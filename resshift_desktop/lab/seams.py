"""Do tiles show? `python -m resshift_desktop.lab.seams DIR` upscales pictures tiled and whole, and compares.

Printed for each tile size, over all pictures: the mean step between neighbouring pixels across the tiles'
borders over the mean step elsewhere at the same position in the pixel cell (a tile's border is also a border
of cells, where steps differ from those inside); that ratio for the untiled result at the same places, which
is the pictures' own share in it; and how many values of the two results lie within 1/255.
"""

import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from resshift_desktop.core.engine.budget import plan_picture
from resshift_desktop.core.engine.device import choose_device
from resshift_desktop.core.engine.enlarge import Watch, enlarge
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.tiles import TileUpscaler
from resshift_desktop.core.engine.tiling import Span, TilePlan
from resshift_desktop.core.imaging.files import read_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.store import BUILT_IN, find_model
from resshift_desktop.lab.data import list_pictures


@dataclass(frozen=True, eq=False)
class Steps:
    """Sums over pictures: of steps and their number, [elsewhere, at borders], and of values that agree."""

    tiled: np.ndarray
    whole: np.ndarray
    counts: np.ndarray
    agreeing: int
    values: int

    def __add__(self, other: "Steps") -> "Steps":
        return Steps(
            self.tiled + other.tiled,
            self.whole + other.whole,
            self.counts + other.counts,
            self.agreeing + other.agreeing,
            self.values + other.values,
        )

    @property
    def ratio(self) -> float:
        """Mean step at the borders over the mean step elsewhere, tiled."""
        return _ratio(self.tiled, self.counts)

    @property
    def ratio_whole(self) -> float:
        """The same of the untiled result, at the same places."""
        return _ratio(self.whole, self.counts)


def compare(tiled: np.ndarray, whole: np.ndarray, plan: TilePlan, halo: int, scale: int) -> Steps:
    """Compare two results (h, w, bands) uint8 of the same picture, the first made by `plan`."""
    steps: list[np.ndarray] = []
    counts = np.zeros(2)
    for result in (tiled, whole):
        sums = np.zeros(2)
        for axis, spans in ((0, plan.rows), (1, plan.columns)):
            step = np.abs(np.diff(result.astype(np.float64), axis=axis)).mean(axis=(1 - axis, 2))
            places = np.arange(len(step))
            at_border = np.isin(places, _borders(spans, plan.overlap, halo, scale))
            elsewhere = ~at_border & (places % scale == scale - 1)
            sums += step[elsewhere].sum(), step[at_border].sum()
            if result is tiled:
                counts += elsewhere.sum(), at_border.sum()
        steps.append(sums)
    agreeing = np.abs(tiled.astype(int) - whole.astype(int)) <= 1
    return Steps(steps[0], steps[1], counts, int(agreeing.sum()), agreeing.size)


def _borders(spans: tuple[Span, ...], overlap: int, halo: int, scale: int) -> list[int]:
    """Steps at both ends and in the middle of where two tiles are mixed, as indices of np.diff."""
    places = (halo, overlap / 2, overlap - halo)
    return [int((span.start + place) * scale) - 1 for span in spans[1:] for place in places]


def _ratio(sums: np.ndarray, counts: np.ndarray) -> float:
    elsewhere, at_borders = sums / counts
    return float(at_borders / elsewhere)


def measure(upscaler: TileUpscaler, card: ModelCard, picture: PixelImage, tile_size: int) -> Steps:
    """Upscale one picture in tiles of `tile_size` and whole, and compare."""
    watch = Watch(lambda: None, lambda _count: None)
    whole_size = 2 * max(picture.height, picture.width, tile_size)
    plans = [plan_picture(card, picture.height, picture.width, size) for size in (tile_size, whole_size)]
    with tempfile.TemporaryDirectory() as folder:
        results: list[np.ndarray] = []
        for name, plan in zip(("tiled", "whole"), plans, strict=True):
            place = Path(folder) / name
            place.mkdir()
            result = enlarge(picture, upscaler, plan, 1, NoiseField(0), place, watch)
            results.append(np.array(result.colour))
    return compare(results[0], results[1], plans[0], upscaler.halo, card.scale)


def main(folder: Path, tile_sizes: tuple[int, ...] = (64, 96)) -> None:
    """Print a line for each tile size, over the pictures below `folder`."""
    installed, device = find_model(BUILT_IN), choose_device("auto")
    card = installed.card
    load = partial(load_model, card.config, installed.weights_path, torch.device(device.torch_device))
    upscaler = TileUpscaler(load, device, card.tile_overlap, card.tile_halo)
    pictures = [read_image(path) for path in list_pictures(folder)]
    for tile_size in tile_sizes:
        first, *rest = (measure(upscaler, card, picture, tile_size) for picture in pictures)
        total = sum(rest, start=first)
        print(
            f"tiles of {tile_size}: {len(pictures)} pictures, step at borders / elsewhere {total.ratio:.4f} "
            f"(untiled {total.ratio_whole:.4f}), within 1/255: {total.agreeing / total.values:.4%}",
            flush=True,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

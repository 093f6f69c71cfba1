"""Do tiles show? `python -m resshift_desktop.lab.seams DIR` upscales pictures tiled and whole, and compares.

Printed for each tile size, over all pictures: the mean step between neighbouring pixels across the tiles'
borders over the mean step elsewhere, and over that of the untiled result at the same place; and
how many values of the two results lie within 1/255. A picture is cut several times, from other corners, and
elsewhere means the same lines of the picture where a cut puts no border on them: any other lines would tell
how much detail the picture has here and there.
"""

import sys
import tempfile
from collections.abc import Sequence
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

# Rows and columns left out at the top and at the left, in LQ pixels.
_CUTS = (0, 8, 16, 24)


@dataclass(frozen=True, eq=False)
class Steps:
    """Mean steps of one result, of the part that all cuts have in common, rows first, then columns.

    tiled, whole: (lines,) the mean absolute step from each line to the next. at_border: (lines,) bool.
    agreeing: values of the two results that lie within 1/255, of `values`.
    """

    tiled: np.ndarray
    whole: np.ndarray
    at_border: np.ndarray
    agreeing: int
    values: int


def compare(
    tiled: np.ndarray, whole: np.ndarray, plan: TilePlan, halo: int, scale: int, skip: int = 0
) -> Steps:
    """Compare two results (h, w, bands) uint8 of the same picture, the first made by `plan`.

    `skip` LQ rows and columns at the top and left are not in every cut; their lines are left out.
    """
    first = skip * scale
    lines = [
        [
            np.abs(np.diff(result[first:, first:].astype(np.float64), axis=axis)).mean(axis=(1 - axis, 2))
            for axis in (0, 1)
        ]
        for result in (tiled, whole)
    ]
    borders = [
        np.isin(np.arange(len(steps)) + first, _borders(spans, plan.overlap, halo, scale))
        for steps, spans in zip(lines[0], (plan.rows, plan.columns), strict=True)
    ]
    agreeing = np.abs(tiled.astype(int) - whole.astype(int)) <= 1
    return Steps(
        np.concatenate(lines[0]),
        np.concatenate(lines[1]),
        np.concatenate(borders),
        int(agreeing.sum()),
        agreeing.size,
    )


@dataclass(frozen=True)
class Seams:
    """Over pictures: the mean step at borders over that elsewhere and over the untiled one's; agreement."""

    against_elsewhere: float
    against_whole: float
    agreement: float


def summarise(pictures: Sequence[Sequence[Steps]]) -> Seams:
    """`pictures` holds the cuts of each picture."""
    at_borders = elsewhere = tiled = whole = 0.0
    for cuts in pictures:
        steps = np.stack([cut.tiled for cut in cuts])
        border = np.stack([cut.at_border for cut in cuts])
        sometimes = border.any(axis=0) & ~border.all(axis=0)
        at_borders += float(_mean_where(steps, border)[sometimes].sum())
        elsewhere += float(_mean_where(steps, ~border)[sometimes].sum())
        tiled += float(steps[border].sum())
        whole += float(np.stack([cut.whole for cut in cuts])[border].sum())
    all_cuts = [cut for cuts in pictures for cut in cuts]
    return Seams(
        at_borders / elsewhere,
        tiled / whole,
        sum(cut.agreeing for cut in all_cuts) / sum(cut.values for cut in all_cuts),
    )


def _mean_where(steps: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """(cuts, lines) -> (lines,): the mean over the cuts in which a line is chosen; 0 where in none."""
    return (steps * chosen).sum(axis=0) / np.maximum(chosen.sum(axis=0), 1)


def _borders(spans: tuple[Span, ...], overlap: int, halo: int, scale: int) -> list[int]:
    """Steps at both ends and in the middle of where two tiles are mixed, as indices of np.diff."""
    places = (halo, overlap / 2, overlap - halo)
    return [int((span.start + place) * scale) - 1 for span in spans[1:] for place in places]


def measure(
    upscaler: TileUpscaler, card: ModelCard, picture: PixelImage, tile_size: int, folder: Path, cut: int
) -> Steps:
    """Upscale one picture, without its first `cut` rows and columns, in tiles and whole, and compare."""
    picture = PixelImage(picture.array[cut:, cut:], picture.profile)
    whole_size = 2 * max(picture.height, picture.width, tile_size)
    plans = [plan_picture(card, picture.height, picture.width, size) for size in (tile_size, whole_size)]
    results: list[np.ndarray] = []
    for name, plan in zip(("tiled", "whole"), plans, strict=True):
        place = folder / f"{name}-{cut}"
        place.mkdir(parents=True)
        results.append(enlarge(picture, upscaler, plan, 1, NoiseField(0), place, Watch()).colour)
    return compare(results[0], results[1], plans[0], upscaler.halo, card.scale, skip=max(_CUTS) - cut)


def main(folder: Path, tile_sizes: tuple[int, ...] = (64, 96)) -> None:
    """Print a line for each tile size, over the pictures below `folder`."""
    installed, device = find_model(BUILT_IN), choose_device("auto")
    card = installed.card
    load = partial(load_model, card.config, installed.weights_path, torch.device(device.torch_device))
    upscaler = TileUpscaler(load, device, card.tile_overlap, card.tile_halo)
    paths = list_pictures(folder)
    for tile_size in tile_sizes:
        pictures: list[list[Steps]] = []
        for path in paths:
            picture = read_image(path)
            with tempfile.TemporaryDirectory() as place:
                pictures.append(
                    [measure(upscaler, card, picture, tile_size, Path(place), cut) for cut in _CUTS]
                )
        seams = summarise(pictures)
        print(
            f"tiles of {tile_size}: {len(pictures)} pictures in {len(_CUTS)} cuts; step at borders over that "
            f"elsewhere {seams.against_elsewhere:.4f}, over the untiled {seams.against_whole:.4f}; "
            f"within 1/255: {seams.agreement:.4%}",
            flush=True,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

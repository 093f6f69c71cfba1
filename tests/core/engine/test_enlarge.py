"""One pass over whole pictures, with the small model; seams with the one that is shipped."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.enlarge import Watch, enlarge
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.tiles import LqTile, OnStep, TileUpscaler
from resshift_desktop.core.engine.tiling import Span, TilePlan, plan_tiles
from resshift_desktop.core.imaging.pixels import Metadata, PixelImage
from resshift_desktop.core.weights.store import find_model
from tests.core.engine.conftest import CPU, HALO, OVERLAP, picture_like

SILENT = Watch(on_step=lambda: None, on_tiles=lambda _count: None)

Load = Callable[[torch.dtype], ResShift]


@pytest.fixture
def small(load_small: Load) -> TileUpscaler:
    return TileUpscaler(load_small, CPU, OVERLAP, HALO)


@pytest.fixture
def built_in() -> TileUpscaler:
    """The shipped model, with the overlap and halo of its card."""
    model = find_model("builtin")
    load = partial(load_model, model.card.config, model.weights_path, torch.device("cpu"))
    return TileUpscaler(load, CPU, model.card.tile_overlap, model.card.tile_halo)


def run(
    upscaler: TileUpscaler, array: np.ndarray, folder: Path, tile_size: int,
    batch: int = 1, seed: int = 0, watch: Watch = SILENT,
) -> np.ndarray:  # fmt: skip
    """The picture of one pass in tiles of at most `tile_size`."""
    picture = PixelImage(array)
    plan = plan_tiles(picture.height, picture.width, tile_size, upscaler.overlap, upscaler.config.lq_multiple)
    folder.mkdir(exist_ok=True)
    return np.array(enlarge(picture, upscaler, plan, batch, NoiseField(seed), folder, watch).array)


def gradient(height: int, width: int) -> np.ndarray:
    """A straight slope in each channel, in 16 bits, so that rounding does not make steps of its own."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    planes = np.stack([0.1 + 0.5 * x + 0.3 * y, 0.9 - 0.3 * x - 0.4 * y, 0.1 + 0.4 * x + 0.4 * y], axis=2)
    return np.rint(planes * 65535).astype(np.uint16)


def border_steps(sr: np.ndarray, spans: tuple[Span, ...], axis: int, plan: TilePlan, halo: int) -> float:
    """Mean absolute step where neighbouring tiles begin to mix, mix in equal parts, and cease to mix."""
    steps = np.abs(np.diff(sr.astype(float), axis=axis)).mean(axis=(1 - axis, 2))
    places = [
        4 * (span.start + inside) - 1
        for span in spans[1:]
        for inside in (halo, plan.overlap // 2, plan.overlap - halo)
    ]
    return float(steps[places].mean())


def share_within(first: np.ndarray, second: np.ndarray, levels: float) -> float:
    """Share of the pixels of which no channel differs by more than `levels` of 255."""
    top = np.iinfo(first.dtype).max
    difference = np.abs(first.astype(float) - second.astype(float)).max(axis=2) / top * 255
    return float((difference <= levels).mean())


def test_built_in_model_shows_no_seams_on_a_gradient(built_in: TileUpscaler, tmp_path: Path) -> None:
    """The network adds grain, which makes steps differ from place to place in an untiled picture, too: what
    the tiles do is what differs from that picture at the same places."""
    lq = gradient(96, 96)
    plan = plan_tiles(96, 96, 64, built_in.overlap, built_in.config.lq_multiple)
    assert (len(plan.rows), len(plan.columns)) == (2, 2)
    tiled = run(built_in, lq, tmp_path / "tiled", 64)
    whole = run(built_in, lq, tmp_path / "whole", 512)
    assert share_within(tiled, whole, 1) >= 0.99
    for axis, spans in enumerate((plan.rows, plan.columns)):
        step, untiled = (border_steps(sr, spans, axis, plan, built_in.halo) for sr in (tiled, whole))
        assert step == pytest.approx(untiled, rel=0.02)


def test_built_in_model_tiled_equals_untiled(built_in: TileUpscaler, tmp_path: Path) -> None:
    lq = picture_like(60, 150)
    tiled = run(built_in, lq, tmp_path / "tiled", 96)
    whole = run(built_in, lq, tmp_path / "whole", 512)
    assert share_within(tiled, whole, 1) >= 0.99


def test_built_in_model_in_half_precision_is_within_a_level(built_in: TileUpscaler) -> None:
    """With the processor's float16, which rounds as a GPU's does and adds up in another order."""
    model = find_model("builtin")
    load = partial(load_model, model.card.config, model.weights_path, torch.device("cpu"))
    half = TileUpscaler(load, replace(CPU, dtype=torch.float16), built_in.overlap, built_in.halo)
    tile = LqTile(0, 0, picture_like(64, 64).astype(np.float32) / 127.5 - 1)
    (exact,), (near,) = (
        upscaler.upscale([tile], NoiseField(0), lambda: None) for upscaler in (built_in, half)
    )
    assert 0 < np.abs(near - exact).max() <= 1 / 255


@pytest.mark.parametrize("bands", [1, 2, 3, 4])
@pytest.mark.parametrize("depth", [8, 16])
def test_bands_and_depth_stay(small: TileUpscaler, tmp_path: Path, bands: int, depth: int) -> None:
    lq = picture_like(20, 36, bands, depth)
    sr = run(small, lq, tmp_path, 32)
    assert sr.shape == (80, 144, bands)
    assert sr.dtype == lq.dtype
    small_again = sr.reshape(20, 4, 36, 4, bands).mean(axis=(1, 3))
    assert np.abs(small_again - lq).mean(axis=(0, 1)).max() < 0.1 * np.iinfo(lq.dtype).max
    if depth == 16:
        assert len(np.unique(sr)) > 2000  # of 8 bits there are 256
        assert (sr % 257 != 0).any()


def test_profile_and_metadata_travel_along(small: TileUpscaler, tmp_path: Path) -> None:
    picture = PixelImage(picture_like(8, 8), b"profile", Metadata(dpi=(300.0, 300.0)))
    plan = plan_tiles(8, 8, 32, small.overlap, small.config.lq_multiple)
    enlarged = enlarge(picture, small, plan, 1, NoiseField(0), tmp_path, SILENT)
    assert (enlarged.profile, enlarged.metadata) == (picture.profile, picture.metadata)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 7), (7, 1), (3, 300), (33, 17)])
def test_odd_sizes(small: TileUpscaler, tmp_path: Path, height: int, width: int) -> None:
    lq = picture_like(height, width)
    sr = run(small, lq, tmp_path, 64)
    assert sr.shape == (4 * height, 4 * width, 3)
    assert np.abs(sr.mean(axis=(0, 1)) - lq.mean(axis=(0, 1))).max() < 20


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (1, 127, 254)])
def test_flat_picture_keeps_exactly_its_colour(
    small: TileUpscaler, tmp_path: Path, colour: tuple[int, int, int]
) -> None:
    sr = run(small, np.full((40, 40, 3), colour, np.uint8), tmp_path, 32)
    assert (sr == colour).all()


def test_every_16_bit_level_is_kept_where_flat(small: TileUpscaler, tmp_path: Path) -> None:
    for level in (0, 1, 257, 32767, 32768, 65534, 65535):
        assert (run(small, np.full((2, 2, 1), level, np.uint16), tmp_path, 32) == level).all()


def test_flat_tiles_are_not_given_to_the_network(small: TileUpscaler, tmp_path: Path) -> None:
    lq = np.full((16, 200, 3), 200, np.uint8)
    lq[:, 150:] = picture_like(16, 50)
    steps, finished = [], []
    watch = Watch(on_step=lambda: steps.append(1), on_tiles=finished.append)
    sr = run(small, lq, tmp_path, 32, watch=watch)
    tiles = len(plan_tiles(16, 200, 32, OVERLAP, 16).columns)
    assert sum(finished) == tiles
    assert len(steps) < 4 * tiles / 2
    assert (sr[:, : 4 * 100] == 200).all()


def test_opaque_alpha_stays_exactly_opaque(small: TileUpscaler, tmp_path: Path) -> None:
    lq = picture_like(24, 40, 4)
    lq[:, :, 3] = 255
    sr = run(small, lq, tmp_path, 32)
    assert (sr[:, :, 3] == 255).all()
    assert np.ptp(sr[:, :, 0]) > 50


def test_alpha_is_upscaled_as_a_picture(small: TileUpscaler, tmp_path: Path) -> None:
    lq = picture_like(24, 40, 2)
    opacity = run(small, lq, tmp_path, 32)[:, :, 1]
    alone = run(small, lq[:, :, 1:], tmp_path, 32)[:, :, 0]
    np.testing.assert_array_equal(opacity, alone)
    assert np.ptp(opacity) > 50


def test_only_the_joined_file_is_left_in_the_folder(small: TileUpscaler, tmp_path: Path) -> None:
    run(small, picture_like(8, 8, 4), tmp_path, 32)
    assert [path.name for path in tmp_path.iterdir()] == ["joined.raw"]


def test_batches_change_nothing(small: TileUpscaler, tmp_path: Path) -> None:
    lq = picture_like(40, 120, depth=16)
    single, batched = (run(small, lq, tmp_path, 32, batch).astype(float) for batch in (1, 3))
    np.testing.assert_allclose(batched, single, atol=1.01, rtol=0)  # 1e-5 and the rounding


def test_tiles_of_a_batch_have_one_shape_and_at_most_its_size(
    small: TileUpscaler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    upscale = small.upscale

    def watched(tiles: list[LqTile], noise: NoiseField, *callbacks: OnStep) -> list[np.ndarray]:
        assert len({tile.pixels.shape for tile in tiles}) == 1
        sizes.append(len(tiles))
        return upscale(tiles, noise, *callbacks)

    monkeypatch.setattr(small, "upscale", watched)
    run(small, picture_like(16, 180), tmp_path, 48, batch=3)
    columns = plan_tiles(16, 180, 48, OVERLAP, 16).columns
    assert len({span.size for span in columns}) == 2
    assert max(sizes) > 1
    assert sum(sizes) == len(columns)


def test_seed_decides_the_picture(small: TileUpscaler, tmp_path: Path) -> None:
    lq = picture_like(20, 20)
    first, again, other = (run(small, lq, tmp_path, 32, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.1


def test_noise_does_not_depend_on_the_tiles(small: TileUpscaler, tmp_path: Path) -> None:
    """Far closer to the picture of another tiling than to that of another seed."""
    lq = picture_like(48, 80)
    tiled, whole = (run(small, lq, tmp_path, size).astype(float) for size in (48, 96))
    other = run(small, lq, tmp_path, 96, seed=1).astype(float)
    assert np.abs(tiled - whole).mean() < 0.1 * np.abs(other - whole).mean()


def test_the_finished_tiles_are_counted(small: TileUpscaler, tmp_path: Path) -> None:
    steps, finished = [], []
    watch = Watch(on_step=lambda: steps.append(1), on_tiles=finished.append)
    run(small, picture_like(40, 60, 4), tmp_path, 32, watch=watch)
    plan = plan_tiles(40, 60, 32, OVERLAP, 16)
    tiles = 2 * len(plan.rows) * len(plan.columns)
    assert sum(finished) == tiles
    assert len(steps) == 4 * tiles

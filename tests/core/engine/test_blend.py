from fractions import Fraction
from pathlib import Path
from random import Random
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resshift_desktop.core.engine.blend import Canvas, SampleType, crossfade, interleave, read_rows
from resshift_desktop.core.engine.tiling import Span, TilePlan, plan_tiles
from resshift_desktop.errors import ImageWriteError

SCALE = 4
HALO = 2


@st.composite
def plans(draw: st.DrawFn, halo: int = HALO) -> TilePlan:
    multiple = draw(st.sampled_from([1, 4, 8]))
    overlap = 2 * halo + draw(st.integers(0, 8))
    tile_size = 2 * (overlap + multiple) + draw(st.integers(0, 20))
    sides = st.integers(1, 60)
    return plan_tiles(draw(sides), draw(sides), tile_size, overlap, multiple)


def feather(spans: tuple[Span, ...], index: int, scale: int) -> np.ndarray:
    """One tile's weights along one axis: 1 but where it shares pixels with a neighbour."""
    weights = np.ones(spans[index].size * scale, np.float32)
    if index > 0:
        shared = (spans[index - 1].end - spans[index].start) * scale
        weights[:shared] = crossfade(shared, HALO * scale)
    if index + 1 < len(spans):
        shared = (spans[index].end - spans[index + 1].start) * scale
        weights[len(weights) - shared :] = 1 - crossfade(shared, HALO * scale)
    return weights


def tiles_of(plan: TilePlan, picture: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    """The tiles a perfect network would give: crops of the picture, which is (padded) result-sized."""
    return {
        (i, j): picture[row.start * SCALE : row.end * SCALE, column.start * SCALE : column.end * SCALE].copy()
        for i, row in enumerate(plan.rows)
        for j, column in enumerate(plan.columns)
    }


def blend(
    plan: TilePlan, tiles: dict[tuple[int, int], np.ndarray], path: Path, sample_type: SampleType = "uint8"
) -> np.ndarray:
    """The finished picture of the tiles, in the order given."""
    bands = tiles[0, 0].shape[2]
    canvas = Canvas(plan, SCALE, HALO, bands, sample_type, path)
    for (row, column), tile in tiles.items():
        canvas.add(row, column, tile)
    return np.array(canvas.finish())


def padded_noise(plan: TilePlan, bands: int, seed: int = 0) -> np.ndarray:
    shape = (plan.padded_height * SCALE, plan.padded_width * SCALE, bands)
    return np.random.default_rng(seed).random(shape, np.float32)


@given(plans(), st.integers(1, 4))
def test_products_of_weights_sum_to_exactly_one(plan: TilePlan, scale: int) -> None:
    total = np.zeros((plan.padded_height * scale, plan.padded_width * scale), np.float32)
    for i, row in enumerate(plan.rows):
        for j, column in enumerate(plan.columns):
            weights = np.outer(feather(plan.rows, i, scale), feather(plan.columns, j, scale))
            assert weights.dtype == np.float32
            total[row.start * scale : row.end * scale, column.start * scale : column.end * scale] += weights
    assert (total == 1).all()


@given(st.integers(0, 300), st.integers(0, 100))
def test_weights_are_exact_fractions(ramp: int, halo: int) -> None:
    rising = [Fraction(float(weight)) for weight in crossfade(ramp + 2 * halo, halo)]
    assert all(2**12 % weight.denominator == 0 for weight in rising)
    assert rising == sorted(rising)
    assert rising[:halo] == [0] * halo
    assert rising[halo + ramp :] == [1] * halo
    assert [1 - weight for weight in reversed(rising)] == rising


def test_weights_are_a_raised_cosine() -> None:
    expected = [0, 0, *(np.sin(np.pi / 16 * np.array([1, 3, 5, 7])) ** 2), 1, 1]
    np.testing.assert_allclose(crossfade(8, 2), expected, atol=2**-13)


@settings(deadline=None)
@given(plans(), st.floats(0, 1, width=32), st.sampled_from(get_args(SampleType)))
def test_a_constant_picture_stays_constant(
    tmp_path_factory: pytest.TempPathFactory, plan: TilePlan, value: float, sample_type: SampleType
) -> None:
    picture = np.full((plan.padded_height * SCALE, plan.padded_width * SCALE, 1), value, np.float32)
    path = tmp_path_factory.getbasetemp() / "constant.raw"
    result = blend(plan, tiles_of(plan, picture), path, sample_type)
    assert result.shape == (plan.height * SCALE, plan.width * SCALE, 1)
    assert (result == round(Fraction(value) * int(np.iinfo(sample_type).max))).all()


@settings(deadline=None, max_examples=50)
@given(plans(), st.sampled_from([1, 3]), st.sampled_from(get_args(SampleType)))
def test_tiles_that_agree_give_the_picture_back(
    tmp_path_factory: pytest.TempPathFactory, plan: TilePlan, bands: int, sample_type: SampleType
) -> None:
    picture = padded_noise(plan, bands)
    result = blend(plan, tiles_of(plan, picture), tmp_path_factory.getbasetemp() / "same.raw", sample_type)
    visible = picture[: plan.height * SCALE, : plan.width * SCALE].astype(np.float64)
    np.testing.assert_array_equal(result, np.rint(visible * np.iinfo(sample_type).max))


@settings(deadline=None, max_examples=50)
@given(plans(), st.randoms(use_true_random=False))
def test_any_order_of_columns_gives_the_weighted_sum(
    tmp_path_factory: pytest.TempPathFactory, plan: TilePlan, random: Random
) -> None:
    path = tmp_path_factory.getbasetemp() / "order.raw"
    tiles = {
        (i, j): np.random.default_rng(100 * i + j).random(
            (row.size * SCALE, column.size * SCALE, 2), np.float32
        )
        for i, row in enumerate(plan.rows)
        for j, column in enumerate(plan.columns)
    }
    expected = np.zeros((plan.padded_height * SCALE, plan.padded_width * SCALE, 2))
    for (i, j), tile in tiles.items():
        row, column = plan.rows[i], plan.columns[j]
        weights = np.outer(feather(plan.rows, i, SCALE), feather(plan.columns, j, SCALE))
        expected[row.start * SCALE : row.end * SCALE, column.start * SCALE : column.end * SCALE] += (
            weights[..., None] * tile
        )
    result = blend(plan, tiles, path, "uint16")
    visible = expected[: plan.height * SCALE, : plan.width * SCALE]
    assert np.abs(result - visible * 65535).max() < 0.52

    shuffled = sorted(tiles, key=lambda place: (place[0], random.random()))
    again = blend(plan, {place: tiles[place] for place in shuffled}, path, "uint16")
    np.testing.assert_array_equal(again, result)


def test_halos_do_not_reach_the_result(tmp_path: Path) -> None:
    plan = plan_tiles(40, 40, 24, 8, 8)
    picture = padded_noise(plan, 1)
    tiles = tiles_of(plan, picture)
    expected = blend(plan, tiles, tmp_path / "clean.raw")
    halo = HALO * SCALE
    for (row, column), tile in tiles.items():
        vertical = slice(-halo, None) if row == 0 else slice(halo)
        horizontal = slice(-halo, None) if column == 0 else slice(halo)
        tile[vertical] = 1000
        tile[:, horizontal] = -1000
    np.testing.assert_array_equal(blend(plan, tiles, tmp_path / "soiled.raw"), expected)


def test_values_are_clipped_after_blending(tmp_path: Path) -> None:
    plan = plan_tiles(8, 8, 16, 4, 8)
    tile = np.linspace(-1, 2, 32 * 32, dtype=np.float32).reshape(32, 32, 1)
    result = blend(plan, {(0, 0): tile}, tmp_path / "clip.raw")
    assert result[0, 0, 0] == 0
    assert result[-1, -1, 0] == 255
    assert (np.diff(result.ravel().astype(int)) >= 0).all()


def test_rows_reach_the_disk_as_they_are_finished(tmp_path: Path) -> None:
    plan = plan_tiles(40, 10, 24, 8, 8)
    path = tmp_path / "picture.raw"
    canvas = Canvas(plan, SCALE, HALO, 3, "uint16", path)
    tiles = tiles_of(plan, padded_noise(plan, 3))
    bytes_of_an_lq_row = SCALE * plan.width * SCALE * 3 * 2
    assert path.stat().st_size == 0
    canvas.add(0, 0, tiles[0, 0])
    assert path.stat().st_size == plan.rows[1].start * bytes_of_an_lq_row
    canvas.add(1, 0, tiles[1, 0])
    assert path.stat().st_size == plan.height * bytes_of_an_lq_row


def test_tiles_out_of_place_are_refused(tmp_path: Path) -> None:
    plan = plan_tiles(40, 40, 24, 8, 8)
    tiles = tiles_of(plan, padded_noise(plan, 1))
    canvas = Canvas(plan, SCALE, HALO, 1, "uint8", tmp_path / "picture.raw")
    canvas.add(0, 1, tiles[0, 1])
    with pytest.raises(ValueError, match="row 0"):
        canvas.add(1, 0, tiles[1, 0])
    with pytest.raises(ValueError, match="row 0"):
        canvas.add(0, 1, tiles[0, 1])
    with pytest.raises(ValueError, match="shape"):
        canvas.add(0, 0, tiles[0, 0][1:])
    with pytest.raises(ValueError, match="not complete"):
        canvas.finish()


def test_halos_that_fill_the_overlap_make_a_hard_cut() -> None:
    np.testing.assert_array_equal(crossfade(8, 4), [0, 0, 0, 0, 1, 1, 1, 1])
    with pytest.raises(ValueError, match="do not fit"):
        crossfade(8, 5)


def test_the_finished_picture_is_read_only(tmp_path: Path) -> None:
    plan = plan_tiles(5, 7, 16, 4, 8)
    canvas = Canvas(plan, SCALE, HALO, 1, "uint8", tmp_path / "picture.raw")
    canvas.add(0, 0, padded_noise(plan, 1))
    picture = canvas.finish()
    assert not picture.flags.writeable
    with pytest.raises(ValueError, match="row 1"):
        canvas.add(0, 0, padded_noise(plan, 1))


def test_an_unwritable_place_is_a_plain_error(tmp_path: Path) -> None:
    plan = plan_tiles(5, 5, 16, 4, 8)
    with pytest.raises(ImageWriteError, match="cannot be written"):
        Canvas(plan, SCALE, HALO, 1, "uint8", tmp_path / "missing" / "picture.raw")


def test_a_full_disk_is_a_plain_error() -> None:
    plan = plan_tiles(40, 40, 64, 4, 8)
    # A file that is always full; where the system has none, it cannot be created, which is the same kind.
    with pytest.raises(ImageWriteError, match="cannot be written"):
        Canvas(plan, SCALE, HALO, 1, "uint8", Path("/dev/full")).add(0, 0, padded_noise(plan, 1))


@pytest.mark.parametrize("sample_type", get_args(SampleType))
@pytest.mark.parametrize("height", [1, 32, 75])
def test_interleave_and_read_rows(tmp_path: Path, sample_type: SampleType, height: int) -> None:
    colour = _raw(tmp_path / "colour.raw", (height, 7, 3), sample_type, seed=1)
    alpha = _raw(tmp_path / "alpha.raw", (height, 7, 1), sample_type, seed=2)
    joined = interleave(colour, alpha, tmp_path / "joined.raw")
    assert joined.dtype == colour.dtype
    np.testing.assert_array_equal(joined, np.concatenate([colour, alpha], axis=2))
    np.testing.assert_array_equal(np.concatenate(list(read_rows(joined))), joined)


def test_interleave_refuses_pictures_that_do_not_match(tmp_path: Path) -> None:
    colour = _raw(tmp_path / "colour.raw", (4, 5, 3), "uint8", seed=1)
    with pytest.raises(ValueError, match="does not go with"):
        interleave(colour, _raw(tmp_path / "low.raw", (3, 5, 1), "uint8", seed=2), tmp_path / "joined.raw")
    with pytest.raises(ValueError, match="does not go with"):
        interleave(colour, _raw(tmp_path / "deep.raw", (4, 5, 1), "uint16", seed=2), tmp_path / "joined.raw")


def _raw(path: Path, shape: tuple[int, int, int], sample_type: SampleType, seed: int) -> np.memmap:
    dtype = np.dtype(sample_type)
    np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True).tofile(path)
    return np.memmap(path, dtype, mode="r", shape=shape)

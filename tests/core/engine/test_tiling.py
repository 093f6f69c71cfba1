import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.core.engine.budget import plan_picture
from resshift_desktop.core.engine.tiling import Span, TilePlan, plan_tiles
from resshift_desktop.core.weights.store import BUILT_IN, find_model
from resshift_desktop.errors import UsageError


@st.composite
def plans(draw: st.DrawFn) -> tuple[TilePlan, int, int, int]:
    """A plan with the tile size, overlap and multiple asked for, neither on the grid as a rule."""
    multiple = draw(st.sampled_from([1, 8, 16, 64]))
    overlap_units = draw(st.integers(0, 6))
    overlap = max(0, overlap_units * multiple - draw(st.integers(0, multiple - 1)))
    tile_units = max(1, 2 * overlap_units) + draw(st.integers(0, 20))
    tile_size = tile_units * multiple + draw(st.integers(0, multiple - 1))
    sides = st.integers(1, 60 * multiple)
    return plan_tiles(draw(sides), draw(sides), tile_size, overlap, multiple), tile_size, overlap, multiple


@given(plans())
def test_spans_cover_the_padded_picture_on_the_grid(case: tuple[TilePlan, int, int, int]) -> None:
    plan, tile_size, _, multiple = case
    for length, spans in ((plan.height, plan.rows), (plan.width, plan.columns)):
        assert spans[0].start == 0
        assert length <= spans[-1].end < length + multiple
        for span in spans:
            assert span.start % multiple == 0
            assert span.size % multiple == 0
            assert 0 < span.size <= 1.5 * tile_size
    assert max(row.size for row in plan.rows) * max(column.size for column in plan.columns) <= tile_size**2


@given(plans())
def test_neighbours_share_the_overlap_and_no_third_tile_meets_them(
    case: tuple[TilePlan, int, int, int],
) -> None:
    plan, _, overlap, multiple = case
    assert overlap <= plan.overlap < overlap + multiple
    for spans in (plan.rows, plan.columns):
        for here, after in itertools.pairwise(spans):
            assert here.end - after.start == plan.overlap
        for here, second in zip(spans, spans[2:], strict=False):
            assert here.end <= second.start


@given(plans())
def test_square_tiles_would_not_compute_less(case: tuple[TilePlan, int, int, int]) -> None:
    plan, tile_size, _, multiple = case
    computed = 1
    for spans in (plan.rows, plan.columns):
        tile = tile_size // multiple * multiple
        count = 1 if spans[-1].end <= tile else -(-(spans[-1].end - plan.overlap) // (tile - plan.overlap))
        computed *= spans[-1].end + (count - 1) * plan.overlap
    assert plan.overhead * plan.height * plan.width <= 1.03 * computed * (1 + 1e-9)


@pytest.mark.parametrize(
    ("height", "width", "tiles"),
    [(384, 384, (1, 1)), (256, 576, (1, 1)), (576, 200, (1, 1)), (385, 385, (2, 1)), (1633, 2449, (8, 5))],
)
def test_tiles_take_the_shape_that_computes_little(height: int, width: int, tiles: tuple[int, int]) -> None:
    plan = plan_tiles(height, width, 384, 32, 32)
    assert (len(plan.rows), len(plan.columns)) == tiles


@given(plans())
def test_sizes_are_even_and_grouped(case: tuple[TilePlan, int, int, int]) -> None:
    plan, tile_size, _, multiple = case
    if tile_size // multiple * multiple * 2 / 3 < 3 * plan.overlap:
        return
    for spans in (plan.rows, plan.columns):
        sizes = [span.size for span in spans]
        assert max(sizes) - min(sizes) <= multiple
        assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("length", "tile_size", "overlap", "multiple", "expected"),
    [
        (1, 256, 32, 16, [(0, 16)]),
        (256, 256, 32, 16, [(0, 256)]),
        (300, 128, 20, 64, [(0, 128), (64, 128), (128, 128), (192, 128)]),
        (5, 2, 0, 1, [(0, 2), (2, 2), (4, 1)]),
    ],
)
def test_known_plans(
    length: int, tile_size: int, overlap: int, multiple: int, expected: list[tuple[int, int]]
) -> None:
    plan = plan_tiles(length, length, tile_size, overlap, multiple)
    assert plan.rows == plan.columns == tuple(Span(*pair) for pair in expected)
    assert plan.padded_height == plan.padded_width == expected[-1][0] + expected[-1][1]


@pytest.mark.parametrize(
    ("tile_size", "multiple", "smallest", "largest"),
    [(384, 16, 256, 4096), (384, 32, 250, 4096), (768, 64, 1000, 4096)],
)
def test_overhead_is_at_most_1_3(tile_size: int, multiple: int, smallest: int, largest: int) -> None:
    # The worst side is one pixel past the grid, where padding costs most.
    sides = range(smallest // multiple * multiple + 1, largest, multiple)
    assert max(plan_tiles(side, side, tile_size, 32, multiple).overhead for side in sides) <= 1.3


def test_overhead_of_the_built_in_model_is_at_most_1_3() -> None:
    card = find_model(BUILT_IN).card
    shapes = [(side, int(side * ratio)) for side in range(200, 2200, 9) for ratio in (1, 1.333, 1.5, 1.778)]
    # From a result of 1 MP on.
    plans = [plan_picture(card, *shape, card.tile_size) for shape in shapes if shape[0] * shape[1] >= 250**2]
    assert len(plans) > 800
    assert max(plan.overhead for plan in plans) <= 1.3


def test_overhead_counts_padding_and_overlap() -> None:
    assert plan_tiles(16, 16, 64, 16, 16).overhead == 1
    assert plan_tiles(8, 16, 64, 16, 16).overhead == 2
    assert plan_tiles(16, 96, 64, 16, 16).overhead == pytest.approx(112 / 96)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 5, 256, 32, 16), "no pixels"),
        ((5, -1, 256, 32, 16), "no pixels"),
        ((5, 5, 63, 32, 16), "at least 64"),
        ((5, 5, 15, 0, 16), "at least 16"),
        ((5, 5, 127, 1, 64), "at least 128"),
        ((5, 5, 256, -1, 16), "no sense"),
        ((5, 5, 256, 32, 0), "no sense"),
    ],
)
def test_impossible_plans_are_refused(arguments: tuple[int, int, int, int, int], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        plan_tiles(*arguments)

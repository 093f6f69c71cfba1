from pathlib import Path

import pytest

from resshift_desktop.core.engine.request import TargetSize, UpscaleRequest
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.errors import UsageError


@pytest.mark.parametrize(
    ("wish", "result"),
    [
        ({}, (400, 200)),
        ({"scale": 1}, (100, 50)),
        ({"scale": 1.5}, (150, 75)),
        ({"scale": 2}, (200, 100)),
        ({"scale": 5.3}, (530, 265)),
        ({"scale": 16}, (1600, 800)),
        ({"width": 100}, (100, 50)),
        ({"width": 101}, (101, 50)),
        ({"width": 333}, (333, 166)),
        ({"width": 1600}, (1600, 800)),
        ({"height": 50}, (100, 50)),
        ({"height": 77}, (154, 77)),
        ({"height": 800}, (1600, 800)),
    ],
)
def test_size_of_the_result(wish: dict[str, float], result: tuple[int, int]) -> None:
    assert TargetSize(**wish).resolve(100, 50, default_scale=4) == result  # pyright: ignore[reportArgumentType]


def test_no_side_vanishes() -> None:
    assert TargetSize(width=1000).resolve(1000, 1, 4) == (1000, 1)
    assert TargetSize(scale=1).resolve(1, 1, 4) == (1, 1)


@pytest.mark.parametrize(
    "wish",
    [
        {"scale": 0},
        {"scale": -2},
        {"scale": 0.99},
        {"scale": 16.01},
        {"scale": float("nan")},
        {"scale": float("inf")},
        {"width": 0},
        {"height": -1},
        {"scale": 2, "width": 200},
        {"width": 200, "height": 100},
    ],
)
def test_sizes_that_make_no_sense(wish: dict[str, float]) -> None:
    with pytest.raises(UsageError) as caught:
        TargetSize(**wish)  # pyright: ignore[reportArgumentType]
    assert caught.value.hint


@pytest.mark.parametrize("wish", [{"width": 99}, {"width": 1601}, {"height": 49}, {"height": 801}])
def test_sizes_out_of_reach_of_the_input(wish: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="100 x 50"):
        TargetSize(**wish).resolve(100, 50, 4)


def request(**fields: int) -> UpscaleRequest:
    return UpscaleRequest(Path("in.png"), Path("out.png"), ImageFormat.PNG, **fields)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("fields", [{"seed": 0}, {"seed": 2**63 - 1}, {"quality": 1}, {"quality": 100}])
def test_bounds_are_in(fields: dict[str, int]) -> None:
    name, value = next(iter(fields.items()))
    assert getattr(request(**fields), name) == value


@pytest.mark.parametrize("fields", [{"seed": -1}, {"seed": 2**63}, {"quality": 0}, {"quality": 101}])
def test_beyond_the_bounds_is_out(fields: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(fields))):
        request(**fields)

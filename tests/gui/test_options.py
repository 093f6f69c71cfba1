from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from resshift_desktop.gui.options import MAX_SEED, Options, load_options, save_options
from resshift_desktop.gui.result_size import result_size

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
SIZES = st.one_of(
    st.just({}),
    st.builds(lambda scale: {"scale": scale}, st.floats(1, 16)),
    st.builds(lambda width: {"width": width}, st.integers(1, 200_000)),
    st.builds(lambda height: {"height": height}, st.integers(1, 200_000)),
)
OPTIONS = st.builds(
    lambda size, **others: Options(**size, **others),
    SIZES,
    model=NAMES,
    folder=st.none() | NAMES.map(Path),
    name_pattern=NAMES,
    image_format=st.sampled_from((None, "png", "jpeg", "webp", "tiff")),
    quality=st.integers(1, 100),
    seed=st.integers(0, MAX_SEED),
    device=NAMES,
    tile_size=st.none() | st.integers(1, 4096),
)


def file_in(folder: Path) -> QSettings:
    return QSettings(str(folder / "app.ini"), QSettings.Format.IniFormat)


@given(options=OPTIONS)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_saved_is_loaded(options: Options, tmp_path: Path) -> None:
    first = file_in(tmp_path)
    save_options(first, options)
    first.sync()
    assert load_options(file_in(tmp_path)) == options


def test_nothing_saved_gives_the_defaults(tmp_path: Path) -> None:
    assert load_options(file_in(tmp_path)) == Options()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scale", "0.5"),
        ("scale", "nan"),
        ("scale", "wide"),
        ("width", "0"),
        ("width", "1.5"),
        ("quality", "101"),
        ("seed", "-1"),
        ("seed", str(2**63)),
        ("tile_size", "0"),
        ("image_format", "bmp"),
        ("model", ["a", "b"]),
    ],
)
def test_what_makes_no_sense_is_passed_over(name: str, value: object, tmp_path: Path) -> None:
    settings = file_in(tmp_path)
    save_options(settings, Options(quality=75))
    settings.setValue(f"options/{name}", value)
    given = load_options(settings)
    assert getattr(given, name) == getattr(Options(), name)
    assert given == replace(Options(), quality=given.quality)


def test_two_sizes_are_none(tmp_path: Path) -> None:
    settings = file_in(tmp_path)
    save_options(settings, Options(scale=2))
    settings.setValue("options/width", "2000")
    assert load_options(settings) == Options()


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ({}, (80, 40)),
        ({"scale": 2.5}, (50, 25)),
        ({"width": 30}, (30, 15)),
        ({"height": 160}, (320, 160)),
        ({"width": 19}, None),
        ({"height": 161}, None),
    ],
)
def test_a_result_has_the_size_that_is_chosen_or_none(size: dict, expected: tuple[int, int] | None) -> None:
    assert result_size(Options(**size), (20, 10), 4) == expected

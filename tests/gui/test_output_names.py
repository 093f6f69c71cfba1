"""Where results go, and what they are called."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.gui.options import Options
from resshift_desktop.gui.output_names import free_name, plan_jobs, result_name


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (Options(), "cat_x4.JPG"),
        (Options(scale=2.5), "cat_x2.5.JPG"),
        (Options(width=1920), "cat_x1920w.JPG"),
        (Options(height=1080), "cat_x1080h.JPG"),
        (Options(image_format="png"), "cat_x4.png"),
        (Options(image_format="jpeg"), "cat_x4.jpg"),
        (Options(name_pattern="{model} {name}"), "builtin cat.JPG"),
        (Options(name_pattern="a/b:{name}?"), "a-b-cat-.JPG"),
        (Options(name_pattern=" . "), "cat.JPG"),
        (Options(name_pattern="{unknown}"), "{unknown}.JPG"),
    ],
)
def test_names_follow_the_pattern(options: Options, name: str) -> None:
    assert result_name(Path("/photos/cat.JPG"), options, 4) == name


def test_what_is_only_read_becomes_png() -> None:
    assert result_name(Path("/photos/cat.bmp"), Options(), 4) == "cat_x4.png"


@given(st.text(min_size=1, max_size=300))
def test_every_pattern_gives_a_name_in_its_folder(pattern: str) -> None:
    name = result_name(Path("/photos/cat.png"), Options(name_pattern=pattern), 4)
    assert Path("/photos", name).parent == Path("/photos")
    assert name not in (".png", "")
    assert len(name) <= 210


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "a_x4.png").touch()
    (tmp_path / "a_x4 (2).png").touch()
    assert free_name(tmp_path / "a_x4.png").name == "a_x4 (3).png"


def test_no_two_results_have_one_name(tmp_path: Path) -> None:
    pictures = [tmp_path / "one" / "a.png", tmp_path / "two" / "A.png", tmp_path / "two" / "a.png"]
    options = Options(folder=tmp_path)
    jobs = plan_jobs(pictures, options, [tmp_path / "a_x4.png"], 4, tmp_path / "pasted")
    assert [job.output.name for job in jobs] == ["a_x4 (2).png", "A_x4 (3).png", "a_x4 (4).png"]


def test_all_options_are_asked_for(tmp_path: Path) -> None:
    options = Options("m", 2.0, None, None, tmp_path, "{name}", "webp", 70, 5, "cpu", 128)
    (job,) = plan_jobs([Path("/a.png")], options, [], 4, Path("/pasted"))
    assert job.to_wire() == {
        "input": "/a.png", "output": str(tmp_path / "a.webp"), "format": "webp", "model": "m", "scale": 2.0,
        "width": None, "height": None, "seed": 5, "device": "cpu", "tile_size": 128, "mask": None,
        "quality": 70,
    }  # fmt: skip
    (by_width,) = plan_jobs([Path("/a.png")], replace(options, scale=None, width=99), [], 4, Path("/pasted"))
    assert by_width.width == 99

"""Wrong usage: exit code 2, one line with a hint, nothing touched, and torch not waited for."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Resshift, Start, listing, noise_picture, one_line, outcome

WRONG = [
    (["--scale", "0"], "A size of 0", "Give a number above 0."),
    (["--scale", "-1"], "A size of -1", "Give a number above 0."),
    (["--scale", "nan"], "A size of nan", "Give a number above 0."),
    (["--scale", "inf"], "A scale of inf", "from 1 to 16"),
    (["--scale", "17"], "A scale of 17", "from 1 to 16"),
    (["--scale", "0.5"], "A scale of 0.5", "from 1 to 16"),
    (["--scale", "abc"], "'--scale'", "--help"),
    (["--width", "0"], "A size of 0", "Give a number above 0."),
    (["--width", "99", "--scale", "2"], "more than one size", "one of them"),
    (["--quality", "0"], "A quality of 0", "from 1 to 100"),
    (["--quality", "101"], "A quality of 101", "from 1 to 100"),
    (["--seed", "-1"], "The seed -1", "from 0"),
    (["--tile", "0"], "'--tile'", "--help"),
    (["--format", "gif"], "'gif' is not one of", "--help"),
    (["--model", "nope"], "no model called", "builtin"),
    (["--device", "nope"], "no device", "cpu"),
    (["--nope"], "No such option", "--help"),
]


@pytest.mark.parametrize(("options", "title", "hint"), WRONG, ids=lambda value: str(value))
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["people", "json"])
def test_wrong_options(
    resshift: Resshift, tmp_path: Path, options: list[str], title: str, hint: str, as_json: list[str]
) -> None:
    picture = noise_picture(tmp_path / "in.png")
    result = resshift("upscale", picture, "-o", tmp_path / "new" / "out.png", *options, *as_json)
    assert (result.code, result.out) == (2, "")
    assert title in one_line(result.err)
    assert hint in result.err.partition(title)[2]
    assert listing(tmp_path) == ["in.png"]


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (["upscale"], "Missing argument"),
        (["upscale", "in.png"], "Missing option"),
        (["upscale", "empty", "-o", "out"], "no pictures"),
        (["upscale", "in.png", "in2.png", "-o", "in2.png"], "in2.png is a file"),
        (["upscale", "in.png", "-o", "out.gif"], "cannot be written"),
        (["models"], "Missing command"),
        (["nope"], "No such command"),
        (["train", "empty", "-o", "run"], "no pictures"),
        (["train", "empty", "-o", "run", "--batch", "0"], "'--batch'"),
        (["train", "empty", "-o", "run", "--crop", "100"], "do not fit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_arguments(
    resshift: Resshift, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], title: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for name in ("in.png", "in2.png"):
        noise_picture(tmp_path / name)
    result = resshift(*arguments)
    assert (result.code, result.out) == (2, "")
    assert title in one_line(result.err)
    assert listing(tmp_path) == ["empty", "in.png", "in2.png"]


def test_help_names_the_commands(resshift: Resshift) -> None:
    for arguments in ([], ["--help"], ["-h"]):
        result = resshift(*arguments)
        assert (result.code, result.err) == (0, "")
        assert all(command in result.out for command in ("upscale", "models", "train", "doctor"))


def test_version(resshift: Resshift) -> None:
    result = resshift("--version")
    assert result.code == 0
    assert one_line(result.out).startswith("resshift ")


_WITHOUT_TORCH = """
import json, sys
from resshift_desktop.cli.app import main
codes = [main(arguments) for arguments in json.loads(sys.argv[1])]
heavy = {"torch", "numpy", "pyvips", "PIL"} & sys.modules.keys()
print("\\n" + json.dumps([codes, sorted(heavy)]))
"""


def test_what_needs_no_torch_does_not_wait_for_it(start: Start, tmp_path: Path) -> None:
    picture = str(noise_picture(tmp_path / "in.png"))
    calls = [
        (["--help"], 0),
        (["upscale", "--help"], 0),
        (["train", "--help"], 0),
        (["models", "list"], 0),
        (["upscale", picture, "-o", "out.png", "--scale", "0"], 2),
        (["upscale", picture, "-o", "out.png", "--model", "nope"], 2),
        (["upscale", picture, "-o", "out.gif"], 2),
    ]
    arguments = json.dumps([call for call, _ in calls])
    result = outcome(start(arguments, code=_WITHOUT_TORCH))
    codes, heavy = json.loads(result.out.splitlines()[-1])
    assert codes == [code for _, code in calls]
    assert heavy == []

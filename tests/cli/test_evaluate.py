"""`resshift evaluate` with the shipped model, from a folder of good pictures to a report."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Resshift, one_line


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Two pictures with edges, 128 x 128."""
    folder = tmp_path / "good"
    folder.mkdir()
    y, x = np.mgrid[:128, :128]
    for name, period in (("first", 23), ("second", 31)):
        bands = ((x + 2 * y) // period % 2 * 160 + 40).astype(np.uint8)
        Image.fromarray(np.stack([bands, 255 - bands, bands // 2], axis=2)).save(folder / f"{name}.png")
    return folder


def test_it_writes_the_report_the_results_and_a_sheet(resshift: Resshift, good: Path, tmp_path: Path) -> None:
    out = tmp_path / "evaluation"
    result = resshift("evaluate", "--hr", good, "--degrade", "bicubic", "-o", out, "--device", "cpu")
    assert result.code == 0
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    rows = {row["method"]: row for row in report["rows"]}
    assert list(rows) == ["builtin", "bicubic", "lanczos"]
    assert all(row["scores"]["psnr_y"] > 25 for row in rows.values())
    assert rows["builtin"]["scores"] != rows["bicubic"]["scores"] != rows["lanczos"]["scores"]
    assert rows["builtin"]["parameters"] > 1e6
    assert report["pictures"] == 2
    assert (out / "report.md").read_text(encoding="utf-8") in result.out
    for folder in ("input", "builtin", "bicubic", "lanczos"):
        assert sorted(path.name for path in (out / folder).iterdir()) == ["first.png", "second.png"]
    with Image.open(out / "sheet.jpg") as sheet:
        assert sheet.size == (4 * 256, 2 * 256)

    given = resshift("evaluate", "--hr", good, "--lq", out / "input", "-o", tmp_path / "again")
    assert given.code == 0
    again = json.loads((tmp_path / "again" / "report.json").read_text(encoding="utf-8"))
    assert [row["scores"] for row in again["rows"]] == [row["scores"] for row in report["rows"]]


@pytest.mark.parametrize(
    ("options", "title", "hint"),
    [
        ([], "one source of small pictures", "--lq or --degrade"),
        (["--degrade", "real", "--lq", "x"], "one source of small pictures", "--lq or --degrade"),
        (["--degrade", "heavy"], "no degradation “heavy”", "real, bicubic"),
        (["--degrade", "real", "--model", "nope"], "no model called", "builtin"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage(
    resshift: Resshift, good: Path, tmp_path: Path, options: list[str], title: str, hint: str
) -> None:
    result = resshift("evaluate", "--hr", good, "-o", tmp_path / "out", *options)
    assert (result.code, result.out) == (2, "")
    assert title in one_line(result.err)
    assert hint in result.err.partition(title)[2]
    assert not (tmp_path / "out").exists()

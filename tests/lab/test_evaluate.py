"""Evaluation: pairs are found and made, scores are means over the written files, the report tells."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from resshift_desktop.errors import UsageError
from resshift_desktop.lab.evaluate import (
    DegradationKind,
    Pair,
    Scores,
    by_resizing,
    contact_sheet,
    evaluate,
    find_pairs,
    make_pairs,
    score,
)
from resshift_desktop.lab.evaluate_report import EvaluateReport, to_dict, to_markdown
from resshift_desktop.lab.metrics import lq_psnr, psnr_y, ssim_y


def save(path: Path, seed: int, width: int = 80, height: int = 64) -> None:
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8))
    path.parent.mkdir(parents=True, exist_ok=True)
    coarse.resize((width, height), Image.Resampling.BICUBIC).save(path)


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path))


def tensor(path: Path) -> torch.Tensor:
    return torch.from_numpy(pixels(path).copy()).permute(2, 0, 1)[None].float() / 255


def test_pairs_are_found_by_name_whatever_the_format(tmp_path: Path) -> None:
    for name in ("hr/b.png", "hr/a.webp", "hr/alone.png", "lq/a.png", "lq/b.jpg", "lq/other.png"):
        save(tmp_path / name, 0)
    pairs = find_pairs(tmp_path / "hr", tmp_path / "lq")
    assert pairs == [
        Pair("a", tmp_path / "hr/a.webp", tmp_path / "lq/a.png"),
        Pair("b", tmp_path / "hr/b.png", tmp_path / "lq/b.jpg"),
    ]
    with pytest.raises(UsageError, match="has the name"):
        find_pairs(tmp_path / "hr", tmp_path / "hr" / "nothing")


def test_made_inputs_are_a_quarter_and_the_same_each_time(tmp_path: Path) -> None:
    save(tmp_path / "hr/a.png", 1, 83, 66)  # no multiples of four
    save(tmp_path / "hr/b.png", 2)
    cases: list[tuple[DegradationKind, bool]] = [("real", True), ("bicubic", False)]
    for kind, differs in cases:
        first, again, other = (
            [pixels(pair.lq) for pair in make_pairs(tmp_path / "hr", tmp_path / name, kind, 4, seed)]
            for name, seed in (("1", 0), ("2", 0), ("3", 1))
        )
        assert [picture.shape for picture in first] == [(16, 20, 3), (16, 20, 3)]
        assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
        assert differs == any((a != b).any() for a, b in zip(first, other, strict=True))
    with pytest.raises(UsageError, match="no pictures"):
        make_pairs(tmp_path / "empty", tmp_path / "4", "real", 4)


def test_means_and_speed_are_of_the_files_that_were_written(tmp_path: Path) -> None:
    for i in range(2):
        save(tmp_path / f"hr/{i}.png", i)
    pairs = make_pairs(tmp_path / "hr", tmp_path / "lq", "bicubic", 4)
    resize = by_resizing(Image.Resampling.BICUBIC, 4)

    def upscale(lq: Path, sr: Path) -> float:
        resize(lq, sr)
        return 0.5

    row = evaluate("bicubic", upscale, pairs, tmp_path / "out", 7, None, {"red": lambda x: x[:, 0].mean()})
    results = [tensor(tmp_path / f"out/{pair.name}.png") for pair in pairs]
    truths, inputs = [tensor(pair.hr) for pair in pairs], [tensor(pair.lq) for pair in pairs]
    expected = {
        "psnr_y": [psnr_y(a, b) for a, b in zip(results, truths, strict=True)],
        "ssim_y": [ssim_y(a, b) for a, b in zip(results, truths, strict=True)],
        "lq_psnr": [lq_psnr(a, b) for a, b in zip(results, inputs, strict=True)],
        "red": [a[:, 0].mean() for a in results],
    }
    assert row.scores == pytest.approx(
        {k: float(np.mean([v.item() for v in s])) for k, s in expected.items()}
    )
    assert row.megapixels_per_second == pytest.approx(2 * 80 * 64 / 1e6 / 1.0)
    assert (row.method, row.parameters) == ("bicubic", 7)


def test_a_truth_may_be_a_little_larger_or_smaller_but_not_another_picture() -> None:
    rng = np.random.default_rng(0)
    sr, lq = (rng.integers(0, 256, (side, side, 3), np.uint8) for side in (64, 16))
    larger = np.pad(sr, ((0, 3), (0, 2), (0, 0)))
    assert score(larger, sr, lq, None, {})["ssim_y"] == pytest.approx(1)
    assert score(sr[:62], sr, lq, None, {})["ssim_y"] == pytest.approx(1)
    with pytest.raises(UsageError, match="16x16 pixels is no match for a result of 64x64"):
        score(lq, sr, lq, None, {})


def test_the_sheet_shows_input_results_and_truth_side_by_side(tmp_path: Path) -> None:
    colours = {"hr": 40, "lq": 80, "x": 120, "y": 160}
    for name, level in colours.items():
        folder = tmp_path / name
        folder.mkdir()
        side = 16 if name == "lq" else 64
        Image.new("RGB", (side, side), (level,) * 3).save(folder / "a.png")
    pair = Pair("a", tmp_path / "hr/a.png", tmp_path / "lq/a.png")
    sheet = np.asarray(contact_sheet([pair], [tmp_path / "x", tmp_path / "y"], side=32))
    assert sheet.shape == (32, 128, 3)
    assert [int(sheet[16, 16 + 32 * column, 0]) for column in range(4)] == [80, 120, 160, 40]


def test_the_report_holds_the_rows_and_keeps_the_published_ones_apart() -> None:
    scores = {"psnr_y": 25.123, "ssim_y": 0.71, "lq_psnr": 33.0, "lpips_alex": 0.28}
    rows = (Scores("builtin", 3_100_000, scores, 0.91), Scores("bicubic", 0, scores, 12.3))
    report = EvaluateReport("given, lq", 24, "CPU", "2026-11-23", rows)
    text = to_markdown(report)
    assert "| builtin | 25.12 | 0.7100 | 0.2800 | 33.00 | 0.91 | 3.1 |" in text
    assert "| bicubic | 25.12 | 0.7100 | 0.2800 | 33.00 | 12.3 |  |" in text
    assert text.index("| bicubic") < text.index("## Published") < text.index("| ResShift-15 | 26.73")
    fields = json.loads(json.dumps(to_dict(report)))
    assert fields["rows"][0]["scores"] == scores
    assert fields["published_on_other_pictures"][0]["method"] == "ResShift-15"

"""`resshift evaluate` on the terminal."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import cast, get_args

import torch
from PIL import Image

from resshift_desktop.core.engine.device import choose_device
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.weights.store import find_model
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.evaluate import (
    DegradationKind,
    Pair,
    by_model,
    by_resizing,
    contact_sheet,
    evaluate,
    find_pairs,
    make_pairs,
)
from resshift_desktop.lab.evaluate_report import EvaluateReport, to_dict, to_markdown
from resshift_desktop.lab.metrics import LPIPS
from resshift_desktop.lab.no_reference import load_no_reference

SHEET_PICTURES = 8


def evaluate_command(
    hr: Path, lq: Path | None, degrade: str | None, out: Path, model: str, lpips: Path | None,
    no_reference: bool, seed: int, device_name: str,
) -> None:  # fmt: skip
    """Upscale and score; `out` gets report.md, report.json, sheet.jpg and a folder of results for each row.

    Raises:
        UsageError: not one of `lq` and `degrade`, no pictures, no such model, no pyiqa.
        DeviceError, WeightsError: the device, the model or a metric's weights cannot be had.
    """
    metric = LPIPS.load("alex", lpips) if lpips else None
    extra = load_no_reference() if no_reference else None
    installed, device = find_model(model), choose_device(device_name)
    scale = installed.card.scale
    pairs = _pairs(hr, lq, degrade, out, scale, seed)
    engine = Engine()
    engine.prepare(model, device.torch_device)
    network = load_model(installed.card.config, installed.weights_path, torch.device("cpu"), torch.float32)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    methods = {
        model: (by_model(engine, model, device.torch_device, seed), parameters),
        "bicubic": (by_resizing(Image.Resampling.BICUBIC, scale), 0),
        "lanczos": (by_resizing(Image.Resampling.LANCZOS, scale), 0),
    }
    rows = []
    for name, (upscale, count) in methods.items():
        print(f"{name}: {len(pairs)} pictures ...", file=sys.stderr, flush=True)
        rows.append(evaluate(name, upscale, pairs, out / name, count, metric, extra))
    report = EvaluateReport(
        inputs=f"given, {lq}" if lq else f"made from the good ones, degradation {degrade}, seed {seed}",
        pictures=len(pairs),
        device=device.name,
        date=datetime.now(UTC).date().isoformat(),
        rows=tuple(rows),
    )
    (out / "report.json").write_text(json.dumps(to_dict(report), indent=2) + "\n", encoding="utf-8")
    (out / "report.md").write_text(to_markdown(report), encoding="utf-8")
    sheet = contact_sheet(pairs[:SHEET_PICTURES], [out / "bicubic", out / model])
    sheet.save(out / "sheet.jpg", quality=90)
    print(to_markdown(report))
    print(f"In {out}: report.md, report.json, the results, and sheet.jpg (input, bicubic, {model}, truth).")


def _pairs(hr: Path, lq: Path | None, degrade: str | None, out: Path, scale: int, seed: int) -> list[Pair]:
    if (lq is None) == (degrade is None):
        raise UsageError(
            "There must be one source of small pictures.", "Give --lq or --degrade, one of them."
        )
    if lq is not None:
        return find_pairs(hr, lq)
    kinds = get_args(DegradationKind)
    if degrade not in kinds:
        raise UsageError(f"There is no degradation “{degrade}”.", f"Choose one of: {', '.join(kinds)}.")
    return make_pairs(hr, out / "input", cast(DegradationKind, degrade), scale, seed)

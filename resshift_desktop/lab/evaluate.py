"""`resshift evaluate`: how good a model is, beside plain resizing, on pictures whose truth is known."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.data import Picture, list_pictures, load_picture
from resshift_desktop.lab.degrade import degrade_bicubic, degrade_real
from resshift_desktop.lab.metrics import LPIPS, lq_psnr, psnr_y, ssim_y

DegradationKind = Literal["real", "bicubic"]

Upscale = Callable[[Path, Path], float]
"""Upscales the picture file at the first path to a PNG at the second; returns the seconds it took."""

Metric = Callable[[Tensor], Tensor]
"""Scores (b, 3, h, w) in [0, 1] without knowing the truth."""


@dataclass(frozen=True)
class Pair:
    """A true picture and the low-quality input made from it, as files."""

    name: str
    hr: Path
    lq: Path


@dataclass(frozen=True)
class Scores:
    """Means over the pictures for one way of upscaling. `megapixels_per_second` is of output, files included;
    `parameters` is 0 for plain resizing."""

    method: str
    parameters: int
    scores: dict[str, float]
    megapixels_per_second: float


def find_pairs(hr_folder: Path, lq_folder: Path) -> list[Pair]:
    """The pictures of both folders that have the same name but for its suffix, by name.

    Raises UsageError when there are none.
    """
    lqs = {path.stem: path for path in list_pictures(lq_folder)}
    pairs = [Pair(hr.stem, hr, lqs[hr.stem]) for hr in list_pictures(hr_folder) if hr.stem in lqs]
    if not pairs:
        raise UsageError(
            f"No picture in {lq_folder} has the name of one in {hr_folder}.",
            "Give the good pictures with --hr and the small ones, named alike, with --lq.",
        )
    return pairs


def make_pairs(hr_folder: Path, out: Path, kind: DegradationKind, scale: int, seed: int = 0) -> list[Pair]:
    """Degrade the pictures in `hr_folder` into PNG files in `out`; picture i is a pure function of (seed, i).

    Raises UsageError when there are none.
    """
    paths = list_pictures(hr_folder)
    if not paths:
        raise UsageError(f"There are no pictures in {hr_folder}.", "Give a folder of good pictures.")
    out.mkdir(parents=True, exist_ok=True)
    pairs: list[Pair] = []
    for index, path in enumerate(paths):
        hr = load_picture(path)
        height, width = (side // scale * scale for side in hr.shape[:2])
        hr = np.ascontiguousarray(hr[:height, :width])
        rng = np.random.default_rng((seed, index))
        lq = degrade_real(hr, rng, scale) if kind == "real" else degrade_bicubic(hr, scale)
        pairs.append(Pair(path.stem, path, out / f"{path.stem}.png"))
        Image.fromarray(lq).save(pairs[-1].lq)
    return pairs


def by_model(engine: Engine, model: str, device: str, seed: int = 0) -> Upscale:
    """Upscaling as `resshift upscale` does it."""

    def upscale(lq: Path, sr: Path) -> float:
        request = UpscaleRequest(
            lq, sr, ImageFormat.PNG, model=model, seed=seed, device=device, overwrite=True
        )
        return engine.upscale(request, lambda _progress: None, lambda: False).seconds

    return upscale


def by_resizing(resampling: Image.Resampling, scale: int) -> Upscale:
    """Upscaling by one of Pillow's filters."""

    def upscale(lq: Path, sr: Path) -> float:
        started = time.monotonic()
        picture = Image.fromarray(load_picture(lq))
        picture.resize((picture.width * scale, picture.height * scale), resampling).save(sr)
        return time.monotonic() - started

    return upscale


def evaluate(
    method: str, upscale: Upscale, pairs: Sequence[Pair], out: Path, parameters: int,
    lpips: LPIPS | None = None, no_reference: Mapping[str, Metric] | None = None,
) -> Scores:  # fmt: skip
    """Upscale all inputs into `out` as NAME.png and score what lies there against the truth.

    The truth and the result are cut to the size that they share, at the right and at the bottom.
    Raises ResShiftError: an input cannot be upscaled, or a truth is smaller than half its result.
    """
    out.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, float]] = []
    seconds = pixels = 0.0
    for pair in pairs:
        path = out / f"{pair.name}.png"
        seconds += upscale(pair.lq, path)
        result = load_picture(path)
        pixels += result.shape[0] * result.shape[1]
        rows.append(score(load_picture(pair.hr), result, load_picture(pair.lq), lpips, no_reference or {}))
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    return Scores(method, parameters, means, pixels / 1e6 / seconds)


@torch.inference_mode()
def score(
    hr: Picture, sr: Picture, lq: Picture, lpips: LPIPS | None, no_reference: Mapping[str, Metric]
) -> dict[str, float]:
    """The scores of one result. Raises UsageError when it is no picture of `hr`'s size."""
    height, width = (min(a, b) for a, b in zip(hr.shape[:2], sr.shape[:2], strict=True))
    if 2 * height < sr.shape[0] or 2 * width < sr.shape[1]:
        raise UsageError(
            f"A true picture of {hr.shape[1]}x{hr.shape[0]} pixels is no match for a result of "
            f"{sr.shape[1]}x{sr.shape[0]}.",
            "The good pictures are as large as the results.",
        )
    truth, result, cut, small = (
        torch.from_numpy(picture.transpose(2, 0, 1).astype(np.float32) / 255)[None]
        for picture in (hr[:height, :width], sr, sr[:height, :width], lq)
    )
    scores = {"psnr_y": psnr_y(cut, truth), "ssim_y": ssim_y(cut, truth), "lq_psnr": lq_psnr(cut, small)}
    if lpips is not None:
        scores["lpips_alex"] = lpips(cut, truth)
    scores |= {name: metric(result) for name, metric in no_reference.items()}
    return {name: value.item() for name, value in scores.items()}


def contact_sheet(pairs: Sequence[Pair], folders: Sequence[Path], side: int = 256) -> Image.Image:
    """A row for each pair: the middle `side` pixels of the enlarged input, of the results, of the truth.

    `folders` hold the results by name, one folder for each way of upscaling.
    """
    sheet = Image.new("RGB", ((len(folders) + 2) * side, len(pairs) * side))
    for row, pair in enumerate(pairs):
        truth = Image.fromarray(load_picture(pair.hr))
        lq = Image.fromarray(load_picture(pair.lq))
        results = [Image.fromarray(load_picture(folder / f"{pair.name}.png")) for folder in folders]
        size = results[0].size if results else truth.size
        pictures = [lq.resize(size, Image.Resampling.NEAREST), *results, truth]
        left, top = (max(0, (n - side) // 2) for n in size)
        for column, picture in enumerate(pictures):
            sheet.paste(picture.crop((left, top, left + side, top + side)), (column * side, row * side))
    return sheet

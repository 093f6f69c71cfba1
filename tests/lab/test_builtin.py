"""What the shipped model promises of its results: no pattern of the cells, clean flat areas, true colours."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from resshift_desktop import paths
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.weights.store import find_model
from resshift_desktop.lab.data import load_picture, to_tensor
from resshift_desktop.lab.validation import reconstruct

SCALE = 4


@pytest.fixture(scope="module")
def model() -> Iterator[ResShift]:
    installed = find_model("builtin")
    with torch.inference_mode():
        yield load_model(installed.card.config, installed.weights_path, torch.device("cpu"), torch.float32)


def samples() -> list[Path]:
    return sorted((paths.resources_folder() / "samples").glob("*.jpg"))


def pattern(sr: torch.Tensor) -> float:
    """The strongest pattern of the cells in the flattest third of a picture: amplitude in levels of 255.

    sr: (1, 3, h, w) in [-1, 1], sides multiples of 32. The mean over all cells keeps what repeats with them;
    its spectrum has the frequencies of the pixel unshuffle, multiples of a quarter of a pixel's.
    """
    luma = sr.mean(1, keepdim=True) * 127.5
    detail = luma - F.avg_pool2d(luma, 5, stride=1, padding=2, count_include_pad=False)
    blocks = F.unfold(detail, 32, stride=32)[0].T
    flattest = blocks[blocks.std(1).argsort()[: len(blocks) // 3]]
    cell = flattest.view(-1, 32 // SCALE, SCALE, 32 // SCALE, SCALE).mean((0, 1, 3))
    amplitudes = torch.fft.fft2(cell).abs() / SCALE**2
    amplitudes[0, 0] = 0
    return float(amplitudes.max())


def test_a_pattern_of_the_cells_would_be_seen() -> None:
    noise = 4 / 127.5 * torch.randn(1, 3, 512, 512, generator=torch.Generator().manual_seed(0))
    cell = torch.zeros(SCALE, SCALE)
    cell[1, 2] = 8 / 127.5
    assert pattern(noise) < 0.1
    assert pattern(noise + cell.repeat(128, 128)) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.stem)
def test_no_pattern_of_the_cells(model: ResShift, path: Path) -> None:
    lq = to_tensor(np.ascontiguousarray(load_picture(path)[:160, :160]))[None]
    # In true pictures it was up to 0.5 where something repeats (bricks), else 0.01 to 0.2.
    assert pattern(reconstruct(model, lq)) < 0.25


@pytest.mark.parametrize("level", [16, 128, 240])
def test_flat_areas_stay_clean_and_keep_their_colour(model: ResShift, level: int) -> None:
    colour = torch.tensor([level, 128, 255 - level]) / 127.5 - 1
    lq = colour[None, :, None, None].expand(1, 3, 64, 64)
    inside = reconstruct(model, lq)[:, :, 32:-32, 32:-32]
    assert (inside.std((2, 3)) * 127.5).max() < 1
    assert (inside.mean((2, 3)) - colour).abs().max() * 127.5 < 1

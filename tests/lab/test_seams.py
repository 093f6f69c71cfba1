"""The measure of seams sees a seam where there is one, and none where there is none."""

import numpy as np
import pytest

from resshift_desktop.core.engine.tiling import plan_tiles
from resshift_desktop.lab.seams import compare

PLAN = plan_tiles(100, 150, 64, 32, 32)
SCALE, HALO = 4, 8


def noise() -> np.ndarray:
    return np.random.default_rng(0).integers(50, 200, (400, 600, 3)).astype(np.uint8)


def test_equal_results_agree_and_have_equal_ratios() -> None:
    steps = compare(noise(), noise(), PLAN, HALO, SCALE)
    assert steps.ratio == steps.ratio_whole == pytest.approx(1, abs=0.02)
    assert steps.agreeing == steps.values


def test_a_seam_shows_in_the_ratio_of_the_tiled_result() -> None:
    assert len(PLAN.columns) > 1
    tiled = noise()
    border = (PLAN.columns[1].start + PLAN.overlap // 2) * SCALE
    tiled[:, border:] += 40
    steps = compare(tiled, noise(), PLAN, HALO, SCALE)
    assert steps.ratio > steps.ratio_whole + 0.002
    assert steps.agreeing == pytest.approx(steps.values * border / 600)

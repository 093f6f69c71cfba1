"""The measure of seams sees a seam where there is one, and none where there is none."""

import numpy as np
import pytest

from resshift_desktop.core.engine.tiling import plan_tiles
from resshift_desktop.lab.seams import Steps, compare, summarise

PLAN = plan_tiles(100, 150, 64, 32, 32)
SCALE, HALO = 4, 8


def noise() -> np.ndarray:
    return np.random.default_rng(0).integers(50, 200, (400, 600, 3)).astype(np.uint8)


def cuts(tiled: np.ndarray) -> list[Steps]:
    """The same result from two corners, so that a line at a border in one is none in the other."""
    plan = plan_tiles(84, 134, 64, 32, 32)
    skip = 16 * SCALE
    return [
        compare(tiled, noise(), PLAN, HALO, SCALE, skip=16),
        compare(noise()[skip:, skip:], noise()[skip:, skip:], plan, HALO, SCALE),
    ]


def test_equal_results_show_no_seams() -> None:
    seams = summarise([cuts(noise())])
    assert seams.against_elsewhere == seams.against_whole == seams.agreement == 1


def test_a_seam_shows() -> None:
    assert len(PLAN.columns) > 1
    tiled = noise()
    border = (PLAN.columns[1].start + PLAN.overlap // 2) * SCALE
    tiled[:, border:] += 40
    seams = summarise([cuts(tiled)])
    assert seams.against_elsewhere > 1.002
    assert seams.against_whole > 1.002
    shown = 100 * 150 * SCALE**2
    assert seams.agreement == pytest.approx(
        (shown * border / 600 + 84 * 134 * SCALE**2) / (shown + 84 * 134 * SCALE**2)
    )

"""The losses punish what they are named for, and only that."""

import pytest
import torch
import torch.nn.functional as F

from resshift_desktop.lab.losses import (
    LossWeights,
    TrainingLoss,
    deviation_loss,
    grid_loss,
    log_error,
    random_view,
)
from resshift_desktop.lab.metrics import LPIPS, psnr_y


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def smooth_picture() -> torch.Tensor:
    return F.interpolate(torch.randn(2, 3, 8, 8, generator=generator()), scale_factor=16.0, mode="bicubic")


def test_a_pattern_tied_to_the_cells_is_punished_by_its_size() -> None:
    hr = smooth_picture()
    pattern = torch.zeros(4, 4)
    pattern[0, 0] = 0.16
    grid = grid_loss(hr + pattern.repeat(32, 32), hr, period=4)
    # Its mean over the cell is 0.01: one position is 0.15 above it, fifteen are 0.01 below.
    assert grid == pytest.approx((0.15 + 15 * 0.01) / 16, rel=1e-3)


def test_what_no_cell_position_has_in_common_is_not_punished() -> None:
    hr = smooth_picture()
    assert grid_loss(hr + 0.3, hr, period=4) < 1e-6
    noise = 0.16 * torch.randn(hr.shape, generator=generator(1))
    assert grid_loss(hr + noise, hr, period=4) < 0.16 / 8 * 1.1  # averaged over 64 cells


def test_the_logarithm_of_the_error_is_psnr() -> None:
    hr = smooth_picture()
    sr = hr + 0.3 * torch.randn(hr.shape, generator=generator(1))
    # Of the full range 2, where PSNR counts in the range 1: 4 times the error.
    wanted = -psnr_y(sr / 2 + 0.5, hr / 2 + 0.5, crop=0).mean() / 10 + torch.tensor(4.0).log10()
    assert log_error(sr, hr).item() == pytest.approx(wanted.item(), abs=2e-2)


def test_a_picture_with_little_error_counts_as_much_as_one_with_a_lot() -> None:
    hr = torch.zeros(2, 3, 16, 16)
    few, many = (torch.tensor([0.1 * a, 0.5 * b])[:, None, None, None] for a, b in ((2, 1), (1, 2)))
    assert log_error(hr + few, hr).item() == pytest.approx(log_error(hr + many, hr).item(), abs=1e-2)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_detail_too_weak_or_too_strong_is_punished_by_the_ratio(factor: float) -> None:
    detail = 0.2 * torch.randn(1, 3, 64, 64, generator=generator())
    loss = deviation_loss(0.3 + factor * detail, detail)
    assert loss.item() == pytest.approx(torch.tensor(2.0).log().item(), rel=0.02)


def test_detail_in_another_place_is_no_matter_and_noise_in_flat_areas_is() -> None:
    noise = 0.1 * torch.randn(2, 3, 64, 64, generator=generator())
    assert deviation_loss(noise[:1], noise[1:]) < 0.1
    flat = torch.zeros(1, 3, 64, 64)
    assert deviation_loss(noise[:1], flat) > 1
    assert deviation_loss(0.02 * noise[:1], flat) < 0.1  # a fifth of a level


def test_a_view_shows_the_same_of_both_pictures() -> None:
    hr = smooth_picture()
    sizes = set()
    corners = set()
    for seed in range(60):
        a, b = random_view(hr, hr.clone(), generator(seed))
        assert torch.equal(a, b)
        sizes.add(tuple(a.shape[2:]))
        if a.shape[2] == 120:
            corners.add(float(a[0, 0, 0, 0]))
    assert sizes == {(side, side) for side in (120, 60, 75, 90, 105, 150, 180)}
    assert len(corners) > 20  # shifted and turned


def test_terms_are_weighted_and_differentiable() -> None:
    lpips = LPIPS("squeeze")
    hr = smooth_picture().clamp(-1, 1)
    sr = (hr + 0.1).requires_grad_()
    lq = F.avg_pool2d(hr, 4) + 0.2
    weights = LossWeights(l1=2, psnr=0.5, deviation=0.2, lpips=3, grid=5, colour=7, input=11)
    terms = TrainingLoss(weights, 4, lpips)(sr, hr, lq, generator())
    assert set(terms) == {"l1", "psnr", "deviation", "lpips", "grid", "colour", "input"}
    assert terms["input"].item() == pytest.approx(1.1, rel=1e-4)
    assert terms["l1"].item() == pytest.approx(0.2, rel=1e-4)
    assert terms["colour"].item() == pytest.approx(0.7, rel=1e-4)
    torch.stack(list(terms.values())).sum().backward()
    assert sr.grad is not None
    assert sr.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in lpips.parameters())


def test_without_lpips_weights_there_is_no_such_term() -> None:
    hr = smooth_picture()
    assert "lpips" not in TrainingLoss(LossWeights(), 4, None)(hr, hr, F.avg_pool2d(hr, 4), generator())

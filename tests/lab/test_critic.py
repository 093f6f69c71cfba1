"""The critic learns to tell patterns apart, is not shown colours, and its opinion reaches the network."""

import torch
import torch.nn.functional as F

from resshift_desktop.lab.critic import PatchCritic, deceive, discern, with_coarse_part_of


def smooth_picture(seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return F.interpolate(torch.rand(2, 3, 8, 8, generator=generator) - 0.5, scale_factor=8.0, mode="bicubic")


def checker(height: int = 64, width: int = 64) -> torch.Tensor:
    return ((torch.arange(height)[:, None] + torch.arange(width)) % 2 - 0.5) * 0.2


def test_it_is_shown_the_detail_of_the_result_on_the_colours_of_the_truth() -> None:
    hr = smooth_picture(0)
    torch.testing.assert_close(with_coarse_part_of(hr + 0.3, hr, 4), hr)
    torch.testing.assert_close(with_coarse_part_of(hr + 0.3 + checker(), hr, 4), hr + checker())


def test_it_learns_and_the_network_hears_of_it() -> None:
    torch.manual_seed(0)
    critic = PatchCritic(width=8)
    optimizer = torch.optim.Adam(critic.parameters(), lr=2e-3, betas=(0.5, 0.99))
    for step in range(40):
        hr = smooth_picture(step)
        optimizer.zero_grad()
        discern(critic, hr + checker(), hr).backward()
        optimizer.step()
    hr = smooth_picture(-1)
    assert critic(hr).shape == (2, 1, 8, 8)
    sr = (hr + checker()).requires_grad_()
    seen_through = deceive(critic, sr)
    assert seen_through > deceive(critic, hr) + 0.3
    (gradient,) = torch.autograd.grad(seen_through, sr)
    assert deceive(critic, sr - 0.02 * gradient.sign()) < seen_through

"""A grown network gives what the smaller one gave, and all of it can learn."""

from dataclasses import replace

import pytest
import torch

from resshift_desktop.core.diffusion.config import DiffusionConfig, ModelConfig, SwinUNetConfig
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.grow import grow

SMALL = ModelConfig(
    scale=4,
    diffusion=DiffusionConfig(4, kappa=1.0, min_noise_level=0.1, latent_variance=0.25, predicts="x_0 - y"),
    unet=SwinUNetConfig(48, 16, (1, 2), (1, 1), (1,), 32, mlp_ratio=1, unshifted_from=0, norm="channel"),
)


def with_blocks(*blocks: int, num_steps: int = 4) -> ModelConfig:
    unet = replace(SMALL.unet, num_res_blocks=blocks)
    return replace(SMALL, unet=unet, diffusion=replace(SMALL.diffusion, num_steps=num_steps))


@pytest.mark.parametrize("blocks", [(1, 1), (2, 1), (1, 3), (3, 2)])
@pytest.mark.parametrize("num_steps", [4, 1])
def test_it_gives_the_same(blocks: tuple[int, ...], num_steps: int) -> None:
    torch.manual_seed(0)
    smaller, larger = ResShift(SMALL), ResShift(with_blocks(*blocks, num_steps=num_steps))
    grow(smaller, larger)
    x, lq = torch.randn(1, 48, 16, 16), torch.randn(1, 3, 16, 16)
    for step in (1, 3) if num_steps == 4 else (4,):
        t = torch.tensor([step - 1])
        expected = smaller.unet(x, t, lq)
        assert expected.abs().mean() > 0.01
        torch.testing.assert_close(larger.unet(x, t if num_steps == 4 else t * 0, lq), expected)


def test_added_blocks_learn() -> None:
    larger = ResShift(with_blocks(2, 2))
    grow(ResShift(SMALL), larger)
    larger.unet(
        torch.randn(1, 48, 16, 16), torch.tensor([0]), torch.randn(1, 3, 16, 16)
    ).square().sum().backward()
    last = [p for name, p in larger.unet.named_parameters() if name.endswith("out_layers.3.weight")]
    assert len(last) == 12
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in last)


@pytest.mark.parametrize(
    "config",
    [
        with_blocks(1, 1, 1),
        replace(SMALL, unet=replace(SMALL.unet, model_channels=32)),
        replace(SMALL, unet=replace(SMALL.unet, attention_levels=())),
    ],
    ids=["levels", "channels", "attention"],
)
def test_another_network_is_refused(config: ModelConfig) -> None:
    unet = replace(config.unet, channel_mult=(1, 2, 2)[: len(config.unet.num_res_blocks)])
    with pytest.raises(UsageError, match="does not fit"):
        grow(ResShift(SMALL), ResShift(replace(config, unet=unet)))


def test_a_smaller_network_is_refused() -> None:
    with pytest.raises(UsageError, match="does not fit"):
        grow(ResShift(with_blocks(2, 1)), ResShift(SMALL))

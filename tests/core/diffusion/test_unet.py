"""SwinUNet: shapes, what depends on what, and attention against its definition written out."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, TypeVar

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resshift_desktop.core.diffusion.config import SwinUNetConfig
from resshift_desktop.core.diffusion.norm import ChannelNorm, GroupNorm32
from resshift_desktop.core.diffusion.swin import WindowAttention
from resshift_desktop.core.diffusion.unet import SwinUNet, timestep_embedding
from tests.parity import golden

SMALL = SwinUNetConfig(
    latent_channels=4,
    model_channels=32,
    channel_mult=(1, 2),
    num_res_blocks=(1, 1),
    attention_levels=(0,),
    swin_embed_dim=32,
    window_size=4,
)
NORMS = ("group", "channel")
AnyModule = TypeVar("AnyModule", bound=nn.Module)


@pytest.fixture(autouse=True)
def inference() -> Iterator[None]:
    with torch.inference_mode():
        yield


def with_weights(module: AnyModule) -> AnyModule:
    """Every weight by the golden rule, so that none, norm or bias table, stays at its neutral start."""
    layout = {key: (str(t.dtype), list(t.shape)) for key, t in module.state_dict().items()}
    module.load_state_dict(golden.rule_weights(layout))
    return module.eval()


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    ("change", "size"),
    [
        ({}, (8, 24)),
        ({"norm": "channel"}, (16, 8)),
        ({"channel_mult": (1,), "num_res_blocks": (2,)}, (4, 12)),
        ({"channel_mult": (1, 1, 2), "num_res_blocks": (1, 2, 1)}, (16, 32)),
        ({"window_size": 2, "swin_depth": 3}, (4, 12)),
        ({"cond_channels": 4, "cond_downsamples": 2}, (8, 8)),
    ],
)
def test_output_has_the_shape_of_the_latent(change: dict, size: tuple[int, int]) -> None:
    config = replace(SMALL, **change)
    cond_size = [side << config.cond_downsamples for side in size]
    cond = normal(2, config.cond_channels, *cond_size)
    out = with_weights(SwinUNet(config))(normal(2, 4, *size), torch.tensor([0, 3]), cond)
    assert out.shape == (2, 4, *size)
    assert out.isfinite().all()


@pytest.mark.parametrize(
    ("window_size", "channel_mult", "multiple"), [(8, (1, 2, 2, 4), 64), (8, (1,), 8), (4, (1, 2), 8)]
)
def test_latent_multiple(window_size: int, channel_mult: tuple[int, ...], multiple: int) -> None:
    assert replace(SMALL, window_size=window_size, channel_mult=channel_mult).latent_multiple == multiple


def test_latents_of_other_sides_are_refused() -> None:
    side = SMALL.latent_multiple * 3 // 2
    with pytest.raises(RuntimeError, match="shape"):
        SwinUNet(SMALL)(normal(1, 4, side, side), torch.tensor([0]), normal(1, 3, side, side))


def change_far_away(norm: Literal["group", "channel"]) -> Tensor:
    """Where and by how much the output changes, (8, 256), when x_t does at row 4, column 128."""
    model = with_weights(SwinUNet(replace(SMALL, norm=norm)))
    x_t, t, cond = normal(1, 4, 8, 256), torch.tensor([1]), normal(1, 3, 8, 256, seed=1)
    changed = x_t.clone()
    changed[:, :, 4, 128] += 10
    return (model(changed, t, cond) - model(x_t, t, cond)).abs().amax(dim=(0, 1))


def test_with_channel_norm_a_change_stays_near() -> None:
    # Columns that a change can spread over to each side. At level 0: the first convolution 1, three
    # residual blocks of 2, two Swin layers of two windows of 4 - 1, the last convolution 1. At level 1, a
    # pixel of which is two columns: down 1 and up 1, five residual blocks of 2, the middle's Swin layer.
    reach = (1 + 3 * 2 + 2 * 2 * 3 + 1) + 2 * (1 + 1 + 5 * 2 + 2 * 3)
    difference = change_far_away("channel")
    assert difference[:, : 128 - reach].max() == 0
    assert difference[:, 128 + reach + 1 :].max() == 0
    assert difference[:, 128].min() > 0


def test_with_group_norm_a_change_reaches_everywhere() -> None:
    assert (change_far_away("group") > 0).float().mean() > 0.9


@pytest.mark.parametrize("norm", NORMS)
def test_channels_last_gives_the_same(norm: Literal["group", "channel"]) -> None:
    model = with_weights(SwinUNet(replace(SMALL, norm=norm)))
    x_t, t, cond = normal(2, 4, 8, 16), torch.tensor([1, 2]), normal(2, 3, 8, 16, seed=1)
    plain = model(x_t, t, cond)
    x_t, cond = (tensor.contiguous(memory_format=torch.channels_last) for tensor in (x_t, cond))
    model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    out = model(x_t, t, cond)
    assert out.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(out, plain, rtol=0, atol=1e-4)


@pytest.mark.parametrize("norm", NORMS)
def test_batch_entries_are_independent(norm: Literal["group", "channel"]) -> None:
    model = with_weights(SwinUNet(replace(SMALL, norm=norm)))
    x_t, t, cond = normal(3, 4, 8, 8), torch.tensor([0, 3, 1]), normal(3, 3, 8, 8, seed=1)
    together = model(x_t, t, cond)
    for i in range(3):
        alone = model(x_t[i : i + 1], t[i : i + 1], cond[i : i + 1])
        torch.testing.assert_close(alone, together[i : i + 1], rtol=0, atol=1e-4)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_every_input_counts(which: int) -> None:
    model = with_weights(SwinUNet(SMALL))
    inputs = [normal(1, 4, 8, 8), torch.tensor([1]), normal(1, 3, 8, 8, seed=1)]
    before = model(*inputs)
    inputs[which] = inputs[which] + 1
    assert (model(*inputs) - before).abs().mean() > 1e-2


@pytest.mark.parametrize("norm", NORMS)
def test_what_inference_caches_serves_training(norm: Literal["group", "channel"]) -> None:
    # A window of a size that no other test uses, so that its constants are made here, under inference_mode.
    config = replace(SMALL, norm=norm, window_size={"group": 5, "channel": 3}[norm])
    side = config.latent_multiple
    model = with_weights(SwinUNet(config))
    inputs = normal(1, 4, side, side), torch.tensor([1]), normal(1, 3, side, side)
    before = model(*inputs)
    with torch.inference_mode(False):
        # Weights and inputs made under inference_mode cannot be trained with; the cached constants must.
        model = with_weights(SwinUNet(config)).train()
        out = model(*(tensor.clone() for tensor in inputs))
        out.square().mean().backward()
    torch.testing.assert_close(out.detach(), before, rtol=0, atol=1e-4)
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().max() > 0, name


@pytest.mark.parametrize("channels", [2, 32, 160])
def test_timestep_embedding(channels: int) -> None:
    steps, half = [0, 1, 14], channels // 2
    embedding = timestep_embedding(torch.tensor(steps), channels)
    expected = [
        [wave(t / 10000 ** (i / half)) for wave in (math.cos, math.sin) for i in range(half)] for t in steps
    ]
    torch.testing.assert_close(embedding, torch.tensor(expected), rtol=0, atol=1e-5)


# Attention. The definition: each pixel looks at every pixel that it may see, with weights by
# softmax(q k / sqrt(d) + bias of their offset).

WINDOW = 4
HEIGHT, WIDTH = 8, 12


def visible(a: tuple[int, int], b: tuple[int, int], shifted: bool) -> bool:
    """Whether pixels a and b, (row, column), may see each other.

    The windows of a shifted block lie half a window on, wrapped round the picture. In the last row
    of them a pixel sees only its own half, left or right, as the published networks have it.
    """
    half = WINDOW // 2 if shifted else 0
    (a_row, a_column), (b_row, b_column) = (
        ((row - half) % HEIGHT, (column - half) % WIDTH) for row, column in (a, b)
    )
    same_window = (a_row // WINDOW, a_column // WINDOW) == (b_row // WINDOW, b_column // WINDOW)
    if shifted and a_row // WINDOW == HEIGHT // WINDOW - 1:
        return same_window and a_column % WINDOW // half == b_column % WINDOW // half
    return same_window


PIXELS = [(row, column) for row in range(HEIGHT) for column in range(WIDTH)]


def make_attention(shifted: bool) -> WindowAttention:
    return with_weights(WindowAttention(channels=16, heads=2, window=WINDOW, shifted=shifted))


@pytest.mark.parametrize("shifted", [False, True])
@pytest.mark.parametrize("pixel", [(0, 0), (1, 5), (3, 11), (5, 2), (7, 7), (7, 11)])
def test_a_pixel_counts_where_it_is_seen_only(pixel: tuple[int, int], shifted: bool) -> None:
    attention, x = make_attention(shifted), normal(1, 16, HEIGHT, WIDTH)
    changed = x.clone()
    changed[0, :, *pixel] += 1
    difference = (attention(changed) - attention(x)).abs().amax(dim=(0, 1))
    for other in PIXELS:
        if visible(pixel, other, shifted):
            assert difference[other] > 1e-5, other
        else:
            assert difference[other] == 0, other


@pytest.mark.parametrize("shifted", [False, True])
def test_attention_is_its_definition(shifted: bool) -> None:
    attention, x = make_attention(shifted), normal(1, 16, HEIGHT, WIDTH)
    q, k, v = attention.qkv(x[0].flatten(1).T).view(-1, 3, 2, 8).permute(1, 2, 0, 3)  # (heads, pixels, 8)
    scores = q @ k.transpose(1, 2) / math.sqrt(8)
    span, half = 2 * WINDOW - 1, WINDOW // 2 if shifted else 0
    for i, (a_row, a_column) in enumerate(PIXELS):
        for j, (b_row, b_column) in enumerate(PIXELS):
            if visible(PIXELS[i], PIXELS[j], shifted):
                dy = (a_row - half) % HEIGHT - (b_row - half) % HEIGHT
                dx = (a_column - half) % WIDTH - (b_column - half) % WIDTH
                offset = (dy + WINDOW - 1) * span + dx + WINDOW - 1
                scores[:, i, j] += attention.relative_position_bias_table[offset]
            else:
                scores[:, i, j] = -math.inf
    out = attention.proj((scores.softmax(dim=2) @ v).transpose(0, 1).flatten(1))
    expected = out.T.view(1, 16, HEIGHT, WIDTH)
    torch.testing.assert_close(attention(x), expected, rtol=0, atol=1e-5)


def test_group_norm_of_half_precision_is_computed_in_float32() -> None:
    # The squares of these are beyond half precision's range.
    x = normal(2, 64, 8, 8).mul(1000).half()
    assert torch.equal(GroupNorm32(64).half()(x), F.group_norm(x.float(), 32).half())


def test_channel_norm_is_of_each_pixel() -> None:
    norm, x = with_weights(ChannelNorm(16)), normal(2, 16, 3, 5)
    mean, variance = x.mean(dim=1, keepdim=True), x.var(dim=1, keepdim=True, correction=0)
    weight, bias = (p[:, None, None] for p in (norm.weight, norm.bias))
    expected = (x - mean) / torch.sqrt(variance + 1e-5) * weight + bias
    torch.testing.assert_close(norm(x), expected, rtol=0, atol=1e-5)

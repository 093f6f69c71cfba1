"""Swin attention over a feature map: 8x8 windows, every second block shifted by half a window.

Swin Transformer (Liu et al. 2021), sections 3.2 and 4, in the form ResShift uses: GroupNorm in
place of LayerNorm, 1x1 convolutions as MLP and around the blocks.
"""

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resshift_desktop.core.diffusion.config import SwinUNetConfig
from resshift_desktop.core.diffusion.norm import make_norm


@lru_cache(maxsize=8)
@torch.inference_mode(False)  # what is cached must serve training too
def _relative_position_index(window: int, device: torch.device) -> Tensor:
    """(window^2 * window^2,) rows of the bias table for each pair of positions in a window."""
    y, x = torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")
    y, x = y.flatten(), x.flatten()
    dy = y[:, None] - y[None] + window - 1
    dx = x[:, None] - x[None] + window - 1
    return (dy * (2 * window - 1) + dx).flatten().to(device)


@lru_cache(maxsize=8)
@torch.inference_mode(False)
def _last_row_mask(window: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """(window^2, window^2): 0 where two pixels of a shifted window may see each other, else -inf.

    Swin (figure 4) keeps apart what the shift wrapped round from the other side: the two halves of
    the last row and of the last column of windows. The published networks were trained with another
    mask, and give other pictures with Swin's: only the last row of windows is masked, and its left
    half from its right half. Found by experiment against the golden vectors.
    """
    right = (torch.arange(window) >= window // 2).repeat(window)
    apart = right[:, None] != right[None]
    return torch.zeros((), dtype=dtype).masked_fill(apart, -torch.inf).to(device)


class WindowAttention(nn.Module):
    """Multi-head self-attention inside each window, with a learned bias by relative position."""

    def __init__(self, channels: int, heads: int, window: int, shifted: bool) -> None:
        super().__init__()
        self.heads, self.window, self.shifted = heads, window, shifted
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))

    def forward(self, x: Tensor) -> Tensor:
        """x: (b, c, h, w) -> the same shape; h and w are multiples of the window."""
        b, c, h, w = x.shape
        win, heads = self.window, self.heads
        rows, columns = h // win, w // win
        if self.shifted:
            x = x.roll((-(win // 2), -(win // 2)), (2, 3))
        x = x.permute(0, 2, 3, 1).reshape(b, rows, win, columns, win, c)
        x = x.permute(0, 1, 3, 2, 4, 5).reshape(b, rows, columns, win**2, c)
        qkv = self.qkv(x).view(b, rows, columns, win**2, 3, heads, c // heads)
        q, k, v = qkv.permute(4, 0, 1, 2, 5, 3, 6)  # each (b, rows, columns, heads, window^2, c / heads)
        bias = self.relative_position_bias_table[_relative_position_index(win, x.device)]
        bias = bias.t().reshape(heads, win**2, win**2).to(q.dtype)
        if self.shifted:
            masked = bias + _last_row_mask(win, x.device, bias.dtype)
            parts = [
                _attend(q[:, :-1], k[:, :-1], v[:, :-1], bias),
                _attend(q[:, -1:], k[:, -1:], v[:, -1:], masked),
            ]
            out = torch.cat(parts, dim=1)
        else:
            out = _attend(q, k, v, bias)
        out = out.transpose(3, 4).flatten(4)
        out = self.proj(out).view(b, rows, columns, win, win, c)
        out = out.permute(0, 1, 3, 2, 4, 5).reshape(b, h, w, c).permute(0, 3, 1, 2)
        return out.roll((win // 2, win // 2), (2, 3)) if self.shifted else out


def _attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """q, k, v: (b, rows, columns, heads, n, d); bias: (heads, n, n), added to the scores."""
    windows = q.shape[:3]
    q, k, v = (part.flatten(0, 2) for part in (q, k, v))
    # With a batch dimension: torch's fused CPU kernel does not take a mask of three dimensions.
    return F.scaled_dot_product_attention(q, k, v, attn_mask=bias[None]).unflatten(0, windows)


class Mlp(nn.Module):
    """Two 1x1 convolutions with GELU between."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, hidden, 1)
        self.fc2 = nn.Conv2d(hidden, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x)))


class SwinBlock(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x)) (Swin, equation 3)."""

    def __init__(self, config: SwinUNetConfig, shifted: bool) -> None:
        super().__init__()
        channels = config.swin_embed_dim
        self.norm1 = make_norm(config.norm, channels)
        self.attn = WindowAttention(channels, channels // config.head_channels, config.window_size, shifted)
        self.norm2 = make_norm(config.norm, channels)
        self.mlp = Mlp(channels, channels * config.mlp_ratio)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Projection(nn.Module):
    """A 1x1 convolution under the name that the published checkpoints give it."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x)


class SwinLayer(nn.Module):
    """1x1 in, `swin_depth` blocks of which every second is shifted, 1x1 out. (b, c, h, w) both ways."""

    def __init__(self, channels: int, level: int, config: SwinUNetConfig) -> None:
        super().__init__()
        shifts = level < config.unshifted_from
        self.patch_embed = Projection(channels, config.swin_embed_dim)
        self.blocks = nn.ModuleList(
            SwinBlock(config, shifted=shifts and i % 2 == 1) for i in range(config.swin_depth)
        )
        self.patch_unembed = Projection(config.swin_embed_dim, channels)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch_embed(x)
        for block in self.blocks:
            x = block(x)
        return self.patch_unembed(x)

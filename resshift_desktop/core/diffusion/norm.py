"""The two normalisations of the networks."""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Half-precision maps with more values than this are normalised in parts, to bound the float32 copy.
_WHOLE = 1 << 26
_PARTS = 8


class GroupNorm32(nn.GroupNorm):
    """GroupNorm in 32 groups, computed in float32 whatever the network's type (as published)."""

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__(32, channels, eps)

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the base class's name)
        """input: (b, c, h, w) -> the same shape and type."""
        if input.dtype == torch.float32:
            return super().forward(input)
        parts = _PARTS if input.numel() > _WHOLE else 1
        out = torch.empty_like(input)
        for x, y, weight, bias in zip(
            input.chunk(parts, dim=1),
            out.chunk(parts, dim=1),
            self.weight.float().chunk(parts),
            self.bias.float().chunk(parts),
            strict=True,
        ):
            y.copy_(F.group_norm(x.float(), self.num_groups // parts, weight, bias, self.eps))
        return out


class ChannelNorm(nn.LayerNorm):
    """LayerNorm over the channels of each pixel: local, so tiles agree with the whole picture."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the base class's name)
        """input: (b, c, h, w) -> the same shape; the permutations are views in channels_last."""
        out = F.layer_norm(input.permute(0, 2, 3, 1), self.normalized_shape, self.weight, self.bias, self.eps)
        return out.permute(0, 3, 1, 2)


def make_norm(kind: Literal["group", "channel"], channels: int) -> nn.Module:
    """The normalisation named `kind` for feature maps of `channels` channels."""
    return GroupNorm32(channels) if kind == "group" else ChannelNorm(channels)

"""The two normalisations of the networks."""

from typing import Literal

import torch.nn.functional as F
from torch import Tensor, nn


class GroupNorm32(nn.GroupNorm):
    """GroupNorm in 32 groups, computed in float32 whatever the network's type (as published)."""

    def __init__(self, channels: int) -> None:
        super().__init__(32, channels)

    def forward(self, input: Tensor) -> Tensor:
        weight, bias = self.weight.float(), self.bias.float()
        return F.group_norm(input.float(), 32, weight, bias, self.eps).to(input.dtype)


class ChannelNorm(nn.LayerNorm):
    """LayerNorm over the channels of each pixel: local, so tiles agree with the whole picture."""

    def forward(self, input: Tensor) -> Tensor:
        """input: (b, c, h, w) -> the same shape. A view away from free in channels_last."""
        out = F.layer_norm(input.permute(0, 2, 3, 1), self.normalized_shape, self.weight, self.bias, self.eps)
        return out.permute(0, 3, 1, 2)


def make_norm(kind: Literal["group", "channel"], channels: int) -> nn.Module:
    """The normalisation named `kind` for feature maps of `channels` channels."""
    return GroupNorm32(channels) if kind == "group" else ChannelNorm(channels)

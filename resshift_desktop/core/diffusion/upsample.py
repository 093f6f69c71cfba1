"""Doubling a feature map: nearest upsampling and a 3x3 convolution, in one step."""

from typing import Self, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Upsample(nn.Module):
    """Double the sides by repeating pixels, then a 3x3 convolution.

    Repeating pixels is a transposed convolution with 2x2 ones. Followed by a 3x3 convolution it is one
    transposed 4x4 convolution of stride 2: 4 products for each output where the two steps take 9.
    In training mode the two steps are taken as they are.
    """

    fused_weight: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        # Filled when weights are loaded and by eval(). To compute it here, on the meta device that models
        # are made on, torch would import sympy: that takes a second.
        self.register_buffer("fused_weight", torch.empty(channels, channels, 4, 4), persistent=False)
        self.register_load_state_dict_post_hook(_refresh_fused_weight)

    def train(self, mode: bool = True) -> Self:
        if not mode:
            self.fused_weight = fuse_upsample(self.conv.weight)
        return super().train(mode)

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return F.conv_transpose2d(x, self.fused_weight, self.conv.bias, stride=2, padding=1)


def fuse_upsample(weight: Tensor) -> Tensor:
    """weight of a 3x3 convolution: (out, in, 3, 3) -> of the transposed one: (in, out, 4, 4).

    The latter, with stride 2 and padding 1, equals the former after a nearest upsampling by 2.
    """
    kernel = weight.detach().float().flip(2, 3).transpose(0, 1)
    # The full convolution with 2x2 ones, as sums over 2x2 windows.
    return F.avg_pool2d(kernel, 2, stride=1, padding=1, divisor_override=1).to(weight.dtype)


def _refresh_fused_weight(module: nn.Module, _incompatible_keys: object) -> None:
    upsample = cast(Upsample, module)
    upsample.fused_weight = fuse_upsample(upsample.conv.weight)

"""SwinUNet: the network of ResShift, published and built-in alike (ResShift paper, section 4.1).

Module names follow the published checkpoints, so that those load without renaming.
"""

import math
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resshift_desktop.core.diffusion.config import SwinUNetConfig
from resshift_desktop.core.diffusion.norm import make_norm
from resshift_desktop.core.diffusion.swin import SwinLayer
from resshift_desktop.core.diffusion.upsample import Upsample


def timestep_embedding(t: Tensor, channels: int) -> Tensor:
    """t: (b,) -> (b, channels): cosines, then sines, of t at geometric frequencies 1 ... 1/10000.

    The sinusoidal position encoding of Vaswani et al. 2017, section 3.5, in the order DDPM uses.
    """
    half = channels // 2
    frequencies = torch.exp(-math.log(10000.0) / half * torch.arange(half, device=t.device))
    angles = t.float()[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class ResBlock(nn.Module):
    """Two 3x3 convolutions round a shortcut; the step's embedding scales and shifts the second norm."""

    def __init__(self, in_channels: int, out_channels: int, config: SwinUNetConfig) -> None:
        super().__init__()
        self.in_layers = nn.Sequential(
            make_norm(config.norm, in_channels),
            nn.SiLU(),
            nn.Conv2d(in_channels, out_channels, 3, padding=1),
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(4 * config.model_channels, 2 * out_channels))
        self.out_layers = nn.Sequential(
            make_norm(config.norm, out_channels),
            nn.SiLU(),
            nn.Identity(),  # dropout in the published networks, always 0
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
        )
        same = in_channels == out_channels
        self.skip_connection = nn.Identity() if same else nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        norm, _, conv = self.in_layers
        h = conv(self._silu(norm(x)))
        scale, shift = self.emb_layers(embedding)[:, :, None, None].chunk(2, dim=1)
        norm, _, _, conv = self.out_layers
        h = conv(self._silu(torch.addcmul(shift, norm(h), 1 + scale)))
        return h + self.skip_connection(x) if self.training else h.add_(self.skip_connection(x))

    def _silu(self, x: Tensor) -> Tensor:
        """SiLU of what nobody else holds: in place but for training, which needs the operand later."""
        return F.silu(x, inplace=not self.training)


class Downsample(nn.Module):
    """Halve the sides with a strided 3x3 convolution."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.op = nn.Conv2d(in_channels, out_channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.op(x)


class Stage(nn.ModuleList):
    """Layers in a row, of which the residual blocks also take the step's embedding."""

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        for layer in self:
            x = layer(x, embedding) if isinstance(layer, ResBlock) else layer(x)
        return x


def _condition_extractor(config: SwinUNetConfig) -> nn.Module:
    """Convolutions that halve the condition `cond_downsamples` times, doubling 16 channels each time."""
    layers: list[nn.Module] = []
    channels = config.cond_channels
    for i in range(config.cond_downsamples):
        width = 16 << i
        layers += [nn.Conv2d(channels, width, 3, padding=1), nn.SiLU(), Downsample(width, 2 * width)]
        channels = 2 * width
    return nn.Sequential(*layers)


class SwinUNet(nn.Module):
    """Predicts x_0 (or x_0 - y, by the model's DiffusionConfig) from the scaled x_t, t and the LQ picture."""

    def __init__(self, config: SwinUNetConfig) -> None:
        super().__init__()
        self.config = config
        base = config.model_channels
        levels = len(config.channel_mult)
        widths = [base * mult for mult in config.channel_mult]
        self.time_embed = nn.Sequential(
            nn.Linear(base, 4 * base),
            nn.SiLU(),
            nn.Linear(4 * base, 4 * base),
        )
        if config.cond_downsamples:
            self.feature_extractor = _condition_extractor(config)
            cond_channels = 16 << config.cond_downsamples
        else:
            self.feature_extractor = nn.Identity()
            cond_channels = config.cond_channels

        def stage(in_channels: int, level: int, attends: bool) -> Stage:
            layers: list[nn.Module] = [ResBlock(in_channels, widths[level], config)]
            if attends and level in config.attention_levels:
                layers.append(SwinLayer(widths[level], level, config))
            return Stage(layers)

        # Down: every stage's output is kept for the way up.
        channels = base
        self.input_blocks = nn.ModuleList(
            [Stage([nn.Conv2d(config.latent_channels + cond_channels, base, 3, padding=1)])]
        )
        kept = [base]
        for level, blocks in enumerate(config.num_res_blocks):
            for i in range(blocks):
                self.input_blocks.append(stage(channels, level, attends=i == 0))
                channels = widths[level]
                kept.append(channels)
            if level < levels - 1:
                self.input_blocks.append(Stage([Downsample(channels, channels)]))
                kept.append(channels)

        self.middle_block = Stage(
            [
                ResBlock(channels, channels, config),
                SwinLayer(channels, levels - 1, config),
                ResBlock(channels, channels, config),
            ]
        )

        # Up: every stage also takes the kept output of its counterpart.
        self.output_blocks = nn.ModuleList()
        for level, blocks in reversed(list(enumerate(config.num_res_blocks))):
            for i in range(blocks + 1):
                up = stage(channels + kept.pop(), level, attends=i == 0)
                channels = widths[level]
                if level and i == blocks:
                    up.append(Upsample(channels))
                self.output_blocks.append(up)

        self.out = nn.Sequential(
            make_norm(config.norm, channels),
            nn.SiLU(),
            nn.Conv2d(channels, config.latent_channels, 3, padding=1),
        )

    def forward(self, x_t: Tensor, t: Tensor, cond: Tensor) -> Tensor:
        """x_t: (b, latent_channels, h, w), already scaled; t: (b,) in 0 ... T - 1 (the step less one);
        cond: (b, cond_channels, h f, w f) in [-1, 1] with f = 2^cond_downsamples.
        h and w are multiples of `config.latent_multiple`. Returns a tensor shaped like x_t.
        """
        embedding = self.time_embed(timestep_embedding(t, self.config.model_channels).to(x_t.dtype))
        h = torch.cat([x_t, self.feature_extractor(cond)], dim=1)
        kept: list[Tensor] = []
        for block in self.input_blocks:
            h = block(h, embedding)
            kept.append(h)
        h = self.middle_block(h, embedding)
        for block in self.output_blocks:
            h = block(torch.cat([h, kept.pop()], dim=1), embedding)
        return cast(Tensor, self.out(h))

"""VQ autoencoder of the published models: picture <-> latent (VQGAN, Esser et al. 2021).

Module names follow the published checkpoints, so that those load without renaming. For inference only:
weights come in through `load_state_dict`, which also derives what is computed from them.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resshift_desktop.core.diffusion.config import AutoencoderConfig
from resshift_desktop.core.diffusion.norm import GroupNorm32
from resshift_desktop.core.diffusion.upsample import Upsample

# Rows of the codebook's distance matrix held at a time: 512 x 8192 float32 values are 16 MiB.
CODEBOOK_CHUNK = 512


def _norm(channels: int) -> GroupNorm32:
    return GroupNorm32(channels, eps=1e-6)


class ResBlock(nn.Module):
    """Two 3x3 convolutions round a shortcut, each after a norm and SiLU."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.norm1 = _norm(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.norm2 = _norm(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        same = in_channels == out_channels
        self.nin_shortcut = nn.Identity() if same else nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        # In place where the operand is ours alone: the decoder's last level is the memory peak.
        h = self.conv1(F.silu(self.norm1(x), inplace=True))
        h = self.conv2(F.silu(self.norm2(h), inplace=True))
        return h.add_(self.nin_shortcut(x))


class Attention(nn.Module):
    """Single-head attention over all positions, round a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = _norm(channels)
        self.q = nn.Conv2d(channels, channels, 1)
        self.k = nn.Conv2d(channels, channels, 1)
        self.v = nn.Conv2d(channels, channels, 1)
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm(x)
        # (b, c, h, w) -> (b, 1 head, h w, c), a view in channels_last
        q, k, v = (conv(h).flatten(2).transpose(1, 2).unsqueeze(1) for conv in (self.q, self.k, self.v))
        h = F.scaled_dot_product_attention(q, k, v)
        return x + self.proj_out(h.squeeze(1).transpose(1, 2).unflatten(2, x.shape[2:]))


class Downsample(nn.Module):
    """Halve the sides with a strided 3x3 convolution, padded on the right and bottom only."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, (0, 1, 0, 1)))


class Middle(nn.Module):
    """The coarsest level: attention between two residual blocks."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block_1 = ResBlock(channels, channels)
        self.attn_1 = Attention(channels)
        self.block_2 = ResBlock(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.block_2(self.attn_1(self.block_1(x)))


class DownLevel(nn.Module):
    """Residual blocks at one resolution, then half of it unless the level is the coarsest."""

    def __init__(self, widths: list[int], coarsest: bool) -> None:
        super().__init__()
        self.block = nn.ModuleList(ResBlock(a, b) for a, b in pairwise(widths))
        self.downsample = nn.Identity() if coarsest else Downsample(widths[-1])

    def forward(self, x: Tensor) -> Tensor:
        for block in self.block:
            x = block(x)
        return self.downsample(x)


class UpLevel(nn.Module):
    """Residual blocks at one resolution, then twice of it unless the level is the finest."""

    def __init__(self, widths: list[int], finest: bool) -> None:
        super().__init__()
        self.block = nn.ModuleList(ResBlock(a, b) for a, b in pairwise(widths))
        self.upsample = nn.Identity() if finest else Upsample(widths[-1])

    def forward(self, x: Tensor) -> Tensor:
        for block in self.block:
            x = block(x)
        return self.upsample(x)


class Encoder(nn.Module):
    """Picture (b, 3, h, w) -> (b, latent_channels, h / f, w / f)."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths = [config.model_channels * mult for mult in config.channel_mult]
        self.conv_in = nn.Conv2d(3, config.model_channels, 3, padding=1)
        self.down = nn.ModuleList()
        channels = config.model_channels
        for width, blocks in zip(widths, config.num_res_blocks, strict=True):
            coarsest = len(self.down) == len(widths) - 1
            self.down.append(DownLevel([channels] + [width] * blocks, coarsest))
            channels = width
        self.mid = Middle(channels)
        self.norm_out = _norm(channels)
        self.conv_out = nn.Conv2d(channels, config.latent_channels, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        h = self.conv_in(image)
        for level in self.down:
            h = level(h)
        return self.conv_out(F.silu(self.norm_out(self.mid(h)), inplace=True))


class Decoder(nn.Module):
    """Latent (b, c, h, w) -> picture (b, 3, f h, f w); a level has one block more than the encoder's."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths = [config.model_channels * mult for mult in config.channel_mult]
        self.conv_in = nn.Conv2d(config.latent_channels, widths[-1], 3, padding=1)
        self.mid = Middle(widths[-1])
        self.up = nn.ModuleList(
            UpLevel([coarser] + [width] * (blocks + 1), finest=level == 0)
            for level, (width, coarser, blocks) in enumerate(
                zip(widths, widths[1:] + widths[-1:], config.num_res_blocks, strict=True)
            )
        )
        self.norm_out = _norm(widths[0])
        self.conv_out = nn.Conv2d(widths[0], 3, 3, padding=1)

    def forward(self, latent: Tensor) -> Tensor:
        h = self.mid(self.conv_in(latent))
        for level in reversed(self.up):
            h = level(h)
        return self.conv_out(F.silu(self.norm_out(h), inplace=True))


class Codebook(nn.Module):
    """The vectors a latent's pixels are replaced by: (codebook_size, latent_channels)."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        # Zeros, not nn.Embedding's random numbers: for these on the meta device torch imports its compiler.
        codebook = torch.zeros(config.codebook_size, config.latent_channels)
        self.embedding = nn.Embedding.from_pretrained(codebook, freeze=False)

    def forward(self, latent: Tensor) -> Tensor:
        """latent: (b, c, h, w) -> the nearest codebook vector of every pixel, same shape and type."""
        b, c, h, w = latent.shape
        pixels = latent.permute(0, 2, 3, 1).reshape(-1, c)
        return self.embedding(self.nearest(pixels)).view(b, h, w, c).permute(0, 3, 1, 2)

    def nearest(self, vectors: Tensor) -> Tensor:
        """vectors: (n, c) -> (n,) indices of the nearest codebook vectors, searched in float32."""
        codes = self.embedding.weight.float()
        # |v - e|^2 = |v|^2 + (|e|^2 - 2 v.e), of which the first term does not change the order.
        squared = codes.square().sum(dim=1)
        chunks = vectors.float().split(CODEBOOK_CHUNK)
        return torch.cat([torch.addmm(squared, chunk, codes.T, alpha=-2).argmin(dim=1) for chunk in chunks])


class VQAutoencoder(nn.Module):
    """A picture's compression to `latent_channels` at 1 / `downscale` of its sides, and back."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.quantize = Codebook(config)
        self.quant_conv = nn.Conv2d(config.latent_channels, config.latent_channels, 1)
        self.post_quant_conv = nn.Conv2d(config.latent_channels, config.latent_channels, 1)

    @property
    def downscale(self) -> int:
        """f: how many picture pixels one latent pixel stands for along a side."""
        return self.config.downscale

    def encode(self, image: Tensor) -> Tensor:
        """image: (b, 3, h, w) in [-1, 1] -> latent: (b, c, h / f, w / f), not quantized.

        h and w are multiples of f = `downscale`.
        """
        return self.quant_conv(self.encoder(_fastest_format(image)))

    def decode(self, latent: Tensor, quantize: bool = True) -> Tensor:
        """latent: (b, c, h, w) -> image: (b, 3, f h, f w), about [-1, 1] but not clamped.

        `quantize` replaces every latent pixel by its nearest codebook vector first, as published.
        """
        if quantize:
            latent = self.quantize(latent)
        return self.decoder(self.post_quant_conv(_fastest_format(latent)))


def _fastest_format(x: Tensor) -> Tensor:
    """The CPU's convolutions, the transposed above all, are faster in channels_last; it lasts to the end."""
    return x.contiguous(memory_format=torch.channels_last) if x.device.type == "cpu" else x

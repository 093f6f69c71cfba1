"""The published x4 network by its size alone: its shape, and weights by rule where there are none to ship."""

import math
import zlib
from collections.abc import Sequence

import torch
from torch import Tensor

from resshift_desktop.core.diffusion.config import (
    AutoencoderConfig,
    DiffusionConfig,
    ModelConfig,
    SwinUNetConfig,
)
from resshift_desktop.core.diffusion.model import ResShift

# "realsr v3" of the ResShift repository: x4 in 4 steps, the f4 autoencoder.
PUBLISHED_X4 = ModelConfig(
    scale=4,
    diffusion=DiffusionConfig(num_steps=4, kappa=2.0, min_noise_level=0.2),
    unet=SwinUNetConfig(
        latent_channels=3,
        model_channels=160,
        channel_mult=(1, 2, 2, 4),
        num_res_blocks=(2, 2, 2, 2),
        attention_levels=(0, 1, 2, 3),
        swin_embed_dim=192,
    ),
    codec=AutoencoderConfig(
        latent_channels=3,
        codebook_size=8192,
        model_channels=128,
        channel_mult=(1, 2, 4),
        num_res_blocks=(2, 2, 2),
    ),
)


def load_by_rule(config: ModelConfig, device: torch.device, dtype: torch.dtype) -> ResShift:
    """The model of `config` with `rule_weight` for weights, ready for inference."""
    with torch.device("meta"):  # no time is spent on initial values that are about to be replaced
        model = ResShift(config)
    for network in (model.unet, model.codec):
        layout = {key: tensor.shape for key, tensor in network.state_dict().items()}
        weights = {key: rule_weight(key, shape).to(device, dtype) for key, shape in layout.items()}
        network.load_state_dict(weights, assign=True)
    model.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] (stubs lack it)
    return model.eval().requires_grad_(False)


def rule_weight(key: str, shape: Sequence[int]) -> Tensor:
    """The weight that the golden vectors give the published `key` (of the UNet or of the autoencoder).

    Normal numbers seeded by the key's CRC-32, scaled so that signals keep about their size. Returns
    float32 of `shape`.
    """
    r = torch.randn(tuple(shape), generator=torch.Generator().manual_seed(zlib.crc32(key.encode())))
    if len(shape) == 1:
        return 1 + 0.1 * r if key.endswith("weight") else 0.1 * r
    if key.endswith("relative_position_bias_table"):
        return 0.02 * r
    if key.endswith("quantize.embedding.weight"):
        return r
    return r / math.sqrt(math.prod(shape[1:]))

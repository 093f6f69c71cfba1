"""Golden vectors: what a correct ResShift computes, in float32 on a CPU, for networks with weights by rule.

`data/` holds the layouts of the published checkpoints and of small networks, the schedules, and, for the
small networks, inputs and outputs of the UNet, the autoencoder and the whole sampler.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from resshift_desktop.core.diffusion.config import (
    AutoencoderConfig,
    DiffusionConfig,
    ModelConfig,
    SwinUNetConfig,
)
from resshift_desktop.lab.published import rule_weight

DATA = Path(__file__).parent / "data"

# Which small network (a key of `reduced_configs`) made which file.
VECTORS = {
    "sr_64x64": "sr",
    "sr_40x100": "sr",
    "sr_s15_64x64": "sr_s15",
    "inpaint_256x256": "inpaint",
    "face_512x512": "face",
}

Layout = dict[str, tuple[str, list[int]]]
"""state_dict key -> (dtype, shape)."""


@cache
def checkpoint_layouts() -> dict[str, Any]:
    """Published task -> unet_params, autoencoder_params, diffusion, and the Layouts unet and autoencoder."""
    return json.loads((DATA / "checkpoint_layouts.json").read_text())


@cache
def reduced_configs() -> dict[str, Any]:
    """The same for the small networks of the golden vectors."""
    return json.loads((DATA / "reduced_configs.json").read_text())


def vectors(name: str) -> dict[str, Tensor]:
    """The arrays of `name`.npz as tensors; those stored in half precision as float32."""
    with np.load(DATA / f"{name}.npz") as arrays:
        tensors = {key: torch.from_numpy(arrays[key]) for key in arrays}
    return {key: t.float() if t.dtype == torch.float16 else t for key, t in tensors.items()}


def rule_weights(layout: Layout) -> dict[str, Tensor]:
    """The state_dict that the golden vectors were made with: every value follows from its key and shape.

    Constants of the published networks (position indices, attention masks) are left out.
    """
    return {
        key: rule_weight(key, shape)
        for key, (_, shape) in layout.items()
        if not key.endswith(("relative_position_index", "attn_mask"))
    }


def autoencoder_config(params: dict[str, Any]) -> AutoencoderConfig:
    """The configuration that published `autoencoder_params` describe."""
    dd = params["ddconfig"]
    levels, blocks = len(dd["ch_mult"]), dd["num_res_blocks"]
    return AutoencoderConfig(
        latent_channels=params["embed_dim"],
        codebook_size=params["n_embed"],
        model_channels=dd["ch"],
        channel_mult=tuple(dd["ch_mult"]),
        num_res_blocks=(blocks,) * levels if isinstance(blocks, int) else tuple(blocks),
    )


def unet_config(params: dict[str, Any]) -> SwinUNetConfig:
    """The configuration that published `unet_params` describe.

    They name levels by their resolution when the latent's sides are `image_size`, at which a level of
    a single window needs no shift.
    """
    image_size, channel_mult = params["image_size"], params["channel_mult"]
    return SwinUNetConfig(
        latent_channels=params["in_channels"],
        model_channels=params["model_channels"],
        channel_mult=tuple(channel_mult),
        num_res_blocks=tuple(params["num_res_blocks"]),
        attention_levels=tuple(
            level
            for level in range(len(channel_mult))
            if image_size >> level in params["attention_resolutions"]
        ),
        swin_embed_dim=params["swin_embed_dim"],
        swin_depth=params["swin_depth"],
        mlp_ratio=params["mlp_ratio"],
        window_size=params["window_size"],
        head_channels=params["num_head_channels"],
        unshifted_from=(image_size // params["window_size"]).bit_length() - 1,
        cond_channels=4 if params.get("cond_mask") else 3,
        cond_downsamples=(params["lq_size"] // image_size).bit_length() - 1,
    )


def diffusion_config(params: dict[str, Any]) -> DiffusionConfig:
    """The configuration that published `diffusion` parameters describe."""
    return DiffusionConfig(
        num_steps=params["steps"],
        kappa=params["kappa"],
        min_noise_level=params["min_noise_level"],
        power=params.get("schedule_kwargs", params)["power"],
        etas_end=params["etas_end"],
        latent_variance=1.0,
        predicts="x_0",
    )


def model_config(task: dict[str, Any]) -> ModelConfig:
    """The configuration of an entry of `checkpoint_layouts` or `reduced_configs`."""
    return ModelConfig(
        scale=task["diffusion"]["sf"],
        diffusion=diffusion_config(task["diffusion"]),
        unet=unet_config(task["unet_params"]),
        codec=autoencoder_config(task["autoencoder_params"]),
    )

"""The golden vectors through the engine's own loop: what it makes of a tile, a hole and its noise."""

from typing import cast

import numpy as np
import pytest
import torch
from torch import Tensor

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.device import Device
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.tiles import LqTile, TileUpscaler
from tests.parity import golden
from tests.parity.test_whole import pad, reduced_model

CPU = Device("cpu", 0, "the processor", "cpu", torch.float32)


class GoldenNoise:
    """The draws that the golden vectors were made with."""

    def __init__(self, noise: Tensor) -> None:
        self._noise = noise.numpy()

    def crop(self, step: int, y: int, x: int, height: int, width: int, channels: int) -> np.ndarray:
        return self._noise[step, 0, :channels, y : y + height, x : x + width]


@pytest.mark.parametrize("name", ["sr_64x64", "sr_40x100", "inpaint_256x256", "face_512x512"])
def test_golden_vectors(name: str) -> None:
    vectors, reduced = golden.vectors(name), golden.VECTORS[name]
    multiple = golden.reduced_configs()[reduced]["unet_params"]["lq_size"]
    lq = pad(vectors["lq"], multiple)[0].permute(1, 2, 0).numpy()
    hole = pad(vectors["mask"], multiple)[0, 0].numpy() > 0 if "mask" in vectors else None
    if hole is not None:
        lq = np.where(hole[:, :, None], 0.7, lq)  # what the person left in the hole makes no difference
    upscaler = TileUpscaler(lambda _dtype: reduced_model(reduced), CPU, overlap=0, halo=0)
    noise = cast(NoiseField, GoldenNoise(vectors["noise"]))
    (result,) = upscaler.upscale([LqTile(0, 0, lq.astype(np.float32), hole)], noise, lambda: None)
    expected = vectors["sr"][0].permute(1, 2, 0).add(1).div(2).numpy()
    difference = np.abs(result[: expected.shape[0], : expected.shape[1]] - expected)
    assert difference.mean() <= 1e-4
    assert (difference <= 5e-4).mean() >= 0.999


def test_a_latent_that_is_not_finite_is_not_hidden_by_the_codebook() -> None:
    """The codebook makes a picture of NaN, too: the tile has to be found out by its latent."""
    model = reduced_model("sr")
    nan = torch.full((1, 3, 64, 64), torch.nan)
    assert model.decode(nan).isfinite().all()
    poisoned = reduced_model("sr")
    next(poisoned.unet.out.parameters()).data.fill_(torch.nan)

    loads: list[torch.dtype] = []

    def load(dtype: torch.dtype) -> ResShift:
        loads.append(dtype)
        return model if dtype == torch.float32 else poisoned.to(dtype)

    half = Device("cpu", 0, "half precision", "cpu", torch.bfloat16)
    lq = np.random.default_rng(0).uniform(-1, 1, (64, 64, 3)).astype(np.float32)
    (result,) = TileUpscaler(load, half, 0, 0).upscale([LqTile(0, 0, lq)], NoiseField(0), lambda: None)
    (expected,) = TileUpscaler(load, CPU, 0, 0).upscale([LqTile(0, 0, lq)], NoiseField(0), lambda: None)
    assert loads == [torch.bfloat16, torch.float32, torch.float32]
    np.testing.assert_allclose(result, expected, atol=1e-5)

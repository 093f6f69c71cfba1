"""Faults are injected at the seam where they arise: in the model that `load` gives."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.device import Device
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.tiles import LqTile, TileUpscaler
from resshift_desktop.errors import Cancelled, MemoryLimitError, NonFiniteError
from tests.core.engine.conftest import CPU, HALO, OVERLAP, SMALL, picture_like

NOISE = NoiseField(5)
HALF = replace(CPU, dtype=torch.bfloat16)

# What torch says on CUDA, on the CPU and on a Mac.
OUT_OF_MEMORY = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory"),
    RuntimeError("MPS backend out of memory (MPS allocated: 17.93 GB)"),
    MemoryError(),
]

Fault = Callable[[str, Tensor], Tensor]


class Local(ResShift):
    """The real chain round a network that looks at one pixel only, so that a cut changes nothing beyond
    the reach of the bicubic interpolation, which is the halo."""

    def __init__(self, fault: Fault = lambda _stage, tensor: tensor) -> None:
        super().__init__(SMALL)
        self.fault = fault
        self.finished: list[tuple[int, ...]] = []

    def encode(self, lq: Tensor) -> Tensor:
        return super().encode(self.fault("encode", lq))

    def predict_x_0(self, x_t: Tensor, t: Tensor, y: Tensor, cond: Tensor) -> Tensor:
        del t, cond
        return self.fault("predict", y + 0.1 * x_t)

    def decode(self, latent: Tensor) -> Tensor:
        result = super().decode(self.fault("decode", latent))
        self.finished.append(tuple(latent.shape))
        return result


def upscaler_of(model: ResShift) -> TileUpscaler:
    return TileUpscaler(lambda _dtype: model, CPU, OVERLAP, HALO)


def tiles_of(count: int, height: int, width: int) -> list[LqTile]:
    """Tiles side by side in one picture."""
    pixels = picture_like(height, count * width).astype(np.float32) / 127.5 - 1
    return [LqTile(32, i * width, pixels[:, i * width : (i + 1) * width]) for i in range(count)]


def nothing() -> None:
    pass


def limit(
    batch: int = 99, height: int = 9999, stage: str = "encode", error: Exception = OUT_OF_MEMORY[0]
) -> Fault:
    """Out of memory for more tiles than `batch` or more rows than `height` at one stage."""

    def fault(now: str, tensor: Tensor) -> Tensor:
        if now == stage and (tensor.shape[0] > batch or tensor.shape[2] > height):
            raise error
        return tensor

    return fault


def test_result_is_the_picture_enlarged(load_small: Callable[[torch.dtype], ResShift]) -> None:
    (tile,) = tiles_of(1, 32, 48)
    steps: list[int] = []
    (result,) = TileUpscaler(load_small, CPU, OVERLAP, HALO).upscale([tile], NOISE, lambda: steps.append(1))
    assert result.shape == (128, 192, 3)
    assert result.dtype == np.float32
    assert 0 <= result.min() < result.max() <= 1
    blocks = result.reshape(32, 4, 48, 4, 3).mean(axis=(1, 3))
    assert np.abs(blocks - (tile.pixels + 1) / 2).mean() < 0.1
    assert len(steps) == SMALL.diffusion.num_steps


@pytest.mark.parametrize(
    ("stage", "error"), list(zip(["encode", "predict", "predict", "decode"], OUT_OF_MEMORY, strict=True))
)
def test_out_of_memory_halves_the_batch(stage: str, error: Exception) -> None:
    tiles = tiles_of(5, 32, 32)
    whole = upscaler_of(Local()).upscale(tiles, NOISE, nothing)
    model = Local(limit(batch=2, stage=stage, error=error))
    halved = upscaler_of(model).upscale(tiles, NOISE, nothing)
    assert [shape[0] for shape in model.finished] == [2, 1, 2]
    np.testing.assert_allclose(np.stack(halved), np.stack(whole), atol=1e-6)


@pytest.mark.parametrize("stage", ["encode", "predict", "decode"])
def test_out_of_memory_splits_a_single_tile_with_the_same_noise(stage: str) -> None:
    (tile,) = tiles_of(1, 128, 48)
    (whole,) = upscaler_of(Local()).upscale([tile], NOISE, nothing)
    model = Local(limit(height=64, stage=stage))
    (joined,) = upscaler_of(model).upscale([tile], NOISE, nothing)
    heights = [shape[2] for shape in model.finished]
    assert len(heights) > 1
    assert max(heights) <= 64
    np.testing.assert_allclose(joined, whole, atol=1e-5)


def test_parts_are_split_again_down_to_the_smallest() -> None:
    (tile,) = tiles_of(1, 128, 80)
    (whole,) = upscaler_of(Local()).upscale([tile], NOISE, nothing)
    model = Local(limit(height=32))
    (joined,) = upscaler_of(model).upscale([tile], NOISE, nothing)
    assert {shape[2] for shape in model.finished} == {32}
    np.testing.assert_allclose(joined, whole, atol=1e-5)


def test_a_tile_under_twice_the_smallest_is_still_split() -> None:
    (tile,) = tiles_of(1, 48, 32)
    model = Local(limit(height=32))
    (joined,) = upscaler_of(model).upscale([tile], NOISE, nothing)
    assert joined.shape == (192, 128, 3)
    assert [shape[2] for shape in model.finished] == [32, 32]


def test_split_changes_little_for_a_network_that_looks_around(
    small_model: ResShift, load_small: Callable[[torch.dtype], ResShift]
) -> None:
    (tile,) = tiles_of(1, 96, 32)
    (whole,) = TileUpscaler(load_small, CPU, OVERLAP, HALO).upscale([tile], NOISE, nothing)
    model = Limited(small_model, height=48)
    (joined,) = upscaler_of(model).upscale([tile], NOISE, nothing)
    assert model.refused >= 1
    assert np.mean(np.abs(joined - whole) <= 1 / 255) > 0.95
    np.testing.assert_allclose(joined[:32], whole[:32], atol=1 / 255)  # far from where it was cut


class Limited(ResShift):
    """The small model, out of memory for tiles of more rows than `height`."""

    def __init__(self, model: ResShift, height: int) -> None:
        super().__init__(SMALL)
        self.load_state_dict(model.state_dict())
        self.height, self.refused = height, 0

    def encode(self, lq: Tensor) -> Tensor:
        if lq.shape[2] > self.height:
            self.refused += 1
            raise OUT_OF_MEMORY[0]
        return super().encode(lq)


def test_finished_tiles_are_kept_when_memory_runs_out_later() -> None:
    """Memory runs out once, on the last pair; the first pair is not done again."""
    batches: list[int] = []

    def fault(stage: str, tensor: Tensor) -> Tensor:
        if stage == "encode":
            batches.append(tensor.shape[0])
            if len(batches) in (1, 3):
                raise OUT_OF_MEMORY[1]
        return tensor

    upscaler_of(Local(fault)).upscale(tiles_of(4, 32, 32), NOISE, nothing)
    assert batches == [4, 2, 2, 1, 1]


def test_not_even_the_smallest_tile_fits() -> None:
    with pytest.raises(MemoryLimitError, match="the processor"):
        upscaler_of(Local(limit(height=0))).upscale(tiles_of(2, 64, 64), NOISE, nothing)


@pytest.mark.parametrize("error", [RuntimeError("mat1 and mat2 shapes cannot be multiplied"), Cancelled()])
def test_other_errors_pass_through(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        upscaler_of(Local(limit(batch=0, error=error))).upscale(tiles_of(2, 32, 32), NOISE, nothing)
    assert caught.value is error


def test_what_on_step_raises_stops_the_work() -> None:
    model = Local()

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        upscaler_of(model).upscale(tiles_of(1, 32, 32), NOISE, stop)
    assert model.finished == []


def broken_in_half(value: float) -> Fault:
    """One number of the second tile (the first where it is alone) is `value` in half precision."""

    def fault(stage: str, tensor: Tensor) -> Tensor:
        if stage == "decode" and tensor.dtype == torch.bfloat16:
            tensor[-1, 0, 0, 0] = value
        return tensor

    return fault


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_tile_that_is_not_finite_in_half_precision_is_redone_in_float32(value: float) -> None:
    loaded: list[torch.dtype] = []
    models: list[Local] = []

    def load(dtype: torch.dtype) -> ResShift:
        loaded.append(dtype)
        models.append(Local(broken_in_half(value)))
        return models[-1].to(dtype)

    upscaler = TileUpscaler(load, HALF, OVERLAP, HALO)
    tiles = tiles_of(2, 32, 32)
    assert loaded == [torch.bfloat16]
    half, redone = upscaler.upscale(tiles, NOISE, nothing)
    assert loaded == [torch.bfloat16, torch.float32]
    assert [shape[0] for shape in models[1].finished] == [1]

    exact = upscaler_of(Local()).upscale(tiles, NOISE, nothing)
    np.testing.assert_allclose(redone, exact[1], atol=1e-6)
    assert 1e-4 < np.abs(half - exact[0]).max() < 0.05  # kept as half precision gave it

    upscaler.upscale(tiles, NOISE, nothing)
    assert len(loaded) == 2


def test_float32_is_not_loaded_where_half_precision_will_do() -> None:
    loaded: list[torch.dtype] = []

    def load(dtype: torch.dtype) -> ResShift:
        loaded.append(dtype)
        return Local().to(dtype)

    TileUpscaler(load, HALF, OVERLAP, HALO).upscale(tiles_of(1, 32, 32), NOISE, nothing)
    assert loaded == [torch.bfloat16]


def test_out_of_memory_while_redoing_in_float32_splits_the_tile() -> None:
    def load(dtype: torch.dtype) -> ResShift:
        fault = limit(height=32) if dtype == torch.float32 else broken_in_half(float("nan"))
        return Local(fault).to(dtype)

    (tile,) = tiles_of(1, 64, 32)
    (result,) = TileUpscaler(load, HALF, OVERLAP, HALO).upscale([tile], NOISE, nothing)
    (exact,) = upscaler_of(Local()).upscale([tile], NOISE, nothing)
    np.testing.assert_allclose(result, exact, atol=1e-5)


@pytest.mark.parametrize("device", [CPU, HALF], ids=["float32", "bfloat16"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_not_finite_in_float32_is_an_error(device: Device, value: float) -> None:
    def load(dtype: torch.dtype) -> ResShift:
        return Local(lambda stage, tensor: tensor * value if stage == "predict" else tensor).to(dtype)

    with pytest.raises(NonFiniteError):
        TileUpscaler(load, device, OVERLAP, HALO).upscale(tiles_of(1, 32, 32), NOISE, nothing)

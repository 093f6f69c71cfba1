"""How fast a model is on this machine: the stages of one tile, and whole pictures."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.blend import Canvas
from resshift_desktop.core.engine.budget import plan_picture
from resshift_desktop.core.engine.device import Device
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.tiles import LqTile, TileUpscaler
from resshift_desktop.core.engine.tiling import Span, TilePlan
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.weights.cards import ModelCard

MATRIX_SIDE = 2048


@dataclass(frozen=True)
class Machine:
    """Where and when was measured. `peak_gflops`: what a product of two square matrices reaches, GFLOP/s."""

    device: str
    torch_device: str
    dtype: str
    threads: int
    torch_version: str
    date: str
    peak_gflops: float


@dataclass(frozen=True)
class Stage:
    """A part of the work on one tile, done `times` times; `seconds` and `gflop` are for once.

    `gflop` counts 10^9 floating-point operations of matrix products, attention and convolutions as they
    are computed here, a multiplication with its addition as two. Zero: the stage has none.
    """

    name: str
    times: int
    seconds: float
    gflop: float

    @property
    def total_seconds(self) -> float:
        return self.times * self.seconds

    @property
    def total_gflop(self) -> float:
        return self.times * self.gflop

    @property
    def gflops(self) -> float:
        """GFLOP/s."""
        return self.gflop / self.seconds


@dataclass(frozen=True)
class TileTiming:
    """One square tile of `size` LQ pixels a side. `seconds`: all of it at once, by the engine's own loop,
    which is the stages but for the blending."""

    size: int
    scale: int
    stages: tuple[Stage, ...]
    seconds: float

    @property
    def stages_seconds(self) -> float:
        return sum(stage.total_seconds for stage in self.stages)

    @property
    def gflop(self) -> float:
        return sum(stage.total_gflop for stage in self.stages)

    @property
    def megapixels_per_second(self) -> float:
        """Of output, without the overhead of overlapping tiles and without files."""
        return (self.size * self.scale) ** 2 / 1e6 / self.seconds


@dataclass(frozen=True)
class PictureTiming:
    """A picture file upscaled to a picture file; sizes in pixels of the input.

    `overhead` is computed over needed pixels: what overlapping tiles and padding cost. `gpu_bytes` is the
    most memory that tensors took on an NVIDIA GPU at a time, 0 on other devices.
    """

    width: int
    height: int
    scale: int
    overhead: float
    seconds: float
    gpu_bytes: int = 0

    @property
    def result_megapixels(self) -> float:
        return self.width * self.height * self.scale**2 / 1e6

    @property
    def megapixels_per_second(self) -> float:
        """Of output."""
        return self.result_megapixels / self.seconds


def describe_machine(device: Device) -> Machine:
    """Name the device and measure its matrix peak in the type the networks run in (median of 9 products)."""
    a = torch.randn(MATRIX_SIDE, MATRIX_SIDE).to(device.torch_device, device.dtype)
    b = a.t().contiguous()
    torch.mm(a, b)
    seconds = _median_seconds(lambda: torch.mm(a, b), device, repeats=9)
    return Machine(
        device=device.name,
        torch_device=device.torch_device,
        dtype=str(device.dtype).removeprefix("torch."),
        threads=torch.get_num_threads(),
        torch_version=torch.__version__,
        date=datetime.now(UTC).date().isoformat(),
        peak_gflops=2 * MATRIX_SIDE**3 / 1e9 / seconds,
    )


def time_tile(
    model: ResShift, device: Device, size: int, overlap: int, halo: int, repeats: int = 3
) -> TileTiming:
    """Time a tile of `size` x `size` LQ pixels, stage by stage and as a whole: medians after a warm-up.

    `size` is a multiple of the model's `lq_multiple`; `overlap` and `halo` are those of its tiles.
    """
    config = model.config
    steps, latent_size = config.diffusion.num_calls, size * config.scale // config.latent_downscale
    hole = np.ones((size, size), bool) if config.takes_mask else None
    pixels = np.random.default_rng(0).uniform(-1, 1, (size, size, 3)).astype(np.float32)
    tile = LqTile(0, 0, pixels, hole)
    noise = NoiseField(seed=0)
    lq = torch.from_numpy(tile.pixels.transpose(2, 0, 1)[None].copy())
    lq = lq.to(device.torch_device, device.dtype, memory_format=torch.channels_last)
    cond = torch.cat([lq, lq[:, :1]], dim=1) if config.takes_mask else lq
    t = torch.full((1,), steps, device=device.torch_device)

    with torch.inference_mode():
        y = model.encode(lq)
        stages = (
            _time_stage("encode", 1, lambda: model.encode(lq), device, repeats),
            _time_stage("UNet step", steps, lambda: model.predict_x_0(y, t, y, cond), device, repeats),
            _time_stage("decode", 1, lambda: model.decode(y), device, repeats),
        )
    draw = _median_seconds(
        lambda: noise.crop(0, 0, 0, latent_size, latent_size, config.unet.latent_channels), device, repeats
    )
    stages += (
        Stage("draw noise", steps, draw, gflop=0),
        Stage("blend and write", 1, _blend_seconds(size, config.scale, overlap, halo), gflop=0),
    )
    upscaler = TileUpscaler(lambda _dtype: model, device, overlap, halo)
    seconds = _median_seconds(lambda: upscaler.upscale([tile], noise, lambda: None), device, repeats)
    return TileTiming(size, config.scale, stages, seconds)


def time_picture(
    engine: Engine, card: ModelCard, device: Device, width: int, height: int, tile_size: int, repeats: int = 3
) -> PictureTiming:
    """Upscale a synthetic JPEG of `width` x `height` by the model's factor, file to file.

    The median after a warm-up; reading, writing and checking the files are in it, loading the model is not.
    """
    if device.kind == "cuda":
        torch.cuda.reset_peak_memory_stats(device.torch_device)
    with tempfile.TemporaryDirectory() as folder:
        source, result = Path(folder) / "input.jpg", Path(folder) / "result.jpg"
        save_test_picture(source, width, height)
        request = UpscaleRequest(
            source,
            result,
            ImageFormat.JPEG,
            model=card.name,
            device=device.torch_device,
            tile_size=tile_size,
            overwrite=True,
        )
        times = [
            engine.upscale(request, lambda _progress: None, lambda: False).seconds for _ in range(repeats + 1)
        ]
    plan = plan_picture(card, height, width, tile_size)
    gpu_bytes = torch.cuda.max_memory_allocated(device.torch_device) if device.kind == "cuda" else 0
    return PictureTiming(width, height, card.scale, plan.overhead, statistics.median(times[1:]), gpu_bytes)


def photo_size(megapixels: float) -> tuple[int, int]:
    """Width and height of a 3:2 picture of about `megapixels`, both even."""
    height = 2 * round((megapixels * 1e6 / 1.5) ** 0.5 / 2)
    return 2 * round(0.75 * height), height


def save_test_picture(path: Path, width: int, height: int) -> None:
    """Write a JPEG of soft colours with grain, the same each time and nowhere flat."""
    rng = np.random.default_rng(0)
    colours = rng.integers(0, 256, (max(2, height // 24), max(2, width // 24), 3), np.uint8)
    picture = np.asarray(Image.fromarray(colours).resize((width, height), Image.Resampling.BICUBIC))
    grain = rng.integers(0, 16, (height, width, 1), np.uint8)
    Image.fromarray(picture - picture // 16 + grain).save(path, quality=92)


def count_gflop(run: Callable[[], Tensor]) -> float:
    """10^9 operations in the matrix products, attention and convolutions of `run`, which is run once."""
    aten = torch.ops.aten
    # The attention kernels that torch's counter does not know.
    unknown = (
        aten._scaled_dot_product_flash_attention_for_cpu,
        aten._scaled_dot_product_attention_math_for_mps,
    )
    with FlopCounterMode(display=False, custom_mapping=dict.fromkeys(unknown, _attention_flop)) as counter:
        run()
    return counter.get_total_flops() / 1e9


def _attention_flop(q: torch.Size, k: torch.Size, v: torch.Size, *_: object, **__: object) -> int:
    return sdpa_flop_count(q, k, v)


def _time_stage(name: str, times: int, run: Callable[[], Tensor], device: Device, repeats: int) -> Stage:
    gflop = count_gflop(run)
    run()  # warm-up: under the counter, other kernels may have run
    return Stage(name, times, _median_seconds(run, device, repeats), gflop)


def _blend_seconds(size: int, scale: int, overlap: int, halo: int) -> float:
    """For one tile of four that share two edges each; finished rows are written to disk."""
    side = 2 * size - overlap
    spans = (Span(0, size), Span(size - overlap, size))
    plan = TilePlan(side, side, spans, spans, overlap)
    tile = np.random.default_rng(0).random((size * scale, size * scale, 3), np.float32)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        canvas = Canvas(plan, scale, halo, 3, "uint8", Path(folder) / "canvas.raw")
        for row in range(2):
            for column in range(2):
                canvas.add(row, column, tile)
        return (time.perf_counter() - started) / 4


def _median_seconds(run: Callable[[], object], device: Device, repeats: int) -> float:
    def once() -> float:
        started = time.perf_counter()
        run()
        if device.kind != "cpu":
            torch.accelerator.synchronize()
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(repeats))

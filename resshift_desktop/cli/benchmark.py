"""`resshift bench` on the terminal."""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import torch

from resshift_desktop.core.engine.device import Device, choose_device, cpu_threads, keep_freed_memory
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.store import find_model
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.bench import (
    describe_machine,
    photo_size,
    save_test_picture,
    time_picture,
    time_tile,
)
from resshift_desktop.lab.bench_bridge import measure_bridge
from resshift_desktop.lab.bench_report import BenchReport, MemoryPeak, to_dict, to_markdown
from resshift_desktop.lab.probe import run_probe
from resshift_desktop.lab.published import PUBLISHED_X4, load_by_rule

PUBLISHED = "published"
SMALL_TILE = 64  # LQ pixels a side: the size that published timings are for
RESULT_MEGAPIXELS = (1.0, 4.0)
MEMORY_MEGAPIXELS = (4.0, 16.0)


def bench_command(model: str, size: int | None, device_name: str, memory: bool, as_json: bool) -> None:
    """Measure and print; `size` is the side of the tiles in LQ pixels, None for 64 and the model's own.

    Raises:
        UsageError: no such model, a size that does not suit it, or memory asked of the published size.
        DeviceError, WeightsError: the device or the model cannot be had.
    """
    device = choose_device(device_name)
    torch.set_num_threads(cpu_threads())
    keep_freed_memory()
    if memory:
        report = _memory_report(model, device)
    elif model == PUBLISHED:
        report = _published_report(device, size or SMALL_TILE)
    else:
        report = _installed_report(model, device, size)
    print(json.dumps(to_dict(report)) if as_json else to_markdown(report))


def bench_bridge(as_json: bool) -> None:
    """Measure and print what bridge and queue add to the engine."""
    figures = measure_bridge()
    if as_json:
        print(json.dumps(asdict(figures)))
        return
    print("| what | figure |\n| --- | --- |")
    print(f"| core ready after starting it | {figures.start_seconds:.2f} s |")
    print(f"| the same, over importing the engine and loading the model | {figures.start_ratio:.2f} |")
    print(f"| {figures.picture_bytes / 1e6:.0f} MB up | {figures.up_bytes_per_second / 1e6:.0f} MB/s |")
    print(f"| {figures.picture_bytes / 1e6:.0f} MB down | {figures.down_bytes_per_second / 1e6:.0f} MB/s |")
    print(f"| memory in the core for it | {figures.server_bytes / 1e6:.0f} MB |")
    print(f"| small jobs through the journal | {figures.jobs_per_second:.0f} a second |")


def _installed_report(name: str, device: Device, size: int | None) -> BenchReport:
    installed = find_model(name)
    card = installed.card
    tile_size = size or card.tile_size
    sizes = [size] if size else [SMALL_TILE, card.tile_size]
    for side in sizes:
        _check_size(side, max(card.config.lq_multiple, 2 * card.tile_overlap), card.config.lq_multiple)
    model = load_model(card.config, installed.weights_path, torch.device(device.torch_device), device.dtype)
    machine = describe_machine(device)
    tiles = []
    for side in sizes:
        _tell(f"A tile of {side}x{side} ...")
        tiles.append(time_tile(model, device, side, card.tile_overlap, card.tile_halo))
    engine = Engine()
    engine.prepare(name, device.torch_device)
    pictures = []
    for megapixels in RESULT_MEGAPIXELS:
        _tell(f"A picture of {megapixels:g} MP ...")
        width, height = photo_size(megapixels / card.scale**2)
        pictures.append(time_picture(engine, card, device, width, height, tile_size))
    _tell("Starting up ...")
    start_up = run_probe(name, device.torch_device)
    return BenchReport(name, _parameters(model), machine, tuple(tiles), tuple(pictures), start_up)


def _published_report(device: Device, size: int) -> BenchReport:
    multiple = PUBLISHED_X4.lq_multiple
    _check_size(size, multiple, multiple)
    _tell("Making weights ...")
    model = load_by_rule(PUBLISHED_X4, torch.device(device.torch_device), device.dtype)
    machine = describe_machine(device)
    _tell(f"A tile of {size}x{size} ...")
    # As the published programs lay their tiles: neighbours share an eighth.
    tile = time_tile(model, device, size, overlap=size // 8, halo=0)
    return BenchReport("published size, weights by rule", _parameters(model), machine, (tile,))


def _memory_report(name: str, device: Device) -> BenchReport:
    if name == PUBLISHED:
        raise UsageError("The published size has no weights here.", "Measure the memory of another model.")
    installed = find_model(name)
    card = installed.card
    with tempfile.TemporaryDirectory() as folder:
        peaks = tuple(_peak(card, device, megapixels, Path(folder)) for megapixels in MEMORY_MEGAPIXELS)
    model = load_model(card.config, installed.weights_path, torch.device("cpu"), torch.float32)
    return BenchReport(name, _parameters(model), describe_machine(device), memory=peaks)


def _peak(card: ModelCard, device: Device, megapixels: float, folder: Path) -> MemoryPeak:
    width, height = photo_size(megapixels)
    _tell(f"{megapixels:g} MP -> {megapixels * card.scale**2:g} MP ...")
    source = folder / f"{megapixels:g}.jpg"
    save_test_picture(source, width, height)
    probe = run_probe(card.name, device.torch_device, (source, folder / f"{megapixels:g}-result.jpg"))
    return MemoryPeak(width, height, card.scale, probe)


def _check_size(size: int, smallest: int, multiple: int) -> None:
    if size < smallest or size % multiple:
        raise UsageError(
            f"A tile size of {size} does not suit this model.",
            f"Give a multiple of {multiple}, at least {smallest}.",
        )


def _parameters(model: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

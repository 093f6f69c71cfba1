"""`resshift bench` on the terminal."""

import json
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import torch

from resshift_desktop.core.engine.device import Device, choose_device, cpu_threads, keep_freed_memory
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.store import find_model, list_missing
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
from resshift_desktop.lab.published import installed_by_rule

SMALL_TILE = 64  # LQ pixels a side: the size that published timings are for
RESULT_MEGAPIXELS = (1.0, 4.0)
MEMORY_MEGAPIXELS = (4.0, 16.0)


def bench_command(model: str, size: int | None, device_name: str, memory: bool, as_json: bool) -> None:
    """Measure and print; `size` is the side of the tiles in LQ pixels, None for the least and the model's.

    A published model that is not installed is measured with weights by rule: they do not change the time.

    Raises:
        UsageError: no such model, or a size that does not suit it.
        DeviceError, WeightsError: the device or the model cannot be had.
    """
    device = choose_device(device_name)
    torch.set_num_threads(cpu_threads())
    keep_freed_memory()
    missing = {card.name: card for card in list_missing()}
    if model in missing:
        _tell("Making weights ...")
    with installed_by_rule(missing[model]) if model in missing else nullcontext():
        report = _memory_report(model, device) if memory else _report(model, device, size)
    if model in missing:
        report = replace(report, model=f"{model}, weights by rule")
    print(json.dumps(to_dict(report)) if as_json else to_markdown(report))


def bench_bridge(as_json: bool) -> None:
    """Measure and print what bridge and queue add to the engine."""
    figures = measure_bridge()
    if as_json:
        print(json.dumps(asdict(figures)))
        return
    print("| what | figure |\n| --- | --- |")
    print(f"| core ready after starting it | {figures.start_seconds:.2f} s |")
    print(
        f"| the same, over importing torch and the engine and loading the model | {figures.start_ratio:.2f} |"
    )
    print(f"| {figures.picture_bytes / 1e6:.0f} MB up | {figures.up_bytes_per_second / 1e6:.0f} MB/s |")
    print(f"| {figures.picture_bytes / 1e6:.0f} MB down | {figures.down_bytes_per_second / 1e6:.0f} MB/s |")
    print(f"| memory in the core for it | {figures.server_bytes / 1e6:.0f} MB |")
    print(f"| small jobs through the journal | {figures.jobs_per_second:.0f} a second |")


def _report(name: str, device: Device, size: int | None) -> BenchReport:
    installed = find_model(name)
    card = installed.card
    least = max(SMALL_TILE, card.config.lq_multiple)
    # With an autoencoder, anything larger takes a CPU many minutes.
    patient = device.kind == "cpu" and card.config.codec != "pixel-unshuffle"
    sizes = [size] if size else sorted({least} if patient else {least, card.tile_size})
    for side in sizes:
        _check_size(side, card.config.lq_multiple)
    model = load_model(card.config, installed.weights_path, torch.device(device.torch_device), device.dtype)
    machine = describe_machine(device)
    tiles = []
    for side in sizes:
        _tell(f"A tile of {side}x{side} ...")
        overlap = min(card.tile_overlap, side // 2)
        tiles.append(time_tile(model, device, side, overlap, min(card.tile_halo, overlap // 2)))
    engine = Engine()
    engine.prepare(name, device.torch_device)
    pictures = []
    for width, height in [] if patient else _picture_sizes(card):
        _tell(f"A picture of {width}x{height} ...")
        pictures.append(time_picture(engine, card, device, width, height, size or card.tile_size))
    _tell("Starting up ...")
    start_up = run_probe(name, device.torch_device)
    return BenchReport(name, _parameters(model), machine, tuple(tiles), tuple(pictures), start_up)


def _picture_sizes(card: ModelCard) -> list[tuple[int, int]]:
    if card.config.takes_mask:
        return []
    if card.config.codec == "pixel-unshuffle":
        return [photo_size(megapixels / card.scale**2) for megapixels in RESULT_MEGAPIXELS]
    return [(512, 512)]


def _memory_report(name: str, device: Device) -> BenchReport:
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


def _check_size(size: int, multiple: int) -> None:
    if size % multiple:
        raise UsageError(
            f"A tile size of {size} does not suit this model.", f"Give a multiple of {multiple}."
        )


def _parameters(model: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

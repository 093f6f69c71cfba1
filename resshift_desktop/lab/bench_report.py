"""What was measured, as Markdown for people and as a plain dict for JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from resshift_desktop.lab.bench import MATRIX_SIDE, Machine, PictureTiming, Stage, TileTiming
from resshift_desktop.lab.markdown import table
from resshift_desktop.lab.probe import Probe


@dataclass(frozen=True)
class MemoryPeak:
    """A JPEG of `width` x `height` pixels upscaled in a process of its own."""

    width: int
    height: int
    scale: int
    probe: Probe


@dataclass(frozen=True)
class BenchReport:
    """Everything one run of the benchmark measured; what it did not measure is empty or None."""

    model: str
    parameters: int
    machine: Machine
    tiles: tuple[TileTiming, ...] = ()
    pictures: tuple[PictureTiming, ...] = ()
    start_up: Probe | None = None
    memory: tuple[MemoryPeak, ...] = ()


def to_dict(report: BenchReport) -> dict[str, Any]:
    """The report's fields, with the rates that follow from them."""
    fields = asdict(report)
    for tile, tile_fields in zip(report.tiles, fields["tiles"], strict=True):
        tile_fields |= {
            "megapixels_per_second": tile.megapixels_per_second,
            "gflop": tile.gflop,
        }
        for stage, stage_fields in zip(tile.stages, tile_fields["stages"], strict=True):
            stage_fields["gflops"] = stage.gflops
    for picture, picture_fields in zip(report.pictures, fields["pictures"], strict=True):
        picture_fields["megapixels_per_second"] = picture.megapixels_per_second
    return fields


def to_markdown(report: BenchReport) -> str:
    """The report as Markdown: the machine in a list, a table for each thing measured."""
    machine = report.machine
    parts = [
        f"## {report.model}: {report.parameters / 1e6:.1f} M parameters",
        f"- {machine.device} ({machine.torch_device}, {machine.dtype}), threads: {machine.threads}\n"
        f"- torch {machine.torch_version}, {machine.date}\n"
        f"- matrix peak: {machine.peak_gflops:.0f} GFLOP/s "
        f"({MATRIX_SIDE} x {MATRIX_SIDE}, {machine.dtype}, median of 9)",
    ]
    parts += [_tile_section(tile, machine.peak_gflops) for tile in report.tiles]
    if report.pictures:
        parts.append(_picture_section(report.pictures))
    if report.start_up is not None:
        parts.append(_start_up_section(report.start_up))
    if report.memory:
        parts.append(_memory_section(report.memory))
    return "\n\n".join(parts)


def _tile_section(tile: TileTiming, peak_gflops: float) -> str:
    result = tile.size * tile.scale
    rows = [_stage_row(stage, peak_gflops) for stage in tile.stages]
    rows.append(["**all stages**", "", "", f"{tile.stages_seconds:.3f}", f"{tile.gflop:.0f}", "", ""])
    header = ["stage", "times", "seconds each", "seconds", "GFLOP", "GFLOP/s", "of the peak"]
    return (
        f"### One tile, {tile.size}x{tile.size} -> {result}x{result}\n\n{table(header, rows)}\n\n"
        f"At once, without the blending: {tile.seconds:.3f} s, "
        f"{tile.megapixels_per_second:.3f} output MP/s."
    )


def _stage_row(stage: Stage, peak_gflops: float) -> list[str]:
    row = [stage.name, str(stage.times), f"{stage.seconds:.4f}", f"{stage.total_seconds:.3f}"]
    if not stage.gflop:
        return [*row, "", "", ""]
    return [*row, f"{stage.total_gflop:.1f}", f"{stage.gflops:.0f}", f"{stage.gflops / peak_gflops:.0%}"]


def _picture_section(pictures: Sequence[PictureTiming]) -> str:
    rows = [
        [
            f"{picture.width}x{picture.height}",
            f"{picture.width * picture.scale}x{picture.height * picture.scale}",
            f"{picture.result_megapixels:.1f}",
            f"{picture.overhead:.2f}",
            f"{picture.seconds:.2f}",
            f"{picture.megapixels_per_second:.3f}",
        ]
        for picture in pictures
    ]
    header = ["input", "result", "result MP", "computed / needed", "seconds", "output MP/s"]
    gpu_bytes = max(picture.gpu_bytes for picture in pictures)
    memory = f"\n\nAt most {gpu_bytes / 1e9:.2f} GB of tensors on the GPU." if gpu_bytes else ""
    return f"### Whole pictures, file to file\n\n{table(header, rows)}{memory}"


def _start_up_section(start_up: Probe) -> str:
    rows = [
        ["import torch", f"{start_up.import_torch_seconds:.2f}"],
        ["import the engine, load the model", f"{start_up.load_seconds:.2f}"],
    ]
    return f"### Start-up\n\n{table(['in a new process', 'seconds'], rows)}"


def _memory_section(memory: Sequence[MemoryPeak]) -> str:
    first = memory[0].probe.peak_bytes
    rows = [
        [
            f"{peak.width}x{peak.height}",
            f"{peak.width * peak.scale}x{peak.height * peak.scale}",
            f"{peak.width * peak.height * peak.scale**2 / 1e6:.0f}",
            f"{peak.probe.peak_bytes / 1e9:.2f}",
            f"{peak.probe.peak_bytes / first:.2f}",
            f"{peak.probe.upscale_seconds:.0f}",
        ]
        for peak in memory
    ]
    header = ["input", "result", "result MP", "peak GB", "of the first", "seconds"]
    return f"### Peak memory, each in a process of its own\n\n{table(header, rows)}"

"""`resshift train` on the terminal."""

from functools import partial
from pathlib import Path

import torch

from resshift_desktop.cli.stopping import stopping_by_exception
from resshift_desktop.core.engine.device import choose_device, keep_freed_memory
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.weights.store import find_model
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.recipe import BUILT_IN
from resshift_desktop.lab.train import Progress, Trainer, TrainSettings
from resshift_desktop.lab.workers import join_workers, part_from_workers


def train_command(
    folder: Path, out: Path, start: str | None, minutes: float, lpips: Path | None, device: str,
    threads: int | None, crop: int, batch: int, seed: int,
) -> None:  # fmt: skip
    """Train the built-in model's shape on `folder`, printing a line every 50 steps.

    A new run begins with the weights of the model named `start`, where one is. Started by torchrun, it is one
    of several processes that train together; `batch` is for each.

    Raises ResShiftError: an odd `crop`, a folder without pictures, missing LPIPS weights, no such device, no
    such model to start from or one that does not fit.
    """
    multiple = BUILT_IN.scale * BUILT_IN.lq_multiple
    if crop % multiple:
        raise UsageError(f"Training pieces of {crop} pixels do not fit.", f"Give a multiple of {multiple}.")
    if threads is not None:
        torch.set_num_threads(threads)
    keep_freed_memory()
    settings = TrainSettings(model=BUILT_IN, minutes=minutes, crop=crop, batch=batch, seed=seed)
    chosen = choose_device(device)
    workers = join_workers(chosen.kind)
    # Of several processes on a machine, each has a GPU of its own.
    shared = chosen.kind == "cuda" and workers.count > 1
    name = f"cuda:{workers.local_rank}" if shared else chosen.torch_device
    trainer = Trainer(settings, out, folder, lpips, torch.device(name), workers)
    tell = partial(print, flush=True) if workers.leads else _say_nothing
    if lpips is None:
        tell("Without --lpips the model learns pixels only: results will be softer.")
    if trainer.resume():
        tell(f"Going on at step {trainer.step}.")
    elif start is not None:
        earlier = find_model(start)
        trainer.start_from(
            load_model(earlier.card.config, earlier.weights_path, torch.device("cpu"), torch.float32)
        )
        tell(f"A new run, from the weights of {start}.")
    else:
        tell("A new run.")
    with stopping_by_exception():  # the trainer saves before it passes that on
        trainer.run(lambda progress: tell(_line(progress)))
    part_from_workers()
    tell(f"Done: {out / 'weights.safetensors'}")


def _say_nothing(_line: str) -> None:
    """What all processes but the first one say."""


def _line(progress: Progress) -> str:
    losses = "  ".join(f"{name} {value:.4f}" for name, value in progress.losses.items())
    speed = f"{progress.samples_per_second:.1f} pieces/s"
    return f"{progress.minutes:7.1f} min  step {progress.step}  {speed}  {losses}"

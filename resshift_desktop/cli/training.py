"""`resshift train` on the terminal."""

from pathlib import Path

import torch

from resshift_desktop.cli.stopping import stopping_by_exception
from resshift_desktop.core.engine.device import choose_device
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.weights.store import find_model
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.recipe import BUILT_IN
from resshift_desktop.lab.train import Progress, Trainer, TrainSettings


def train_command(
    folder: Path, out: Path, start: str | None, minutes: float, lpips: Path | None, device: str,
    threads: int | None, crop: int, batch: int, seed: int,
) -> None:  # fmt: skip
    """Train the built-in model's shape on `folder`, printing a line every 50 steps.

    A new run begins with the weights of the model named `start`, where one is.

    Raises ResShiftError: an odd `crop`, a folder without pictures, missing LPIPS weights, no such device, no
    such model to start from or one that does not fit.
    """
    multiple = BUILT_IN.scale * BUILT_IN.lq_multiple
    if crop % multiple:
        raise UsageError(f"Training pieces of {crop} pixels do not fit.", f"Give a multiple of {multiple}.")
    if threads is not None:
        torch.set_num_threads(threads)
    settings = TrainSettings(model=BUILT_IN, minutes=minutes, crop=crop, batch=batch, seed=seed)
    trainer = Trainer(settings, out, folder, lpips, torch.device(choose_device(device).torch_device))
    if lpips is None:
        print("Without --lpips the model learns pixels only: results will be softer.")
    if trainer.resume():
        print(f"Going on at step {trainer.step}.")
    elif start is not None:
        installed = find_model(start)
        earlier = load_model(
            installed.card.config, installed.weights_path, torch.device("cpu"), torch.float32
        )
        trainer.start_from(earlier)
        print(f"A new run, from the weights of {start}.")
    else:
        print("A new run.")
    with stopping_by_exception():  # the trainer saves before it passes that on
        trainer.run(_print_progress)
    print(f"Done: {out / 'weights.safetensors'}")


def _print_progress(progress: Progress) -> None:
    losses = "  ".join(f"{name} {value:.4f}" for name, value in progress.losses.items())
    speed = f"{progress.samples_per_second:.1f} pieces/s"
    print(f"{progress.minutes:7.1f} min  step {progress.step}  {speed}  {losses}", flush=True)

"""`resshift doctor`: what is here, what would be used and why; what is missing is told like the rest."""

import hashlib
import importlib
import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

from rich.console import Console

from resshift_desktop import __version__, paths
from resshift_desktop.core.weights.store import BUILT_IN, InstalledModel, find_model, list_models
from resshift_desktop.errors import ResShiftError

if TYPE_CHECKING:  # torch may be just what is broken
    from resshift_desktop.core.engine.device import Device

P = ParamSpec("P")
Lines = list[tuple[str, str]]


def print_diagnosis() -> bool:
    """Print versions, devices, models, folders and what would be used; whether pictures can be upscaled."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    with warnings.catch_warnings():
        # Torch warns of drivers in words for programmers; `_why` says what follows from it.
        warnings.simplefilter("ignore")
        for title, section in _SECTIONS:
            console.print(title, style="bold")
            try:
                lines = section()
            except Exception as error:  # anything at all may be broken here
                lines = [("", _failure(error))]
            for label, text in lines:
                console.print(f"  {label:<12}  {_home_as_tilde(text)}")
        problem = _told(_problem)
    console.print()
    console.print(f"Not ready: {problem}" if problem else "Ready: pictures can be upscaled on this computer.")
    return not problem


def _program() -> Lines:
    return [
        ("ResShift", f"{__version__}, in {Path(__file__).parents[1]}"),
        ("Python", f"{platform.python_version()}, {sys.executable}"),
        ("System", platform.platform()),
        ("torch", _told(_torch_version)),
        ("libvips", _told(_vips_version)),
        ("Pillow", _told(lambda: importlib.import_module("PIL").__version__)),
        ("numpy", _told(lambda: importlib.import_module("numpy").__version__)),
    ]


def _torch_version() -> str:
    import torch

    return f"{torch.__version__}, " + (f"CUDA {torch.version.cuda}" if torch.version.cuda else "without CUDA")


def _vips_version() -> str:
    import pyvips

    version = ".".join(str(pyvips.version(part)) for part in range(3))
    return f"{version}, through pyvips {importlib.metadata.version('pyvips')}"


def _devices() -> Lines:
    from resshift_desktop.core.engine.device import list_devices

    return [(device.torch_device, _told(_describe_device, device)) for device in list_devices()]


def _describe_device(device: "Device") -> str:
    import psutil
    import torch

    from resshift_desktop.core.engine.device import cpu_threads, free_memory

    total = psutil.virtual_memory().total
    if device.kind == "cuda":
        total = torch.cuda.get_device_properties(device.index).total_memory
    threads = f", {cpu_threads()} of {os.cpu_count()} threads used" if device.kind == "cpu" else ""
    return f"{device.name}, {_gigabytes(free_memory(device))} of {_gigabytes(total)} memory free{threads}"


def _models() -> Lines:
    return [(model.card.name, _told(_describe_model, model)) for model in list_models()]


def _describe_model(model: InstalledModel) -> str:
    with model.weights_path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = f"{model.weights_path.stat().st_size / 1e6:.1f} MB"
    if digest != model.card.weights_sha256:
        return f"{size}, NOT the file that its card names (SHA-256 {digest})"
    return f"{size}, complete (its SHA-256 is that of its card)"


def _folders() -> Lines:
    return [
        ("Resources", str(paths.resources_folder())),
        ("Data", _told(_describe_folder, paths.data_folder())),
        ("Work", _told(_describe_folder, paths.cache_folder())),
    ]


def _describe_folder(folder: Path) -> str:
    there = _nearest(folder)
    try:
        _check_writable(folder)
        writable = "can be written to"
    except OSError as error:
        writable = f"CANNOT be written to ({error.strerror})"
    yet = "" if there == folder else ", made when needed"
    return f"{folder}, {_gigabytes(shutil.disk_usage(there).free)} free, {writable}{yet}"


def _nearest(folder: Path) -> Path:
    """The folder, or while it is not there the one in which it would be made."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _check_writable(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=_nearest(folder)):
        pass


def _choices() -> Lines:
    from resshift_desktop.core.engine.budget import tile_size
    from resshift_desktop.core.engine.device import choose_device

    device, model = choose_device("auto"), find_model(BUILT_IN)
    bits = 8 * device.dtype.itemsize
    tile = tile_size(model.card, device)
    return [
        ("Model", f"{model.card.name} ({model.card.title})"),
        ("Device", f"{device.torch_device} ({device.name})"),
        ("Why", _why(device)),
        ("Precision", f"{bits} bits"),
        ("Tile size", f"{tile} x {tile} pixels of the input"),
    ]


def _why(device: "Device") -> str:
    import torch

    if device.kind == "cuda":
        if torch.cuda.device_count() > 1:
            return f"{device.name}, because of the NVIDIA GPUs it has the most free memory."
        return f"{device.name}, because an NVIDIA GPU was found."
    if device.kind == "mps":
        return "Apple GPU, because one was found, and no NVIDIA GPU."
    if shutil.which("nvidia-smi") is None:
        return "CPU, because no NVIDIA or Apple GPU was found."
    if torch.version.cuda is None:
        return "CPU, because this torch is without CUDA, though there seems to be an NVIDIA GPU."
    return "CPU, because torch cannot use the NVIDIA GPU; its driver may be too old, or the GPU itself."


def _problem() -> str:
    """What stands in the way of upscaling, tried out for real; empty where nothing does."""
    from resshift_desktop.core.engine.upscale import Engine

    Engine().prepare(BUILT_IN, "auto")
    _check_writable(paths.cache_folder())
    return ""


def _told(probe: Callable[P, str], *args: P.args, **kwargs: P.kwargs) -> str:
    """What the probe says, or why it could not."""
    try:
        return probe(*args, **kwargs)
    except Exception as error:  # anything at all may be broken here
        return _failure(error)


def _failure(error: Exception) -> str:
    if isinstance(error, ResShiftError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        return f"not installed ({error.name})"
    return f"failed: {type(error).__name__}: {' '.join(str(error).split())}"


def _gigabytes(num_bytes: int) -> str:
    return f"{num_bytes / 1e9:.1f} GB"


def _home_as_tilde(text: str) -> str:
    return text.replace(f"{Path.home()}{os.sep}", f"~{os.sep}")


_SECTIONS: list[tuple[str, Callable[[], Lines]]] = [
    ("Program", _program),
    ("Devices", _devices),
    ("Models", _models),
    ("Folders", _folders),
    ("Used unless told otherwise", _choices),
]

"""Which device computes, in which precision, and how large a tile its memory takes."""

import ctypes
import gc
import os
import platform
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil
import torch

from resshift_desktop.errors import DeviceError

# The rest is for fragmentation, kernels' scratch memory, and the other programs of this computer.
USABLE_SHARE = 0.6

# glibc, malloc.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3

# What the allocators of CUDA, MPS and the CPU say; only CUDA has an exception type of its own.
_OUT_OF_MEMORY_WORDS = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "cannot allocate memory",
    "defaultcpuallocator",
    "alloc_failed",
    "invalid buffer size",
)


@dataclass(frozen=True)
class Device:
    """A device that can run the networks.

    `name` is for people, `torch_device` for torch ("cpu", "cuda:1", "mps"), `dtype` what to compute in.
    """

    kind: Literal["cpu", "cuda", "mps"]
    index: int
    name: str
    torch_device: str
    dtype: torch.dtype


def list_devices() -> list[Device]:
    """Every usable device: CUDA cards by index, then Apple's GPU, then the CPU, which is always there."""
    devices = []
    with warnings.catch_warnings(action="ignore"):  # of a driver that torch cannot use: then there is none
        has_cuda = torch.cuda.is_available()
    if has_cuda:
        devices = [
            Device("cuda", i, torch.cuda.get_device_name(i), f"cuda:{i}", _cuda_dtype(i))
            for i in range(torch.cuda.device_count())
        ]
    if torch.backends.mps.is_available():
        # float32: Apple's GPUs calculate in half precision no faster, and attention in half precision on
        # MPS has given wrong numbers in several macOS releases.
        devices.append(Device("mps", 0, _cpu_name(), "mps", torch.float32))
    # float32: CPUs of the kind most people have calculate in half precision far slower, not faster.
    devices.append(Device("cpu", 0, _cpu_name(), "cpu", torch.float32))
    return devices


def choose_device(wanted: str = "auto") -> Device:
    """The device meant by "auto", "cpu", "cuda", "cuda:1", "mps" or a part of a device's name ("4090").

    Where several fit, it is the CUDA card with the most free memory, then Apple's GPU, then the CPU.

    Raises:
        DeviceError: nothing here fits; the hint lists what is here.
    """
    devices = list_devices()
    words = wanted.strip().lower()
    exact = [device for device in devices if words in ("auto", device.kind, device.torch_device)]
    fitting = exact or [device for device in devices if words and words in device.name.lower()]
    if not fitting:
        present = ", ".join(f"{device.torch_device} ({device.name})" for device in devices)
        raise DeviceError(f'There is no device "{wanted}" here.', f"Choose one of: {present}.")
    cuda_devices = [device for device in fitting if device.kind == "cuda"]
    if len(cuda_devices) > 1:
        return max(cuda_devices, key=free_memory)
    return fitting[0]


def free_memory(device: Device) -> int:
    """Bytes that new tensors on the device can take now, memory that torch keeps for reuse included."""
    if device.kind == "cuda":
        free, _ = torch.cuda.mem_get_info(device.index)
        return free + torch.cuda.memory_reserved(device.index) - torch.cuda.memory_allocated(device.index)
    available = psutil.virtual_memory().available
    if device.kind == "mps":
        # The GPU shares the computer's memory, up to a limit set by the system.
        limit = torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory()
        return max(0, min(available, limit))
    return available


def tile_size_for(
    free_bytes: int, bytes_per_pixel: int, fixed_bytes: int, multiple: int, largest: int, smallest: int
) -> int:
    """The largest tile side whose work fits into about 60 % of the free memory.

    Args:
        free_bytes: see `free_memory`.
        bytes_per_pixel: working memory for one LQ pixel of a tile.
        fixed_bytes: working memory that does not grow with the tile.
        multiple: what the side is a multiple of.
        largest, smallest: bounds of the side, multiples of `multiple`. The smallest is given even where
            it does not fit: free memory is an estimate, and running out of it is handled.

    Returns:
        LQ pixels.
    """
    budget = USABLE_SHARE * free_bytes - fixed_bytes
    sides = range(largest, smallest, -multiple)
    return next((side for side in sides if side * side * bytes_per_pixel <= budget), smallest)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that the device's or the computer's memory ran out."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    message = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in message for words in _OUT_OF_MEMORY_WORDS)


def cpu_threads() -> int:
    """Threads to compute with: every core this process may use, less one for the person if over two."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores - 1 if cores > 2 else cores


def keep_freed_memory() -> None:
    """Have glibc keep what freed tensors leave for the next ones, in this process; else nothing happens.

    By default it maps every large block anew, whose pages the system then clears one by one: 8 % of the
    time of an upscale on a CPU. The process's peak stays about the same, what it holds when idle does not.
    """
    if platform.libc_ver()[0] != "glibc":
        return
    libc = ctypes.CDLL(None)
    libc.mallopt(_M_MMAP_THRESHOLD, 1 << 30)
    libc.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)


def give_back_memory() -> None:
    """Give the system back what freed tensors have left, on every device: for when nothing is to be done."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


def _cuda_dtype(index: int) -> torch.dtype:
    """float16 where tensor cores make it fast (compute capability 7.0), float32 on older cards.

    Not bfloat16: with 8 significant bits it cannot tell neighbouring levels of an 8-bit picture apart.
    """
    return torch.float16 if torch.cuda.get_device_capability(index) >= (7, 0) else torch.float32


def _cpu_name() -> str:
    """The processor's name as its maker prints it, or its architecture where the system does not say."""
    name = ""
    try:
        if platform.system() == "Linux":
            lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            name = next((line.partition(":")[2] for line in lines if line.startswith("model name")), "")
        elif platform.system() == "Darwin":
            command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
            name = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        else:
            name = platform.processor()
    except (OSError, subprocess.SubprocessError):
        pass
    return name.strip() or platform.machine() or "CPU"

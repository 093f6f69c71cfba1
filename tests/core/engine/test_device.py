"""The CPU is the real one. GPUs are stood in for by fakes of torch's own queries (the seam of this
module), so these tests show the choice made from what torch reports, not that a GPU computes."""

import os
from types import SimpleNamespace

import psutil
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.core.engine import device as device_module
from resshift_desktop.core.engine.device import (
    Device,
    choose_device,
    cpu_threads,
    free_memory,
    is_out_of_memory,
    list_devices,
    tile_size_for,
)
from resshift_desktop.errors import DeviceError

GIB = 2**30


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer with three CUDA cards, the second with the most free memory, and no other GPU."""
    names = ["NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090", "NVIDIA GeForce GTX 1080"]
    free = [4 * GIB, 20 * GIB, 8 * GIB]
    capabilities = [(8, 9), (8, 9), (6, 1)]
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    monkeypatch.setattr(torch.cuda, "get_device_name", names.__getitem__)
    monkeypatch.setattr(torch.cuda, "get_device_capability", capabilities.__getitem__)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda index: (free[index], 24 * GIB))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: 3 * GIB)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda _: 1 * GIB)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.fixture
def apple(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Mac with 8 GiB of shared memory available, of which its GPU may take 6."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 6 * GIB)
    monkeypatch.setattr(torch.mps, "current_allocated_memory", lambda: 1 * GIB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=8 * GIB))
    monkeypatch.setattr(device_module, "_cpu_name", lambda: "Apple M2")


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.usefixtures("cards")
@pytest.mark.parametrize(
    ("wanted", "torch_device"),
    [
        ("auto", "cuda:1"),
        ("cuda", "cuda:1"),
        ("CUDA:0", "cuda:0"),
        ("cuda:2", "cuda:2"),
        ("4090", "cuda:1"),
        ("gtx", "cuda:2"),
        (" cpu ", "cpu"),
    ],
)
def test_choice_among_cards(wanted: str, torch_device: str) -> None:
    assert choose_device(wanted).torch_device == torch_device


@pytest.mark.usefixtures("cards")
def test_cards_by_name_and_precision() -> None:
    devices = list_devices()
    assert [device.kind for device in devices] == ["cuda", "cuda", "cuda", "cpu"]
    assert devices[2] == Device("cuda", 2, "NVIDIA GeForce GTX 1080", "cuda:2", torch.float32)
    assert devices[0].dtype == torch.float16


@pytest.mark.usefixtures("cards")
def test_memory_torch_keeps_for_reuse_is_free() -> None:
    assert free_memory(choose_device("cuda:0")) == (4 + 3 - 1) * GIB


@pytest.mark.usefixtures("cards")
@pytest.mark.parametrize("wanted", ["cuda:3", "mps", "radeon", ""])
def test_a_device_that_is_not_there_lists_those_that_are(wanted: str) -> None:
    with pytest.raises(DeviceError) as caught:
        choose_device(wanted)
    assert wanted in caught.value.title
    for name in ("cuda:1 (NVIDIA GeForce RTX 4090)", "cuda:2 (NVIDIA GeForce GTX 1080)", "cpu ("):
        assert name in caught.value.hint


@pytest.mark.usefixtures("apple")
@pytest.mark.parametrize(("wanted", "kind"), [("auto", "mps"), ("mps", "mps"), ("m2", "mps"), ("cpu", "cpu")])
def test_choice_on_a_mac(wanted: str, kind: str) -> None:
    assert choose_device(wanted).kind == kind


@pytest.mark.usefixtures("apple")
def test_apple_gpu_memory_is_shared_and_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert free_memory(choose_device("mps")) == 5 * GIB
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2 * GIB))
    assert free_memory(choose_device("mps")) == 2 * GIB


@pytest.mark.usefixtures("no_gpu")
def test_the_cpu_is_always_there() -> None:
    chosen = choose_device("auto")
    assert (chosen.kind, chosen.torch_device, chosen.dtype) == ("cpu", "cpu", torch.float32)
    assert chosen.name == chosen.name.strip() != ""
    assert list_devices() == [chosen]
    assert 0 < free_memory(chosen) <= psutil.virtual_memory().total
    assert torch.zeros(1, dtype=chosen.dtype, device=chosen.torch_device).item() == 0


@pytest.mark.parametrize(
    ("system", "expected"),
    [("Linux", "Fast CPU 9000"), ("Darwin", "machine"), ("Windows", "Intel64 Family 6")],
)
def test_the_cpu_name_comes_from_the_system(
    monkeypatch: pytest.MonkeyPatch, system: str, expected: str
) -> None:
    def no_command(*_: object, **__: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(device_module.platform, "system", lambda: system)
    monkeypatch.setattr(device_module.platform, "machine", lambda: "machine")
    monkeypatch.setattr(device_module.platform, "processor", lambda: "Intel64 Family 6")
    monkeypatch.setattr(device_module.subprocess, "run", no_command)
    cpuinfo = "processor\t: 0\nmodel name\t: Fast CPU 9000\nflags\t: fpu\n"
    monkeypatch.setattr(device_module.Path, "read_text", lambda *_, **__: cpuinfo)
    assert device_module._cpu_name() == expected


@pytest.mark.parametrize(
    ("free_bytes", "expected"),
    [
        (0, 64),
        (10 * 1000 * 1000, 64),
        # 0.6 of it is 1 MB fixed and 128 * 128 pixels of 1000 bytes.
        ((1_000_000 + 128 * 128 * 1000) / 0.6 + 10, 128),
        ((1_000_000 + 128 * 128 * 1000) / 0.6 - 10, 64),
        (64 * GIB, 512),
    ],
)
def test_tile_sizes(free_bytes: float, expected: int) -> None:
    assert tile_size_for(int(free_bytes), 1000, 1_000_000, multiple=64, largest=512, smallest=64) == expected


@given(st.integers(0, 64 * GIB), st.integers(1, 100_000), st.integers(0, GIB), st.sampled_from([8, 16, 64]))
def test_the_tile_size_is_the_largest_that_fits(
    free_bytes: int, bytes_per_pixel: int, fixed_bytes: int, multiple: int
) -> None:
    smallest, largest = multiple, 8 * multiple
    side = tile_size_for(free_bytes, bytes_per_pixel, fixed_bytes, multiple, largest, smallest)
    assert side % multiple == 0
    assert smallest <= side <= largest
    if side > smallest:
        assert side**2 * bytes_per_pixel + fixed_bytes <= 0.6 * free_bytes
    if side < largest:
        assert (side + multiple) ** 2 * bytes_per_pixel + fixed_bytes > 0.6 * free_bytes


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB."), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), True),
        (RuntimeError("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB, max allowed: 9.07 GB)"), True),
        (RuntimeError("Invalid buffer size: 20.00 GiB"), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes."), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: you tried to allocate"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
        (KeyboardInterrupt(), False),
    ],
)
def test_out_of_memory_is_recognised(error: BaseException, expected: bool) -> None:
    assert is_out_of_memory(error) is expected


def test_a_real_failed_allocation_is_recognised() -> None:
    # More than any address space holds, so that it fails at once wherever it runs.
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 2), (3, 2), (16, 15)])
def test_one_core_is_left_free(monkeypatch: pytest.MonkeyPatch, cores: int, threads: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert cpu_threads() == threads
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert cpu_threads() == threads


def test_the_allocator_is_left_alone_where_it_is_not_glibc(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(device_module.platform, "libc_ver", lambda: ("", ""))
    monkeypatch.setattr(device_module.ctypes, "CDLL", opened.append)
    device_module.keep_freed_memory()
    assert not opened

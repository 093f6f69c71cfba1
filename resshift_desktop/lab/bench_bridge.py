"""How much the bridge and the queue add to the engine: `resshift bench --bridge`."""

import mmap
import os
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from resshift_desktop.bridge.client import Client
from resshift_desktop.bridge.launcher import connect
from resshift_desktop.bridge.protocol import BridgeError
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.job import JobState
from resshift_desktop.core.jobs.journal import Journal
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.core.jobs.worker import Worker
from resshift_desktop.lab.no_op_core import NoOpEngine
from resshift_desktop.lab.probe import run_probe

_PIECE = 1 << 20


@dataclass(frozen=True)
class BridgeFigures:
    """Medians. `server_bytes` is by how much the core's resident memory exceeded that at rest, at most.

    `start_ratio` is the time from starting a core until it is ready over that of importing torch and the
    engine and loading the model in a bare process.
    """

    start_seconds: float
    start_ratio: float
    picture_bytes: int
    up_bytes_per_second: float
    down_bytes_per_second: float
    server_bytes: int
    jobs_per_second: float


def measure_bridge(megapixels: float = 100.0, jobs: int = 2000, times: int = 3) -> BridgeFigures:
    """Measure with cores of its own, in folders of its own."""
    ready = [_seconds_until_ready() for _ in range(times)]
    probes = [run_probe("builtin", "auto") for _ in range(times)]
    bare = [probe.import_torch_seconds + probe.load_seconds for probe in probes]
    width, height = 1000, round(megapixels * 1000)
    with own_core(f"{shlex.quote(sys.executable)} -m resshift_desktop.lab.no_op_core") as client:
        transfers = [_transfer(client, width, height) for _ in range(times)]
    num_bytes = 3 * width * height
    return BridgeFigures(
        start_seconds=statistics.median(ready),
        start_ratio=statistics.median(ready) / statistics.median(bare),
        picture_bytes=num_bytes,
        up_bytes_per_second=num_bytes / statistics.median(up for up, _, _ in transfers),
        down_bytes_per_second=num_bytes / statistics.median(down for _, down, _ in transfers),
        server_bytes=max(peak for _, _, peak in transfers),
        jobs_per_second=_jobs_per_second(jobs),
    )


@contextmanager
def own_core(command: str) -> Iterator[Client]:
    """A core started by `command`, with a data folder of its own."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "core")
        program.write_text(f"#!/bin/sh\nexec {command}\n", "utf-8")
        program.chmod(0o700)
        os.environ.update(
            RESSHIFT_CORE=str(program),
            **{f"RESSHIFT_{name}": str(Path(folder, name.lower())) for name in ("DATA", "CACHE", "LOGS")},
        )
        os.environ.pop("RESSHIFT_CONNECTION", None)
        try:
            client = connect()
            core = psutil.Process(client.connection.pid)
            yield client
            with suppress(BridgeError):
                client.shutdown()
            core.wait(10)
        finally:
            os.environ.clear()
            os.environ.update(before)


def _seconds_until_ready() -> float:
    started = time.monotonic()
    with own_core(f"{shlex.quote(sys.executable)} -m resshift_desktop.cli.app core") as client:
        while not client.health()["ready"]:
            time.sleep(0.02)
        return time.monotonic() - started


def _transfer(client: Client, width: int, height: int) -> tuple[float, float, int]:
    """Seconds up, until the result is announced; seconds down; bytes of memory that the core took for it."""
    core = psutil.Process(client.connection.pid)
    at_rest = peak = core.memory_info().rss
    num_bytes = 3 * width * height
    piece = bytes(range(256)) * (_PIECE // 256)
    announced = 0.0

    def pieces() -> Iterator[memoryview]:
        nonlocal peak
        for start in range(0, num_bytes, _PIECE):
            yield memoryview(piece)[: min(_PIECE, num_bytes - start)]
            if start % (16 * _PIECE) == 0:
                peak = max(peak, core.memory_info().rss)

    def allocate(size: int) -> mmap.mmap:
        nonlocal announced
        announced = time.monotonic()
        return mmap.mmap(-1, size)

    started = time.monotonic()
    client.upscale(pieces(), width=width, height=height, channels=3, scale=1, allocate=allocate)
    ended = time.monotonic()
    return announced - started, ended - announced, max(peak, core.memory_info().rss) - at_rest


def _jobs_per_second(count: int) -> float:
    """Small jobs through journal, queue and worker, from adding the first to the end of the last."""
    with tempfile.TemporaryDirectory() as name, closing(Journal(Path(name, "jobs.sqlite"))) as journal:
        folder = Path(name)
        queue = JobQueue(journal, EventLog(journal.reserve_event_numbers))
        worker = Worker(queue, NoOpEngine, folder / "jobs")
        worker.start()
        worker.ready.wait()
        started = time.monotonic()
        queue.add(
            [
                UpscaleRequest(folder / f"{number}.png", folder / f"{number}-x4.png", ImageFormat.PNG)
                for number in range(count)
            ]
        )
        while queue.counts()[JobState.DONE] < count:
            time.sleep(0.05)
        seconds = time.monotonic() - started
        worker.stop()
    return count / seconds

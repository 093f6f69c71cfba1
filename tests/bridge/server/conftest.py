"""A real server on a real socket, with an engine that costs nothing."""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resshift_desktop.bridge.protocol import PROTOCOL_HEADER
from resshift_desktop.bridge.server.app import BridgeServer
from resshift_desktop.core.engine.request import (
    Cancel,
    OnProgress,
    OnTile,
    PixelRequest,
    UpscaleProgress,
    UpscaleRequest,
    UpscaleResult,
)
from resshift_desktop.core.imaging.files import read_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.journal import Journal
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.core.jobs.worker import Worker
from resshift_desktop.errors import Cancelled, ImageReadError

TOKEN = "a-token-that-nobody-knows"
# Waiting for what is sure to come; long, for a busy machine.
PATIENCE = 20.0


@dataclass
class FakeEngine:
    """Enlarges by repeating pixels and keeps the masks it is given. With a seed of 1 it works until
    cancelled; with 2 it fails."""

    at_work: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    masks: list[np.ndarray] = field(default_factory=list)

    def prepare(self, model: str, device: str) -> str:  # noqa: ARG002
        return "Fake device"

    def release(self) -> None:
        pass

    def upscale(
        self,
        request: UpscaleRequest,
        on_progress: OnProgress,  # noqa: ARG002
        cancel: Cancel,
        folder: Path | None = None,  # noqa: ARG002
        on_tile: OnTile | None = None,  # noqa: ARG002
    ) -> UpscaleResult:
        if request.seed == 1:
            self._work_until(cancel)
        raise ImageReadError("There is nothing to see.", "Look elsewhere.")

    def upscale_pixels(
        self,
        picture: PixelImage,
        request: PixelRequest,
        on_progress: OnProgress,
        cancel: Cancel,
        folder: Path,
    ) -> PixelImage:
        on_progress(UpscaleProgress(0.5, 1.5, 1, 2))
        if request.seed == 1:
            self._work_until(cancel)
        if request.seed == 2:
            raise ImageReadError("There is nothing to see.", "Look elsewhere.")
        if request.mask is not None:
            self.masks.append(read_image(request.mask).array)
        times = round(request.size.scale or 4)
        result = picture.array.repeat(times, axis=0).repeat(times, axis=1)
        path = folder / "result.raw"
        result.tofile(path)
        return PixelImage(np.memmap(path, result.dtype, mode="r", shape=result.shape))

    def _work_until(self, cancel: Cancel) -> None:
        self.at_work.set()
        until = time.monotonic() + PATIENCE
        while not cancel() and time.monotonic() < until:
            self.stopped.wait(0.01)
        self.stopped.set()
        raise Cancelled


@dataclass(frozen=True)
class Bridge:
    """The server under test, and how to talk to it."""

    server: BridgeServer
    queue: JobQueue
    worker: Worker
    engine: FakeEngine
    port: int
    work: Path

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {TOKEN}", PROTOCOL_HEADER: "1"}

    def call(
        self, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """(status, parsed JSON or the bytes), on a connection of its own."""
        sent = json.dumps(body).encode() if body is not None and not isinstance(body, bytes) else body
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        ) as http_:
            http_.request(method, target, sent, self.headers if headers is None else headers)
            answer = http_.getresponse()
            content = answer.read()
            is_json = content and answer.getheader("content-type", "") == "application/json"
            return answer.status, json.loads(content) if is_json else content

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def head(self, method: str, target: str, *lines: str, host: str = "") -> bytes:
        """A request's head with all that it takes to be let in, and `lines`."""
        everyone = [f"{method} {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}"]
        ours = [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*everyone, *ours, *lines, "", ""]).encode("latin-1")

    def is_well(self) -> bool:
        return self.call("GET", "/v1/health")[0] == 200


def wait_until(condition: Callable[[], object]) -> None:
    """For what cannot be waited for otherwise: the state of another thread."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.01)


def read_to_end(sock: socket.socket) -> bytes:
    """All that comes until the other side closes, which it must."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while data := sock.recv(1 << 20):
            received += data
    return received


@pytest.fixture
def bridge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Bridge]:
    monkeypatch.setenv("RESSHIFT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RESSHIFT_DATA", str(tmp_path / "data"))
    with running_bridge(tmp_path) as running:
        yield running
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


@contextlib.contextmanager
def running_bridge(folder: Path) -> Iterator[Bridge]:
    engine = FakeEngine()
    with contextlib.closing(Journal(folder / "jobs.sqlite")) as journal, socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = sock.getsockname()[1]
        queue = JobQueue(journal, EventLog(journal.reserve_event_numbers))
        worker = Worker(queue, lambda: engine, folder / "jobs")
        server = BridgeServer(queue, worker, TOKEN, sock)
        worker.start()
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield Bridge(server, queue, worker, engine, port, folder / "cache" / "work")
        finally:
            server.stop()
            thread.join(PATIENCE)
            worker.stop(PATIENCE)
            assert not thread.is_alive()

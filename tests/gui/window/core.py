"""A core in the process of the tests: the real server, queue and worker, with an engine that is scripted."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from resshift_desktop.bridge.protocol import PROTOCOL_VERSION, Connection, connection_path
from resshift_desktop.bridge.server.app import BridgeServer
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.journal import Journal
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.core.jobs.worker import Worker
from resshift_desktop.json_file import write_json
from tests.core.jobs.fake_engine import FakeEngine

PATIENCE = 20.0
"""Seconds for what is sure to come; long, for a busy machine."""


@dataclass
class Core:
    """A core that has announced itself."""

    engine: FakeEngine
    queue: JobQueue
    worker: Worker
    server: BridgeServer
    thread: threading.Thread

    def stop(self) -> None:
        """Be gone, as after a crash: the connection file stays."""
        self.engine.gate.set()
        self.server.stop()
        self.thread.join(PATIENCE)
        self.worker.stop(PATIENCE)


@contextlib.contextmanager
def running_core(data: Path) -> Iterator[Core]:
    data.mkdir(parents=True, exist_ok=True)
    engine = FakeEngine()
    with contextlib.closing(Journal(data / "jobs.sqlite")) as journal, socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        connection = Connection(PROTOCOL_VERSION, sock.getsockname()[1], "token", 1, "test", time.time())
        queue = JobQueue(journal, EventLog(journal.reserve_event_numbers))
        worker = Worker(queue, lambda: engine, data / "jobs")
        server = BridgeServer(queue, worker, connection.token, sock)
        thread = threading.Thread(target=server.run)
        core = Core(engine, queue, worker, server, thread)
        write_json(connection_path(), asdict(connection))
        worker.start()
        thread.start()
        try:
            yield core
        finally:
            core.stop()

"""A queue and a worker on a fake engine, and pictures to ask for."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.job import Job, JobState
from resshift_desktop.core.jobs.journal import Journal
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.core.jobs.worker import Worker
from tests.core.jobs.fake_engine import FakeEngine


def request_for(folder: Path, name: str = "a", **fields: object) -> UpscaleRequest:
    """For a picture that need not be there: the fake engine does not read it."""
    return UpscaleRequest(
        **{
            "input": folder / f"{name}.png",
            "output": folder / "out" / f"{name}.png",
            "image_format": ImageFormat.PNG,
            **fields,
        }
    )


@dataclass
class Core:
    """What a core process has of jobs, in `folder`; `restart` is a clean stop and start, `kill` is not."""

    folder: Path
    engine: FakeEngine = field(default_factory=FakeEngine)
    idle_seconds: float = 60.0

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.journal = Journal(self.folder / "journal.sqlite")
        self.queue = JobQueue(self.journal, EventLog(self.journal.reserve_event_numbers))
        self.worker = Worker(
            self.queue, lambda: self.engine, self.folder / "jobs", self.idle_seconds, retry_seconds=0.01
        )

    def close(self) -> None:
        self.engine.gate.set()
        if self.worker._thread.is_alive():
            assert self.worker.stop(20)
        self.journal.close()

    def reopen(self) -> None:
        self.close()
        self.open()

    def add(self, *names: str) -> list[Job]:
        return self.queue.add([request_for(self.folder, name) for name in names])

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for something that an event tells of."""
        told = threading.Event()
        unsubscribe = self.queue.events.subscribe(lambda _event: told.set())
        try:
            while not happened():
                assert told.wait(20), "nothing happened"
                told.clear()
        finally:
            unsubscribe()

    def until_state(self, job_id: int, state: JobState) -> Job:
        self.until(lambda: self.queue.get(job_id).state is state)
        return self.queue.get(job_id)

    def until_all_done(self) -> None:
        self.until(
            lambda: not any(self.queue.counts()[state] for state in (JobState.QUEUED, JobState.RUNNING))
        )


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = Core(tmp_path)
    yield core
    core.close()

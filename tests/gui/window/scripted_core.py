"""A core whose pictures are done while there is a file "go" in its data folder; run as a program.

A picture named "fail.png" fails. While there is a file "die before" or "die after", it dies over the next
pictures that are added, before or after it has queued them.
"""

import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from resshift_desktop.bridge.core_process import run_core
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.jobs import queue
from resshift_desktop.core.jobs.job import Job
from resshift_desktop.errors import ImageReadError
from resshift_desktop.paths import data_folder
from tests.core.jobs.fake_engine import FakeEngine


class Gate(threading.Event):
    """Open while the file is there."""

    def wait(self, timeout: float | None = None) -> bool:
        is_open = (data_folder() / "go").exists()
        if not is_open:
            time.sleep(timeout or 0.0)
        return is_open


class MortalQueue(queue.JobQueue):
    """Lets the core die as the files say."""

    def add(self, requests: Sequence[UpscaleRequest]) -> list[Job]:
        die_if_told("before")
        jobs = super().add(requests)
        die_if_told("after")
        return jobs


def die_if_told(when: str) -> None:
    told = data_folder() / f"die {when}"
    if told.exists():
        told.unlink()
        os._exit(1)


def make_engine() -> FakeEngine:
    return FakeEngine(gate=Gate(), failures={"fail.png": ImageReadError("Damaged.", "Copy it again.")})


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))
    queue.JobQueue = MortalQueue
    sys.exit(run_core(make_engine))

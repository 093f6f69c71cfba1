"""A core whose pictures are done while there is a file "go" in its data folder; run as a program.

A picture named "fail.png" fails.
"""

import sys
import threading
import time
from pathlib import Path

from resshift_desktop.bridge.core_process import run_core
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


def make_engine() -> FakeEngine:
    return FakeEngine(gate=Gate(), failures={"fail.png": ImageReadError("Damaged.", "Copy it again.")})


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))
    sys.exit(run_core(make_engine))

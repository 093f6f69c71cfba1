"""Cores in processes of their own, in folders of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from resshift_desktop.bridge.jobs_client import JobsClient
from resshift_desktop.bridge.launcher import find_core

FAKE_CORE = [sys.executable, str(Path(__file__).with_name("fake_core.py"))]
REAL_CORE = [sys.executable, "-m", "resshift_desktop.cli.app", "core"]


def move_folders(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Have all this program keeps lie in `folder`, and a fake core started there; returns the data folder."""
    for name in ("data", "cache", "logs"):
        patch.setenv(f"RESSHIFT_{name.upper()}", str(folder / name))
    patch.delenv("RESSHIFT_CONNECTION", raising=False)
    patch.setenv("OMP_NUM_THREADS", "1")
    patch.setenv("RESSHIFT_CORE", str(program(folder / "fake-core", *FAKE_CORE)))
    return folder / "data"


def program(path: Path, *command: str) -> Path:
    """A program at `path` that becomes `command`."""
    path.write_text(f"#!/bin/sh\nexec {' '.join(command)}\n", "utf-8")
    path.chmod(0o700)
    return path


def end_cores(folder: Path) -> None:
    """End the cores whose data folder is in `folder`, however they were started."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("RESSHIFT_DATA") == str(folder / "data") and process.pid != os.getpid():
                process.kill()
                process.wait(10)


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A core in the foreground that answers already."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            while find_core() is None:
                assert process.poll() is None, process.communicate()[1]
                time.sleep(0.02)  # which the core can use
            yield process
        finally:
            process.kill()


def the_core() -> JobsClient:
    client = find_core()
    assert client is not None
    return JobsClient(client.connection)

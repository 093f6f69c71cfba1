import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from resshift_desktop.bridge.caretaker import Caretaker
from resshift_desktop.bridge.launcher import find_core
from resshift_desktop.bridge.protocol import BridgeError, Connection, connection_path
from resshift_desktop.core.jobs.job import JobState
from resshift_desktop.core.jobs.journal import Journal
from resshift_desktop.settings import Settings, save_settings
from tests.bridge.cores import FAKE_CORE, REAL_CORE, end_cores, move_folders, running, the_core


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield move_folders(tmp_path, monkeypatch)
    end_cores(tmp_path)


def endless_job(folder: Path) -> dict[str, Any]:
    """Added to the running core, and begun."""
    core = the_core()
    (job,) = core.add_jobs([{"input": str(folder / "endless.png"), "output": str(folder / "out.png")}])
    while core.get_job(job["id"])["state"] != "running":
        time.sleep(0.02)
    return job


def counts(data: Path) -> dict[JobState, int]:
    journal = Journal(data / "jobs.sqlite")
    try:
        return {state: count for state, count in journal.counts().items() if count}
    finally:
        journal.close()


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, **environment}, check=False
    )


def test_what_it_leaves_for_clients(data: Path) -> None:
    data.mkdir(mode=0o755)
    with running(*FAKE_CORE) as process:
        connection = Connection.read()
        assert connection.pid == process.pid
        assert len(connection.token) >= 43  # 32 random bytes
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert json.loads((data / "core.json").read_text("utf-8")) == {"command": REAL_CORE}
        assert the_core().health()["pid"] == process.pid
        assert psutil.Process(process.pid).nice() == max(10, psutil.Process().nice())


def test_a_second_core_says_so_and_leaves_without_loading_anything_heavy() -> None:
    code = """
import sys
from resshift_desktop.cli.app import main
assert main(["core"]) == 0
print([name for name in ("torch", "starlette", "uvicorn", "numpy", "sqlite3") if name in sys.modules])
"""
    with running(*FAKE_CORE) as first:
        second = run(sys.executable, "-c", code)
        assert (second.stdout, second.stderr) == ("[]\n", "ResShift is running already.\n")
        assert the_core().health()["pid"] == first.pid


def test_two_cores_at_once() -> None:
    cores = [subprocess.Popen(FAKE_CORE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    while all(core.poll() is None for core in cores):
        time.sleep(0.01)
    (loser,) = [core for core in cores if core.poll() is not None]
    (winner,) = [core for core in cores if core is not loser]
    assert (loser.communicate()[1], loser.returncode) == ("ResShift is running already.\n", 0)
    while (core := find_core()) is None:
        assert winner.poll() is None
        time.sleep(0.02)
    assert core.health()["pid"] == winner.pid
    winner.terminate()
    assert winner.communicate(timeout=30)[1] == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_stop(data: Path, tmp_path: Path, number: signal.Signals) -> None:
    with running(*FAKE_CORE) as process:
        endless_job(tmp_path)
        process.send_signal(number)
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert counts(data) == {JobState.QUEUED: 1}
    assert not connection_path().exists()
    log = (tmp_path / "logs" / "core.log").read_text("utf-8")
    assert "starts" in log
    assert "leaves" in log
    assert "endless" not in log
    assert str(tmp_path) not in log


def test_a_stop_while_torch_is_being_imported() -> None:
    with running(*REAL_CORE) as process:
        process.terminate()
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_asked_to_leave_by_a_client(data: Path, tmp_path: Path) -> None:
    with running(*FAKE_CORE) as process:
        endless_job(tmp_path)
        the_core().shutdown()
        assert process.wait(30) == 0
    assert counts(data) == {JobState.QUEUED: 1}


def test_a_connection_file_that_is_another_cores_stays() -> None:
    with running(*FAKE_CORE) as process:
        path = connection_path()
        others = path.read_text("utf-8").replace(str(process.pid), "1")
        path.write_text(others, "utf-8")
        process.terminate()
        assert process.wait(30) == 0
    assert path.read_text("utf-8") == others


def test_it_stays_while_a_picture_is_in_work(tmp_path: Path) -> None:
    save_settings(Settings(idle_minutes=0.03))
    with running(*FAKE_CORE) as process:
        job = endless_job(tmp_path)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(3)
        the_core().cancel_job(job["id"])
        assert process.wait(30) == 0


def test_it_leaves_when_nobody_needs_it_even_if_the_clock_is_set_back() -> None:
    save_settings(Settings(idle_minutes=0.02))
    code = """
import sys, time
real, start = time.time, time.time()
time.time = lambda: 2 * start - real()  # runs backwards
sys.path.insert(0, sys.argv[1])
import fake_core
sys.exit(fake_core.run_core(fake_core.FakeEngine))
"""
    with running(sys.executable, "-c", code, str(Path(__file__).parent)) as process:
        assert the_core().health()["ready"]
        assert process.wait(30) == 0
    assert not connection_path().exists()


def test_the_usual_priority() -> None:
    save_settings(Settings(low_priority=False))
    with running(*FAKE_CORE) as process:
        assert psutil.Process(process.pid).nice() == psutil.Process().nice()


def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run(*REAL_CORE, RESSHIFT_DATA=str(tmp_path / "file" / "data"))
    assert result.returncode == 1
    assert result.stderr.startswith("The data folder cannot be used")
    assert result.stderr.count("\n") == 1


def test_a_connection_file_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run(*REAL_CORE, RESSHIFT_CONNECTION=str(tmp_path / "file" / "connection.json"))
    assert result.returncode == 1
    assert result.stderr.startswith("The connection file cannot be written")
    assert result.stderr.count("\n") == 1


def test_a_log_folder_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("RESSHIFT_LOGS", str(tmp_path / "file" / "logs"))
    with running(*FAKE_CORE):
        assert the_core().health()["ready"] in (True, False)


def test_no_port_is_free() -> None:
    code = """
import errno, os, socket, sys
from resshift_desktop.cli.app import main

class Exhausted(socket.socket):
    def bind(self, address):
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))

socket.socket = Exhausted
sys.exit(main(["core"]))
"""
    result = run(sys.executable, "-c", code)
    assert result.returncode == 1
    assert result.stderr.startswith("No port of this computer is free: Address already in use.")
    assert result.stderr.count("\n") == 1
    assert not connection_path().exists()


def test_no_files_may_be_opened() -> None:
    """As many as are open already, and not one more: no socket for the port either."""
    code = """
import os, resource, sys
from resshift_desktop.cli.app import main
import logging.handlers, filelock, platformdirs.unix, resshift_desktop.bridge.core_process
import resshift_desktop.bridge.caretaker, resshift_desktop.bridge.server.app
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 1, 100))
sys.exit(main(["core"]))
"""
    result = run(sys.executable, "-c", code)
    assert result.returncode == 1
    assert "Too many open files" in result.stderr
    assert result.stderr.count("\n") == 1


class World:
    """What a caretaker looks at."""

    def __init__(self, **settings: Any) -> None:
        self.now, self.asked = 1000.0, 1000.0
        self.working = self.needed = False
        self.left = 0
        self.caretaker = Caretaker(
            Settings(**settings),
            is_working=lambda: self.working,
            is_needed=lambda: self.needed,
            last_asked=lambda: self.asked,
            leave=self.leave,
            clock=lambda: self.now,
        )

    def leave(self) -> None:
        self.left += 1

    def after(self, seconds: float) -> int:
        """How often it was told to leave by then."""
        self.now += seconds
        self.caretaker.look()
        return self.left


def test_idle_time_counts_from_the_last_need() -> None:
    world = World(idle_minutes=2)
    assert world.after(119) == 0
    world.asked = world.now
    assert world.after(119) == 0
    world.needed = True
    assert world.after(10_000) == 0
    world.needed = False
    assert world.after(119) == 0
    assert world.after(2) == 1


def test_awake_only_while_working(monkeypatch: pytest.MonkeyPatch) -> None:
    """On this machine nobody may be there to be asked; that is no failure."""
    world = World(idle_minutes=2, keep_awake=True)
    for working in (True, True, False, False, True, False):
        world.working = world.needed = working
        assert world.after(1) == 0
    monkeypatch.setitem(sys.modules, "wakepy", None)  # as if it were broken
    world.working = world.needed = True
    assert world.after(1) == 0


def test_a_core_that_is_not_this_users() -> None:
    with running(*FAKE_CORE):
        connection_path().chmod(0o644)
        assert find_core() is None
        with pytest.raises(BridgeError, match="another user's"):
            Connection.read()

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from resshift_desktop.bridge import launcher
from resshift_desktop.bridge.launcher import connect, find_core
from resshift_desktop.bridge.protocol import PROTOCOL_VERSION, BridgeError, Connection, connection_path
from resshift_desktop.json_file import write_json
from tests.bridge.cores import FAKE_CORE, REAL_CORE, end_cores, move_folders, program, running, the_core

GONE = Connection(PROTOCOL_VERSION, port=1, token="t", pid=2**22 - 1, version="0", started=0.0)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield move_folders(tmp_path, monkeypatch)
    end_cores(tmp_path)


def start_failure(timeout: float = 60.0) -> BridgeError:
    with pytest.raises(BridgeError) as raised:
        connect(timeout)
    return raised.value


# Finding and starting


def test_a_core_is_started_once_and_then_found() -> None:
    waited: list[None] = []
    first = connect(on_waiting=lambda: waited.append(None)).health()["pid"]
    assert waited
    assert connect(on_waiting=lambda: waited.clear()).health()["pid"] == first
    assert waited


def test_a_started_core_takes_nothing_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the host's environment, folder or session: it outlives the program that needed it first."""
    monkeypatch.setenv("PYTHONHOME", "/nowhere")  # with which no Python starts
    monkeypatch.setenv("GI_TYPELIB_PATH", "/host")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/host")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/of/the/user")
    core = psutil.Process(connect().health()["pid"])
    environment = core.environ()
    assert not {"PYTHONHOME", "GI_TYPELIB_PATH", "LD_LIBRARY_PATH_ORIG"} & environment.keys()
    assert environment["LD_LIBRARY_PATH"] == "/of/the/user"
    assert environment["RESSHIFT_DATA"] == str(tmp_path / "data")
    assert core.cwd() == str(Path.home())
    assert os.getsid(core.pid) != os.getsid(0)


@pytest.mark.parametrize("file", [asdict(GONE), {"port": 1}, {}])
def test_what_a_dead_core_left_is_no_hindrance(file: dict[str, object]) -> None:
    write_json(connection_path(), file)
    assert find_core() is None
    core = connect()
    assert Connection.read() == core.connection


def test_an_unsafe_file_is_replaced() -> None:
    write_json(connection_path(), asdict(GONE))
    connection_path().chmod(0o666)
    core = connect()
    assert Connection.read() == core.connection


def test_a_port_that_is_another_programs_now() -> None:
    """It does not know the token, or does not even speak HTTP."""
    for answer in (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", b"220 mail\r\n", b""):
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve(server: socket.socket = server, answer: bytes = answer) -> None:
                with server.accept()[0] as sock:
                    sock.recv(65536)
                    sock.sendall(answer)

            thread = threading.Thread(target=serve)
            thread.start()
            write_json(connection_path(), {**asdict(GONE), "port": server.getsockname()[1]})
            assert find_core() is None
            thread.join(10)


def test_a_killed_core_is_followed_by_another() -> None:
    first = connect().health()["pid"]
    process = psutil.Process(first)
    process.kill()
    process.wait(10)
    assert connection_path().exists()
    assert connect().health()["pid"] != first


def test_twenty_programs_at_once() -> None:
    code = "from resshift_desktop.bridge.launcher import connect; print(connect().health()['pid'])"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(20)
    ]
    told = [program.communicate(timeout=120) for program in programs]
    assert [err for _, err in told if err] == []
    assert {out for out, _ in told} == {f"{the_core().health()['pid']}\n"}


def test_a_core_that_leaves_just_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt finds the lock taken by a core that then is gone; the next one succeeds."""
    once = f"test -e {tmp_path}/tried && exec {' '.join(FAKE_CORE)}; touch {tmp_path}/tried; exit 0"
    starter = tmp_path / "starter"
    starter.write_text(f"#!/bin/sh\n{once}\n", "utf-8")
    starter.chmod(0o700)
    monkeypatch.setenv("RESSHIFT_CORE", str(starter))
    assert "pid" in connect().health()


# What goes wrong


def test_a_core_that_dies_at_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("RESSHIFT_CORE", str(program(tmp_path / "real", *REAL_CORE)))
    monkeypatch.setenv("RESSHIFT_DATA", str(tmp_path / "file" / "data"))
    error = start_failure()
    assert error.kind == "StartFailed"
    assert "The data folder cannot be used: Not a directory." in error.hint


def test_a_core_that_dies_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSHIFT_CORE", str(program(tmp_path / "dies", "sh -c 'exit 7'")))
    assert "Exit code 7." in start_failure().hint


def test_a_core_that_hangs_at_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = f"sh -c 'echo $$ > {tmp_path}/pid; echo Hm. >&2; exec sleep 600'"
    monkeypatch.setenv("RESSHIFT_CORE", str(program(tmp_path / "hangs", hanging)))
    error = start_failure(timeout=1.0)
    assert error.kind == "StartFailed"
    assert "did not start in time" in error.title
    assert "Hm." in error.hint
    pid = int((tmp_path / "pid").read_text())
    while psutil.pid_exists(pid):  # until it is reaped
        time.sleep(0.01)


def test_waiting_can_be_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSHIFT_CORE", str(program(tmp_path / "hangs", "sleep 600")))

    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        connect(on_waiting=give_up)


@pytest.mark.parametrize("kind", ["missing", "not executable", "not a program"])
def test_a_core_that_is_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path = tmp_path / "core"
    if kind != "missing":
        path.write_bytes(b"\x00\x01")
        path.chmod(0o700 if kind == "not a program" else 0o600)
    monkeypatch.setenv("RESSHIFT_CORE", str(path))
    assert start_failure().kind == "StartFailed"


@pytest.mark.parametrize(
    ("theirs", "to_update"), [(PROTOCOL_VERSION + 1, "plugin"), (PROTOCOL_VERSION - 1, "ResShift")]
)
def test_a_running_core_of_another_version(
    monkeypatch: pytest.MonkeyPatch, theirs: int, to_update: str
) -> None:
    """No second core is started beside it; the person learns which side to update."""
    monkeypatch.setenv("RESSHIFT_CORE", "/must/not/be/started")
    body = json.dumps({"protocol": theirs}).encode()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as sock:
                sock.recv(65536)
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

        thread = threading.Thread(target=serve)
        thread.start()
        write_json(connection_path(), {**asdict(GONE), "port": server.getsockname()[1]})
        error = start_failure()
        thread.join(10)
    assert error.kind == "ProtocolMismatch"
    assert f"Update {'the ' if to_update == 'plugin' else ''}{to_update}" in error.hint


@pytest.mark.parametrize(("ours", "to_update"), [(0, "plugin"), (99, "ResShift")])
def test_a_client_of_another_version(monkeypatch: pytest.MonkeyPatch, ours: int, to_update: str) -> None:
    with running(*FAKE_CORE):
        monkeypatch.setattr("resshift_desktop.bridge.client.PROTOCOL_VERSION", ours)
        error = start_failure()
    assert error.kind == "ProtocolMismatch"
    assert to_update.lower() in str(error).lower()


# How a core is started


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this were a plugin's copy of the launcher, with no program on the PATH."""
    monkeypatch.setattr(launcher, "__package__", "some_plugin")
    monkeypatch.delenv("RESSHIFT_CORE")
    monkeypatch.setenv("PATH", "")


def test_the_command_of_this_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESSHIFT_CORE")
    assert launcher._core_command() == REAL_CORE


@pytest.mark.parametrize(
    ("program", "command"),
    [("resshift-desktop", "resshift"), ("resshift", "resshift"), ("resshift-desktop.exe", "resshift.exe")],
)
def test_the_packaged_window_starts_the_command_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, command: str
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / program))
    assert launcher.own_command("doctor", "--report") == [str(tmp_path / command), "doctor", "--report"]


@pytest.mark.usefixtures("plugin")
def test_a_plugin_starts_what_ran_last(data: Path) -> None:
    write_json(data / "core.json", {"command": [sys.executable, "a b", "core"]})
    assert launcher._core_command() == [sys.executable, "a b", "core"]


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize(
    "noted", [{}, {"command": []}, {"command": ["/gone"]}, {"command": 5}, {"command": [5]}]
)
def test_a_plugin_finds_the_program_on_the_path(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noted: dict[str, object]
) -> None:
    write_json(data / "core.json", noted)
    monkeypatch.setenv("PATH", str(tmp_path))
    resshift = program(tmp_path / "resshift", "true")
    assert launcher._core_command() == [str(resshift), "core"]


@pytest.mark.usefixtures("plugin")
def test_nothing_is_installed() -> None:
    assert start_failure().kind == "NotInstalled"


@pytest.mark.usefixtures("plugin")
def test_a_command_that_others_could_have_written_is_not_run(data: Path) -> None:
    write_json(data / "core.json", {"command": REAL_CORE})
    (data / "core.json").chmod(0o666)
    assert start_failure().kind == "NotInstalled"


def test_a_plugins_copy_works_by_itself(tmp_path: Path) -> None:
    """The three files in another package, in an interpreter that has nothing else."""
    package = tmp_path / "some_plugin"
    package.mkdir()
    (package / "__init__.py").touch()
    for name in ("protocol", "client", "launcher"):
        shutil.copy(Path(launcher.__file__).with_name(f"{name}.py"), package)
    code = "from some_plugin.launcher import connect; print(connect().health()['protocol'])"
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (result.stdout, result.stderr) == (f"{PROTOCOL_VERSION}\n", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"PATH": "/bin", "LANG": "C"}, {"PATH": "/bin", "LANG": "C"}),
        ({"PYTHONPATH": "/p", "PYTHONHOME": "/p", "VIRTUAL_ENV": "/v"}, {}),
        ({"GI_TYPELIB_PATH": "/g", "GIMP3_DIRECTORY": "/g", "GEGL_PATH": "/g", "BABL_PATH": "/g"}, {}),
        ({"QT_PLUGIN_PATH": "/q", "QML2_IMPORT_PATH": "/q", "KRITA_PLUGIN_PATH": "/q"}, {}),
        ({"LD_LIBRARY_PATH": "/bundle", "LD_PRELOAD": "/x.so", "DYLD_LIBRARY_PATH": "/b"}, {}),
        ({"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/mine"}, {"LD_LIBRARY_PATH": "/mine"}),
        ({"_MEIPASS2": "/tmp/x", "_PYI_ARCHIVE_FILE": "/x"}, {}),
        ({"RESSHIFT_DATA": "/d", "MY_ORIG": "/o"}, {"RESSHIFT_DATA": "/d", "MY_ORIG": "/o"}),
    ],
)
def test_the_environment_of_a_core(before: dict[str, str], after: dict[str, str]) -> None:
    assert launcher._clean_environment(before) == {**after, "PYINSTALLER_RESET_ENVIRONMENT": "1"}

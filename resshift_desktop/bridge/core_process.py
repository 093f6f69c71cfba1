"""The core process: the only one of its user, found by its connection file, gone when nobody needs it."""

import logging
import os
import platform
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from resshift_desktop import __version__
from resshift_desktop.bridge.core_log import logging_to_file
from resshift_desktop.bridge.protocol import (
    PROTOCOL_VERSION,
    BridgeError,
    Connection,
    connection_path,
    core_command_path,
)
from resshift_desktop.errors import ResShiftError
from resshift_desktop.json_file import write_json
from resshift_desktop.paths import data_folder
from resshift_desktop.settings import Settings, load_settings

if TYPE_CHECKING:  # for the process that finds another core, these would be loaded in vain
    from resshift_desktop.core.jobs.worker import Engine

_log = logging.getLogger(__name__)

_LOCK_SECONDS = 0.3
_STOP_SECONDS = 1.5


def run_core(make_engine: "Callable[[], Engine] | None" = None) -> int:
    """Be the core until asked to leave, or idle for long; 0, also when there is one already.

    `make_engine` is called in the worker's thread, and may take its time; None: the real one.

    Raises:
        ResShiftError: the data folder may not be written to, or no port is free.
    """
    with _only_core() as is_only:
        if not is_only:
            print("ResShift is running already.", file=sys.stderr)
            return 0
        with logging_to_file():
            stopped = _serve(make_engine or _make_engine, load_settings())
    if not stopped:  # torch can be interrupted only between steps, and Python cannot end under its feet
        os._exit(0)
    return 0


def _serve(make_engine: "Callable[[], Engine]", settings: Settings) -> bool:
    """Listen, load what is heavy, do the work until the server is stopped; whether the worker has ended."""
    from resshift_desktop.bridge.caretaker import Caretaker, lower_priority
    from resshift_desktop.bridge.server.app import BridgeServer
    from resshift_desktop.core.jobs.events import EventLog
    from resshift_desktop.core.jobs.job import JobState
    from resshift_desktop.core.jobs.journal import Journal
    from resshift_desktop.core.jobs.queue import JobQueue
    from resshift_desktop.core.jobs.worker import Worker

    if settings.low_priority:
        lower_priority()
    _log.info(
        "ResShift %s starts. %s, Python %s.", __version__, platform.platform(), platform.python_version()
    )
    with _listening() as sock, closing(Journal(journal_path())) as journal:
        queue = JobQueue(journal, EventLog(journal.reserve_event_numbers))
        worker = Worker(queue, make_engine, data_folder() / "jobs")
        connection = _new_connection(sock)
        server = BridgeServer(queue, worker, connection.token, sock)

        def is_needed() -> bool:
            counts = queue.counts()
            waiting = counts[JobState.RUNNING] or (counts[JobState.QUEUED] and not queue.held)
            return bool(waiting) or worker.busy or server.active > 0

        caretaker = Caretaker(
            settings, lambda: worker.busy, is_needed, lambda: server.last_activity, server.stop
        )
        _announce(connection)
        worker.start()
        try:
            with _stopped_by_signals(server.stop), caretaker.watching():
                server.run()
        finally:
            _withdraw(connection)
            stopped = worker.stop(_STOP_SECONDS)
            _log.info("ResShift leaves.")
        return stopped


def journal_path() -> Path:
    """Where the jobs are written down."""
    return data_folder() / "jobs.sqlite"


def _make_engine() -> "Engine":
    from resshift_desktop.core.engine.upscale import Engine

    return Engine()


@contextmanager
def _only_core() -> Iterator[bool]:
    """Whether this process is the only core; as long as that lasts no other one will be."""
    lock = FileLock(data_folder() / "core.lock")
    try:
        data_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(PermissionError):  # of a folder that is another user's
            data_folder().chmod(0o700)  # the list of jobs names pictures
        lock.acquire(timeout=_LOCK_SECONDS)
    except Timeout:
        pass
    except OSError as error:
        raise ResShiftError(
            f"The data folder cannot be used: {error.strerror}.",
            "Make it writable, or name another one with the environment variable RESSHIFT_DATA.",
        ) from error
    try:
        yield lock.is_locked
    finally:
        lock.release()


@contextmanager
def _listening() -> Iterator[socket.socket]:
    """A socket on a free port of this computer's own address. From now on clients wait instead of failing."""
    with ExitStack() as stack:
        try:
            sock = stack.enter_context(socket.socket())
            if sys.platform == "win32":  # where another program could otherwise take the port over
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            sock.bind(("127.0.0.1", 0))
            sock.listen()
        except OSError as error:
            raise ResShiftError(
                f"No port of this computer is free: {error.strerror}.",
                "Close programs with many connections, or restart the computer.",
            ) from error
        yield sock


def _new_connection(sock: socket.socket) -> Connection:
    token = secrets.token_urlsafe(32)
    return Connection(PROTOCOL_VERSION, sock.getsockname()[1], token, os.getpid(), __version__, time.time())


def _announce(connection: Connection) -> None:
    """Let clients find this core, and know how to start the next."""
    from resshift_desktop.bridge.launcher import own_command

    try:
        write_json(core_command_path(), {"command": own_command("core")})
        write_json(connection_path(), asdict(connection))
    except OSError as error:
        raise ResShiftError(
            f"The connection file cannot be written: {error.strerror}.",
            "Make its folder writable, or name another file with RESSHIFT_CONNECTION.",
        ) from error


def _withdraw(connection: Connection) -> None:
    """Take the connection file away, unless it is that of another core, with another data folder."""
    with suppress(BridgeError, OSError):
        if Connection.read() == connection:
            connection_path().unlink()


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Within it SIGTERM and SIGINT (Ctrl+C) call `stop`."""
    names = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # not every system has each
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    earlier = {number: signal.getsignal(number) for number in numbers}
    # What is ignored stays so: `nohup` keeps its promise.
    heard = [number for number in numbers if earlier[number] is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, lambda *_: stop())
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, earlier[number])

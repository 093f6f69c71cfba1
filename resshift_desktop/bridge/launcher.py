"""Finds the running core, or starts one and waits for it.

Plugins carry a copy of this file: standard library only, Python 3.9.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from .client import Client
from .protocol import BridgeError, Connection, core_command_path, read_private

_LOOK_SECONDS = 0.1
_HEALTH_SECONDS = 2.0
_GIVE_WAY_SECONDS = 3.0
"""How long another core, which has the lock, may take to answer or to let go of it."""
_PACKAGE = "resshift_desktop.bridge"
_DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0

# What host programs, desktops' bundles and frozen programs set for themselves only.
_FOREIGN = (
    *("PYTHON", "VIRTUAL_ENV", "_MEIPASS", "_PYI", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_"),
    *("GI_", "GIO_", "GDK_", "GTK_", "QT_", "QML", "GIMP", "GEGL", "BABL", "KRITA"),
)


def connect(timeout: float = 60.0, on_waiting: Callable[[], object] | None = None) -> Client:
    """The core of this user, started if there is none. It may still be getting ready: see Client.health.

    `on_waiting` is called some ten times a second while a core starts; what it raises ends the waiting.

    Raises:
        BridgeError: there is nothing to start (NotInstalled), it fails or takes longer than `timeout`
            seconds (StartFailed), or the core has another version of the protocol (ProtocolMismatch).
    """
    deadline = time.monotonic() + timeout
    client = find_core()
    while client is None:
        with tempfile.TemporaryFile() as messages:
            process = _start_core(messages)
            client = _wait_for_core(process, messages, deadline, on_waiting)
    return client


def find_core() -> Client | None:
    """The running core, or None.

    The file of a core that is gone is left to the next core: only that one can replace it safely.

    Raises:
        BridgeError: the running core has another version of the protocol (ProtocolMismatch).
    """
    try:
        connection = Connection.read()
        Client(connection, silence=_HEALTH_SECONDS).health()
    except BridgeError as error:
        if error.kind == "ProtocolMismatch":
            raise
        return None
    return Client(connection)


def _wait_for_core(
    process: subprocess.Popen[bytes],
    messages: IO[bytes],
    deadline: float,
    on_waiting: Callable[[], object] | None,
) -> Client | None:
    """The core that answers first; None when `process` gave way to another that then does not answer."""
    patience = _GIVE_WAY_SECONDS
    while patience > 0:
        code = process.poll()
        client = find_core()
        if client is not None:
            return client
        late = time.monotonic() > deadline
        if late:
            process.kill()
        if late or code:
            raise _start_failed(messages, code)
        if on_waiting is not None:
            on_waiting()
        time.sleep(_LOOK_SECONDS)
        if code == 0:
            patience -= _LOOK_SECONDS
    return None


def _start_failed(messages: IO[bytes], code: int | None) -> BridgeError:
    messages.seek(0)
    lines = messages.read().decode("utf-8", "replace").split("\n")
    said = next((line.strip() for line in reversed(lines) if line.strip()), "")
    hint = "`resshift doctor` may say more."
    if code:
        why = said or f"Exit code {code}."
        return BridgeError("ResShift could not start.", f"{why} {hint}", "StartFailed")
    title = "ResShift did not start in time."
    return BridgeError(title, f"{said} Close it everywhere and try again; {hint}".strip(), "StartFailed")


def _start_core(messages: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a core that outlives this program and takes nothing from it; its stderr goes to `messages`."""
    home = Path.home()
    try:
        process = subprocess.Popen(
            _core_command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            cwd=home if home.is_dir() else home.anchor,
            env=_clean_environment(os.environ),
            start_new_session=True,
            creationflags=_DETACHED,
        )
    except OSError as error:
        raise BridgeError("ResShift could not start.", f"{error.strerror}.", "StartFailed") from error
    # Or else a core that has ended would stay a zombie for as long as this program runs.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def _core_command() -> list[str]:
    """How to start a core; the same installation as this code's if it is one, else what started last."""
    named = os.environ.get("RESSHIFT_CORE")
    if named:
        return [named, "core"]
    if __package__ == _PACKAGE:  # and no plugin's copy, whose interpreter is the host program's
        return own_command("core")
    found = shutil.which("resshift")
    command = _noted_command() or ([found, "core"] if found else None)
    if command is None:
        raise BridgeError(
            "ResShift was not found on this computer.",
            "Install it and open it once, then try again.",
            "NotInstalled",
        )
    return command


def own_command(*words: str) -> list[str]:
    """How this installation runs `resshift` with `words`; in the packaged app it lies beside the window's."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_stem("resshift")), *words]
    return [sys.executable, "-m", "resshift_desktop.cli.app", *words]


def _noted_command() -> list[str] | None:
    """What a core wrote down about how it was started, while that is still there."""
    try:
        command = json.loads(read_private(core_command_path()))["command"]
        if all(isinstance(word, str) for word in command) and Path(command[0]).is_file():
            return command
    except (BridgeError, OSError, ValueError, KeyError, TypeError, IndexError):
        pass
    return None


def _clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` as it was before a host program or PyInstaller changed it for itself."""
    clean = {name: value for name, value in environment.items() if not name.startswith(_FOREIGN)}
    for name, value in environment.items():
        original, suffix, _ = name.partition("_ORIG")
        if suffix and original.startswith(("LD_", "DYLD_")):  # where PyInstaller keeps them
            clean[original] = value
            clean.pop(name, None)
    clean["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # a frozen program that starts itself is to unpack itself
    return clean

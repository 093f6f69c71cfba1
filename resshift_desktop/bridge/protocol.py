"""What the core and its clients agree on: version, pixel samples, and the file that says where the core is.

Plugins carry a copy of this file: standard library only, Python 3.9.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

PROTOCOL_VERSION = 1
PROTOCOL_HEADER = "X-ResShift-Protocol"

SAMPLE_BYTES = {"u8": 1, "u16": 2, "f16": 2, "f32": 4}
"""How pixels are sent: bytes of one channel of one pixel, little endian, by the name of the sample type."""

TRANSFERS = ("srgb", "linear")
STREAM_TYPE = "application/x-resshift-stream"

HEARTBEAT_SECONDS = 0.5
"""A core at work says something at least this often."""
SILENCE_SECONDS = 10.0
"""A core that says nothing for so long is taken for dead."""

_LARGEST_FILE = 64 * 1024


class BridgeError(Exception):
    """What went wrong (`title`), what the person can do about it (`hint`), and a word for programs (`kind`).

    Kinds of the way itself: NoCore, NotInstalled, StartFailed, Refused, ProtocolMismatch, CoreDied,
    BadAnswer, UnsafeFile, Cancelled. All others are told by the core (docs/bridge.md).
    """

    def __init__(self, title: str, hint: str, kind: str) -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip()


@dataclass(frozen=True)
class Connection:
    """Where a core listens on 127.0.0.1, and the secret that it wants to hear; `started` in unix time."""

    protocol: int
    port: int
    token: str
    pid: int
    version: str
    started: float

    @classmethod
    def read(cls, path: Path | None = None) -> Connection:
        """The running core's connection, from its connection file.

        Raises:
            BridgeError: there is no such file (NoCore), it holds something else (BadAnswer), or others
                than this user could have written or read it (UnsafeFile).
        """
        path = connection_path() if path is None else path
        hint = "Close ResShift everywhere and start it again."
        try:
            values = json.loads(read_private(path))
            connection = cls(**{name: values[name] for name in cls.__dataclass_fields__})
        except FileNotFoundError as error:
            raise BridgeError("ResShift is not running.", "Start it, then try again.", "NoCore") from error
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise BridgeError("ResShift's connection file cannot be read.", hint, "BadAnswer") from error
        if not connection._is_sound():
            raise BridgeError("ResShift's connection file makes no sense.", hint, "BadAnswer")
        return connection

    def _is_sound(self) -> bool:
        numbers = (self.protocol, self.port, self.pid)
        return (
            all(type(number) is int and number > 0 for number in numbers)
            and self.port < 65536
            and all(
                type(text) is str and text.isascii() and text.isprintable()
                for text in (self.token, self.version)
            )
            and bool(self.token)
            and type(self.started) in (int, float)
        )


def connection_path() -> Path:
    """Where the connection file is. Not by $XDG_DATA_HOME: sandboxed programs have another."""
    named, data = os.environ.get("RESSHIFT_CONNECTION"), os.environ.get("RESSHIFT_DATA")
    if named:
        return Path(named)
    return (Path(data) if data else _user_folder()) / "connection.json"


def core_command_path() -> Path:
    """The file, beside the connection file, in which a core says how it was started: {"command": [...]}."""
    return connection_path().with_name("core.json")


def _user_folder() -> Path:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "ResShift"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "ResShift"
    return Path.home() / ".local" / "share" / "ResShift"


def read_private(path: Path) -> str:
    """A small file of this user's. What matters is the file itself: whoever replaces it becomes its owner.

    Raises:
        BridgeError: it belongs to another user, or others may read or write it (UnsafeFile).
        OSError, ValueError: it cannot be read, is no file, or not UTF-8.
    """
    # Not blocking: a named pipe in the file's place would wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if sys.platform != "win32" and (status.st_uid != os.getuid() or status.st_mode & 0o077):
            raise BridgeError(
                f"The file {path.name} may be another user's.",
                "It must belong to you and be readable by you only. Delete it and start ResShift again.",
                "UnsafeFile",
            )
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_FILE:
            raise ValueError("no small file")
        return file.read(_LARGEST_FILE).decode("utf-8")

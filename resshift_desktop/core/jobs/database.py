"""The journal's file: opened, made, or put aside when it is damaged."""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resshift_desktop.errors import ResShiftError

_log = logging.getLogger(__name__)

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request TEXT NOT NULL, input BLOB NOT NULL, state TEXT NOT NULL, position REAL NOT NULL,
    added_at REAL NOT NULL, fraction REAL NOT NULL, seconds REAL NOT NULL, pixels INTEGER,
    tiles_done INTEGER NOT NULL, deaths INTEGER NOT NULL,
    problem TEXT, result TEXT, finished_at REAL
);
CREATE INDEX jobs_by_place ON jobs (state, position);
CREATE INDEX jobs_by_position ON jobs (position);
CREATE INDEX jobs_by_input ON jobs (input);
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL, state TEXT NOT NULL, kind TEXT, seconds REAL NOT NULL, at REAL NOT NULL
);
CREATE TABLE rates (
    model TEXT NOT NULL, device TEXT NOT NULL, seconds REAL NOT NULL, megapixels REAL NOT NULL,
    PRIMARY KEY (model, device)
);
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""

# A new journal after a damaged one numbers its jobs from the next million on, so that the work files of
# the old one's jobs belong to none of its own.
_IDS_PER_JOURNAL = 1_000_000
_EVENTS_PER_ID = 1_000_000


class JournalError(ResShiftError):
    """The list of jobs cannot be read or written."""


@contextmanager
def told_to_people() -> Iterator[None]:
    """Turn sqlite3.Error and OSError into JournalError.

    Raises:
        JournalError: with the reason in plain words.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _in_words(getattr(error, "sqlite_errorcode", None), str(error)) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise _in_words(sqlite3.SQLITE_FULL if full else None, str(error.strerror)) from error


def _in_words(code: int | None, reason: str) -> JournalError:
    match code and code & 0xFF:  # the rest tells of details
        case sqlite3.SQLITE_FULL:
            return JournalError("The disk is full: the list of jobs cannot be written.", "Make room.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return JournalError(
                "The folder with the list of jobs may not be written to.",
                "Check its permissions, or move it with the environment variable RESSHIFT_DATA.",
            )
        case _:
            return JournalError(f"The list of jobs cannot be used: {reason}.", "Check the disk.")


def open_database(path: Path) -> sqlite3.Connection:
    """The database at `path`, made when it is not there; a damaged one is put aside and begun anew.

    The connection is in autocommit mode and may be used by several threads, one at a time.

    Raises:
        JournalError: it cannot be opened, or was made by a newer version of the program.
    """
    with told_to_people():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _open(path)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (
                sqlite3.SQLITE_CORRUPT,
                sqlite3.SQLITE_NOTADB,
            ):
                raise
        aside = _put_aside(path)
        _log.error("The journal was damaged; it is now %s, and a new one was begun.", aside.name)
        return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        # After a power cut the last changes may be missing, after a kill none; the file is whole in both.
        db.execute("PRAGMA synchronous = NORMAL")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise JournalError(
                "The list of jobs was made by a newer version of this program.", "Update this program."
            )
        if version == 0:
            _make_schema(db, path)
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            damaged = sqlite3.DatabaseError(verdict)
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged
    except BaseException:
        db.close()
        raise
    return db


def _make_schema(db: sqlite3.Connection, path: Path) -> None:
    first = _IDS_PER_JOURNAL * len(list(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}")))
    db.executescript(
        f"BEGIN IMMEDIATE; {_SCHEMA}"
        f"INSERT INTO sqlite_sequence VALUES ('jobs', {first});"
        f"INSERT INTO meta VALUES ('ids_after', {first}), ('events', {first * _EVENTS_PER_ID});"
        f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
    )


def _put_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    for ending in ("-wal", "-shm"):  # what is in the log may be all that can be rescued
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + ending))
    path.replace(aside)
    return aside

"""The journal: everything that is known of the jobs, in SQLite, so that it outlives the process."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from resshift_desktop.core.jobs.database import open_database, told_to_people
from resshift_desktop.core.jobs.estimate import Rate
from resshift_desktop.core.jobs.job import UNFINISHED, JobState
from resshift_desktop.core.jobs.record import (
    JobRecord,
    problem_from_json,
    request_from_json,
    result_from_json,
    to_json,
)

_HISTORY_LENGTH = 10_000
_COLUMNS = (
    "id", "request", "input", "state", "position", "added_at", "fraction", "seconds", "pixels",
    "tiles_done", "deaths", "problem", "result", "finished_at",
)  # fmt: skip
_FIXED = ("id", "request", "input", "added_at")
_INSERT = f"INSERT INTO jobs ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
_SET = ", ".join(f"{name} = :{name}" for name in _COLUMNS if name not in _FIXED)
_UPDATE = f"UPDATE jobs SET {_SET} WHERE id = :id"


@dataclass(frozen=True)
class Ending:
    """That a job ended: done, failed (`kind` of error) or cancelled. Kept after the job is forgotten."""

    job: int
    state: JobState
    kind: str | None
    seconds: float
    at: float


class Journal:
    """The database at `path`; one connection, whose use by several threads takes turns.

    Every method may raise JournalError. A damaged file is put aside and a new one begun.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = open_database(path)
        with self.transaction():
            self._all("DELETE FROM history WHERE id <= (SELECT MAX(id) FROM history) - ?", (_HISTORY_LENGTH,))

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is changed within it is on disk when it ends, or none of it."""
        with self._lock, told_to_people():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def insert(self, record: JobRecord) -> int:
        """Write a new job; its id is chosen here, the record's own is not looked at."""
        return self._all(_INSERT, _changing(record) | _fixed(record)).lastrowid or 0

    def update(self, record: JobRecord) -> None:
        self._all(_UPDATE, _changing(record))

    def delete(self, job_id: int) -> None:
        self._all("DELETE FROM jobs WHERE id = ?", (job_id,))

    def get(self, job_id: int) -> JobRecord | None:
        return self._one("SELECT * FROM jobs WHERE id = ?", (job_id,))

    def page(self, after: int, limit: int, states: Sequence[JobState]) -> list[JobRecord]:
        """At most `limit` jobs in `states` whose ids are above `after`, by id."""
        return self._many(
            "SELECT * FROM jobs NOT INDEXED "
            f"WHERE id > ? AND state IN ({_marks(states)}) ORDER BY id LIMIT ?",
            (after, *states, limit),
        )

    def in_states(self, states: Sequence[JobState]) -> list[JobRecord]:
        """By position."""
        return self._many(
            f"SELECT * FROM jobs WHERE state IN ({_marks(states)}) ORDER BY position, id", tuple(states)
        )

    def first_queued(self) -> JobRecord | None:
        return self._one(
            "SELECT * FROM jobs WHERE state = ? ORDER BY position, id LIMIT 1", (JobState.QUEUED,)
        )

    def last_position(self) -> float:
        """0 where there are no jobs."""
        (last,) = self._all("SELECT MAX(position) FROM jobs", ()).fetchone()
        return last or 0.0

    def position_before(self, position: float, without: int) -> float | None:
        """The position of the last unfinished job before `position`, other than the job `without`."""
        (before,) = self._all(
            "SELECT MAX(position) FROM jobs "
            f"WHERE state IN ({_marks(UNFINISHED)}) AND position < ? AND id != ?",
            (*UNFINISHED, position, without),
        ).fetchone()
        return before

    def waits_to_be_read(self, path: Path) -> bool:
        """Whether `path` is the input of an unfinished job."""
        found = self._all(
            f"SELECT 1 FROM jobs WHERE input = ? AND state IN ({_marks(UNFINISHED)}) LIMIT 1",
            (os.fsencode(path), *UNFINISHED),
        )
        return found.fetchone() is not None

    def counts(self) -> dict[JobState, int]:
        found = dict(self._all("SELECT state, COUNT(*) FROM jobs GROUP BY state", ()).fetchall())
        return {state: found.get(state, 0) for state in JobState}

    def has_forgotten(self, job_id: int) -> bool:
        """Whether there was such a job in this journal, and no longer is."""
        (last,) = self._all("SELECT seq FROM sqlite_sequence WHERE name = 'jobs'", ()).fetchone()
        return self.number("ids_after") < job_id <= last and self.get(job_id) is None

    def add_ending(self, ending: Ending) -> None:
        self._all(
            "INSERT INTO history (job, state, kind, seconds, at) VALUES (?, ?, ?, ?, ?)",
            (ending.job, ending.state, ending.kind, ending.seconds, ending.at),
        )

    def history(self, limit: int = 100) -> list[Ending]:
        """The latest endings, the last one first."""
        rows = self._all(
            "SELECT job, state, kind, seconds, at FROM history ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [Ending(**{**dict(row), "state": JobState(row["state"])}) for row in rows.fetchall()]

    def rates(self) -> dict[tuple[str, str], Rate]:
        """What was learned, by (model, device)."""
        rows = self._all("SELECT model, device, seconds, megapixels FROM rates", ()).fetchall()
        return {(model, device): Rate(seconds, megapixels) for model, device, seconds, megapixels in rows}

    def set_rate(self, key: tuple[str, str], rate: Rate) -> None:
        self._all("INSERT OR REPLACE INTO rates VALUES (?, ?, ?, ?)", (*key, rate.seconds, rate.megapixels))

    def number(self, name: str) -> int:
        """A number kept under `name`; 0 where there is none."""
        row = self._all("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else 0

    def set_number(self, name: str, value: int) -> None:
        self._all("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def reserve_event_numbers(self, count: int) -> int:
        """The first of `count` numbers that no event of this journal had or will have."""
        with self.transaction():
            first = self.number("events") + 1
            self.set_number("events", first + count - 1)
        return first

    def _one(self, query: str, values: tuple) -> JobRecord | None:
        with self._lock:
            row = self._all(query, values).fetchone()
        return None if row is None else _from_row(row)

    def _many(self, query: str, values: tuple) -> list[JobRecord]:
        with self._lock:
            rows = self._all(query, values).fetchall()
        return [_from_row(row) for row in rows]

    def _all(self, statement: str, values: tuple | dict) -> sqlite3.Cursor:
        with self._lock, told_to_people():
            return self._db.execute(statement, values)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _changing(record: JobRecord) -> dict[str, object]:
    return {
        **{name: getattr(record, name) for name in _COLUMNS if name not in _FIXED},
        "id": record.id,
        "problem": to_json(record.problem),
        "result": to_json(record.result),
    }


def _fixed(record: JobRecord) -> dict[str, object]:
    return {
        "id": None,
        "request": to_json(record.request),
        "input": os.fsencode(record.request.input),
        "added_at": record.added_at,
    }


def _from_row(row: sqlite3.Row) -> JobRecord:
    fields = dict(row)
    del fields["input"]
    return JobRecord(
        **{
            **fields,
            "request": request_from_json(row["request"]),
            "state": JobState(row["state"]),
            "problem": problem_from_json(row["problem"]),
            "result": result_from_json(row["result"]),
        }
    )

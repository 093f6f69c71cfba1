"""The journal's file: what it gives back, and what happens when it is damaged, newer, full or read-only."""

import sqlite3
from pathlib import Path

import pytest

from resshift_desktop.core.engine.request import TargetSize, UpscaleResult
from resshift_desktop.core.jobs.database import JournalError
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.job import JobState, Problem
from resshift_desktop.core.jobs.journal import Journal
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.core.jobs.record import JobRecord
from tests.core.jobs.conftest import request_for

RESULT = UpscaleResult(Path("/out/ä.png"), 8, 6, 1.5, "builtin", "CPU", 7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.mark.parametrize("name", ["plain", "Bäume 🌳", "bytes \udcff\udc80", 'quote " \\ \n'])
def test_a_job_comes_back_as_it_was(path: Path, tmp_path: Path, name: str) -> None:
    request = request_for(tmp_path, name, size=TargetSize(width=700), seed=2**63 - 1, mask=Path("m.png"))
    record = JobRecord(
        0, request, JobState.DONE, 1.5, 1e9, 0.25, 3.5, 10**9, 3, 2, Problem("T", "H", "K"), RESULT, 2e9
    )  # fmt: skip
    journal = Journal(path)
    with journal.transaction():
        job_id = journal.insert(record)
    journal.close()
    journal = Journal(path)
    read = journal.get(job_id)
    journal.close()
    assert read == JobRecord(**{**vars(record), "id": job_id})


def test_event_numbers_never_come_twice(path: Path) -> None:
    seen: list[int] = []
    for _ in range(3):
        journal = Journal(path)
        log = EventLog(journal.reserve_event_numbers)
        log.publish("removed", {})
        seen.append(log.last_seq)
        journal._db.close()  # as abrupt as it gets within a process
    assert seen == sorted(set(seen))


def test_a_newer_journal_is_left_alone(path: Path) -> None:
    Journal(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(JournalError, match="newer version"):
        Journal(path)
    assert [file.name for file in path.parent.glob("*damaged*")] == []


@pytest.mark.parametrize("damage", ["garbage", "page", "cut"])
def test_a_damaged_journal_is_put_aside(
    path: Path, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2):
        journal = Journal(path)
        queue = JobQueue(journal, EventLog(journal.reserve_event_numbers))
        last = queue.add([request_for(tmp_path, str(place)) for place in range(300)])[-1].id
        last_seq = queue.events.last_seq
        journal.close()
        whole = path.read_bytes()
        match damage:
            case "garbage":
                path.write_bytes(b"no database at all" * 1000)
            case "page":
                path.write_bytes(whole[:8192] + bytes([0x5A]) * 16384 + whole[8192 + 16384 :])
            case "cut":
                path.write_bytes(whole[: len(whole) // 2])
        journal = Journal(path)
        queue = JobQueue(journal, EventLog(journal.reserve_event_numbers))
        assert queue.page() == []
        assert (tmp_path / f"journal.damaged-{number}.sqlite").exists()
        assert not queue.needs_no_folder(last)  # its work files are not this journal's to delete
        assert queue.add([request_for(tmp_path)])[0].id > last
        assert queue.events.last_seq > last_seq
        journal.close()
    assert "damaged-1" in caplog.text


def _fill(journal: Journal) -> None:
    (pages,) = journal._db.execute("PRAGMA page_count").fetchone()
    journal._db.execute(f"PRAGMA max_page_count = {pages}")


def _lock_up(journal: Journal) -> None:
    journal._db.execute("PRAGMA query_only = 1")


@pytest.mark.parametrize(("break_it", "words"), [(_fill, "disk is full"), (_lock_up, "may not be written")])
def test_a_write_that_fails_changes_nothing(path: Path, tmp_path: Path, break_it, words: str) -> None:
    journal = Journal(path)
    queue = JobQueue(journal, EventLog(journal.reserve_event_numbers))
    queue.add([request_for(tmp_path, "before")])
    before, last = queue.counts(), queue.events.last_seq
    break_it(journal)
    with pytest.raises(JournalError, match=words):
        queue.add([request_for(tmp_path, str(number)) for number in range(2000)])
    assert queue.counts() == before
    assert queue.events.last_seq == last
    assert len(queue.page()) == 1
    journal._db.execute("PRAGMA max_page_count = 1000000")
    journal._db.execute("PRAGMA query_only = 0")
    assert len(queue.add([request_for(tmp_path, "after")])) == 1
    journal.close()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError):
        Journal(tmp_path / "file" / "journal.sqlite")

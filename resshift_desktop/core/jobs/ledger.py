"""Journal, sums and events kept in step: what is on disk is counted, and what is counted is told."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from resshift_desktop.core.jobs.backlog import Backlog, RateKey
from resshift_desktop.core.jobs.estimate import Rate, Sitting
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.job import FINISHED, Job, JobState, Problem
from resshift_desktop.core.jobs.journal import Ending, Journal
from resshift_desktop.core.jobs.record import JobRecord


@dataclass
class Run:
    """The job in work; `wanted` until somebody wants the worker to stop.

    deaths, tiles_done: as in the journal. told_at: when progress was last told.
    """

    job_id: int
    key: RateKey
    sitting: Sitting
    seconds_before: float
    tiles_done: int
    deaths: int
    wanted: bool = True
    told_at: float = float("-inf")

    def seconds(self, now: float) -> float:
        """Spent on the job until `now`, earlier sittings included."""
        return self.seconds_before + now - self.sitting.started_at


@dataclass(frozen=True)
class Changes:
    """The changes of one transaction; `on_commit` is called when they are on disk, before they are told."""

    journal: Journal
    made: list[tuple[JobRecord | None, JobRecord | None]] = field(default_factory=list)
    on_commit: list[Callable[[], None]] = field(default_factory=list)

    def insert(self, record: JobRecord) -> JobRecord:
        record = replace(record, id=self.journal.insert(record))
        self.made.append((None, record))
        return record

    def update(self, before: JobRecord, after: JobRecord) -> None:
        self.journal.update(after)
        if after.state in FINISHED and before.state is not after.state:
            kind = after.problem.kind if after.problem else None
            self.journal.add_ending(
                Ending(after.id, after.state, kind, after.seconds, after.finished_at or 0.0)
            )
        self.made.append((before, after))

    def delete(self, record: JobRecord) -> None:
        self.journal.delete(record.id)
        self.made.append((record, None))


class Ledger:
    """What queue and worker share. `lock` guards `run`, `rates`, `held` and `problem`."""

    def __init__(self, journal: Journal, events: EventLog) -> None:
        self.journal, self.events = journal, events
        self.lock = threading.RLock()
        self.run: Run | None = None
        self.rates = {key: rate.after_restart() for key, rate in journal.rates().items()}
        self.held = bool(journal.number("held"))
        self.problem: Problem | None = None
        self._backlog = Backlog(journal.counts())
        for record in journal.in_states([JobState.QUEUED]):
            self._backlog.weigh(record, 1)

    @contextmanager
    def changing(self) -> Iterator[Changes]:
        """One transaction; what was changed is told as events when it is on disk.

        Raises:
            JournalError: the journal cannot be written; nothing has changed.
        """
        with self.lock:
            changes = Changes(self.journal)
            with self.journal.transaction():
                yield changes
            for act in changes.on_commit:
                act()
            for before, after in changes.made:
                self._backlog.change(before, after)
                known = after or before
                if self.run is not None and known is not None and known.id == self.run.job_id:
                    self.run.wanted = after is not None and after.state is JobState.RUNNING
            for before, after in changes.made:
                self._append(before, after)
            if changes.made or changes.on_commit:
                self.append_queue_event()
        self.events.tell()

    def jobs(self, records: Iterable[JobRecord]) -> list[Job]:
        with self.lock:
            return [record.job(self._seconds_left_of(record)) for record in records]

    def counts(self) -> dict[JobState, int]:
        with self.lock:
            return dict(self._backlog.counts)

    def known_rate(self, key: RateKey) -> Rate:
        """What finished jobs say of the speed."""
        return self.rates.get(key, Rate())

    def seconds_left(self) -> float | None:
        """For all queued jobs and the one in work; None until it can be told."""
        with self.lock:
            run = self.run
            if run is None:
                return self._backlog.seconds(self.rates)
            known = self.known_rate(run.key)
            queued = self._backlog.seconds({**self.rates, run.key: known.with_more(run.sitting.measured())})
            running = run.sitting.seconds_left(known) if run.wanted else 0.0
            return None if queued is None or running is None else queued + running

    def append_queue_event(self) -> None:
        self.events.append(
            "queue",
            {
                "held": self.held,
                "seconds_left": self.seconds_left(),
                "counts": self.counts(),
                "problem": self.problem,
            },
        )

    def _append(self, before: JobRecord | None, after: JobRecord | None) -> None:
        if after is not None:
            self.events.append("added" if before is None else "changed", {"job": self.jobs([after])[0]})
        elif before is not None:
            self.events.append("removed", {"id": before.id})

    def _seconds_left_of(self, record: JobRecord) -> float | None:
        if record.state in FINISHED:
            return None
        known = self.known_rate(record.rate_key)
        if self.run is not None and self.run.key == record.rate_key:
            if self.run.job_id == record.id and self.run.wanted:
                return self.run.sitting.seconds_left(known)
            known = known.with_more(self.run.sitting.measured())
        per_megapixel, pixels = known.seconds_per_megapixel, record.pixels_left
        return None if per_megapixel is None or pixels is None else pixels / 1e6 * per_megapixel

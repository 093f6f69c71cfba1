"""The queue of jobs: what people ask of it, and what its worker reports to it."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from resshift_desktop.core.engine.request import UpscaleProgress, UpscaleRequest, UpscaleResult
from resshift_desktop.core.jobs.estimate import Sitting
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.job import (
    FINISHED,
    UNFINISHED,
    Action,
    Job,
    JobState,
    Problem,
    check_movable,
    next_state,
)
from resshift_desktop.core.jobs.journal import Ending, Journal
from resshift_desktop.core.jobs.ledger import Changes, Ledger, Run
from resshift_desktop.core.jobs.record import JobRecord
from resshift_desktop.core.jobs.workload import pixels_to_compute
from resshift_desktop.errors import UsageError

_log = logging.getLogger(__name__)

MAX_DEATHS = 5
_DEADLY = Problem(
    f"The program stopped {MAX_DEATHS} times while working on this picture.",
    "Try another device, or smaller tiles.",
    "ResShiftError",
)
_PROGRESS_INTERVAL = 0.25
_PATIENCE = 1.0
"""How long adding jobs may take for a look at the pictures' sizes."""


class JobQueue:
    """All jobs, kept in the journal. Thread-safe; every change is on disk before it is told as an event.

    What changes something raises JournalError, and changes nothing, when the journal cannot be written;
    what takes an id raises UsageError when there is no such job, or its state does not allow what is
    asked. `clock` gives monotonic seconds, `wall_clock` unix time.
    """

    def __init__(
        self,
        journal: Journal,
        events: EventLog,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.events = events
        self._journal, self._ledger = journal, Ledger(journal, events)
        self._clock, self._wall_clock = clock, wall_clock
        self._take_back_running()

    # What people ask for.

    def add(self, requests: Sequence[UpscaleRequest]) -> list[Job]:
        """Queue `requests` at the end: all of them or, when this raises, none."""
        pixels = pixels_to_compute(requests, _PATIENCE)
        with self._ledger.changing() as changes:
            last, now = self._journal.last_position(), self._wall_clock()
            added = [
                changes.insert(JobRecord(0, request, JobState.QUEUED, last + place, now, pixels=count))
                for place, (request, count) in enumerate(zip(requests, pixels, strict=True), start=1)
            ]
        _log.info("%d jobs added", len(added))
        return self._ledger.jobs(added)

    def get(self, job_id: int) -> Job:
        return self._ledger.jobs([self._record(job_id)])[0]

    def page(self, after: int = 0, limit: int = 200, states: Sequence[JobState] | None = None) -> list[Job]:
        """At most `limit` jobs whose ids are above `after`, by id, whatever their place in the queue.

        The last one's id gives the next page. A page costs the same however many jobs there are, unless
        `states` leaves most of them out. Jobs not finished are worked on in the order of their positions.
        """
        return self._ledger.jobs(self._journal.page(after, limit, states or tuple(JobState)))

    def counts(self) -> dict[JobState, int]:
        """How many jobs there are in each state."""
        return self._ledger.counts()

    def history(self, limit: int = 100) -> list[Ending]:
        """How the latest jobs ended, the last one first; also those that were forgotten since."""
        return self._journal.history(limit)

    def seconds_left(self) -> float | None:
        """For all queued jobs and the one in work; None until it can be told."""
        return self._ledger.seconds_left()

    @property
    def held(self) -> bool:
        return self._ledger.held

    @property
    def problem(self) -> Problem | None:
        """Why the worker cannot go on at present; None while it can."""
        return self._ledger.problem

    def pause(self, job_id: int) -> Job:
        """Set a job aside until it is resumed; one in work stops at its next step and keeps its tiles."""
        return self._act(job_id, Action.PAUSE)

    def resume(self, job_id: int) -> Job:
        return self._act(job_id, Action.RESUME)

    def cancel(self, job_id: int) -> Job:
        """Give a job up; one in work stops at its next step or, if there is none, is done after all."""
        return self._act(job_id, Action.CANCEL)

    def retry(self, job_id: int) -> Job:
        """Queue a failed or cancelled job again, at the end."""
        return self._act(job_id, Action.RETRY)

    def remove(self, job_id: int) -> None:
        """Forget a job, whatever its state; one in work stops at its next step."""
        with self._ledger.changing() as changes:
            changes.delete(self._record(job_id))
        _log.info("Job %d: removed", job_id)

    def remove_all(self, job_ids: Sequence[int]) -> int:
        """Forget these jobs at once, whatever their states; how many they were. Those gone already are no
        error."""
        with self._ledger.changing() as changes:
            records = [record for job_id in dict.fromkeys(job_ids) if (record := self._journal.get(job_id))]
            for record in records:
                changes.delete(record)
        _log.info("%d jobs removed", len(records))
        return len(records)

    def move(self, job_id: int, before: int | None) -> Job:
        """Put a queued or paused job right before the unfinished job `before`, or at the end (None)."""
        with self._ledger.changing() as changes:
            check_movable(self._record(job_id).state)
            if before != job_id:
                position = self._free_position(changes, job_id, before)
                record = self._record(job_id)
                changes.update(record, replace(record, position=position))
        return self.get(job_id)

    def hold(self) -> None:
        """Start no job until released, also after a restart; the one in work is queued again."""
        with self._ledger.changing() as changes:
            for record in self._journal.in_states([JobState.RUNNING]):
                changes.update(record, replace(record, state=next_state(record.state, Action.INTERRUPT)))
            self._set_held(changes, True)

    def release_hold(self) -> None:
        with self._ledger.changing() as changes:
            self._set_held(changes, False)

    def clear_finished(self) -> int:
        """Forget the jobs that are done, failed or cancelled; how many they were."""
        with self._ledger.changing() as changes:
            records = self._journal.in_states(FINISHED)
            for record in records:
                changes.delete(record)
        return len(records)

    # What the worker asks and reports.

    def claim(self, preferred: int | None = None) -> Job | None:
        """Start the job `preferred` if it is queued, else the first one that is; None: nothing to do."""
        while not self.held:
            record = None if preferred is None else self._journal.get(preferred)
            if record is None or record.state is not JobState.QUEUED:
                record = self._journal.first_queued()
            if record is None:
                break
            pixels = record.pixels
            if pixels is None:
                (pixels,) = pixels_to_compute([record.request], _PATIENCE)
            if job := self._start(record.id, pixels):
                return job
        return None

    def wants(self, job_id: int) -> bool:
        """Whether the job in work is to go on."""
        run = self._ledger.run
        return run is not None and run.job_id == job_id and run.wanted

    def waits_to_be_read(self, request: UpscaleRequest) -> bool:
        """Whether the result's name is that of a picture which an unfinished job has yet to read."""
        return self._journal.waits_to_be_read(request.output)

    def needs_no_folder(self, job_id: int) -> bool:
        """Whether nothing has to be kept of a job's work; not so for one of another, damaged journal."""
        record = self._journal.get(job_id)
        if record is None:
            return self._journal.has_forgotten(job_id)
        return record.state in (JobState.DONE, JobState.CANCELLED)

    def progress(self, job_id: int, progress: UpscaleProgress) -> None:
        """Note how far the job in work is; written and told at most four times a second."""
        ledger = self._ledger
        with ledger.lock:
            run = ledger.run
            if run is None or not self.wants(job_id):
                return
            now = self._clock()
            run.sitting = run.sitting.with_progress(progress.fraction, now)
            tile_finished = progress.tiles_done > run.tiles_done
            due = now - run.told_at >= _PROGRESS_INTERVAL
            if due or (tile_finished and run.deaths):
                self._write_progress(run, progress.tiles_done, tile_finished, now)
            if due:
                run.told_at = now
                left = run.sitting.seconds_left(ledger.known_rate(run.key))
                ledger.events.append(
                    "progress",
                    {
                        "id": job_id,
                        "fraction": progress.fraction,
                        "seconds_left": left,
                        "queue_seconds_left": ledger.seconds_left(),
                    },
                )
        ledger.events.tell()

    def finish(self, job_id: int, result: UpscaleResult) -> None:
        """The job in work is done."""
        self._end(job_id, Action.FINISH, result=result)

    def fail(self, job_id: int, problem: Problem) -> None:
        """The job in work has failed."""
        self._end(job_id, Action.FAIL, problem=problem)

    def interrupt(self, job_id: int) -> None:
        """The worker has stopped before the job in work was done, for whatever reason."""
        self._end(job_id, Action.INTERRUPT)

    def tell_problem(self, problem: Problem | None) -> None:
        """Tell why the worker cannot go on at present, or that it can again."""
        with self._ledger.lock:
            if problem == self._ledger.problem:
                return
            self._ledger.problem = problem
            self._ledger.append_queue_event()
        self.events.tell()

    def _record(self, job_id: int) -> JobRecord:
        record = self._journal.get(job_id)
        if record is None:
            raise UsageError(f"There is no job {job_id}.", "It may have been removed.")
        return record

    def _act(self, job_id: int, action: Action) -> Job:
        with self._ledger.changing() as changes:
            record = self._record(job_id)
            after = replace(record, state=next_state(record.state, action))
            if action is Action.CANCEL:
                after = replace(after, fraction=0.0, tiles_done=0, finished_at=self._wall_clock())
            if action is Action.RETRY:
                last = self._journal.last_position()
                after = replace(after, position=last + 1, deaths=0, problem=None, finished_at=None)
            changes.update(record, after)
        _log.info("Job %d: %s", job_id, action)
        return self._ledger.jobs([after])[0]

    def _set_held(self, changes: Changes, held: bool) -> None:
        self._journal.set_number("held", int(held))

        def note() -> None:
            self._ledger.held = held

        changes.on_commit.append(note)

    def _free_position(self, changes: Changes, job_id: int, before: int | None) -> float:
        """Between the job `before` and the one in front of it; jobs are renumbered when no number is left."""
        if before is None:
            return self._journal.last_position() + 1
        follower = self._record(before)
        if follower.state not in UNFINISHED:
            raise UsageError("That place is no longer in the queue.", "Choose another one.")
        front = self._journal.position_before(follower.position, without=job_id)
        if front is None:
            return follower.position - 1
        middle = (front + follower.position) / 2
        if front < middle < follower.position:
            return middle
        for place, record in enumerate(self._journal.in_states(UNFINISHED), start=1):
            changes.update(record, replace(record, position=float(place)))
        return self._free_position(changes, job_id, before)

    def _take_back_running(self) -> None:
        """Queue again what was in work when the process ended; give up what ended it time and again."""
        with self._ledger.changing() as changes:
            for record in self._journal.in_states([JobState.RUNNING]):
                action = Action.FAIL if record.deaths >= MAX_DEATHS else Action.INTERRUPT
                after = replace(record, state=next_state(record.state, action))
                if action is Action.FAIL:
                    after = replace(after, problem=_DEADLY, finished_at=self._wall_clock())
                    _log.error("Job %d: given up, the program died in it too often", record.id)
                changes.update(record, after)

    def _start(self, job_id: int, pixels: int | None) -> Job | None:
        with self._ledger.changing() as changes:
            record = self._journal.get(job_id)
            if self.held or record is None or record.state is not JobState.QUEUED:
                return None
            state = next_state(record.state, Action.START)
            started = replace(record, state=state, pixels=pixels, deaths=record.deaths + 1)
            changes.update(record, started)

            def note() -> None:
                megapixels = None if pixels is None else pixels / 1e6
                self._ledger.run = Run(
                    job_id,
                    started.rate_key,
                    Sitting(megapixels, self._clock(), record.fraction),
                    started.seconds,
                    started.tiles_done,
                    started.deaths,
                )

            changes.on_commit.append(note)
        _log.info("Job %d: started", job_id)
        return self._ledger.jobs([started])[0]

    def _write_progress(self, run: Run, tiles_done: int, tile_finished: bool, now: float) -> None:
        deaths = 0 if tile_finished else run.deaths
        with self._journal.transaction():
            record = self._record(run.job_id)
            self._journal.update(
                replace(
                    record,
                    fraction=run.sitting.fraction,
                    seconds=run.seconds(now),
                    tiles_done=tiles_done,
                    deaths=deaths,
                )
            )
        run.tiles_done, run.deaths = tiles_done, deaths

    def _end(
        self, job_id: int, action: Action, result: UpscaleResult | None = None, problem: Problem | None = None
    ) -> None:
        run = self._ledger.run
        if run is None or run.job_id != job_id:
            raise RuntimeError(f"job {job_id} is not in work")
        with self._ledger.changing() as changes:
            now = self._clock()
            record = self._journal.get(job_id)
            if record is not None:
                state = next_state(record.state, action)
                ended = replace(
                    record, state=state, seconds=run.seconds(now), deaths=max(0, record.deaths - 1)
                )
                if state is JobState.DONE:
                    ended = replace(ended, fraction=1.0, result=result)
                elif state is not JobState.CANCELLED:
                    ended = replace(ended, fraction=run.sitting.fraction)
                if state is JobState.FAILED:
                    ended = replace(ended, problem=problem)
                if state in (JobState.DONE, JobState.FAILED):
                    ended = replace(ended, finished_at=self._wall_clock())
                changes.update(record, ended)
            rate = self._ledger.known_rate(run.key)
            if action is Action.FINISH:
                rate = rate.with_finished(run.sitting.with_progress(1.0, now).learned())
                self._journal.set_rate(run.key, rate)

            def note() -> None:
                self._ledger.run = None
                self._ledger.rates[run.key] = rate

            changes.on_commit.append(note)
        _log.info("Job %d: %s%s", job_id, action, f" ({problem.kind})" if problem else "")

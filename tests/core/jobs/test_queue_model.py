"""Any order of operations, with restarts in between, against a model that is a plain list."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from resshift_desktop.core.engine.request import UpscaleResult
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.job import TRANSITIONS, Action, JobState, Problem
from resshift_desktop.core.jobs.journal import Journal
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.errors import UsageError
from tests.core.jobs.conftest import request_for

ACTIONS = {"pause": Action.PAUSE, "resume": Action.RESUME, "cancel": Action.CANCEL, "retry": Action.RETRY}


class QueueModel(RuleBasedStateMachine):
    """`states`: each job's state. `places`: unfinished jobs in the order of work."""

    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.states: dict[int, JobState] = {}
        self.places: list[int] = []
        self.held = False
        self.in_work: int | None = None
        self.clients: dict[int, JobState] = {}  # a client that knows only what events tell
        self.open()

    def open(self) -> None:
        self.journal = Journal(self.folder / "journal.sqlite")
        self.queue = JobQueue(self.journal, EventLog(self.journal.reserve_event_numbers))
        self.clients = {job.id: job.state for job in self.queue.page(limit=10_000)}
        self.seen = self.queue.events.last_seq

    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.folder)

    @rule(target=jobs, count=st.integers(1, 4))
    def add(self, count: int):
        added = self.queue.add([request_for(self.folder, str(number)) for number in range(count)])
        for job in added:
            assert job.id not in self.states
            self.set_state(job.id, JobState.QUEUED)
        return multiple(*(job.id for job in added))

    @rule(job_id=jobs, operation=st.sampled_from(sorted(ACTIONS)))
    def operate(self, job_id: int, operation: str) -> None:
        after = TRANSITIONS[self.states[job_id]].get(ACTIONS[operation])
        try:
            job = getattr(self.queue, operation)(job_id)
        except UsageError:
            assert after is None
        else:
            assert job.state is after
            self.set_state(job_id, job.state)

    @rule(job_id=consumes(jobs))
    def remove(self, job_id: int) -> None:
        self.queue.remove(job_id)
        self.forget(job_id)

    @rule(job_ids=st.lists(consumes(jobs), max_size=4))
    def remove_all(self, job_ids: list[int]) -> None:
        assert self.queue.remove_all([*job_ids, 10**6, *job_ids]) == len(job_ids)
        for job_id in job_ids:
            self.forget(job_id)

    @rule(job_id=jobs, before=st.none() | jobs)
    def move(self, job_id: int, before: int | None) -> None:
        movable = self.states[job_id] in (JobState.QUEUED, JobState.PAUSED)
        possible = movable and (before is None or before == job_id or before in self.places)
        try:
            self.queue.move(job_id, before)
        except UsageError:
            assert not possible
        else:
            assert possible
            if before != job_id:
                self.places.remove(job_id)
                place = len(self.places) if before is None else self.places.index(before)
                self.places.insert(place, job_id)

    @rule(held=st.booleans())
    def hold(self, held: bool) -> None:
        if held:
            self.queue.hold()
            if self.in_work is not None and self.states.get(self.in_work) is JobState.RUNNING:
                self.set_state(self.in_work, JobState.QUEUED)
        else:
            self.queue.release_hold()
        self.held = held

    @rule()
    def claim(self) -> None:
        if self.in_work is not None:
            return
        queued = [place for place in self.places if self.states[place] is JobState.QUEUED]
        job = self.queue.claim()
        if self.held or not queued:
            assert job is None
        else:
            assert job is not None
            assert job.id == queued[0]
            self.in_work = job.id
            self.set_state(job.id, JobState.RUNNING)

    @rule(action=st.sampled_from([Action.FINISH, Action.FAIL, Action.INTERRUPT]))
    def end(self, action: Action) -> None:
        job_id, self.in_work = self.in_work, None
        if job_id is None:
            return
        assert self.queue.wants(job_id) == (self.states.get(job_id) is JobState.RUNNING)
        match action:
            case Action.FINISH:
                result = UpscaleResult(self.folder / "r", 1, 1, 1.0, "builtin", "CPU", 0)
                self.queue.finish(job_id, result)
            case Action.FAIL:
                self.queue.fail(job_id, Problem("It failed.", "", "ResShiftError"))
            case _:
                self.queue.interrupt(job_id)
        if job_id in self.states:
            self.set_state(job_id, TRANSITIONS[self.states[job_id]][action])

    @rule()
    def restart(self) -> None:
        if self.in_work is not None and self.states.get(self.in_work) is JobState.RUNNING:
            self.queue.interrupt(self.in_work)
            self.set_state(self.in_work, JobState.QUEUED)
        self.in_work = None
        self.journal.close()
        self.open()

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        jobs = self.queue.page(limit=10_000)
        assert {job.id: job.state for job in jobs} == self.states
        assert len(jobs) == len(self.states)
        unfinished = sorted((job.position, job.id) for job in jobs if job.id in self.places)
        assert [job_id for _, job_id in unfinished] == self.places
        assert len({position for position, _ in unfinished}) == len(unfinished)
        counts = self.queue.counts()
        assert counts == {state: list(self.states.values()).count(state) for state in JobState}
        assert self.queue.held == self.held

    @invariant()
    def who_follows_the_events_knows_the_same(self) -> None:
        for event in self.queue.events.since(self.seen) or []:
            self.seen = event.seq
            if event.kind in ("added", "changed"):
                self.clients[event.data["job"].id] = event.data["job"].state
            elif event.kind == "removed":
                del self.clients[event.data["id"]]
        assert self.clients == self.states

    def forget(self, job_id: int) -> None:
        del self.states[job_id]
        self.places = [place for place in self.places if place != job_id]

    def set_state(self, job_id: int, state: JobState) -> None:
        before = self.states.get(job_id)
        self.states[job_id] = state
        unfinished = state in (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)
        if unfinished and before in (None, JobState.FAILED, JobState.CANCELLED):
            self.places.append(job_id)
        if not unfinished and job_id in self.places:
            self.places.remove(job_id)


TestQueueModel = QueueModel.TestCase
TestQueueModel.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)

"""What people ask of the queue, without a worker."""

import itertools
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resshift_desktop.core.engine.request import UpscaleProgress, UpscaleResult
from resshift_desktop.core.jobs.job import JobState, Problem
from resshift_desktop.core.jobs.queue import MAX_DEATHS
from resshift_desktop.errors import UsageError
from tests.core.jobs.conftest import Core, request_for
from tests.core.jobs.fake_engine import FakeEngine

PROBLEM = Problem("It failed.", "Try again.", "ImageReadError")


def order(core: Core) -> list[int]:
    """The jobs that wait, as the worker would take them."""
    waiting = core.queue.page(limit=10_000, states=[JobState.QUEUED, JobState.PAUSED])
    return [job.id for job in sorted(waiting, key=lambda job: job.position)]


def result_of(core: Core, name: str = "a") -> UpscaleResult:
    return UpscaleResult(request_for(core.folder, name).output, 4, 4, 1.0, "builtin", "CPU", 0)


def kinds(core: Core, after: int) -> list[str]:
    return [event.kind for event in core.queue.events.since(after) or []]


def test_jobs_are_added_in_order_and_told(core: Core) -> None:
    jobs = core.add("a", "b", "c")
    assert [job.state for job in jobs] == [JobState.QUEUED] * 3
    assert order(core) == [job.id for job in jobs]
    assert kinds(core, 0) == ["added", "added", "added", "queue"]
    assert core.queue.counts()[JobState.QUEUED] == 3


def test_pages_by_id(core: Core) -> None:
    ids = [job.id for job in core.add(*map(str, range(7)))]
    core.queue.move(ids[6], before=ids[0])
    core.queue.pause(ids[2])
    assert [job.id for job in core.queue.page(limit=4)] == ids[:4]
    assert [job.id for job in core.queue.page(after=ids[3], limit=4)] == ids[4:]
    assert [job.id for job in core.queue.page(states=[JobState.PAUSED])] == [ids[2]]


@pytest.mark.parametrize("operation", ["get", "pause", "resume", "cancel", "retry", "remove"])
def test_an_unknown_job(core: Core, operation: str) -> None:
    with pytest.raises(UsageError, match="no job 77"):
        getattr(core.queue, operation)(77)


def test_moves_that_make_no_sense(core: Core) -> None:
    waiting, over = core.add("a", "b")
    core.queue.cancel(over.id)
    for job_id, before in [(over.id, waiting.id), (waiting.id, over.id), (waiting.id, 77), (77, None)]:
        with pytest.raises(UsageError):
            core.queue.move(job_id, before)
    assert core.queue.move(waiting.id, waiting.id).position == waiting.position


@settings(max_examples=15)
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=150))
def test_any_moves_give_the_expected_order(moves: list[tuple[int, int | None]], tmp_path_factory) -> None:
    core = Core(tmp_path_factory.mktemp("moves"))
    ids = [job.id for job in core.add(*"abcdef")]
    expected = list(ids)
    for moved, before in moves:
        core.queue.move(ids[moved], None if before is None else ids[before])
        if moved != before:
            expected.remove(ids[moved])
            place = len(expected) if before is None else expected.index(ids[before])
            expected.insert(place, ids[moved])
    assert order(core) == expected
    core.close()


def test_room_is_made_when_positions_run_out(core: Core) -> None:
    first, second, third = (job.id for job in core.add("a", "b", "c"))
    for moved, kept in itertools.islice(itertools.cycle([(third, second), (second, third)]), 200):
        core.queue.move(moved, before=kept)  # halves the room after the first each time
        assert order(core) == [first, moved, kept]


def test_retry_goes_to_the_end_and_clears_the_problem(core: Core) -> None:
    first, second = core.add("a", "b")
    assert core.queue.claim() is not None
    core.queue.fail(first.id, PROBLEM)
    failed = core.queue.get(first.id)
    assert (failed.state, failed.problem) == (JobState.FAILED, PROBLEM)
    assert failed.finished_at is not None
    again = core.queue.retry(first.id)
    assert (again.state, again.problem, again.finished_at) == (JobState.QUEUED, None, None)
    assert order(core) == [second.id, first.id]


def test_clear_forgets_what_is_over_and_history_keeps_it(core: Core) -> None:
    done, failed, cancelled, waiting = core.add("a", "b", "c", "d")
    core.queue.claim()
    core.queue.finish(done.id, result_of(core))
    core.queue.claim()
    core.queue.fail(failed.id, PROBLEM)
    core.queue.cancel(cancelled.id)
    assert core.queue.clear_finished() == 3
    assert [job.id for job in core.queue.page()] == [waiting.id]
    assert core.queue.clear_finished() == 0
    endings = [(ending.job, ending.state, ending.kind) for ending in core.queue.history()]
    assert endings == [
        (cancelled.id, JobState.CANCELLED, None),
        (failed.id, JobState.FAILED, "ImageReadError"),
        (done.id, JobState.DONE, None),
    ]


def test_hold_lasts_over_a_restart(core: Core) -> None:
    (job,) = core.add("a")
    core.queue.claim()
    core.queue.hold()
    assert core.queue.get(job.id).state is JobState.QUEUED
    assert not core.queue.wants(job.id)
    core.queue.interrupt(job.id)
    assert core.queue.claim() is None
    core.reopen()
    assert core.queue.held
    assert core.queue.claim() is None
    core.queue.release_hold()
    assert core.queue.claim() is not None


def test_everything_about_a_job_survives_a_restart(core: Core) -> None:
    paused, queued, running = core.add("a", "b", "c")
    core.queue.move(running.id, before=paused.id)
    core.queue.pause(paused.id)
    core.queue.claim()
    core.queue.progress(running.id, UpscaleProgress(0.5, None, 2, 4))
    before = {job.id: job for job in core.queue.page()}
    core.reopen()
    after = {job.id: job for job in core.queue.page()}
    assert after[paused.id] == before[paused.id]
    assert after[queued.id] == before[queued.id]
    assert after[running.id].state is JobState.QUEUED
    assert after[running.id].position == before[running.id].position
    assert after[running.id].fraction == 0.5
    assert core.queue.counts()[JobState.QUEUED] == 2


@pytest.mark.parametrize(("tile_finished_in", "gives_up"), [(None, True), (MAX_DEATHS - 1, False), (0, True)])
def test_a_job_that_kills_the_program_is_given_up(
    core: Core, tile_finished_in: int | None, gives_up: bool
) -> None:
    (job,) = core.add("a")
    for death in range(MAX_DEATHS + (tile_finished_in == 0)):
        assert core.queue.get(job.id).state is JobState.QUEUED
        core.queue.claim()
        if death == tile_finished_in:
            core.queue.progress(job.id, UpscaleProgress(0.0, None, 0, 4))
            core.queue.progress(job.id, UpscaleProgress(0.25, None, 1, 4))
        core.reopen()
    state = core.queue.get(job.id)
    if gives_up:
        assert state.state is JobState.FAILED
        assert state.problem is not None
        assert "stopped 5 times" in state.problem.title
        core.queue.retry(job.id)
        core.queue.claim()
        core.reopen()
        assert core.queue.get(job.id).state is JobState.QUEUED
    else:
        assert state.state is JobState.QUEUED


def test_a_proper_stop_is_no_death(core: Core) -> None:
    (job,) = core.add("a")
    for _ in range(2 * MAX_DEATHS):
        core.queue.claim()
        core.queue.interrupt(job.id)
    core.queue.claim()
    core.reopen()  # one death
    assert core.queue.get(job.id).state is JobState.QUEUED


@pytest.mark.parametrize("ask", ["pause", "cancel", "remove", "hold"])
def test_a_result_written_in_the_last_step_counts(core: Core, ask: str) -> None:
    (job,) = core.add("a")
    core.queue.claim()
    getattr(core.queue, ask)(*([] if ask == "hold" else [job.id]))
    core.queue.finish(job.id, result_of(core))
    if ask == "remove":
        assert core.queue.page() == []
    else:
        assert core.queue.get(job.id).state is JobState.DONE
        assert core.queue.get(job.id).result == result_of(core)


def test_progress_is_told_at_most_four_times_a_second(tmp_path: Path) -> None:
    now = 0.0
    core = Core(tmp_path)
    core.queue._clock = lambda: now
    (job,) = core.add("a")
    core.queue.claim()
    before = core.queue.events.last_seq
    for step in range(1000):  # ten seconds
        now = step / 100
        core.queue.progress(job.id, UpscaleProgress(step / 1000, None, 0, 1))
    assert kinds(core, before) == ["progress"] * 40
    core.queue.pause(job.id)
    last = core.queue.events.last_seq
    core.queue.progress(job.id, UpscaleProgress(1.0, None, 1, 1))
    assert kinds(core, last) == []
    core.close()


def test_a_clock_that_goes_back_changes_only_what_is_shown(core: Core) -> None:
    times = itertools.count(2e9, -86_400)
    core.queue._wall_clock = lambda: next(times)
    jobs = core.add("a") + core.add("b") + core.add("c")
    core.worker.start()
    core.until_all_done()
    over = [core.queue.get(job.id) for job in jobs]
    assert [job.state for job in over] == [JobState.DONE] * 3
    assert [ending.job for ending in core.queue.history()] == [job.id for job in reversed(jobs)]
    assert all(job.seconds >= 0 for job in over)
    core.reopen()
    assert core.queue.counts()[JobState.DONE] == 3


def test_the_log_names_no_files(core: Core, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "resshift_desktop")
    core.engine = FakeEngine(failures={"secret2.png": OSError(5, "Input/output error", "/home/secret")})
    jobs = core.add("secret1", "secret2", "secret3")
    core.queue.cancel(jobs[2].id)
    core.worker.start()
    core.until_all_done()
    core.worker.stop()
    assert f"Job {jobs[1].id}: failed" in caplog.text
    assert "secret" not in caplog.text
    assert str(core.folder) not in caplog.text

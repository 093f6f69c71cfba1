"""The worker on a fake engine: order, interruptions, failures, memory, and hosts that go first."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resshift_desktop.core.engine.request import PixelRequest, TargetSize
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.jobs.job import JobState
from resshift_desktop.core.jobs.worker import PixelTask
from resshift_desktop.errors import Cancelled, DeviceError, ImageReadError, ResShiftError
from tests.core.jobs.conftest import Core, request_for
from tests.core.jobs.fake_engine import DEVICE, FakeEngine


class Host:
    """A host program's side of a task."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.gone = False
        self.loaded = False
        self.over = threading.Event()
        self.result: PixelImage | None = None
        self.error: ResShiftError | None = None

    def load(self) -> PixelImage:
        self.loaded = True
        return PixelImage(np.arange(24, dtype=np.uint8).reshape(2, 4, 3))

    def task(self) -> PixelTask:
        request = PixelRequest(size=TargetSize(scale=2))
        return PixelTask(
            request, self.load, lambda _p: None, lambda: self.gone, self.done, self.failed, self.folder
        )

    def done(self, result: PixelImage) -> None:
        self.result = result
        self.over.set()

    def failed(self, error: ResShiftError) -> None:
        self.error = error
        self.over.set()


def folder_of(core: Core, job_id: int) -> Path:
    return core.folder / "jobs" / str(job_id)


def until_at_gate(core: Core, name: str = "a") -> None:
    """Until the worker has begun `name`; its gate is shut."""
    assert core.engine.entered.get(timeout=20) == f"{name}.png"


def test_jobs_run_in_order_to_real_files(core: Core) -> None:
    jobs = core.add("a", "b", "c")
    core.queue.move(jobs[2].id, before=jobs[0].id)
    core.worker.start()
    core.until_all_done()
    assert core.worker.ready.wait(20)
    assert core.worker.device == DEVICE
    assert [core.engine.entered.get_nowait() for _ in jobs] == ["c.png", "a.png", "b.png"]
    for job in core.queue.page():
        assert (job.state, job.fraction) == (JobState.DONE, 1.0)
        assert job.result is not None
        with Image.open(job.result.output) as image:
            assert image.size == (4, 4)
    core.worker.stop()
    assert not (folder_of(core, jobs[0].id) / "work").exists()
    assert [place.number for place in core.worker.previews(jobs[1].id).places()] == [0, 1, 2, 3]
    assert not folder_of(core, jobs[2].id).exists()  # its preview went when the next job started


def test_events_tell_the_whole_story(core: Core) -> None:
    (job,) = core.add("a")
    core.worker.start()
    core.until_all_done()
    events = core.queue.events.since(0) or []
    kinds = [event.kind for event in events if event.kind != "queue"]
    assert sorted(set(kinds)) == ["added", "changed", "progress", "ready", "tile"]
    assert kinds.count("tile") == 4
    states = [event.data["job"].state for event in events if event.kind == "changed"]
    assert states == [JobState.RUNNING, JobState.DONE]
    tiles = [event.data for event in events if event.kind == "tile"]
    assert tiles[1] == {"id": job.id, "number": 1, "left": 0.25, "top": 0.0, "width": 0.25, "height": 1.0}


def test_a_failure_is_told_and_the_next_goes_on(core: Core) -> None:
    failures: dict[str, BaseException] = {
        "a.png": ImageReadError("It is torn.", "Mend it."),
        "b.png": ZeroDivisionError("oops"),
        "c.png": SystemExit(1),
        "d.png": Cancelled(),  # though nobody asked for it
        "e.png": MemoryError(),
    }
    core.engine.failures = failures
    jobs = core.add("a", "b", "c", "d", "e", "f")
    core.worker.start()
    core.until_all_done()
    problems = [core.queue.get(job.id).problem for job in jobs]
    assert [problem and problem.kind for problem in problems] == [
        "ImageReadError", "ResShiftError", "ResShiftError", "Cancelled", "ResShiftError", None,
    ]  # fmt: skip
    assert core.queue.get(jobs[5].id).state is JobState.DONE
    core.engine.failures = {}
    core.queue.retry(jobs[0].id)
    core.until_all_done()
    assert [tile for name, tile in core.engine.computed if name == "a.png"] == [0, 1, 2, 3]  # none twice


@pytest.mark.parametrize("operation", ["pause", "cancel", "remove", "hold"])
def test_a_job_in_work_stops_at_its_next_step(core: Core, operation: str) -> None:
    core.engine.gate.clear()
    first, second = core.add("a", "b")
    core.worker.start()
    until_at_gate(core)
    getattr(core.queue, operation)(*([] if operation == "hold" else [first.id]))
    if operation == "hold":
        core.until(lambda: not core.worker.busy)
        core.queue.release_hold()
        until_at_gate(core)
    else:
        until_at_gate(core, "b")
    assert (folder_of(core, first.id) / "work").exists() == (operation in ("pause", "hold"))
    core.engine.gate.set()
    core.until_all_done()
    assert core.queue.get(second.id).state is JobState.DONE
    if operation == "pause":
        assert core.queue.get(first.id).state is JobState.PAUSED
        core.queue.resume(first.id)
        core.until_state(first.id, JobState.DONE)
    assert len(set(core.engine.computed)) == len(core.engine.computed)


def test_no_job_starts_before_the_paused_one_has_stopped(core: Core) -> None:
    core.engine.gate.clear()
    core.engine.deaf = True
    first, second = core.add("a", "b")
    core.worker.start()
    until_at_gate(core)
    assert core.queue.pause(first.id).state is JobState.PAUSED
    assert core.queue.get(second.id).state is JobState.QUEUED
    assert core.worker.busy
    core.engine.gate.set()
    core.until_state(second.id, JobState.DONE)
    # The engine never asked, so the paused job was done after all.
    assert core.queue.get(first.id).state is JobState.DONE


def test_what_waits_is_cancelled_with_all_it_kept(core: Core) -> None:
    core.engine.gate.clear()
    first, second = core.add("a", "b")
    core.worker.start()
    until_at_gate(core)
    core.queue.pause(first.id)
    until_at_gate(core, "b")
    assert folder_of(core, first.id).exists()
    core.queue.cancel(first.id)
    assert not folder_of(core, first.id).exists()
    core.queue.cancel(second.id)
    core.until(lambda: not core.worker.busy)


def test_a_stop_queues_the_job_again_and_keeps_its_tiles(core: Core) -> None:
    (job,) = core.add("a")
    stop_after_two = threading.Event()
    core.engine.on_tile_computed = lambda _input: (
        stop_after_two.set() or core.engine.gate.clear() if len(core.engine.computed) == 2 else None
    )
    core.worker.start()
    assert stop_after_two.wait(20)
    assert core.worker.stop(20)
    assert core.queue.get(job.id).state is JobState.QUEUED
    assert core.queue.get(job.id).fraction == 0.5
    core.reopen()
    core.worker.start()
    core.until_all_done()
    assert core.engine.computed == [("a.png", tile) for tile in range(4)]


def test_models_are_released_when_idle(core: Core) -> None:
    core.worker._idle_seconds = 0.01
    core.add("a")
    core.worker.start()
    core.until_all_done()
    assert core.engine.released.wait(20)
    assert core.engine.prepared == [("builtin", "auto")]


@pytest.mark.parametrize("operation", ["pause", "hold"])
def test_a_pause_releases_models_at_once(core: Core, operation: str) -> None:
    core.engine.gate.clear()
    (job,) = core.add("a")
    core.worker.start()
    until_at_gate(core)
    assert not core.engine.released.is_set()
    getattr(core.queue, operation)(*([] if operation == "hold" else [job.id]))
    assert core.engine.released.wait(20)


def test_a_host_goes_first_and_the_job_goes_on(core: Core) -> None:
    core.engine.gate.clear()
    first, second = core.add("a", "b")
    core.worker.start()
    until_at_gate(core)
    core.queue.move(second.id, before=first.id)
    hosts = [Host(core.folder) for _ in range(3)]
    hosts[1].gone = True
    for host in hosts:
        core.worker.submit(host.task())
    assert core.engine.entered.get(timeout=20) == "pixels"
    assert core.queue.get(first.id).state is JobState.QUEUED
    assert core.worker.busy
    core.engine.gate.set()
    for host in hosts:
        assert host.over.wait(20)
    core.until_all_done()
    assert [core.engine.entered.get_nowait() for _ in range(3)] == ["pixels", "a.png", "b.png"]
    assert len(set(core.engine.computed)) == len(core.engine.computed)
    for host in (hosts[0], hosts[2]):
        assert host.result is not None
        assert host.result.array.shape == (4, 8, 3)
        assert (host.result.array[::2, ::2] == host.load().array).all()
    assert isinstance(hosts[1].error, Cancelled)
    assert not hosts[1].loaded


def test_a_host_that_leaves_stops_its_task(core: Core) -> None:
    core.engine.gate.clear()
    core.worker.start()
    host = Host(core.folder)
    core.worker.submit(host.task())
    assert core.engine.entered.get(timeout=20) == "pixels"
    host.gone = True
    assert host.over.wait(20)
    assert isinstance(host.error, Cancelled)


def test_a_host_is_told_of_errors_and_of_the_end(core: Core) -> None:
    core.engine.gate.clear()
    core.worker.start()
    torn, running, waiting, late = (Host(core.folder) for _ in range(4))

    def load() -> PixelImage:
        raise ValueError("torn")

    torn.load = load
    core.worker.submit(torn.task())
    assert torn.over.wait(20)
    assert torn.error is not None
    assert "ValueError" in torn.error.title
    core.worker.submit(running.task())
    core.worker.submit(waiting.task())
    assert core.engine.entered.get(timeout=20) == "pixels"
    assert core.worker.stop(20)
    core.worker.submit(late.task())
    for host in (running, waiting, late):
        assert host.over.wait(20)
        assert host.error is not None
        assert host.error.title == "The program is closing."
    assert not waiting.loaded
    assert not late.loaded


def test_an_engine_that_cannot_be_made_is_told_and_tried_again(core: Core) -> None:
    makes: list[str] = []

    def make_engine() -> FakeEngine:
        makes.append("made")
        if len(makes) < 3:
            raise DeviceError("The device is not there.", "Plug it in.")
        return core.engine

    core.worker._make_engine = make_engine
    first, second = core.add("a", "b")
    core.worker.start()
    core.until_all_done()
    assert core.queue.get(first.id).state is JobState.FAILED
    assert core.queue.get(second.id).state is JobState.DONE
    assert core.worker.ready.wait(20)
    assert core.queue.problem is None
    told = [event.data["problem"] for event in core.queue.events.since(0) or [] if event.kind == "queue"]
    assert "DeviceError" in {problem.kind for problem in told if problem}


def test_a_full_disk_is_waited_out(core: Core) -> None:
    core.engine.gate.clear()
    jobs = core.add("a", "b")
    core.worker.start()
    until_at_gate(core)
    core.journal._db.execute("PRAGMA query_only = 1")
    core.engine.gate.set()
    core.until(lambda: core.queue.problem is not None)
    with pytest.raises(ResShiftError, match="may not be written"):
        core.queue.pause(jobs[1].id)
    assert core.queue.problem is not None
    assert core.queue.problem.kind == "JournalError"
    with core.journal._lock:
        core.journal._db.execute("PRAGMA query_only = 0")
    core.until_all_done()
    assert [core.queue.get(job.id).state for job in jobs] == [JobState.DONE] * 2
    core.until(lambda: core.queue.problem is None)
    assert len(core.queue.history()) == 2


def test_a_stop_during_a_full_disk_loses_nothing(core: Core) -> None:
    core.engine.gate.clear()
    (job,) = core.add("a")
    core.worker.start()
    until_at_gate(core)
    core.journal._db.execute("PRAGMA query_only = 1")
    core.engine.gate.set()
    core.until(lambda: core.queue.problem is not None)
    core.reopen()
    assert core.queue.get(job.id).state is JobState.QUEUED
    core.worker.start()
    core.until_all_done()
    assert core.queue.get(job.id).state is JobState.DONE
    assert len(core.queue.history()) == 1


def test_no_result_replaces_a_picture_that_has_yet_to_be_read(core: Core) -> None:
    for name in ("a", "b"):
        request_for(core.folder, name).input.write_bytes(b"a picture")
    onto_b = request_for(core.folder, "a", output=request_for(core.folder, "b").input, overwrite=True)
    onto_itself = request_for(core.folder, "b", output=request_for(core.folder, "b").input, overwrite=True)
    jobs = core.queue.add([onto_b, onto_itself])
    core.worker.start()
    core.until_all_done()
    for job in jobs:
        problem = core.queue.get(job.id).problem
        assert problem is not None
        assert "one of the inputs" in problem.title
    assert onto_b.output.read_bytes() == b"a picture"


def test_leftovers_of_a_kill_are_swept_away(core: Core) -> None:
    done, paused, removed = core.add("a", "b", "c")
    core.queue.pause(paused.id)
    core.queue.cancel(done.id)
    core.queue.remove(removed.id)
    strange = 10**9
    for job_id in (done.id, paused.id, removed.id, strange):
        folder_of(core, job_id).mkdir(parents=True)
    (core.folder / "jobs" / "discarded-7").mkdir()
    core.worker.start()
    assert core.worker.ready.wait(20)
    left = {folder.name for folder in (core.folder / "jobs").iterdir()}
    assert left == {str(paused.id), str(strange)}

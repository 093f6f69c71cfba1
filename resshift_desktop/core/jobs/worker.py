"""The one thread that computes: it owns the engine, works through the queue, and lets hosts go first."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from resshift_desktop.core.engine.outputs import file_ids, output_folder
from resshift_desktop.core.engine.request import (
    Cancel,
    OnProgress,
    OnTile,
    PixelRequest,
    TilePreview,
    UpscaleProgress,
    UpscaleRequest,
    UpscaleResult,
)
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.jobs.database import JournalError
from resshift_desktop.core.jobs.events import Event
from resshift_desktop.core.jobs.folders import JobFolders
from resshift_desktop.core.jobs.job import Job, JobState, Problem
from resshift_desktop.core.jobs.preview import Previews
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.errors import Cancelled, ResShiftError

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Engine(Protocol):
    """What the worker needs of core.engine.upscale.Engine, whose module imports torch."""

    def prepare(self, model: str, device: str) -> str: ...
    def upscale(
        self, request: UpscaleRequest, on_progress: OnProgress, cancel: Cancel,
        folder: Path | None = None, on_tile: OnTile | None = None,
    ) -> UpscaleResult: ...  # fmt: skip
    def upscale_pixels(
        self,
        picture: PixelImage,
        request: PixelRequest,
        on_progress: OnProgress,
        cancel: Cancel,
        folder: Path,
    ) -> PixelImage: ...
    def release(self) -> None: ...


@dataclass(frozen=True, eq=False)
class PixelTask:
    """An open picture of a host program. Everything is called in the worker's thread.

    load: gives the picture; not called when `cancel` says so before its turn has come.
    on_done, on_failed: one of them is called, once; on_failed with Cancelled when `cancel` said so.
    folder: for the result's file; the host's side makes and deletes it.
    """

    request: PixelRequest
    load: Callable[[], PixelImage]
    on_progress: OnProgress
    cancel: Cancel
    on_done: Callable[[PixelImage], None]
    on_failed: Callable[[ResShiftError], None]
    folder: Path


class Worker:
    """Works through `queue`. `make_engine` is called in the worker's thread.

    Models are released `idle_seconds` after the last work, at once when a job in work is paused or the
    queue is held and nothing else is to be done. When the journal cannot be written, the worker tells so
    through the queue and tries again every `retry_seconds`.

    ready: set once the model `model` is loaded onto `device`, or a first picture is done.
    """

    def __init__(
        self,
        queue: JobQueue,
        make_engine: Callable[[], Engine],
        jobs_folder: Path,
        idle_seconds: float = 60.0,
        retry_seconds: float = 5.0,
        model: str = "builtin",
        device: str = "auto",
    ) -> None:
        self.ready = threading.Event()
        self.device: str | None = None
        self.idle_since = time.monotonic()
        self._queue, self._make_engine = queue, make_engine
        self._folders = JobFolders(jobs_folder)
        self._idle_seconds, self._retry_seconds = idle_seconds, retry_seconds
        self._start_with = model, device
        self._engine: Engine | None = None
        self._engine_problem: Problem | None = None
        self._holds_models = False
        self._release_now = False
        self._tasks: deque[PixelTask] = deque()
        self._tasks_lock = threading.Lock()
        self._folders_lock = threading.Lock()
        self._job_id: int | None = None
        self._preempted: int | None = None
        self._previewed: int | None = None
        self._in_task = False
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)

    def start(self) -> None:
        self._unsubscribe = self._queue.events.subscribe(self._on_event)
        self._thread.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Stop at the next step; the job in work is queued again. Whether that was within `timeout`."""
        with self._tasks_lock:
            self._stopping.set()
        self._wake.set()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def busy(self) -> bool:
        """Whether something is in work or a host waits; what waits in the queue, the queue tells."""
        return self._job_id is not None or self._in_task or bool(self._tasks)

    def previews(self, job_id: int) -> Previews:
        return Previews(self._folders.preview(job_id))

    def submit(self, task: PixelTask) -> None:
        """Have `task` done before any job goes on; the one in work is interrupted at its next step."""
        with self._tasks_lock:
            stopping = self._stopping.is_set()
            if not stopping:
                self._tasks.append(task)
        if stopping:
            task.on_failed(_closing())
        self._wake.set()

    def _work(self) -> None:
        self._try_to_write(lambda: self._folders.sweep(self._queue.needs_no_folder))
        self._prepare()
        while not self._stopping.is_set():
            self._wake.clear()
            if task := self._next_task():
                self._do_task(task)
            elif job := self._try_to_write(lambda: self._queue.claim(self._preempted)):
                self._do_job(job)
            else:
                self._rest()
        self._unsubscribe()
        while task := self._next_task():
            _call(task.on_failed, _closing())
        self._release()

    def _prepare(self) -> None:
        try:
            self._get_ready(self._loaded_engine().prepare(*self._start_with))
        except BaseException as error:  # other models and devices may work: each job tells for itself
            self._engine_problem = Problem.of(error)
            _log.error("The engine is not ready: %s", self._engine_problem.kind)
            self._queue.tell_problem(self._engine_problem)
        self.idle_since = time.monotonic()

    def _get_ready(self, device: str) -> None:
        self.device = device
        self._engine_problem = None
        self.ready.set()
        self._queue.tell_problem(None)
        self._queue.events.publish("ready", {"device": device})

    def _loaded_engine(self) -> Engine:
        if self._engine is None:
            self._engine = self._make_engine()
        self._holds_models = True
        return self._engine

    def _do_job(self, job: Job) -> None:
        with self._folders_lock:
            self._job_id, self._preempted = job.id, None
        self._release_now = False
        self._discard_last_preview()
        end = self._compute(job)
        self._try_to_write(end)
        self.idle_since = time.monotonic()
        with self._folders_lock:  # from here on, who cancels or removes the job discards its folder
            self._job_id = None
        if self._try_to_write(lambda: self._queue.needs_no_folder(job.id)):
            self._folders.discard_work(job.id)
            self._previewed = job.id

    def _compute(self, job: Job) -> Callable[[], None]:
        """Work on a job; how to report its end."""
        request, asked = job.request, False
        previews = self.previews(job.id)

        def cancel() -> bool:
            nonlocal asked
            waiting = bool(self._tasks)
            asked = waiting or self._stopping.is_set() or not self._queue.wants(job.id)
            if waiting:
                self._preempted = job.id
            return asked

        def on_progress(progress: UpscaleProgress) -> None:
            try:
                self._queue.progress(job.id, progress)
            except JournalError as error:  # the work goes on, and is written down when that works again
                self._queue.tell_problem(Problem.of(error))

        def on_tile(tile: TilePreview) -> None:
            if (place := previews.add(tile)) is not None:
                self._queue.events.publish("tile", {"id": job.id, **vars(place)})

        try:
            with output_folder(request.output, self._inputs(request)):
                work = self._folders.work(job.id)
                result = self._loaded_engine().upscale(request, on_progress, cancel, work, on_tile)
        except BaseException as error:  # whatever is wrong with this picture, the next may be fine
            if isinstance(error, Cancelled) and asked:
                return lambda: self._queue.interrupt(job.id)
            problem = Problem.of(error)
            return lambda: self._queue.fail(job.id, problem)
        if not self.ready.is_set():
            self._get_ready(result.device)
        return lambda: self._queue.finish(job.id, result)

    def _inputs(self, request: UpscaleRequest) -> set[tuple[int, int]]:
        """The files that the result must not replace."""
        inputs = [path for path in (request.input, request.mask) if path is not None]
        if self._queue.waits_to_be_read(request):
            inputs.append(request.output)
        return file_ids(inputs)

    def _do_task(self, task: PixelTask) -> None:
        self._release_now = False

        def cancel() -> bool:
            return self._stopping.is_set() or task.cancel()

        try:
            if task.cancel():
                raise Cancelled
            engine = self._loaded_engine()
            result = engine.upscale_pixels(task.load(), task.request, task.on_progress, cancel, task.folder)
        except BaseException as error:
            told = Problem.of(error)
            closing = isinstance(error, Cancelled) and self._stopping.is_set()
            known = error if isinstance(error, ResShiftError) else ResShiftError(told.title, told.hint)
            _log.info("A host's picture failed: %s", told.kind)
            _call(task.on_failed, _closing() if closing else known)
        else:
            _call(task.on_done, result)
        self._in_task = False
        self.idle_since = time.monotonic()

    def _next_task(self) -> PixelTask | None:
        with self._tasks_lock:
            if not self._tasks:
                return None
            self._in_task = True
            return self._tasks.popleft()

    def _rest(self) -> None:
        """Wait for work, and meanwhile let go of the models when it is time."""
        left = None
        if self._holds_models:
            left = max(0.0, self.idle_since + self._idle_seconds - time.monotonic())
            if self._release_now or left == 0:
                self._release()
                left = None
        self._wake.wait(left)

    def _release(self) -> None:
        self._holds_models = self._release_now = False
        if self._engine is not None:
            _call(lambda engine: engine.release(), self._engine)

    def _on_event(self, event: Event) -> None:
        if event.kind in ("progress", "tile", "ready"):
            return
        if event.kind == "removed":
            self._discard_unless_in_work(event.data["id"])
        elif event.kind == "changed":
            job: Job = event.data["job"]
            if job.state is JobState.CANCELLED:
                self._discard_unless_in_work(job.id)
            if job.state is JobState.PAUSED and job.id == self._job_id:
                self._release_now = True
        elif event.kind == "queue" and event.data["held"]:
            self._release_now = True
        self._wake.set()

    def _discard_unless_in_work(self, job_id: int) -> None:
        with self._folders_lock:
            if job_id != self._job_id:
                self._folders.discard(job_id)

    def _discard_last_preview(self) -> None:
        if self._previewed is not None:
            self._discard_unless_in_work(self._previewed)
        self._previewed = None

    def _try_to_write(self, use_journal: Callable[[], T]) -> T | None:
        """Use the journal, again and again until it works; None when told to stop meanwhile."""
        while True:
            try:
                done = use_journal()
            except JournalError as error:
                _log.error("The journal cannot be used: %s", type(error.__cause__).__name__)
                self._queue.tell_problem(Problem.of(error))
                if self._stopping.wait(self._retry_seconds):
                    return None
            else:
                self._queue.tell_problem(self._engine_problem)
                return done


def _call(callback: Callable[[T], None], value: T) -> None:
    """An error in what others do with a result is not the worker's end."""
    try:
        callback(value)
    except Exception as error:
        _log.error("A callback failed: %s", type(error).__name__)


def _closing() -> ResShiftError:
    return ResShiftError("The program is closing.", "Start it again, and try once more.")

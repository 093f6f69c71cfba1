"""Everything the app asks of the core and hears from it. Every method returns at once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColorSpace, QImage

from resshift_desktop.gui.core_caller import Ask, CoreCaller, OnFailure
from resshift_desktop.gui.core_follower import CoreFollower
from resshift_desktop.gui.core_messages import (
    Changed,
    Failed,
    GaveUp,
    Health,
    Listed,
    Lost,
    Message,
    ModelFailed,
    ModelProgress,
    Models,
    NotStarted,
    Progress,
    QueueState,
    Removed,
    Started,
    Tile,
    TileNews,
)
from resshift_desktop.gui.job_item import JobItem, JobRequest, Problem
from resshift_desktop.gui.mailbox import Mailbox
from resshift_desktop.gui.model_item import ModelItem

if TYPE_CHECKING:  # http.client takes as long to import as a window to open
    from resshift_desktop.bridge.jobs_client import JobsClient
    from resshift_desktop.bridge.protocol import Connection

_MOST_AT_ONCE = 5000  # jobs in one request; the core takes 10 000, and 8 MB
_GOODBYE_SECONDS = 4.0
_IMPORT_SECONDS = 600.0  # the core says nothing while it reads and converts the files

_OfJobs = Changed | Removed | Progress | Listed | TileNews


class CoreLink(QObject):
    """Lives in the GUI thread. Signals carry frozen dataclasses of core_messages, job_item and model_item.

    What is asked is done in order; where the core has gone, once more with the next one.
    """

    ready = Signal(object)
    """Health."""
    lost = Signal(str)
    """One line for people: the core is gone and being started again."""
    gave_up = Signal(object)
    """Problem: there is no core; `try_again` looks for one again."""
    jobs_reset = Signal(tuple)
    """JobItem, all of them."""
    jobs_changed = Signal(tuple)
    """JobItem, new ones among them."""
    jobs_removed = Signal(tuple)
    """Ids."""
    started = Signal(tuple, tuple)
    """Ids of pictures of the list, and the jobs that they have become."""
    not_started = Signal(tuple, object)
    """Ids of pictures of the list, and the Problem."""
    progress = Signal(object)
    """Progress."""
    tile = Signal(object)
    """Tile, of the job that is watched."""
    queue_changed = Signal(object)
    """QueueState."""
    models_changed = Signal(tuple)
    """ModelItem, all of them."""
    model_progress = Signal(str, float)
    """A model's name, and how much of it is here, in [0, 1]."""
    model_failed = Signal(str, str, str)
    """A model's name ("" for a file that is not one yet), title and hint."""
    failed = Signal(object)
    """Failed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._caller = CoreCaller()
        self._mailbox: Mailbox[Message] = Mailbox(self._deliver, self)
        self._follower = CoreFollower(self._mailbox.post, self._found)
        self._asking = ThreadPoolExecutor(1, "core-asking")
        self._looking = ThreadPoolExecutor(1, "core-tiles")
        self._downloading = ThreadPoolExecutor(1, "core-downloads")
        self._importing = ThreadPoolExecutor(1, "core-imports")
        self._downloads: dict[str, _Download] = {}
        self._watched: int | None = None
        self._tiles_told: set[int] = set()
        self._starting = 0
        self._kept_back: list[Message] = []
        self._just_started: dict[int, JobItem] = {}

    # Life.

    def start(self) -> None:
        """Find or start the core."""
        self._follower.start()

    def try_again(self) -> None:
        """Look for a core again after `gave_up`."""
        self._follower.try_again()

    def quit_core(self) -> None:
        """Have the core leave; jobs go on when it is started again."""
        self._ask(lambda client: client.shutdown(), revive=False)

    def close(self) -> None:
        """Hear and tell nothing more; what was asked before is still done."""
        self._caller.closed = True
        self._mailbox.close()
        self._follower.stop()
        for download in self._downloads.values():
            download.cancelled.set()
        for threads in (self._looking, self._downloading, self._importing):
            threads.shutdown(wait=False, cancel_futures=True)
        self._asking.shutdown(wait=False)

    def wait_closed(self) -> None:
        """After `close`, until what was asked is done and the threads have ended, as far as they do soon."""
        self._asking.shutdown()
        self._follower.join(_GOODBYE_SECONDS)

    # Jobs.

    def add(self, new_ids: Sequence[int], plan: Callable[[], Sequence[JobRequest]]) -> None:
        """Have pictures of the list become jobs: those that `plan`, called in a thread, says for each."""
        self._starting += 1

        def ask(client: "JobsClient") -> Started:
            wire = [request.to_wire() for request in plan()]
            added = []
            for start in range(0, len(wire), _MOST_AT_ONCE):
                added += client.add_jobs(wire[start : start + _MOST_AT_ONCE])
            return Started(tuple(new_ids), tuple(JobItem.from_wire(job) for job in added))

        # Not twice: a core that died may have queued them before.
        self._ask(ask, lambda problem: NotStarted(tuple(new_ids), problem), twice=False)

    def pause(self, job: int) -> None:
        self._ask_about(job, lambda client: client.pause_job(job))

    def resume(self, job: int) -> None:
        self._ask_about(job, lambda client: client.resume_job(job))

    def cancel(self, job: int) -> None:
        self._ask_about(job, lambda client: client.cancel_job(job))

    def retry(self, job: int) -> None:
        self._ask_about(job, lambda client: client.retry_job(job))

    def remove(self, job: int) -> None:
        self._ask_about(job, lambda client: client.remove_job(job))

    def move(self, job: int, before: int | None) -> None:
        """Put a waiting job before another one, or at the end (None)."""
        self._ask_about(job, lambda client: client.move_job(job, before))

    def replace(self, job: int, request: JobRequest) -> None:
        """Forget a job and queue another one in its stead."""

        def ask(client: "JobsClient") -> None:
            client.add_jobs([request.to_wire()])
            client.remove_job(job)

        self._ask_about(job, ask)

    def pause_all(self) -> None:
        self._ask(lambda client: client.pause_queue())

    def resume_all(self) -> None:
        self._ask(lambda client: client.resume_queue())

    def clear_finished(self) -> None:
        self._ask(lambda client: client.clear_queue())

    # Tiles.

    def watch(self, job: int | None) -> None:
        """Tell of this job's tiles, those that are finished first; None: of none."""
        if job == self._watched:
            return
        self._watched = job
        self._tiles_told.clear()
        if job is not None and not self._caller.closed:
            self._looking.submit(self._fetch_tiles, job)

    # Models.

    def refresh_models(self) -> None:
        self._ask(_list_models)

    def download_model(self, name: str, accept_licence: bool) -> None:
        """Have the core fetch a model, after those asked for before; what was begun once is gone on with.

        It goes on until it is cancelled, or this is closed. accept_licence: the person has just done so.
        """
        if name in self._downloads or self._caller.closed:
            return
        download = self._downloads[name] = _Download()
        self._downloading.submit(self._download, name, accept_licence, download.cancelled)

    def cancel_download(self, name: str) -> None:
        """Stop fetching a model; what has come is kept."""
        if download := self._downloads.pop(name, None):
            download.cancelled.set()

    def remove_model(self, name: str) -> None:
        self._ask_about_model(name, lambda client: client.remove_model(name))

    def import_model(self, paths: Sequence[Path], like: str | None = None) -> None:
        """Have the core make a model of files: a network, and its autoencoder unless that is here.

        like: the published model that the network is; None: its content says which.
        """

        def ask(client: "JobsClient") -> Models:
            patient = type(client)(client.connection, silence=_IMPORT_SECONDS)
            patient.import_model([str(path) for path in paths], like)
            return _list_models(client)

        if not self._caller.closed:
            self._importing.submit(
                self._tell_answer, ask, lambda problem: ModelFailed("", problem), False, True
            )

    def _ask_about_model(self, name: str, ask: Callable[["JobsClient"], object]) -> None:
        def and_list(client: "JobsClient") -> Models:
            ask(client)
            return _list_models(client)

        self._ask(and_list, lambda problem: ModelFailed(name, problem))

    # In the threads.

    def _found(self, connection: "Connection") -> None:
        self._caller.connection = connection

    def _download(self, name: str, accept_licence: bool, cancelled: threading.Event) -> None:
        def tell(stage: str, bytes_done: int, bytes_total: int) -> None:  # noqa: ARG001 - it is told these
            if not cancelled.is_set():
                self._mailbox.post(ModelProgress(name, bytes_done / max(bytes_total, 1)))

        def ask(client: "JobsClient") -> None:
            client.download_model(
                name, accept_licence=accept_licence, on_progress=tell, cancel=cancelled.is_set
            )

        def failed(problem: Problem) -> Message | None:
            return None if cancelled.is_set() else ModelFailed(name, problem)

        if cancelled.is_set():
            return
        self._tell_answer(ask, failed, True, True)
        # Also after a failure: the licence may have been accepted, or the model be here already.
        self._tell_answer(_list_models, lambda _: None, True, not self._caller.closed)

    def _ask_about(self, job: int, ask: Callable[["JobsClient"], object]) -> None:
        def quietly(client: "JobsClient") -> None:
            ask(client)

        self._ask(quietly, lambda problem: Failed(problem, job))

    def _ask(
        self,
        ask: Ask,
        failed: OnFailure = Failed,
        *,
        twice: bool = True,
        revive: bool = True,
    ) -> None:
        if not self._caller.closed:
            self._asking.submit(self._tell_answer, ask, failed, twice, revive)

    def _tell_answer(self, ask: Ask, failed: OnFailure, twice: bool, revive: bool) -> None:
        message = self._caller.call(ask, failed, twice=twice, revive=revive)
        if message is not None:
            self._mailbox.post(message)

    def _fetch_tiles(self, job: int) -> None:
        """All that are finished already."""
        tiles = self._caller.look(lambda client: client.list_tiles(job)) or []
        for tile in tiles:
            place = QRectF(tile["left"], tile["top"], tile["width"], tile["height"])
            self._fetch_tile(TileNews(job, tile["number"], place))

    def _fetch_tile(self, news: TileNews) -> None:
        if news.id != self._watched:
            return
        jpeg = self._caller.look(lambda client: client.get_tile(news.id, news.number))
        image = QImage.fromData(jpeg) if jpeg else QImage()
        if not image.isNull():
            if image.colorSpace().isValid():
                image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
            self._mailbox.post(Tile(news.id, news.number, news.place, image))

    # In the GUI thread.

    def _deliver(self, messages: list[Message]) -> None:
        """Tell what was heard, the latest of each job only."""
        answers = [message for message in messages if isinstance(message, Started | NotStarted)]
        self._starting -= len(answers)
        for message in answers:
            if isinstance(message, Started):
                self._just_started.update((job.id, job) for job in message.jobs)
            self._tell(message)
        news = self._kept_back + [
            message for message in messages if not isinstance(message, Started | NotStarted)
        ]
        # What happens to jobs may be heard before the answer that says which pictures they were.
        self._kept_back = [message for message in news if self._starting and isinstance(message, _OfJobs)]
        if self._starting:
            news = [message for message in news if not isinstance(message, _OfJobs)]
        changed: dict[int, JobItem] = {}
        removed: dict[int, None] = {}
        queue: QueueState | None = None
        for message in news:
            match message:
                case Changed(job):
                    changed[job.id] = job
                case Removed(job_id):
                    changed.pop(job_id, None)
                    removed[job_id] = None
                case Listed(jobs):
                    changed.clear()
                    removed.clear()
                    # It may have been made before those were started, of which news will come.
                    listed = {job.id: job for job in jobs}
                    self._tell(Listed(tuple({**self._just_started, **listed}.values())))
                case Progress(job_id) if job_id in changed:
                    changed[job_id] = changed[job_id].with_progress(message.fraction, message.seconds_left)
                    self._tell(message)
                case QueueState():
                    queue = message
                case _:
                    self._tell(message)
        if queue is not None:
            self._tell(queue)
        if changed:
            self.jobs_changed.emit(tuple(changed.values()))
        if removed:
            self.jobs_removed.emit(tuple(removed))
        if not self._starting:
            self._just_started.clear()

    def _tell(self, message: Message) -> None:
        match message:
            case Health():
                self.ready.emit(message)
            case Lost(text):
                self.lost.emit(text)
            case GaveUp(problem):
                self.gave_up.emit(problem)
            case Listed(jobs):
                self.jobs_reset.emit(jobs)
            case Started(new_ids, jobs):
                self.started.emit(new_ids, jobs)
            case NotStarted(new_ids, problem):
                self.not_started.emit(new_ids, problem)
            case Progress():
                self.progress.emit(message)
            case TileNews(job) if job == self._watched and not self._caller.closed:
                self._looking.submit(self._fetch_tile, message)
            case Tile(job, number) if job == self._watched and number not in self._tiles_told:
                self._tiles_told.add(number)  # it may be both listed and news
                self.tile.emit(message)
            case QueueState():
                self.queue_changed.emit(message)
            case Models(models):
                self._tell_models(models)
            case ModelProgress(name, fraction) if name in self._downloads:
                self._downloads[name].fraction = fraction
                self.model_progress.emit(name, fraction)
            case ModelFailed(name, problem):
                self._downloads.pop(name, None)
                self.model_failed.emit(name, problem.title, problem.hint)
            case Failed():
                self.failed.emit(message)

    def _tell_models(self, models: tuple[ModelItem, ...]) -> None:
        for model in models:
            if model.installed:
                self._downloads.pop(model.name, None)
        self.models_changed.emit(models)
        for name, download in self._downloads.items():  # for a list of models that has just been opened
            self.model_progress.emit(name, download.fraction)


@dataclass(eq=False)
class _Download:
    """One that has been asked for; `fraction` in [0, 1] of it is here."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    fraction: float = 0.0


def _list_models(client: "JobsClient") -> Models:
    return Models(tuple(ModelItem.from_wire(model) for model in client.list_models()))

"""Everything the app asks of the core and hears from it. Every method returns at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColorSpace, QImage

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

_GONE = ("NoCore", "CoreDied", "WrongToken", "BadAnswer")
_MOST_AT_ONCE = 5000  # jobs in one request; the core takes 10 000, and 8 MB
_GOODBYE_SECONDS = 4.0

_OfJobs = Changed | Removed | Progress | Listed | TileNews
_T = TypeVar("_T")

Ask = Callable[["JobsClient"], Message | None]
"""Asks something of the core, in a thread; what it returns is told."""


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
        self._mailbox: Mailbox[Message] = Mailbox(self._deliver, self)
        self._follower = CoreFollower(self._mailbox.post, self._found)
        self._asking = ThreadPoolExecutor(1, "core-asking")
        self._looking = ThreadPoolExecutor(1, "core-tiles")
        self._connection: Connection | None = None
        self._watched: int | None = None
        self._tiles_told: set[int] = set()
        self._starting = 0
        self._kept_back: list[Message] = []
        self._closed = False

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
        self._closed = True
        self._mailbox.close()
        self._follower.stop()
        self._looking.shutdown(wait=False, cancel_futures=True)
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
        if job is not None and not self._closed:
            self._looking.submit(self._fetch_tiles, job)

    # Models.

    def refresh_models(self) -> None:
        self._ask(_list_models)

    def download_model(self, name: str, accept_licence: bool) -> None:  # noqa: ARG002 - nobody asks yet
        """Have the core fetch a model."""
        self._ask_about_model(name, lambda client: client.download_model(name))

    def cancel_download(self, name: str) -> None:
        """Stop fetching a model."""
        self._refuse(name, self.tr("This download cannot be stopped yet."))

    def remove_model(self, name: str) -> None:
        self._ask_about_model(name, lambda client: client.remove_model(name))

    def import_model(self, path: Path) -> None:
        """Have the core take a model from a file."""
        self._refuse("", self.tr("{name}: models cannot be imported yet.").format(name=path.name))

    def _refuse(self, model: str, title: str) -> None:
        self._mailbox.post(ModelFailed(model, Problem(title, "", "UsageError")))

    def _ask_about_model(self, name: str, ask: Callable[["JobsClient"], object]) -> None:
        def and_list(client: "JobsClient") -> Models:
            ask(client)
            return _list_models(client)

        self._ask(and_list, lambda problem: ModelFailed(name, problem))

    # In the threads.

    def _found(self, connection: "Connection") -> None:
        self._connection = connection

    def _ask_about(self, job: int, ask: Callable[["JobsClient"], object]) -> None:
        def quietly(client: "JobsClient") -> None:
            ask(client)

        self._ask(quietly, lambda problem: Failed(problem, job))

    def _ask(
        self,
        ask: Ask,
        failed: Callable[[Problem], Message] = Failed,
        *,
        twice: bool = True,
        revive: bool = True,
    ) -> None:
        if not self._closed:
            self._asking.submit(self._try, ask, failed, twice, revive)

    def _try(self, ask: Ask, failed: Callable[[Problem], Message], twice: bool, revive: bool) -> None:
        from resshift_desktop.bridge.protocol import BridgeError
        from resshift_desktop.foreign_errors import in_words

        try:
            message = self._reach(ask, twice, revive)
        except BridgeError as error:
            message = failed(Problem(error.title, error.hint, error.kind))
        except Exception as error:
            told = in_words(error)
            message = failed(Problem(told.title, told.hint, type(told).__name__))
        if message is not None:
            self._mailbox.post(message)

    def _reach(self, ask: Ask, twice: bool, revive: bool) -> Message | None:
        from resshift_desktop.bridge.jobs_client import JobsClient
        from resshift_desktop.bridge.launcher import connect
        from resshift_desktop.bridge.protocol import BridgeError

        if self._connection is not None:
            try:
                return ask(JobsClient(self._connection))
            except BridgeError as error:
                never_heard = error.kind in ("NoCore", "WrongToken")
                if error.kind not in _GONE or not (twice or never_heard):
                    raise
        if not revive:
            return None
        self._connection = connect(on_waiting=self._check_open).connection
        return ask(JobsClient(self._connection))

    def _check_open(self) -> None:
        from resshift_desktop.bridge.protocol import BridgeError

        if self._closed:
            raise BridgeError("Closed.", "", "Cancelled")

    def _fetch_tiles(self, job: int) -> None:
        """All that are finished already."""
        tiles = self._look(lambda client: client.list_tiles(job)) or []
        for tile in tiles:
            place = QRectF(tile["left"], tile["top"], tile["width"], tile["height"])
            self._fetch_tile(TileNews(job, tile["number"], place))

    def _fetch_tile(self, news: TileNews) -> None:
        if news.id != self._watched:
            return
        jpeg = self._look(lambda client: client.get_tile(news.id, news.number))
        image = QImage.fromData(jpeg) if jpeg else QImage()
        if not image.isNull():
            if image.colorSpace().isValid():
                image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
            self._mailbox.post(Tile(news.id, news.number, news.place, image))

    def _look(self, look: Callable[["JobsClient"], _T]) -> _T | None:
        """None where it does not work: tiles are only to be looked at, and gone when their job is over."""
        from resshift_desktop.bridge.jobs_client import JobsClient
        from resshift_desktop.bridge.protocol import BridgeError

        try:
            return look(JobsClient(self._connection)) if self._connection is not None else None
        except BridgeError:
            return None

    # In the GUI thread.

    def _deliver(self, messages: list[Message]) -> None:
        """Tell what was heard, the latest of each job only."""
        answers = [message for message in messages if isinstance(message, Started | NotStarted)]
        self._starting -= len(answers)
        for message in answers:
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
        for message in news:
            match message:
                case Changed(job):
                    changed[job.id] = job
                case Removed(job_id):
                    changed.pop(job_id, None)
                    removed[job_id] = None
                case Listed():
                    changed.clear()
                    removed.clear()
                    self._tell(message)
                case Progress(job_id) if job_id in changed:
                    changed[job_id] = changed[job_id].with_progress(message.fraction, message.seconds_left)
                    self._tell(message)
                case _:
                    self._tell(message)
        if changed:
            self.jobs_changed.emit(tuple(changed.values()))
        if removed:
            self.jobs_removed.emit(tuple(removed))

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
            case TileNews(job) if job == self._watched and not self._closed:
                self._looking.submit(self._fetch_tile, message)
            case Tile(job, number) if job == self._watched and number not in self._tiles_told:
                self._tiles_told.add(number)  # it may be both listed and news
                self.tile.emit(message)
            case QueueState():
                self.queue_changed.emit(message)
            case Models(models):
                self.models_changed.emit(models)
            case ModelFailed(name, problem):
                self.model_failed.emit(name, problem.title, problem.hint)
            case Failed():
                self.failed.emit(message)


def _list_models(client: "JobsClient") -> Models:
    return Models(tuple(ModelItem.from_wire(model) for model in client.list_models()))

"""Everything the app asks of the core and hears from it. Every method returns at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from resshift_desktop.gui.adding import MOST_AT_ONCE, Adding
from resshift_desktop.gui.core_caller import Ask, CoreCaller, OnFailure
from resshift_desktop.gui.core_follower import CoreFollower
from resshift_desktop.gui.core_messages import (
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
    Started,
    Tile,
    TileNews,
)
from resshift_desktop.gui.core_models import CoreModels
from resshift_desktop.gui.core_tiles import CoreTiles
from resshift_desktop.gui.job_item import JobRequest
from resshift_desktop.gui.mailbox import Mailbox
from resshift_desktop.gui.news_order import NewsOrder

if TYPE_CHECKING:  # http.client takes as long to import as a window to open
    from resshift_desktop.bridge.jobs_client import JobsClient
    from resshift_desktop.bridge.protocol import Connection

_GOODBYE_SECONDS = 4.0


class CoreLink(QObject):
    """Lives in the GUI thread. Signals carry frozen dataclasses of core_messages and job_item.

    What is asked is done in order; where the core has gone, once more with the next one. `models` and
    `tiles` are asked about those.
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
    queue_changed = Signal(object)
    """QueueState."""
    failed = Signal(object)
    """Failed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox: Mailbox[Message] = Mailbox(self._deliver, self)
        self._caller = CoreCaller(self._mailbox.post)
        self._follower = CoreFollower(self._mailbox.post, self._found)
        self._asking = ThreadPoolExecutor(1, "core-asking")
        self._order = NewsOrder()
        self.models = CoreModels(self._caller, self._asking, self)
        self.tiles = CoreTiles(self._caller, self)

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
        self.models.close()
        self.tiles.close()
        self._asking.shutdown(wait=False)

    def wait_closed(self) -> None:
        """After `close`, until what was asked is done and the threads have ended, as far as they do soon."""
        self._asking.shutdown()
        self._follower.join(_GOODBYE_SECONDS)

    # Jobs.

    def add(self, new_ids: Sequence[int], plan: Callable[[], Sequence[JobRequest]]) -> None:
        """Have pictures of the list become jobs: those that `plan`, called in a thread, says for each."""
        self._order.await_answer()
        adding = Adding(plan, self._order.last_job)
        ids = tuple(new_ids)
        self._ask(lambda client: Started(ids, adding.ask(client)), lambda problem: NotStarted(ids, problem))

    def pause(self, job: int) -> None:
        self._ask_about(job, lambda client: client.pause_job(job))

    def resume(self, job: int) -> None:
        self._ask_about(job, lambda client: client.resume_job(job))

    def cancel(self, job: int) -> None:
        self._ask_about(job, lambda client: client.cancel_job(job))

    def retry(self, job: int) -> None:
        self._ask_about(job, lambda client: client.retry_job(job))

    def remove(self, jobs: Sequence[int]) -> None:
        for start in range(0, len(jobs), MOST_AT_ONCE):
            some = jobs[start : start + MOST_AT_ONCE]
            self._ask(lambda client, some=some: client.remove_jobs(some))

    def move(self, job: int, before: int | None) -> None:
        """Put a waiting job before another one, or at the end (None)."""
        self._ask_about(job, lambda client: client.move_job(job, before))

    def replace(self, job: int, request: JobRequest) -> None:
        """Forget a job and queue another one in its stead."""
        adding = Adding(lambda: [request], self._order.last_job)

        def ask(client: "JobsClient") -> None:
            adding.ask(client)
            client.remove_job(job)

        self._ask_about(job, ask)

    def pause_all(self) -> None:
        self._ask(lambda client: client.pause_queue())

    def resume_all(self) -> None:
        self._ask(lambda client: client.resume_queue())

    def clear_finished(self) -> None:
        self._ask(lambda client: client.clear_queue())

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
            self._asking.submit(self._caller.tell, ask, failed, twice=twice, revive=revive)

    # What is heard.

    def _found(self, connection: "Connection") -> None:
        self._caller.connection = connection

    def _deliver(self, messages: list[Message]) -> None:
        news = self._order.sort(messages)
        for message in news.messages:
            self._tell(message)
        if news.changed:
            self.jobs_changed.emit(news.changed)
        if news.removed:
            self.jobs_removed.emit(news.removed)

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
            case QueueState():
                self.queue_changed.emit(message)
            case TileNews() | Tile():
                self.tiles.take(message)
            case Models() | ModelProgress() | ModelFailed():
                self.models.take(message)
            case Failed():
                self.failed.emit(message)

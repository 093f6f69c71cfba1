"""In which order the window is told what the threads have heard of jobs."""

from collections.abc import Sequence
from dataclasses import dataclass

from resshift_desktop.gui.core_messages import (
    Changed,
    Listed,
    Message,
    NotStarted,
    Progress,
    QueueState,
    Removed,
    Started,
    TileNews,
)
from resshift_desktop.gui.job_item import JobItem

_OfJobs = Changed | Removed | Progress | Listed | TileNews


@dataclass(frozen=True)
class News:
    """`messages` to be told one after the other, then jobs that `changed`, then ids of `removed` ones."""

    messages: tuple[Message, ...]
    changed: tuple[JobItem, ...]
    removed: tuple[int, ...]


class NewsOrder:
    """What happens to a job may be heard before the answer that says which picture it was.

    So while an answer is awaited, what concerns jobs is kept back.
    """

    def __init__(self) -> None:
        self._awaited = 0
        self._kept_back: list[Message] = []
        self._just_started: dict[int, JobItem] = {}
        self.last_job = 0
        """The highest id of a job that was heard of."""

    def await_answer(self) -> None:
        """There will be one more Started or NotStarted."""
        self._awaited += 1

    def sort(self, messages: Sequence[Message]) -> News:
        """What is to be told now; of each job, and of the whole queue, the latest only."""
        answers = [message for message in messages if isinstance(message, Started | NotStarted)]
        self._awaited -= len(answers)
        for message in answers:
            if isinstance(message, Started):
                self._just_started.update((job.id, job) for job in message.jobs)
                self.last_job = max((self.last_job, *self._just_started))
        others = [message for message in messages if not isinstance(message, Started | NotStarted)]
        news = self._kept_back + others
        self._kept_back = []
        if self._awaited:
            self._kept_back = [message for message in news if isinstance(message, _OfJobs)]
            news = [message for message in news if not isinstance(message, _OfJobs)]
        told: list[Message] = list(answers)
        changed: dict[int, JobItem] = {}
        removed: dict[int, None] = {}
        queue: list[QueueState] = []
        for message in news:
            match message:
                case Changed(job):
                    changed[job.id] = job
                    self.last_job = max(self.last_job, job.id)
                case Removed(job_id):
                    changed.pop(job_id, None)
                    removed[job_id] = None
                case Listed(jobs):
                    changed.clear()
                    removed.clear()
                    # It may have been made before those were started, of which news will come.
                    listed = {job.id: job for job in jobs}
                    self.last_job = max((self.last_job, *listed))
                    told.append(Listed(tuple({**self._just_started, **listed}.values())))
                case Progress(job_id) if job_id in changed:
                    changed[job_id] = changed[job_id].with_progress(message.fraction, message.seconds_left)
                    told.append(message)
                case QueueState():
                    queue = [message]
                case _:
                    told.append(message)
        if not self._awaited:
            self._just_started.clear()
        return News((*told, *queue), tuple(changed.values()), tuple(removed))

"""Queueing pictures once, also where the core dies before it has answered."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from resshift_desktop.gui.job_item import JobItem, JobRequest

if TYPE_CHECKING:  # http.client takes as long to import as a window to open
    from resshift_desktop.bridge.jobs_client import JobsClient
    from resshift_desktop.bridge.protocol import BridgeError, Connection

MOST_AT_ONCE = 5000  # jobs in one request; the core takes 10 000, and 8 MB
_PAGE = 1000

_Key = tuple[object, object]


class Adding:
    """Has a core queue what `plan` says, and the next core only what the first one had not.

    plan: called once, in the thread that asks. after: the last job that was known before; those that were
    queued unheard of have higher ids, and the same names of input and output.
    """

    def __init__(self, plan: Callable[[], Sequence[JobRequest]], after: int) -> None:
        self._plan, self._after = plan, after
        self._wanted: list[dict[str, object]] | None = None
        self._added: dict[_Key, dict[str, Any]] = {}
        self._failure: tuple[Connection, BridgeError] | None = None

    def ask(self, client: "JobsClient") -> tuple[JobItem, ...]:
        """The jobs, one for each request. May be asked again of another core.

        Raises:
            BridgeError: some could not be queued, or it is not known whether they are.
        """
        from resshift_desktop.bridge.protocol import BridgeError

        if self._wanted is None:
            self._wanted = [request.to_wire() for request in self._plan()]
        if self._failure is not None:
            self._find(client)
        wanted = [request for request in self._wanted if _key(request) not in self._added]
        if wanted and self._failure is not None and self._failure[0] == client.connection:
            raise self._failure[1]  # the same core, only slow: it may be about to queue them
        for start in range(0, len(wanted), MOST_AT_ONCE):
            chunk = wanted[start : start + MOST_AT_ONCE]
            try:
                jobs = client.add_jobs(chunk)
            except BridgeError as error:
                self._failure = client.connection, error
                raise
            self._added.update((_key(request), job) for request, job in zip(chunk, jobs, strict=True))
        return tuple(JobItem.from_wire(self._added[_key(request)]) for request in self._wanted)

    def _find(self, client: "JobsClient") -> None:
        """Those that were queued without an answer."""
        after: int | None = self._after
        while after is not None:
            page = client.list_jobs(after, _PAGE)
            self._added.update((_key(job), job) for job in page["jobs"])
            after = page["next"]


def _key(job: dict[str, Any] | dict[str, object]) -> _Key:
    return job["input"], job["output"]

"""Keeps in touch with the core: finds or starts it, lists its jobs, hears what happens, and begins anew when
it is gone."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QRectF

from resshift_desktop.gui.core_messages import (
    Changed,
    GaveUp,
    Health,
    Listed,
    Lost,
    Message,
    Models,
    Progress,
    QueueState,
    Removed,
    TileNews,
)
from resshift_desktop.gui.job_item import JobItem, Problem
from resshift_desktop.gui.model_item import ModelItem

if TYPE_CHECKING:  # http.client takes as long to import as a window to open
    from resshift_desktop.bridge.jobs_client import JobsClient
    from resshift_desktop.bridge.protocol import BridgeError, Connection

_SILENCE_SECONDS = 3.0
"""The core says something every two seconds."""
_PAGE = 1000
_MAX_FAILURES = 3
_MAX_DEATHS = 8  # more than it takes the core to give up a picture that kills it
_LONG_LIFE_SECONDS = 60.0
_HOPELESS = ("ProtocolMismatch", "NotInstalled", "UnsafeFile")


class CoreFollower:
    """One thread, which posts what it hears. `connected` is called in it with each core that is found."""

    def __init__(self, post: Callable[[Message], None], connected: Callable[["Connection"], None]) -> None:
        self._post, self._connected = post, connected
        self._stop, self._again = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="core-follower", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def try_again(self) -> None:
        """After giving up."""
        self._again.set()

    def stop(self) -> None:
        """Hear nothing more; the thread ends within seconds."""
        self._stop.set()
        self._again.set()

    def join(self, timeout: float) -> None:
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        from resshift_desktop.bridge.protocol import BridgeError

        failures = deaths = 0
        while not self._stop.is_set():
            found_at = time.monotonic()
            try:
                self._follow(self._find())
            except BridgeError as error:
                if self._stop.is_set():
                    return
                if error.kind in ("StartFailed", *_HOPELESS):
                    failures += 1
                elif time.monotonic() - found_at > _LONG_LIFE_SECONDS:
                    failures, deaths = 0, 1
                else:
                    failures, deaths = 0, deaths + 1
                if error.kind in _HOPELESS or failures >= _MAX_FAILURES or deaths >= _MAX_DEATHS:
                    self._give_up(error)
                    failures = deaths = 0

    def _find(self) -> "Connection":
        from resshift_desktop.bridge.launcher import connect

        return connect(on_waiting=self._check_stop).connection

    def _check_stop(self) -> None:
        from resshift_desktop.bridge.protocol import BridgeError

        if self._stop.is_set():
            raise BridgeError("Stopped.", "", "Cancelled")

    def _give_up(self, error: "BridgeError") -> None:
        self._again.clear()
        self._post(GaveUp(Problem(error.title, error.hint, error.kind)))
        self._again.wait()

    def _follow(self, connection: "Connection") -> None:
        """Tell of all that happens until the core is gone, which raises BridgeError."""
        from resshift_desktop.bridge.jobs_client import JobsClient
        from resshift_desktop.bridge.launcher import find_core
        from resshift_desktop.bridge.protocol import BridgeError

        client = JobsClient(connection)
        self._connected(connection)
        self._post(Health.from_wire(client.health()))
        after = self._list(client)
        self._post(Models(tuple(ModelItem.from_wire(model) for model in client.list_models())))
        while not self._stop.is_set():
            try:
                listener = JobsClient(client.connection, silence=_SILENCE_SECONDS)
                for event in listener.events(after, self._stop.is_set):
                    after = event.seq
                    if listener.connection != client.connection:  # another program has started it again
                        client.connection = listener.connection
                        self._connected(client.connection)
                    if event.kind == "reset":
                        self._list(client)
                    elif event.kind == "ready":
                        self._post(Health.from_wire(client.health()))
                    elif message := _message(event.kind, event.data):
                        self._post(message)
            except BridgeError:
                alive = find_core()
                if alive is None or alive.connection != client.connection:
                    if not self._stop.is_set():
                        self._post(
                            Lost(
                                QCoreApplication.translate(
                                    "CoreFollower", "The work was interrupted. Starting it again…"
                                )
                            )
                        )
                    raise
        raise BridgeError("Stopped.", "", "Cancelled")

    def _list(self, client: "JobsClient") -> int:
        """Tell of all jobs; returns the number to follow events from."""
        pages = list(_pages(client))
        self._post(Listed(tuple(JobItem.from_wire(job) for page in pages for job in page["jobs"])))
        self._post(QueueState.from_wire(pages[-1]))
        return pages[0]["seq"]


def _pages(client: "JobsClient") -> Iterator[dict[str, Any]]:
    after: int | None = 0
    while after is not None:
        page = client.list_jobs(after, _PAGE)
        yield page
        after = page["next"]


def _message(kind: str, data: Mapping[str, Any]) -> Message | None:
    """What an event says; None for one that is not known here."""
    match kind:
        case "added" | "changed":
            return Changed(JobItem.from_wire(data["job"]))
        case "removed":
            return Removed(data["id"])
        case "progress":
            return Progress(data["id"], data["fraction"], data["seconds_left"], data["queue_seconds_left"])
        case "tile":
            place = QRectF(data["left"], data["top"], data["width"], data["height"])
            return TileNews(data["id"], data["number"], place)
        case "queue":
            return QueueState.from_wire(data)
        case _:
            return None

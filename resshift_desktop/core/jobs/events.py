"""What happened, numbered, so that a client that was away can catch up and misses nothing."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

_log = logging.getLogger(__name__)

RING_LENGTH = 10_000
# Numbers are reserved on disk before they are used. A block is so large that hardly any event waits for
# the disk; what is left of it at the end is never used.
_BLOCK = 1_000_000


@dataclass(frozen=True, eq=False)
class Event:
    """Something that happened; later events have higher numbers, over restarts too.

    kind and data: "added" {job: Job}; "changed" {job: Job}; "removed" {id};
    "progress" {id, fraction, seconds_left, queue_seconds_left}; "tile" {id, number, left, top, width,
    height}; "queue" {held, seconds_left, counts, problem: Problem | None}; "ready" {device}.
    """

    seq: int
    kind: str
    data: dict[str, Any]


class EventLog:
    """The latest events. Thread-safe.

    `reserve` takes a count and gives the first of as many numbers that are this log's alone. It may raise:
    at the start that is passed on, later the numbers after the last are used all the same.
    """

    def __init__(self, reserve: Callable[[int], int], length: int = RING_LENGTH) -> None:
        self._lock = threading.Lock()
        self._reserve = reserve
        self._next = reserve(_BLOCK)
        self._reserved_until = self._next + _BLOCK
        self._ring: deque[Event] = deque(maxlen=length)
        self._untold: deque[Event] = deque()
        self._telling = False
        self._subscribers: tuple[Callable[[Event], None], ...] = ()

    @property
    def last_seq(self) -> int:
        """The number of the latest event; at the start, one that is lower than all to come."""
        with self._lock:
            return self._next - 1

    def since(self, seq: int) -> list[Event] | None:
        """The events after number `seq`; None where some are no longer known, or `seq` is not from here."""
        with self._lock:
            oldest = self._next - len(self._ring)
            if not oldest - 1 <= seq < self._next:
                return None
            return list(islice(self._ring, seq + 1 - oldest, None))

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Call `callback` with each event from now on, in order, in the thread of whoever makes one happen.

        The result ends it.
        """
        with self._lock:
            self._subscribers = (*self._subscribers, callback)

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(other for other in self._subscribers if other is not callback)

        return unsubscribe

    def publish(self, kind: str, data: dict[str, Any]) -> None:
        """`append` and `tell`."""
        self.append(kind, data)
        self.tell()

    def append(self, kind: str, data: dict[str, Any]) -> None:
        """Number an event and keep it; for callers that hold a lock, who `tell` when they have let it go."""
        with self._lock:
            if self._next >= self._reserved_until:
                self._reserve_more()
            event = Event(self._next, kind, data)
            self._next += 1
            self._ring.append(event)
            if self._subscribers:
                self._untold.append(event)

    def tell(self) -> None:
        """Tell the subscribers what they were not told yet, unless another thread is at it: then it does."""
        while True:
            with self._lock:
                if self._telling or not self._untold:
                    return
                self._telling = True
                event, subscribers = self._untold.popleft(), self._subscribers
            for subscriber in subscribers:
                try:
                    subscriber(event)
                except Exception as error:  # the others are told all the same
                    _log.error("A subscriber failed at %s: %s", event.kind, type(error).__name__)
            with self._lock:
                self._telling = False

    def _reserve_more(self) -> None:
        try:
            self._reserved_until = self._reserve(_BLOCK) + _BLOCK
        except Exception as error:
            _log.error("No event numbers could be reserved: %s", type(error).__name__)

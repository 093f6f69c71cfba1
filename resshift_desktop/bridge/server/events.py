"""GET /v1/events: what happens to the queue, as server-sent events."""

import asyncio
import time
from collections.abc import Callable

from anyio import to_thread
from starlette.types import Receive, Scope, Send

from resshift_desktop.bridge.server.answers import Refusal, bad_request
from resshift_desktop.bridge.server.messages import EventsQuery
from resshift_desktop.bridge.server.requests import read_query, until_gone
from resshift_desktop.bridge.server.wire import encode_event, encode_reset
from resshift_desktop.core.jobs.events import Event, EventLog

MAX_STREAMS = 16
HEARTBEAT_SECONDS = 2.0
UNREAD_SECONDS = 5.0
"""How long a client may leave its events unread before it is dropped. It can come back and catch up."""

_POLL_SECONDS = 0.25
_EVENTS_AT_ONCE = 100


class EventStreams:
    """The endpoint. No stream has a queue of its own: each reads on in the log, which forgets the oldest, so
    a client that does not read costs no memory."""

    def __init__(self, log: EventLog, stopping: Callable[[], bool]) -> None:
        self._log = log
        self._stopping = stopping
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        after = _after(scope)
        if self._open >= MAX_STREAMS:
            raise Refusal(503, "TooMany", "Too many programs listen already.", "Close some of them.")
        self._open += 1
        client = asyncio.create_task(until_gone(receive))
        try:
            await self._stream(self._log.last_seq if after is None else after, client, send)
        finally:
            self._open -= 1
            client.cancel()

    async def _stream(self, after: int, client: asyncio.Task[None], send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        news, loop = asyncio.Event(), asyncio.get_running_loop()

        def on_event(_event: Event) -> None:
            loop.call_soon_threadsafe(news.set)

        unsubscribe = self._log.subscribe(on_event)
        spoke_at = 0.0
        try:
            while not client.done() and not self._stopping():
                news.clear()
                data, after = await to_thread.run_sync(self._read_on, after)
                if data or time.monotonic() - spoke_at >= HEARTBEAT_SECONDS:
                    await _write(send, data or b": \n\n")
                    spoke_at = time.monotonic()
                if not data:
                    await _wait(news, client)
            await _write(send, b"", more=False)
        except TimeoutError:
            return  # without an end: the connection is closed
        finally:
            unsubscribe()

    def _read_on(self, after: int) -> tuple[bytes, int]:
        """Some events after number `after`, encoded, and the number to go on from."""
        events = self._log.since(after)
        if events is None:
            seq = self._log.last_seq
            return encode_reset(seq), seq
        some = events[:_EVENTS_AT_ONCE]
        return b"".join(map(encode_event, some)), some[-1].seq if some else after


def _after(scope: Scope) -> int | None:
    query = read_query(scope, EventsQuery)
    header = dict(scope["headers"]).get(b"last-event-id", b"")
    if not header:
        return query.after
    if not header.isdigit() or len(header) > 18:
        raise bad_request("Last-Event-ID is not the number of an event.")
    return int(header)


async def _wait(news: asyncio.Event, client: asyncio.Task[None]) -> None:
    told = asyncio.create_task(news.wait())
    await asyncio.wait({told, client}, timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()


async def _write(send: Send, data: bytes, more: bool = True) -> None:
    async with asyncio.timeout(UNREAD_SECONDS):
        await send({"type": "http.response.body", "body": data, "more_body": more})

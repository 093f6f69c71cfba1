"""POST /v1/models/NAME/download: a published model is fetched, and how far it is told line by line."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

import msgspec
from anyio import to_thread
from starlette.types import Receive, Scope, Send

from resshift_desktop.bridge.server.answers import Refusal, not_found
from resshift_desktop.bridge.server.limits import UNREAD_SECONDS
from resshift_desktop.bridge.server.messages import (
    Downloaded,
    Downloading,
    DownloadLine,
    DownloadQuery,
    Failed,
    Heartbeat,
)
from resshift_desktop.bridge.server.models import describe
from resshift_desktop.bridge.server.requests import read_query, until_gone
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.download import DownloadProgress, download
from resshift_desktop.core.weights.licences import accept, check_accepted
from resshift_desktop.core.weights.published import published_card
from resshift_desktop.core.weights.store import list_models
from resshift_desktop.errors import LicenceError, ResShiftError, UsageError
from resshift_desktop.foreign_errors import in_words

LINES_TYPE = "application/x-ndjson"

_HEARTBEAT_SECONDS = 0.4
_POLL_SECONDS = 0.1


class DownloadModel:
    """The endpoint, an ASGI app of its own: it sees the client leave, which stops the download."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = read_query(scope, DownloadQuery)
        card = await to_thread.run_sync(_find, scope["path_params"]["name"], bool(query.accept_licence))
        client = asyncio.create_task(until_gone(receive))
        latest: list[DownloadProgress] = []
        work = asyncio.create_task(
            to_thread.run_sync(
                partial(
                    download,
                    card,
                    lambda progress: latest.__setitem__(slice(None), [progress]),
                    cancel=lambda: client.done() or self._stopping(),
                    mirror=query.mirror,
                )
            )
        )
        try:
            headers = [(b"content-type", LINES_TYPE.encode()), (b"cache-control", b"no-store")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await self._tell(work, client, latest, send)
        except TimeoutError:
            return  # nobody reads; without an end, the connection is closed
        finally:
            client.cancel()
            await asyncio.wait({work})
            work.exception()  # which nobody may have asked for

    async def _tell(
        self, work: asyncio.Task, client: asyncio.Task, latest: list[DownloadProgress], send: Send
    ) -> None:
        told: DownloadProgress | None = None
        spoke_at = 0.0
        while not work.done():
            await asyncio.wait({work}, timeout=_POLL_SECONDS)
            progress = latest[0] if latest else None
            if progress is not told and progress is not None:
                line: DownloadLine = Downloading(
                    progress.stage, progress.file, progress.bytes_done, progress.bytes_total
                )
            elif time.monotonic() - spoke_at >= _HEARTBEAT_SECONDS:
                line = Heartbeat()
            else:
                continue
            told, spoke_at = progress, time.monotonic()
            await _say(send, line)
        if not client.done():
            await _say(send, _last_line(work), more=False)


def _find(name: str, accept_licence: bool) -> ModelCard:
    """The card of a model that can be downloaded.

    Raises:
        Refusal: 404 unknown, 409 here already or its licence has not been accepted.
    """
    if name in {model.card.name for model in list_models()}:
        raise Refusal(409, "UsageError", f"The model “{name}” is here already.", "Just use it.")
    try:
        card = published_card(name)
    except UsageError as error:
        raise not_found(f"There is no model called “{name[:80]}”.", error.hint) from error
    if accept_licence:
        accept(card)
    try:
        check_accepted(card)
    except LicenceError as error:
        raise Refusal(409, "LicenceError", error.title, error.hint) from error
    return card


def _last_line(work: asyncio.Task) -> DownloadLine:
    error = work.exception()
    if error is None:
        return Downloaded(describe(work.result()))
    assert isinstance(error, Exception)
    told: ResShiftError = in_words(error)
    return Failed(type(told).__name__, told.title, told.hint)


async def _say(send: Send, line: DownloadLine, more: bool = True) -> None:
    async with asyncio.timeout(UNREAD_SECONDS):
        body = msgspec.json.encode(line) + b"\n"
        await send({"type": "http.response.body", "body": body, "more_body": more})

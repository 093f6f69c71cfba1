"""What clients send, read within limits of size and time, and checked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope

from resshift_desktop.bridge.server.answers import Refusal, bad_request
from resshift_desktop.bridge.server.messages import Body, Query

MAX_JSON_BYTES = 8 << 20
STALL_SECONDS = 4.0
"""For a JSON body, and for each megabyte of pixels."""

_Query = TypeVar("_Query", bound=Query)
_Body = TypeVar("_Body", bound=Body)


class Dropped(Exception):
    """The client closed the connection: there is nobody left to answer."""


def read_query(scope: Scope, kind: type[_Query]) -> _Query:
    """The query of the address.

    Raises:
        Refusal: 400 for anything unknown, given twice, or out of range.
    """
    raw: bytes = scope["query_string"]
    try:
        pairs = parse_qsl(raw.decode("ascii"), True, True, errors="strict", max_num_fields=50) if raw else []
        values = dict(pairs)
        if len(values) < len(pairs):
            raise bad_request("The address has a value twice.")
        return msgspec.convert(values, kind, strict=False)
    except ValueError as error:  # among them msgspec's and bad UTF-8
        raise bad_request(f"The address does not fit: {error}.") from error


async def read_json(scope: Scope, receive: Receive, kind: type[_Body]) -> _Body:
    """The body, which is JSON in UTF-8.

    Raises:
        Refusal: 411 without a length, 413 too large, 408 too slow, 400 anything that does not fit.
        Dropped: the client left.
    """
    if content_length(scope) > MAX_JSON_BYTES:
        raise Refusal(413, "TooLarge", "The message is too large.", f"At most {MAX_JSON_BYTES} bytes fit.")
    body = bytearray()
    more = True
    async with stall_limit():
        while more:
            chunk, more = await receive_chunk(receive)
            body += chunk
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"The message does not fit: {error}.") from error


def content_length(scope: Scope) -> int:
    """How many bytes of body the client announces; the server's parser sees to it that no more come.

    Raises:
        Refusal: 411: it does not say, or sends in chunks.
    """
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if b"transfer-encoding" in headers or not length.isdigit():
        raise Refusal(
            411, "LengthRequired", "The request does not say how long it is.", "Send a Content-Length."
        )
    return int(length)


async def receive_chunk(receive: Receive) -> tuple[bytes, bool]:
    """Some bytes of the body, and whether there is more."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Dropped
    return message.get("body", b""), message.get("more_body", False)


async def until_gone(receive: Receive) -> None:
    """Return when the client closes the connection; what it sends until then is thrown away."""
    while (await receive())["type"] != "http.disconnect":
        pass


@asynccontextmanager
async def stall_limit() -> AsyncIterator[None]:
    """What is within takes STALL_SECONDS at most, else the client is told off with 408."""
    try:
        async with asyncio.timeout(STALL_SECONDS):
            yield
    except TimeoutError as error:
        raise Refusal(408, "TooSlow", "The request came too slowly.", "Send it in one go.") from error

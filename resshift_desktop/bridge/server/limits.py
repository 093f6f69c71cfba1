"""What a connection may take, before anyone has been asked who is there.

uvicorn's httptools protocol, plus: a time limit and a size limit for the head of a request, a limit on the
number of connections, no word to those who send no HTTP, and an orderly end where an answer comes before
the whole request was read.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

MAX_CONNECTIONS = 64
"""The newest connection beyond these is closed at once."""
HEAD_SECONDS = 4.0
"""From the start of a connection, or the last answer on it, to the end of the next request's headers."""
MAX_HEAD_BYTES = 32 * 1024
"""Request line and headers together."""
LINGER_SECONDS = 0.5
"""How long the rest of a refused request is read and thrown away, so that its sender sees the answer."""
UNREAD_SECONDS = 30.0
"""How long the other side may leave an answer unread."""


class LimitedProtocol(HttpToolsProtocol):
    """One connection of the bridge's server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._end_timer: asyncio.TimerHandle | None = None
        self._awaits_head = False
        self._lingers = False
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
        else:
            self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._lingers or self.transport.is_closing():
            return
        if self._awaits_head:
            # The parser holds on to a header until it is complete.
            self._head_bytes += len(data)
        super().data_received(data)
        if self._awaits_head and self._head_bytes > MAX_HEAD_BYTES:
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._size = 0
        if not self._awaits_head:  # a request behind one that is not answered yet
            self._expect_head()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._awaits_head = False
        self._stop_timer()
        self.cycle.transport = _AnswerTransport(self.transport, self, self.cycle)  # pyright: ignore[reportAttributeAccessIssue]

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() or self._lingers or not self.cycle.response_complete:
            return
        if self.cycle.more_body:
            self.linger()
        else:
            self._expect_head()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing: the time limit for heads holds between requests, too."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (a stranger is told nothing)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.linger()

    def linger(self) -> None:
        """Say that this is all, and close when the other side has closed, or soon."""
        if self._lingers or self.transport.is_closing():
            return
        self._lingers = True
        self._end_in(LINGER_SECONDS)
        self.flow.resume_reading()
        self.transport.write_eof()

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_HEAD_BYTES:
            raise ValueError("the head of the request is too long")  # which uvicorn takes for bad HTTP

    def _expect_head(self) -> None:
        self._awaits_head = True
        self._head_bytes = 0
        self._end_in(HEAD_SECONDS)

    def _end_in(self, seconds: float, patience: float = UNREAD_SECONDS) -> None:
        self._stop_timer()
        self._end_timer = self.loop.call_later(seconds, self._end, patience)

    def _end(self, patience: float) -> None:
        if self.transport.get_write_buffer_size() > 0 and patience > 0:
            self._end_in(1.0, patience - 1.0)
        else:
            self.transport.abort()

    def _stop_timer(self) -> None:
        if self._end_timer is not None:
            self._end_timer.cancel()
            self._end_timer = None


class _AnswerTransport:
    """What one answer is written to. Closing a socket with unread data in it would throw away, at the other
    side, the answer just sent (RFC 9112, 9.6)."""

    def __init__(
        self, transport: asyncio.Transport, protocol: LimitedProtocol, cycle: RequestResponseCycle
    ) -> None:
        self._transport = transport
        self._protocol = protocol
        self._cycle = cycle

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        if self._cycle.response_complete:
            self._protocol.linger()
        else:  # given up: nobody may take what was sent for the whole
            self._transport.abort()

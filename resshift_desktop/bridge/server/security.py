"""Who may ask: a request is looked at only when it carries the token, and comes from no web page."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from resshift_desktop.bridge.protocol import PROTOCOL_HEADER, PROTOCOL_VERSION
from resshift_desktop.bridge.server.answers import error_answer

_PROTOCOL_HEADER = PROTOCOL_HEADER.lower().encode("ascii")


class Guard:
    """ASGI middleware. 403 for another Host or any Origin (a web page that asks through the person's
    browser), 401 without the token, both with nothing in them; 426 for another protocol version."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._authorization = f"Bearer {token}".encode()
        self._host = f"127.0.0.1:{port}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _Headers(scope["headers"])
        if headers.single(b"host") != self._host or headers.has(b"origin"):
            await _refuse(send, 403)
        elif not hmac.compare_digest(headers.single(b"authorization") or b"", self._authorization):
            await _refuse(send, 401)
        elif (version := headers.single(_PROTOCOL_HEADER)) != str(PROTOCOL_VERSION).encode():
            await _other_version(version)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class _Headers:
    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._pairs = pairs

    def has(self, name: bytes) -> bool:
        return any(key == name for key, _ in self._pairs)

    def single(self, name: bytes) -> bytes | None:
        """The value, where the header is there exactly once."""
        values = [value for key, value in self._pairs if key == name]
        return values[0] if len(values) == 1 else None


async def _refuse(send: Callable[[dict[str, Any]], Awaitable[None]], status: int) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _other_version(version: bytes | None) -> ASGIApp:
    newer = version is not None and version.isdigit() and len(version) < 9 and int(version) > PROTOCOL_VERSION
    hint = (
        "Update the ResShift app."
        if newer
        else "Update the plugin or program that asked; ResShift's own plugins are updated by the app."
    )
    title = "The ResShift app and what asks it speak different versions of their protocol."
    return error_answer(426, "ProtocolMismatch", title, hint)

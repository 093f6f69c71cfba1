"""Calls to a running core over loopback HTTP. What is sent and answered is described in docs/bridge.md.

Plugins carry a copy of this file: standard library only, Python 3.9.
Every failure is a BridgeError; only what callers pass in (callbacks, pixels) may raise what it likes.
"""

from __future__ import annotations

import json
import selectors
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from itertools import chain
from math import prod
from typing import Any
from urllib.parse import urlencode

from .protocol import (
    PROTOCOL_HEADER,
    PROTOCOL_VERSION,
    SAMPLE_BYTES,
    SILENCE_SECONDS,
    STREAM_TYPE,
    BridgeError,
    Connection,
)

_BLOCK = 1 << 20
_LONGEST_LINE = 1 << 20
_LARGEST_JSON = 1 << 26


@dataclass(frozen=True)
class Result:
    """An upscaled picture: rows of interleaved channels, little endian, alpha straight and last."""

    width: int
    height: int
    channels: int
    sample: str
    pixels: Any  # what `allocate` gave, filled
    seconds: float
    device: str
    model: str
    seed: int


class Client:
    """Calls the core at `connection`. May be used by several threads: each call has a socket of its own.

    A core that says nothing for `silence` seconds is taken for dead.
    """

    def __init__(self, connection: Connection, silence: float = SILENCE_SECONDS) -> None:
        self.connection = connection
        self.silence = silence

    def health(self) -> dict[str, Any]:
        """Whether the core is ready, on which device, and what keeps it from being so."""
        health = self.call("GET", "/v1/health")
        if health.get("protocol") != PROTOCOL_VERSION:
            raise _mismatch(health.get("protocol"))
        return health

    def shutdown(self) -> None:
        """Ask the core to leave. Its jobs stay in the queue and go on when it is started again."""
        self.call("POST", "/v1/shutdown")

    def upscale(
        self,
        pixels: Any,
        *,
        width: int,
        height: int,
        channels: int,
        sample: str = "u8",
        transfer: str = "srgb",
        mask: Any = None,
        on_progress: Callable[[float, float | None], object] | None = None,
        cancel: Callable[[], bool] = lambda: False,
        allocate: Callable[[int], Any] = bytearray,
        **options: object,
    ) -> Result:
        """Upscale a picture's pixels; returns when the whole result is here.

        Args:
            pixels: bytes-like, or an iterable of bytes-like pieces: height x width x channels samples,
                rows from the top, interleaved, little endian, straight alpha last (2 and 4 channels).
            sample: u8, u16, f16 or f32; floats are in [0, 1], and beyond it for wide gamut and highlights.
            transfer: srgb, or linear light.
            mask: bytes-like, height x width u8; white parts are filled in, by models that can.
            on_progress: hears (fraction in [0, 1], seconds left or None).
            cancel: asked at least every 0.5 s while the core works; True ends the work (kind Cancelled).
            allocate: gives a writable buffer of so many bytes for the result; an mmap saves memory.
            options: model, scale or target_width or target_height, seed, device, tile_size.
        """
        sizes = {"width": width, "height": height, "channels": channels}
        form = {"sample": sample, "transfer": transfer, "mask": int(mask is not None)}
        given = {name: value for name, value in options.items() if value is not None}
        num_bytes = width * height * (channels * SAMPLE_BYTES.get(sample, 0) + form["mask"])
        target = f"/v1/upscale?{urlencode({**sizes, **form, **given})}"
        with open_exchange(self, "POST", target, num_bytes) as exchange:
            for block in _blocks(pixels, mask, num_bytes):
                _check(cancel)
                if not exchange.send(block):
                    break
            exchange.receive_head(STREAM_TYPE)
            while True:
                event = exchange.read_event()
                _check(cancel)
                if event["event"] == "result":
                    return _receive_result(exchange, event, allocate, cancel)
                if event["event"] == "progress" and on_progress is not None:
                    on_progress(event.get("fraction", 0.0), event.get("seconds_left"))

    def call(self, method: str, target: str, body: Any = None) -> Any:
        """Send JSON, and give the JSON object that is answered."""
        answer = self.fetch(method, target, None if body is None else json.dumps(body).encode())
        with bridge_errors():
            values = json.loads(answer or b"{}")
            if not isinstance(values, dict):
                raise ValueError("no JSON object")
            return values

    def fetch(self, method: str, target: str, body: bytes | None = None) -> bytes:
        """The answer as it comes."""
        with open_exchange(self, method, target, len(body or b"")) as exchange:
            if body:
                exchange.send(body)
            exchange.receive_head()
            return exchange.read_all()


class Exchange:
    """One request and its answer."""

    def __init__(self, http: HTTPConnection, connection: Connection) -> None:
        self._http = http
        self._connection = connection
        self._response: HTTPResponse | None = None

    def begin(self, method: str, target: str, num_bytes: int) -> None:
        with bridge_errors():
            self._http.putrequest(method, target, skip_accept_encoding=True)
            self._http.putheader("Authorization", f"Bearer {self._connection.token}")
            self._http.putheader(PROTOCOL_HEADER, str(PROTOCOL_VERSION))
            if method != "GET":
                self._http.putheader("Content-Length", str(num_bytes))
            self._http.endheaders()

    def send(self, block: Any) -> bool:
        """Send a piece of the body; False when the core has answered already, and wants no more of it."""
        with bridge_errors(), selectors.DefaultSelector() as selector:
            selector.register(self._http.sock, selectors.EVENT_READ)
            if selector.select(0):
                return False
            try:
                self._http.send(block)
            except ConnectionError:  # an answer may still lie there to be read
                return False
            return True

    def receive_head(self, content_type: str = "") -> None:
        """Wait for the answer to begin. Raises BridgeError where it tells of one."""
        with bridge_errors():
            self._response = self._http.getresponse()
        if self._response.status >= 400:
            raise self._refusal(self._response.status)
        if content_type not in self._response.headers.get("Content-Type", ""):
            raise _bad_answer()

    def _refusal(self, status: int) -> BridgeError:
        if status == 401:
            return BridgeError(
                "ResShift does not know this program.", "Close ResShift and start it again.", "WrongToken"
            )
        if status == 403:
            return BridgeError("ResShift refused the call.", "Calls must come from this computer.", "Refused")
        try:
            return _told(json.loads(self.read_all())["error"])
        except (ValueError, KeyError, TypeError, BridgeError):
            if status == 426:
                return _mismatch(self._connection.protocol)
            return _bad_answer()

    def read_all(self) -> bytes:
        with bridge_errors():
            answer = self._answer().read(_LARGEST_JSON)
            if len(answer) == _LARGEST_JSON:
                raise ValueError("too long")
            if self._answer().length:  # http.client itself does not mind
                raise IncompleteRead(answer)
            return answer

    def read_line(self) -> bytes:
        """The next line; empty at the end."""
        with bridge_errors():
            line = self._answer().readline(_LONGEST_LINE)
            if len(line) == _LONGEST_LINE:
                raise ValueError("too long")
            return line

    def read_event(self) -> dict[str, Any]:
        """The next JSON line of an upscale's stream. Raises the BridgeError that it may tell of."""
        with bridge_errors():
            line = self.read_line()
            if not line.endswith(b"\n"):
                raise IncompleteRead(line)
            event = json.loads(line)
            if event["event"] == "failed":
                raise _told(event)
            return event

    def read_into(self, view: memoryview) -> None:
        """Fill the view, no matter in what pieces the bytes come."""
        with bridge_errors():
            while view:
                num_bytes = self._answer().readinto(view)
                if not num_bytes:
                    raise IncompleteRead(b"")
                view = view[num_bytes:]

    def close(self) -> None:
        if self._response is not None:  # an answer that ends with its connection has taken that over
            self._response.close()
        self._http.close()

    def _answer(self) -> HTTPResponse:
        assert self._response is not None
        return self._response


@contextmanager
def open_exchange(client: Client, method: str, target: str, num_bytes: int = 0) -> Iterator[Exchange]:
    """An exchange whose request has begun; the connection is closed at the end, which cancels the work."""
    connection = client.connection
    http = HTTPConnection("127.0.0.1", connection.port, timeout=client.silence)
    exchange = Exchange(http, connection)
    try:
        exchange.begin(method, target, num_bytes)
        yield exchange
    finally:
        exchange.close()


def _blocks(pixels: Any, mask: Any, num_bytes: int) -> Iterator[memoryview]:
    """The body, in pieces of at most 1 MB. Raises BridgeError where it is not of `num_bytes`."""
    left = num_bytes
    for piece in chain(_pieces(pixels), () if mask is None else (mask,)):
        view = memoryview(piece).cast("B")
        left -= len(view)
        if left < 0:
            break
        for start in range(0, len(view), _BLOCK):
            yield view[start : start + _BLOCK]
    if left:
        raise BridgeError(
            f"There are {num_bytes - left} bytes of pixels and mask, not {num_bytes}.",
            "Width, height, channels, sample and pixels must belong together.",
            "UsageError",
        )


def _pieces(pixels: Any) -> Iterable[Any]:
    try:
        return (memoryview(pixels),)
    except TypeError:
        return pixels


def _receive_result(
    exchange: Exchange, event: Mapping[str, Any], allocate: Callable[[int], Any], cancel: Callable[[], bool]
) -> Result:
    with bridge_errors():
        values = {field.name: event[field.name] for field in fields(Result) if field.name != "pixels"}
        sizes = (event["width"], event["height"], event["channels"], SAMPLE_BYTES[event["sample"]])
        if not all(type(size) is int and size > 0 for size in sizes) or event["bytes"] != prod(sizes):
            raise ValueError("sizes that do not belong together")
    try:
        pixels = allocate(prod(sizes))
    except (MemoryError, OverflowError) as error:
        raise BridgeError(
            "The memory does not hold the result.", "Choose a smaller result.", "MemoryLimitError"
        ) from error
    view = memoryview(pixels).cast("B")
    for start in range(0, len(view), _BLOCK):
        _check(cancel)
        exchange.read_into(view[start : start + _BLOCK])
    if exchange.read_line():
        raise _bad_answer()
    return Result(pixels=pixels, **values)


def _check(cancel: Callable[[], bool]) -> None:
    if cancel():
        raise BridgeError("Cancelled.", "", "Cancelled")


@contextmanager
def bridge_errors() -> Iterator[None]:
    """Tells of what went wrong on the way to the core and back."""
    try:
        yield
    except ConnectionRefusedError as error:
        raise BridgeError("ResShift is not running.", "Start it, then try again.", "NoCore") from error
    except socket.timeout as error:  # noqa: UP041 - another one than TimeoutError in Python 3.9
        raise BridgeError(
            "ResShift does not answer.",
            "The computer may be too busy. Wait a little, then try again.",
            "CoreDied",
        ) from error
    except (OSError, IncompleteRead) as error:
        raise BridgeError(
            "ResShift stopped in the middle of the work.",
            "Try again; `resshift doctor` may say more.",
            "CoreDied",
        ) from error
    except (HTTPException, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _bad_answer() from error


def _bad_answer() -> BridgeError:
    return BridgeError(
        "ResShift gave an answer that makes no sense.", "Close it and start it again.", "BadAnswer"
    )


def _told(error: Mapping[str, Any]) -> BridgeError:
    return BridgeError(str(error["title"]), str(error["hint"]), str(error["kind"]))


def _mismatch(theirs: Any) -> BridgeError:
    if isinstance(theirs, int) and theirs > PROTOCOL_VERSION:
        return BridgeError(
            "ResShift is newer than this program that calls it.",
            "Update the plugin: `resshift plugins install` does so.",
            "ProtocolMismatch",
        )
    return BridgeError(
        "The ResShift that is running is older than this program that calls it.",
        "Update ResShift, or close it and start it again.",
        "ProtocolMismatch",
    )

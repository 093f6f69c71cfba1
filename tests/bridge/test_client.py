"""The client against a scripted core that says right and wrong things, byte by byte."""

import json
import socket
import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.bridge.client import Client, Result
from resshift_desktop.bridge.protocol import BridgeError, Connection
from tests.bridge.scripted_core import CRLF, Answer, core, http, stream, told

PIXELS = bytes(range(12))  # 2 x 2 x 3
SIZES = {"width": 2, "height": 2, "channels": 3}
RESULT = {
    "event": "result",
    **SIZES,
    "sample": "u8",
    "bytes": 12,
    "seconds": 1.0,
    "device": "CPU",
    "model": "m",
    "seed": 3,
}


def upscale(connection: Connection, **options: Any) -> Result:
    return Client(connection).upscale(options.pop("pixels", PIXELS), **{**SIZES, **options})


def kind_of(answer: bytes | Answer, **options: Any) -> str:
    """The kind of the error that this answer to an upscale leads to; it must be in words."""
    with core(answer) as (connection, _), pytest.raises(BridgeError) as raised:
        upscale(connection, **options)
    assert raised.value.title.endswith(".")
    return raised.value.kind


# Requests


def test_what_is_sent() -> None:
    with core(stream(RESULT, PIXELS)) as (connection, requests):
        upscale(connection, seed=3, scale=2.0, tile_size=None, mask=b"\xff" * 4)
    head, _, body = requests[0].partition(CRLF * 2)
    first, *headers = head.decode().split("\r\n")
    assert first == (
        "POST /v1/upscale?width=2&height=2&channels=3&sample=u8&transfer=srgb&mask=1&seed=3&scale=2.0"
        " HTTP/1.1"
    )
    assert set(headers) == {
        f"Host: 127.0.0.1:{connection.port}",
        "Authorization: Bearer secret",
        "X-ResShift-Protocol: 1",
        "Content-Length: 16",
    }
    assert body == PIXELS + b"\xff" * 4


@pytest.mark.parametrize(
    "pixels",
    [
        PIXELS,
        bytearray(PIXELS),
        memoryview(PIXELS).cast("B", (2, 2, 3)),
        [PIXELS[:5], PIXELS[5:]],
        iter([PIXELS]),
    ],
)
def test_pixels_may_come_in_many_forms(pixels: object) -> None:
    with core(stream(RESULT, PIXELS)) as (connection, requests):
        assert upscale(connection, pixels=pixels).pixels == PIXELS
    assert requests[0].endswith(CRLF * 2 + PIXELS)


@pytest.mark.parametrize("pixels", [PIXELS[:-1], PIXELS + b"x", [PIXELS, PIXELS], [], [PIXELS[:6]]])
def test_pixels_that_do_not_fit_their_sizes(pixels: object) -> None:
    left: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as sock:
                while data := sock.recv(65536):
                    left.append(data)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(BridgeError, match="not 12") as raised:
            upscale(Connection(1, server.getsockname()[1], "t", 1, "0", 0.0), pixels=pixels)
        thread.join(10)  # the client has closed the connection
    assert raised.value.kind == "UsageError"


def test_what_the_callers_pixels_raise_is_left_as_it_is() -> None:
    def pixels() -> Iterator[bytes]:
        yield PIXELS[:6]
        raise OSError("the host's own")

    with socket.create_server(("127.0.0.1", 0)) as server:
        connection = Connection(1, server.getsockname()[1], "t", 1, "0", 0.0)
        with pytest.raises(OSError, match="the host's own"):
            upscale(connection, pixels=pixels())


# Answers to an upscale


def test_a_result() -> None:
    heard: list[tuple[float, float | None]] = []
    answer = stream(
        {"event": "waiting"},
        {"event": "heartbeat"},
        {"event": "something of a later version"},
        {"event": "progress", "fraction": 0.5, "seconds_left": None},
        {"event": "progress", "fraction": 0.75, "seconds_left": 2.5},
        RESULT,
        PIXELS[:1],
        PIXELS[1:],
    )
    with core(answer) as (connection, _):
        result = upscale(connection, on_progress=lambda *values: heard.append(values))
    assert heard == [(0.5, None), (0.75, 2.5)]
    assert (result.width, result.height, result.channels, result.sample) == (2, 2, 3, "u8")
    assert (result.seconds, result.device, result.model, result.seed) == (1.0, "CPU", "m", 3)
    assert result.pixels == PIXELS


def test_a_result_in_a_buffer_of_the_caller() -> None:
    buffer = memoryview(bytearray(12))
    with core(stream(RESULT, PIXELS)) as (connection, _):
        assert upscale(connection, allocate=lambda size: buffer[:size]).pixels == PIXELS
    assert bytes(buffer) == PIXELS


def test_no_memory_for_the_result() -> None:
    def allocate(_size: int) -> bytearray:
        raise MemoryError

    assert kind_of(stream(RESULT, PIXELS), allocate=allocate) == "MemoryLimitError"


@given(cuts=st.lists(st.integers(0, 200), max_size=8), size=st.integers(1, 9))
def test_in_whatever_pieces_an_answer_comes(cuts: list[int], size: int) -> None:
    parts = b"".join(json.dumps(event).encode() + b"\n" for event in ({"event": "waiting"}, RESULT)) + PIXELS
    edges = sorted({0, len(parts), *(cut for cut in cuts if cut < len(parts))})
    answer = stream(*(parts[a:b] for a, b in pairwise(edges)))

    def slowly(sock: socket.socket, _request: bytes) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(answer), 40 * size):
            sock.sendall(answer[start : start + 40 * size])

    with core(slowly) as (connection, _):
        assert upscale(connection).pixels == PIXELS


def test_a_failure_that_the_core_tells_of() -> None:
    failed = {"event": "failed", "kind": "DeviceError", "title": "The GPU failed.", "hint": "Use the CPU."}
    with core(stream({"event": "waiting"}, failed)) as (connection, _), pytest.raises(BridgeError) as raised:
        upscale(connection)
    assert (raised.value.title, raised.value.hint, raised.value.kind) == (
        "The GPU failed.", "Use the CPU.", "DeviceError",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", "CoreDied"),
        (b"HTTP/1.1", "BadAnswer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "BadAnswer"),
        (b"\x00\xff" * 500 + b"\r\n\r\n", "BadAnswer"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000, "BadAnswer"),
        (http(200, b"hello", "text/html"), "BadAnswer"),
        (stream(end=False), "CoreDied"),
        (stream(), "CoreDied"),
        (stream({"event": "waiting"}, end=False), "CoreDied"),
        (stream({"event": "waiting"}, b'{"event": "pro', end=False), "CoreDied"),
        (stream({"event": "waiting"})[:-5] + b"zz\r\n", "CoreDied"),
        (stream(b"no JSON\n"), "BadAnswer"),
        (stream(b"[1]\n"), "BadAnswer"),
        (stream(b'"x"\n'), "BadAnswer"),
        (stream({"no": "event"}), "BadAnswer"),
        (stream({"event": "failed"}), "BadAnswer"),
        (stream(b"[" * 100_000 + b"\n"), "BadAnswer"),
        (stream(b" " * (1 << 20)), "BadAnswer"),
        (stream(RESULT, end=False), "CoreDied"),
        (stream(RESULT), "CoreDied"),
        (stream(RESULT, PIXELS[:-1]), "CoreDied"),
        (stream(RESULT, PIXELS[:-1], end=False), "CoreDied"),
        (stream(RESULT, PIXELS + b"x"), "BadAnswer"),
        (stream({**RESULT, "bytes": 13}, PIXELS + b"x"), "BadAnswer"),
        (stream({**RESULT, "width": -2, "height": -2}, PIXELS), "BadAnswer"),
        (stream({**RESULT, "width": 2.0}, PIXELS), "BadAnswer"),
        (stream({**RESULT, "sample": "u7"}, PIXELS), "BadAnswer"),
        (stream({**RESULT, "sample": []}, PIXELS), "BadAnswer"),
        (stream({**RESULT, "width": 2**62, "bytes": 2**62 * 6}, PIXELS), "MemoryLimitError"),
        (stream({"event": "result"}, PIXELS), "BadAnswer"),
    ],
)
def test_a_core_that_lies_or_dies(answer: bytes, kind: str) -> None:
    assert kind_of(answer) == kind


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        stream({"event": "waiting"}, end=False),
        stream(RESULT, PIXELS[:3], end=False),
    ],
)
def test_a_core_that_says_nothing_more(said: bytes) -> None:
    def stall(sock: socket.socket, _request: bytes) -> None:
        sock.sendall(said)
        assert sock.recv(1) == b""  # until the client closes

    with core(stall) as (connection, _), pytest.raises(BridgeError, match="does not answer"):
        Client(connection, silence=0.2).upscale(PIXELS, width=2, height=2, channels=3)


@pytest.mark.parametrize("at", ["before", "while working", "while receiving"])
def test_cancelling_closes_the_connection(at: str) -> None:
    closed = threading.Event()

    def answer(sock: socket.socket, _request: bytes) -> None:
        parts = {"while working": [{"event": "heartbeat"}] * 3, "while receiving": [RESULT, PIXELS[:3]]}
        sock.sendall(stream(*parts[at], end=False))
        assert sock.recv(1) == b""
        closed.set()

    asked = 0

    def cancel() -> bool:
        nonlocal asked
        asked += 1
        return asked > {"while working": 2, "while receiving": 2}[at]

    if at == "before":
        with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(BridgeError) as raised:
            upscale(Connection(1, server.getsockname()[1], "t", 1, "0", 0.0), cancel=lambda: True)
        assert raised.value.kind == "Cancelled"
    else:
        assert kind_of(answer, cancel=cancel) == "Cancelled"
        assert closed.is_set()


def test_a_refusal_before_the_pixels_are_all_sent() -> None:
    """Megabytes that the core does not want are not sent to the end, and its answer is heard."""
    error = {"error": {"kind": "TooLarge", "title": "Too large.", "hint": "Cut it."}}
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as sock:
                sock.recv(1000)
                sock.sendall(told(413, error))
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(1 << 20):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        connection = Connection(1, server.getsockname()[1], "t", 1, "0", 0.0)
        with pytest.raises(BridgeError, match=r"Too large\. Cut it\."):
            Client(connection).upscale([bytes(1 << 20)] * 64, width=1 << 20, height=64, channels=1)
        thread.join(10)


# Refusals, whatever the call


@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (http(401, b""), "WrongToken", "does not know this program"),
        (http(403, b""), "Refused", "refused"),
        (told(409, {"error": {"kind": "K", "title": "T.", "hint": "H."}}), "K", "T"),
        (told(503, {"error": {"kind": "Busy", "title": "Too many.", "hint": "Wait."}}), "Busy", "Too many"),
        (
            told(426, {"error": {"kind": "ProtocolMismatch", "title": "Old.", "hint": ""}}),
            "ProtocolMismatch",
            "Old",
        ),
        (http(426, b""), "ProtocolMismatch", "older"),
        (http(500, b"<html>"), "BadAnswer", "no sense"),
        (told(500, {"error": "x"}), "BadAnswer", "no sense"),
        (told(500, []), "BadAnswer", "no sense"),
        (http(200, b"<html>"), "BadAnswer", "no sense"),
        (told(200, [1]), "BadAnswer", "no sense"),
        (http(200, b"{}")[:-1], "CoreDied", "stopped"),
    ],
)
def test_refusals(answer: bytes, kind: str, title: str) -> None:
    with core(answer) as (connection, _), pytest.raises(BridgeError, match=title) as raised:
        Client(connection).health()
    assert raised.value.kind == kind


def test_no_core_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(BridgeError, match="not running") as raised:
        upscale(Connection(1, port, "t", 1, "0", 0.0))
    assert raised.value.kind == "NoCore"


@pytest.mark.parametrize(
    ("protocol", "to_update"), [(2, "Update the plugin"), (0, "Update ResShift"), (None, "Update ResShift")]
)
def test_another_version_of_the_protocol(protocol: int | None, to_update: str) -> None:
    with core(told(200, {"protocol": protocol})) as (connection, _), pytest.raises(BridgeError) as raised:
        Client(connection).health()
    assert raised.value.kind == "ProtocolMismatch"
    assert to_update in raised.value.hint

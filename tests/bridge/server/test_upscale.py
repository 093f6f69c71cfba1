"""POST /v1/upscale, through real sockets."""

import json
import socket
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from resshift_desktop.core.imaging.samples import SampleFormat
from tests.bridge.server.conftest import Bridge, read_to_end, wait_until

SIZE = {"width": 10, "height": 6, "channels": 3, "sample": "u8"}


def target(**query: Any) -> str:
    return f"/v1/upscale?{urlencode(query)}"


def upscale(bridge: Bridge, pixels: bytes, **query: Any) -> tuple[list[dict[str, Any]], bytes]:
    """The lines of the answer, and the pixels behind them."""
    status, content = bridge.call("POST", target(**query), pixels)
    assert status == 200
    lines, rest = [], content
    while not lines or lines[-1]["event"] not in ("result", "failed"):
        line, _, rest = rest.partition(b"\n")
        lines.append(json.loads(line))
    return lines, rest


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("transfer", ["srgb", "linear"])
@pytest.mark.parametrize("sample", ["u8", "u16", "f16", "f32"])
def test_pixels_come_back_enlarged(bridge: Bridge, sample: Any, transfer: Any, channels: int) -> None:
    layout = SampleFormat(sample, transfer, channels)
    values = np.random.default_rng(0).random((6, 10, channels))
    pixels = (values * (1 if layout.is_float else np.iinfo(layout.dtype).max)).astype(layout.dtype)
    query = {**SIZE, "channels": channels, "sample": sample, "transfer": transfer, "scale": 2, "seed": 7}
    lines, rest = upscale(bridge, pixels.tobytes(), **query)
    assert lines[0] == {"event": "waiting"}
    result = lines[-1]
    assert {**result, "seconds": 0} == {
        "event": "result", "width": 20, "height": 12, "channels": channels, "sample": sample,
        "bytes": len(rest), "seconds": 0, "device": "Fake device", "model": "builtin", "seed": 7,
    }  # fmt: skip
    back = np.frombuffer(rest, layout.dtype).reshape(12, 20, channels)
    expected = pixels.repeat(2, axis=0).repeat(2, axis=1)
    step = {"u8": 0, "u16": 1, "f16": 1e-4, "f32": 2e-5}[sample]
    assert np.abs(back.astype(float) - expected.astype(float)).max() <= step


def test_highlights_come_back(bridge: Bridge) -> None:
    pixels = np.full((6, 10, 3), 7.25, np.float32)
    pixels[..., 1] = -0.125
    query = {**SIZE, "sample": "f32", "transfer": "linear", "scale": 3}
    _, rest = upscale(bridge, pixels.tobytes(), **query)
    back = np.frombuffer(rest, np.float32).reshape(18, 30, 3)
    np.testing.assert_allclose(back, np.broadcast_to(pixels[0, 0], back.shape), rtol=1e-4)


def test_more_than_a_block_of_pixels(bridge: Bridge) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (900, 1100, 3), np.uint8)
    query = {"width": 1100, "height": 900, "channels": 3, "sample": "u8", "scale": 2}
    _, rest = upscale(bridge, pixels.tobytes(), **query)
    np.testing.assert_array_equal(
        np.frombuffer(rest, np.uint8).reshape(1800, 2200, 3), pixels.repeat(2, axis=0).repeat(2, axis=1)
    )
    wait_until(lambda: not list(bridge.work.iterdir()))


def test_a_failure_is_told_in_the_stream(bridge: Bridge) -> None:
    lines, rest = upscale(bridge, bytes(180), **SIZE, seed=2)
    assert lines[-1] == {
        "event": "failed",
        "kind": "ImageReadError",
        "title": "There is nothing to see.",
        "hint": "Look elsewhere.",
    }
    assert rest == b""
    wait_until(lambda: not list(bridge.work.iterdir()))


def test_samples_that_are_no_numbers_are_refused(bridge: Bridge) -> None:
    pixels = np.full((6, 10, 3), np.nan, np.float32).tobytes()
    status, answer = bridge.call("POST", target(**{**SIZE, "sample": "f32"}), pixels)
    assert (status, answer["error"]["kind"]) == (400, "ImageReadError")
    wait_until(lambda: not list(bridge.work.iterdir()))


def start(bridge: Bridge, **query: Any) -> socket.socket:
    """An upscale under way: its first line has come."""
    sock = bridge.connect()
    sock.sendall(bridge.head("POST", target(**SIZE, **query), "Content-Length: 180") + bytes(180))
    received = b""
    while not received.endswith(b'{"event":"waiting"}\n'):
        received += sock.recv(1)
    return sock


def test_a_dropped_connection_cancels_and_cleans_up(bridge: Bridge) -> None:
    with start(bridge, seed=1):
        assert bridge.engine.at_work.wait(20)
    assert bridge.engine.stopped.wait(20)
    wait_until(lambda: not list(bridge.work.iterdir()))
    wait_until(lambda: bridge.server.active == 0)


def test_a_client_that_leaves_in_the_middle_of_the_result_leaves_nothing_behind(bridge: Bridge) -> None:
    query = {"width": 1000, "height": 1000, "channels": 3, "sample": "u8", "scale": 4}
    with bridge.connect() as sock:
        sock.sendall(bridge.head("POST", target(**query), "Content-Length: 3000000") + bytes(3_000_000))
        received = b""
        while b'"result"' not in received:
            received = received[-10:] + sock.recv(4096)
    wait_until(lambda: not list(bridge.work.iterdir()))
    assert bridge.is_well()


def test_a_dropped_connection_cancels_also_while_waiting(bridge: Bridge) -> None:
    with start(bridge, seed=1) as first:
        assert bridge.engine.at_work.wait(20)
        with start(bridge, seed=2):
            wait_until(lambda: len(list(bridge.work.iterdir())) == 2)
        wait_until(lambda: len(list(bridge.work.iterdir())) == 1)
        assert not bridge.engine.stopped.is_set()
        assert first.fileno() >= 0
    wait_until(lambda: not list(bridge.work.iterdir()))


def test_there_is_a_sign_of_life_twice_a_second(bridge: Bridge) -> None:
    with start(bridge, seed=1) as sock:
        received = b""
        while received.count(b'"heartbeat"') < 2:
            received += sock.recv(4096)
    assert received.count(b'{"event":"progress","fraction":0.5,"seconds_left":1.5}\n') == 1


def test_a_stopping_server_says_so(bridge: Bridge) -> None:
    with start(bridge, seed=1) as sock:
        bridge.server.stop()
        assert b"ResShift is being closed." in read_to_end(sock)
    assert bridge.engine.stopped.wait(20)


REFUSED = [
    ({"width": 0}, 400),
    ({"width": -1}, 400),
    ({"width": "ten"}, 400),
    ({"width": 10**30}, 400),
    ({"width": 500_000_000, "height": 2}, 413),
    ({"channels": 5}, 400),
    ({"sample": "f64"}, 400),
    ({"transfer": "gamma"}, 400),
    ({"model": "../../etc/passwd"}, 400),
    ({"model": "unknown"}, 400),
    ({"scale": 17}, 400),
    ({"scale": "nan"}, 400),
    ({"scale": "inf"}, 400),
    ({"scale": 2, "target_width": 20}, 400),
    ({"target_width": 5}, 400),
    ({"target_width": 10**6}, 400),
    ({"seed": -1}, 400),
    ({"seed": 2**63}, 400),
    ({"device": "../cuda"}, 400),
    ({"tile_size": 1}, 400),
    ({"tile_size": 10**9}, 400),
    ({"mask": 1}, 400),
    ({"unheard_of": 1}, 400),
]


@pytest.mark.parametrize(("change", "status"), REFUSED)
def test_what_makes_no_sense_is_refused_before_any_pixel(
    bridge: Bridge, change: dict[str, Any], status: int
) -> None:
    # Of the 180 bytes none is sent: the answer comes without.
    with bridge.connect() as sock:
        sock.sendall(bridge.head("POST", target(**{**SIZE, **change}), "Content-Length: 180"))
        answer = read_to_end(sock)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["title"]
    assert not bridge.work.exists()


@pytest.mark.parametrize("query", ["width=%ff", "width=1&width=2", "width", "&&&", "=", "a" * 2000])
def test_an_address_that_cannot_be_read_is_refused(bridge: Bridge, query: str) -> None:
    assert bridge.call("POST", f"/v1/upscale?{query}", b"")[0] == 400


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Content-Length: 181"], 400),
        (["Content-Length: 179"], 400),
        (["Content-Length: 18446744073709551615"], 400),
        (["Content-Length: 99999999999999999999999999"], 400),
        (["Content-Length: -180"], 400),
        (["Content-Length: 180, 180"], 400),
        (["Content-Length: 180", "Content-Length: 180"], 400),
        (["Content-Length: 180", "Transfer-Encoding: chunked"], 400),
        (["Transfer-Encoding: chunked"], 411),
        (["Transfer-Encoding: gzip"], 400),
        ([], 411),
    ],
)
def test_a_length_that_is_not_right_is_refused(bridge: Bridge, lines: list[str], status: int) -> None:
    with bridge.connect() as sock:
        sock.sendall(bridge.head("POST", target(**SIZE), "Connection: close", *lines))
        assert read_to_end(sock).startswith(b"HTTP/1.1 %d " % status)
    assert not bridge.work.exists()
    assert bridge.is_well()


def test_more_bytes_than_announced_end_the_connection(bridge: Bridge) -> None:
    with bridge.connect() as sock:
        sock.sendall(bridge.head("POST", target(**SIZE, seed=1), "Content-Length: 180") + b"\xff" * 500)
        read_to_end(sock)
    assert bridge.is_well()
    wait_until(lambda: bridge.server.active == 0)
    assert not bridge.work.exists() or not list(bridge.work.iterdir())


def test_a_client_that_leaves_while_sending_leaves_nothing_behind(bridge: Bridge) -> None:
    with bridge.connect() as sock:
        sock.sendall(bridge.head("POST", target(**SIZE), "Content-Length: 180") + bytes(100))
        wait_until(lambda: bridge.work.exists() and list(bridge.work.iterdir()))
    wait_until(lambda: not list(bridge.work.iterdir()))
    assert bridge.is_well()

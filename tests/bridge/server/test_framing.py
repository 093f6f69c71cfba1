"""Whatever bytes come: an answer or an end within the limits, and the server is well afterwards."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resshift_desktop.bridge.server import limits, requests
from tests.bridge.server.conftest import Bridge, read_to_end, running_bridge

PIECES = [
    b"GET /v1/health HTTP/1.1\r\n",
    b"POST /v1/upscale?width=4&height=4&channels=3&sample=u8 HTTP/1.1\r\n",
    b"POST /v1/jobs HTTP/1.1\r\n",
    b"CONNECT example.com:443 HTTP/1.1\r\n",
    b"OPTIONS * HTTP/1.1\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET http://example.com/ HTTP/1.0\r\n",
    b"GET /\xff%ff%00 HTTP/1.1\r\n",
    b"Host: 127.0.0.1:PORT\r\n",
    b"Authorization: Bearer TOKEN\r\n",
    b"X-ResShift-Protocol: 1\r\n",
    b"Content-Length: 48\r\n",
    b"Content-Length: 0\r\n",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\n",
    b"Connection: close\r\n",
    b"Expect: 100-continue\r\n",
    b" folded\r\n",
    b"\r\n",
    b"\n",
    b"5\r\nabcde\r\n",
    b"0\r\n\r\n",
    b"ffffffffffffffff\r\n",
    bytes(48),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    folder: Path = tmp_path_factory.mktemp("framing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESSHIFT_CACHE", str(folder / "cache"))
        patch.setattr(limits, "HEAD_SECONDS", 0.05)
        patch.setattr(requests, "STALL_SECONDS", 0.05)
        patch.setattr(limits, "LINGER_SECONDS", 0.05)
        with running_bridge(folder) as running:
            yield running


def valid(server: Bridge, target: str, *lines: str, body: bytes = b"") -> bytes:
    return server.head("GET" if not body else "POST", target, *lines) + body


def survives(server: Bridge, data: bytes) -> None:
    with server.connect() as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(data)
        answer = read_to_end(sock)  # a hang would end in a TimeoutError
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert b"Traceback" not in answer
    assert server.is_well()


fuzz = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)


@fuzz
@given(data=st.binary(max_size=300))
def test_random_bytes(server: Bridge, data: bytes) -> None:
    survives(server, data)


@fuzz
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_pieces_of_http_in_any_order(server: Bridge, pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    token = server.headers["Authorization"].removeprefix("Bearer ").encode()
    survives(server, data.replace(b"PORT", b"%d" % server.port).replace(b"TOKEN", token))


@fuzz
@given(
    which=st.integers(0, 2),
    edits=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3), st.integers(0, 5)), max_size=4),
)
def test_valid_requests_with_a_few_bytes_changed(
    server: Bridge, which: int, edits: list[tuple[int, bytes, int]]
) -> None:
    target = "/v1/upscale?width=4&height=4&channels=3&sample=u8"
    data = [
        valid(server, "/v1/health"),
        valid(server, target, "Content-Length: 48", body=bytes(48)),
        valid(server, "/v1/jobs", "Content-Length: 12", body=b'{"jobs": [] }'[:12]),
    ][which]
    for place, new, length in edits:
        place %= len(data)
        data = data[:place] + new + data[place + length :]
    survives(server, data)

"""Who is let in, and what a connection may take. Everything through real sockets."""

import contextlib
import socket
import time
from typing import Any

import pytest

from resshift_desktop.bridge.protocol import PROTOCOL_HEADER
from resshift_desktop.bridge.server import limits, requests
from tests.bridge.server.conftest import TOKEN, Bridge, read_to_end, wait_until

EVERYWHERE = ["/v1/health", "/v1/jobs", "/v1/events", "/v1/models", "/nowhere"]


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time limits in tenths of a second instead of seconds."""
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(requests, "STALL_SECONDS", 0.3)


def test_no_limit_is_over_five_seconds() -> None:
    assert limits.HEAD_SECONDS <= 5
    assert requests.STALL_SECONDS + limits.LINGER_SECONDS <= 5


STRANGERS: list[tuple[dict[str, str], int]] = [
    ({}, 401),
    ({"Authorization": ""}, 401),
    ({"Authorization": "Bearer"}, 401),
    ({"Authorization": "Bearer wrong"}, 401),
    ({"Authorization": f"Bearer  {TOKEN}"}, 401),
    ({"Authorization": f"bearer {TOKEN}"}, 401),
    ({"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
    ({"Authorization": f"Bearer {TOKEN}x"}, 401),
    ({"Authorization": f"Basic {TOKEN}"}, 401),
    ({"Authorization": f"Bearer {TOKEN}", "Origin": "null"}, 403),
    ({"Authorization": f"Bearer {TOKEN}", "Origin": ""}, 403),
    ({"Authorization": f"Bearer {TOKEN}", "Origin": "http://127.0.0.1"}, 403),
    ({"Authorization": f"Bearer {TOKEN}", "Host": "localhost"}, 403),
    ({"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"}, 403),
    ({"Authorization": f"Bearer {TOKEN}", "Host": "127.0.0.1:1"}, 403),
    ({"Authorization": f"Bearer {TOKEN}", "Host": ""}, 403),
]


@pytest.mark.parametrize(("headers", "status"), STRANGERS)
def test_strangers_get_an_empty_answer(bridge: Bridge, headers: dict[str, str], status: int) -> None:
    got, content = bridge.call("GET", "/v1/health", headers={PROTOCOL_HEADER: "1", **headers})
    assert got == status
    assert status == 200 or content == b""


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"])
def test_strangers_get_the_same_everywhere(bridge: Bridge, method: str, path: str) -> None:
    assert bridge.call(method, path, headers={PROTOCOL_HEADER: "1"}) == (401, b"")


@pytest.mark.parametrize("name", ["Host", "Authorization", PROTOCOL_HEADER])
def test_what_is_said_twice_does_not_count(bridge: Bridge, name: str) -> None:
    value = {"Host": f"127.0.0.1:{bridge.port}", **bridge.headers}[name]
    with bridge.connect() as sock:
        sock.sendall(bridge.head("GET", "/v1/health", f"{name}: {value}", "Connection: close"))
        assert status_of(read_to_end(sock)) in (401, 403, 426)


def test_a_stranger_is_answered_before_anything_is_read(bridge: Bridge) -> None:
    with bridge.connect() as sock:
        head = (
            f"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{bridge.port}\r\nContent-Length: 1000000000\r\n\r\n"
        )
        sock.sendall(head.encode())
        answer = read_to_end(sock)
    assert answer == b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@pytest.mark.parametrize(("version", "who"), [("2", "app"), ("0", "plugin"), ("x", "plugin"), ("", "plugin")])
def test_another_protocol_version_is_told_which_side_to_update(
    bridge: Bridge, version: str, who: str
) -> None:
    headers = {**bridge.headers, PROTOCOL_HEADER: version}
    status, answer = bridge.call("GET", "/v1/health", headers=headers)
    assert (status, answer["error"]["kind"]) == (426, "ProtocolMismatch")
    assert answer["error"]["hint"].startswith(
        "Update the ResShift app" if who == "app" else "Update the plugin"
    )


@pytest.mark.parametrize(
    "start", [b"", b"G", b"GET /v1/health HTTP/1.1\r\nHost: 127", b"\r\n", b"\x16\x03\x01"]
)
@pytest.mark.usefixtures("hurried")
def test_a_slow_sender_of_headers_is_cut_off(bridge: Bridge, start: bytes) -> None:
    with bridge.connect() as sock:
        sock.sendall(start)
        assert read_to_end(sock) in (
            b"",
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        )
    assert bridge.is_well()


@pytest.mark.usefixtures("hurried")
def test_a_sender_of_headers_drop_by_drop_is_cut_off(bridge: Bridge) -> None:
    with bridge.connect() as sock, contextlib.suppress(ConnectionError):
        sock.settimeout(0.05)
        for number in range(10_000):
            sock.sendall(b"GET /" if number == 0 else b"a")
            with contextlib.suppress(TimeoutError):
                if sock.recv(100) == b"":
                    break
        else:
            raise AssertionError("it was never cut off")
    assert bridge.is_well()


@pytest.mark.parametrize("target", ["/v1/jobs", "/v1/upscale?width=10&height=6&channels=3&sample=u8"])
@pytest.mark.usefixtures("hurried")
def test_a_slow_sender_of_a_body_is_told_off(bridge: Bridge, target: str) -> None:
    with bridge.connect() as sock:
        sock.sendall(bridge.head("POST", target, "Content-Length: 180") + b"[1")
        answer = read_to_end(sock)
    assert status_of(answer) == 408
    assert b'"kind":"TooSlow"' in answer
    assert bridge.is_well()


def test_the_newest_of_too_many_connections_are_closed(bridge: Bridge) -> None:
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(bridge.connect()) for _ in range(limits.MAX_CONNECTIONS - 1)]
        served = stack.enter_context(bridge.connect())
        late = [stack.enter_context(bridge.connect()) for _ in range(20)]
        assert [read_to_end(sock) for sock in late] == [b""] * 20
        served.sendall(bridge.head("GET", "/v1/health", "Connection: close"))
        assert status_of(read_to_end(served)) == 200
        for sock in idle:
            sock.setblocking(False)
            with pytest.raises(BlockingIOError):
                sock.recv(1)
    wait_until(lambda: _served(bridge))


def _served(bridge: Bridge) -> bool:
    try:
        return bridge.is_well()
    except OSError:
        return False


@pytest.mark.usefixtures("hurried")
def test_connections_that_never_say_anything_make_room_for_others(bridge: Bridge) -> None:
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(bridge.connect()) for _ in range(limits.MAX_CONNECTIONS)]
        assert [read_to_end(sock) for sock in idle] == [b""] * limits.MAX_CONNECTIONS
        assert bridge.is_well()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * 10_000_000,
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000 + b"\r\n",
        b"GET / HTTP/1.1\r\na: " + b"b" * 10_000_000,
        b"GET / HTTP/1.1\r\n" + b"a" * 10_000_000,
        b"\r\n" * 5_000_000,
    ],
    ids=["long address", "endless address", "many headers", "endless value", "endless name", "empty lines"],
)
def test_a_head_without_end_is_cut_off(bridge: Bridge, request_: bytes) -> None:
    with bridge.connect() as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(request_)
        assert b"200" not in read_to_end(sock)[:15]
    assert bridge.is_well()


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/..%2f..%2fetc%2fpasswd",
        "/v1/models/%2e%2e/download",
        "/v1/models/../../etc/passwd/download",
        "/v1/models/%00/download",
        "/v1/models/builtin.safetensors/download",
        "/v1/jobs/../health",
        "/v1/jobs/..",
        "/v1/jobs/%2e%2e%2f1",
        "/v1/jobs/1%00",
        "/v1/jobs/-1",
        "/v1/jobs/1.5",
        "/v1/jobs/" + "9" * 5000,
        "/v1/jobs/9223372036854775808",
        "/v1/jobs/%D9%A1",
        "/v1/jobs/1/tiles/..%2f1",
        "/v1/jobs/1/tiles/1",
        "//v1/health",
        "/v1/health/",
        "/",
    ],
)
def test_names_and_numbers_lead_nowhere_else(bridge: Bridge, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert bridge.call(method, path)[0] in (404, 405)


def test_requests_sent_at_once_are_answered_in_order(bridge: Bridge) -> None:
    with bridge.connect() as sock:
        sock.sendall(
            bridge.head("GET", "/v1/health") * 3
            + bridge.head("GET", "/nowhere")
            + bridge.head("GET", "/v1/health", "Connection: close")
        )
        answers = read_to_end(sock).split(b"HTTP/1.1 ")[1:]
    assert [int(answer[:3]) for answer in answers] == [200, 200, 200, 404, 200]


@pytest.mark.parametrize("path", ["/v1/health", "/v1/events"])
def test_a_head_alone_is_not_asked_for(bridge: Bridge, path: str) -> None:
    assert bridge.call("HEAD", path) == (405, b"")


def test_a_connection_serves_several_requests(bridge: Bridge) -> None:
    with bridge.connect() as sock:
        for _ in range(3):
            sock.sendall(bridge.head("GET", "/nowhere"))
            answer = b""
            while not answer.endswith(b"}}"):
                answer += sock.recv(4096)
            assert status_of(answer) == 404


def test_activity_is_counted_for_those_who_are_let_in(bridge: Bridge) -> None:
    before = bridge.server.last_activity
    bridge.call("GET", "/v1/health", headers={})
    assert bridge.server.last_activity == before
    bridge.call("GET", "/v1/health")
    wait_until(lambda: bridge.server.active == 0)
    assert before < bridge.server.last_activity <= time.monotonic()


def test_no_word_about_the_server(bridge: Bridge) -> None:
    with bridge.connect() as sock:
        sock.sendall(bridge.head("GET", "/v1/health", "Connection: close"))
        head = read_to_end(sock).partition(b"\r\n\r\n")[0].lower()
    names = {line.partition(b":")[0] for line in head.split(b"\r\n")[1:]}
    assert names == {b"content-length", b"content-type", b"connection"}


JSON_BODIES: list[Any] = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b'{"jobs": "\xff"}',
    b'{"jobs": []}',
    b'{"jobs": [{}]}',
    b'{"jobs": ' + b"[" * 100_000,
    b'{"x": ' + b"[" * 100_000,
    b'{"jobs": [' * 50_000,
    b'{"jobs": [{"input": "\\ud800", "output": "/b.png"}]}',
]


@pytest.mark.parametrize("body", JSON_BODIES)
def test_messages_that_do_not_fit_are_refused(bridge: Bridge, body: bytes) -> None:
    status, answer = bridge.call("POST", "/v1/jobs", body)
    assert (status, answer["error"]["kind"]) == (400, "BadRequest")
    assert bridge.queue.page() == []


def test_a_message_that_is_too_large_is_refused_unread(bridge: Bridge) -> None:
    with bridge.connect() as sock:
        sock.sendall(bridge.head("POST", "/v1/jobs", f"Content-Length: {requests.MAX_JSON_BYTES + 1}"))
        assert status_of(read_to_end(sock)) == 413


def test_a_stop_ends_idle_connections_and_streams(bridge: Bridge) -> None:
    with bridge.connect() as idle, bridge.connect() as stream:
        stream.sendall(bridge.head("GET", "/v1/events"))
        wait_until(lambda: bridge.server.active == 1)
        assert bridge.call("POST", "/v1/shutdown") == (202, b"")
        assert status_of(read_to_end(stream)) == 200
        assert read_to_end(idle) == b""
    wait_until(lambda: _refuses(bridge.port))


def _refuses(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) != 0

"""GET /v1/events, through real sockets."""

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resshift_desktop.bridge.server import events
from resshift_desktop.core.jobs.events import RING_LENGTH
from tests.bridge.server.conftest import Bridge, read_to_end, wait_until
from tests.bridge.server.test_jobs import new_job


@contextlib.contextmanager
def listening(bridge: Bridge, after: int | None = None, *lines: str) -> Iterator[Iterator[dict[str, Any]]]:
    """The events of one connection, heartbeats left out."""
    target = "/v1/events" if after is None else f"/v1/events?after={after}"
    with bridge.connect() as sock:
        sock.sendall(bridge.head("GET", target, "Accept: text/event-stream", *lines))
        wait_until(lambda: bridge.server.active > 0)
        yield parse(sock)


def parse(sock: socket.socket) -> Iterator[dict[str, Any]]:
    with sock.makefile("rb") as file:
        event: dict[str, Any] = {}
        for line in file:
            name, _, value = line.decode().strip().partition(": ")
            if name in ("id", "event", "data"):
                event[name] = json.loads(value) if name != "event" else value
            if len(event) == 3:
                yield event
                event = {}


def test_what_happens_is_told_as_it_happens(bridge: Bridge, tmp_path: Path) -> None:
    bridge.queue.hold()
    with listening(bridge, bridge.queue.events.last_seq) as stream:
        job = bridge.call("POST", "/v1/jobs", {"jobs": [new_job(tmp_path)]})[1]["jobs"][0]
        told = next(stream)
        assert (told["event"], told["data"]) == ("added", {"job": job})
        bridge.call("DELETE", f"/v1/jobs/{job['id']}")
        removed = next(event for event in stream if event["event"] == "removed")
        assert removed["data"] == {"id": job["id"]}
        assert removed["id"] > told["id"]


@pytest.mark.parametrize("by_header", [True, False])
def test_a_client_that_was_away_misses_nothing(bridge: Bridge, tmp_path: Path, by_header: bool) -> None:
    bridge.queue.hold()
    seq = bridge.call("GET", "/v1/jobs")[1]["seq"]
    bridge.call("POST", "/v1/jobs", {"jobs": [new_job(tmp_path, str(number)) for number in range(250)]})
    known = bridge.queue.events.since(seq)
    assert known is not None
    lines = [f"Last-Event-ID: {seq}"] if by_header else []
    with listening(bridge, None if by_header else seq, *lines) as stream:
        heard = [next(stream) for _ in known]
    assert [(event["id"], event["event"]) for event in heard] == [(event.seq, event.kind) for event in known]


@pytest.mark.parametrize("after", [0, 10**17])
def test_a_client_that_was_away_too_long_is_told_to_begin_anew(bridge: Bridge, after: int) -> None:
    for _ in range(RING_LENGTH + 1):
        bridge.queue.events.publish("removed", {"id": 1})
    with listening(bridge, after) as stream:
        reset = next(stream)
        assert reset == {"id": bridge.queue.events.last_seq, "event": "reset", "data": {}}
        bridge.queue.events.publish("removed", {"id": 2})
        assert next(stream)["data"] == {"id": 2}


def test_without_a_number_only_news_are_told(bridge: Bridge) -> None:
    bridge.queue.events.publish("removed", {"id": 1})
    with listening(bridge) as stream:
        bridge.queue.events.publish("removed", {"id": 2})
        assert next(stream)["data"] == {"id": 2}


@pytest.mark.parametrize("number", ["-1", "x", "1" * 400, "9223372036854775808", ""])
def test_what_is_no_number_is_refused(bridge: Bridge, number: str) -> None:
    assert bridge.call("GET", f"/v1/events?after={number}")[0] == 400


def test_there_are_signs_of_life(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.1)
    with bridge.connect() as sock:
        sock.sendall(bridge.head("GET", "/v1/events"))
        received = b""
        while received.count(b": \n\n") < 2:
            received += sock.recv(4096)
    assert b"content-type: text/event-stream" in received


def test_a_client_that_does_not_read_is_dropped(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "UNREAD_SECONDS", 0.2)
    with bridge.connect() as deaf, listening(bridge) as stream:
        deaf.sendall(bridge.head("GET", "/v1/events"))
        wait_until(lambda: bridge.server.active == 2)
        number = 0
        while bridge.server.active == 2:  # until nothing more fits into the system's buffers
            for _ in range(20):
                number += 1
                bridge.queue.events.publish("queue", {"number": number, "padding": "x" * 50_000})
            while next(stream)["data"]["number"] < number:
                pass
        assert b"HTTP/1.1 200" in read_to_end(deaf)


def test_too_many_listeners_are_refused(bridge: Bridge) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(events.MAX_STREAMS):
            sock = stack.enter_context(bridge.connect())
            sock.sendall(bridge.head("GET", "/v1/events"))
            assert sock.recv(12) == b"HTTP/1.1 200"
        assert bridge.call("GET", "/v1/events")[0] == 503
        assert bridge.is_well()
    wait_until(lambda: bridge.server.active == 0)

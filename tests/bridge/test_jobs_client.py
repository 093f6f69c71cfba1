"""The calls about jobs, models and events against a scripted core."""

import json
import socket
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from resshift_desktop.bridge.jobs_client import Event, JobsClient
from resshift_desktop.bridge.protocol import BridgeError, Connection
from resshift_desktop.json_file import write_json
from tests.bridge.scripted_core import CRLF, core, http, stream, told


@pytest.mark.parametrize(
    ("call", "line", "body"),
    [
        (lambda c: c.list_jobs(after=3, limit=5), "GET /v1/jobs?after=3&limit=5", None),
        (lambda c: c.list_jobs(state="done"), "GET /v1/jobs?after=0&limit=200&state=done", None),
        (lambda c: c.add_jobs([{"input": "/ä"}]), "POST /v1/jobs", {"jobs": [{"input": "/ä"}]}),
        (lambda c: c.get_job(3), "GET /v1/jobs/3", None),
        (lambda c: c.pause_job(3), "POST /v1/jobs/3/pause", None),
        (lambda c: c.resume_job(3), "POST /v1/jobs/3/resume", None),
        (lambda c: c.cancel_job(3), "POST /v1/jobs/3/cancel", None),
        (lambda c: c.retry_job(3), "POST /v1/jobs/3/retry", None),
        (lambda c: c.move_job(3, None), "POST /v1/jobs/3/move", {"before": None}),
        (lambda c: c.remove_job(3), "DELETE /v1/jobs/3", None),
        (lambda c: c.remove_jobs((3, 4)), "POST /v1/jobs/remove", {"ids": [3, 4]}),
        (lambda c: c.list_tiles(3), "GET /v1/jobs/3/tiles", None),
        (lambda c: c.get_tile(3, 4), "GET /v1/jobs/3/tiles/4", None),
        (lambda c: c.pause_queue(), "POST /v1/queue/pause", None),
        (lambda c: c.resume_queue(), "POST /v1/queue/resume", None),
        (lambda c: c.clear_queue(), "POST /v1/queue/clear", None),
        (lambda c: c.list_models(), "GET /v1/models", None),
        (
            lambda c: c.import_model(["/ä"], like="x"),
            "POST /v1/models/import",
            {"paths": ["/ä"], "like": "x", "name": None},
        ),
        (lambda c: c.remove_model("m"), "DELETE /v1/models/m", None),
        (lambda c: c.shutdown(), "POST /v1/shutdown", None),
    ],
)
def test_each_call(call: Callable[[JobsClient], object], line: str, body: object) -> None:
    with core(told(200, {"jobs": [], "tiles": [], "models": []})) as (connection, requests):
        call(JobsClient(connection))
    head, _, sent = requests[0].partition(CRLF * 2)
    assert head.decode().split(" HTTP/1.1")[0] == line
    assert (json.loads(sent) if sent else None) == body


def test_download() -> None:
    lines = (
        b'{"event":"heartbeat"}\n',
        b'{"event":"progress","stage":"download","file":"x","bytes_done":1,"bytes_total":3}\n',
        b'{"event":"done","model":{"name":"m"}}\n',
    )
    heard: list[tuple[str, int, int]] = []
    with core(stream(*lines, content_type="application/x-ndjson")) as (connection, requests):
        model = JobsClient(connection).download_model(
            "../a b", accept_licence=True, mirror="https://m/", on_progress=lambda *said: heard.append(said)
        )
    assert requests[0].startswith(
        b"POST /v1/models/..%2Fa%20b/download?accept_licence=1&mirror=https%3A%2F%2Fm%2F "
    )
    assert (model, heard) == ({"name": "m"}, [("download", 1, 3)])


@pytest.mark.parametrize(
    ("line", "cancelled", "kind"),
    [
        (b'{"event":"failed","kind":"DownloadError","title":"No.","hint":"Wait."}\n', False, "DownloadError"),
        (b'{"event":"heartbeat"}\n', True, "Cancelled"),
        (b'{"event":"heartbeat"}\n', False, "CoreDied"),
    ],
)
def test_download_without_a_model(line: bytes, cancelled: bool, kind: str) -> None:
    with (
        core(stream(line, content_type="application/x-ndjson", end=False)) as (connection, _),
        pytest.raises(BridgeError) as caught,
    ):
        JobsClient(connection).download_model("m", cancel=lambda: cancelled)
    assert caught.value.kind == kind


def sse(*events: bytes) -> bytes:
    return stream(*events, content_type="text/event-stream; charset=utf-8", end=False)


def test_events_over_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the connection is lost the client goes on behind the last event, at the core of then."""
    path = tmp_path / "connection.json"
    monkeypatch.setenv("RESSHIFT_CONNECTION", str(path))
    first = sse(
        b": \n\n",
        b'id: 7\nevent: added\ndata: {"job": 1}\n\n',
        b"id: 8\nevent: removed\n",
        b'data: {"id": 1}',
    )
    second = sse(b"id: 8\r\nevent: removed\r\ndata: {}\r\n\r\n", b"id: 90\nevent: reset\ndata:\n\n")
    with core(second) as (new, new_requests), core(first) as (old, old_requests):
        write_json(path, asdict(new))
        events = JobsClient(old).events(after=6)
        assert [next(events) for _ in range(3)] == [
            Event(7, "added", {"job": 1}),
            Event(8, "removed", {}),
            Event(90, "reset", {}),
        ]
    assert old_requests[0].startswith(b"GET /v1/events?after=6 ")
    assert new_requests[0].startswith(b"GET /v1/events?after=7 ")


def test_events_end_when_asked_to() -> None:
    asked = iter([False, False, False, True])
    with core(sse(b": \n\n" * 3)) as (connection, _):
        assert list(JobsClient(connection).events(0, stop=lambda: next(asked))) == []


def test_events_of_a_core_that_stays_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSHIFT_CONNECTION", str(tmp_path / "none"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(BridgeError, match="not running"):
        next(JobsClient(Connection(1, port, "t", 1, "0", 0.0), silence=0.3).events(0))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (told(426, {"error": {"kind": "ProtocolMismatch", "title": "Old.", "hint": ""}}), "ProtocolMismatch"),
        (http(403, b""), "Refused"),
    ],
)
def test_events_refused_for_good(answer: bytes, kind: str) -> None:
    with core(answer) as (connection, _), pytest.raises(BridgeError) as raised:
        next(JobsClient(connection).events(0))
    assert raised.value.kind == kind

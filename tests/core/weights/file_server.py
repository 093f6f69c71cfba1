"""A file server on this machine that can be told to misbehave."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Fault:
    """How one answer differs from a good one; None and False leave it as it is.

    send: bytes of the body after which it ends, or stalls with `stall`. length: the Content-Length stated,
    0 for none. ranges: False ignores Range. shift: how far a partial answer starts from where it should.
    """

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    send: int | None = None
    stall: bool = False
    length: int | None = None
    ranges: bool = True
    shift: int = 0


@dataclass(eq=False)
class FileServer:
    """`files`: name -> content. `faults` are used up, one for each request; then all is well.

    `requests` are (path, Range) as they came.
    """

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    etags: bool = True
    stopped: threading.Event = field(default_factory=threading.Event)
    stalled: threading.Event = field(default_factory=threading.Event)


@contextmanager
def running_server() -> Iterator[FileServer]:
    server = FileServer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(self, server)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        http.shutdown()
        thread.join()
        http.server_close()


def _answer(handler: BaseHTTPRequestHandler, server: FileServer) -> None:
    asked = handler.headers.get("Range")
    server.requests.append((handler.path, asked))
    fault = server.faults.pop(0) if server.faults else Fault()
    content = server.files.get(handler.path.rpartition("/")[2]) if fault.body is None else fault.body
    handler.close_connection = True
    if content is None or fault.status is not None:
        handler.send_response(fault.status or 404)
        _headers(handler, fault, content=b"")
        return
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    start = 0
    match = re.fullmatch(r"bytes=(\d+)-", asked or "")
    unchanged = handler.headers.get("If-Range") in (etag, "Wed, 01 Jul 2026 08:00:00 GMT")
    if match and unchanged and fault.ranges:
        start = int(match[1]) + fault.shift
        if start >= len(content):
            handler.send_response(416)
            _headers(handler, fault, content=b"")
            return
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    else:
        handler.send_response(200)
    if server.etags:
        handler.send_header("ETag", etag)
    else:
        handler.send_header("Last-Modified", "Wed, 01 Jul 2026 08:00:00 GMT")
    _headers(handler, fault, content[start:])
    try:
        handler.wfile.write(content[start:][: fault.send])
        handler.wfile.flush()
        if fault.stall:
            server.stalled.set()
            server.stopped.wait()
    except OSError:  # the client has left
        pass


def _headers(handler: BaseHTTPRequestHandler, fault: Fault, content: bytes) -> None:
    length = len(content) if fault.length is None else fault.length
    if length or not content:
        handler.send_header("Content-Length", str(length))
    handler.send_header("Connection", "close")
    for name, value in fault.headers:
        handler.send_header(name, value)
    handler.end_headers()

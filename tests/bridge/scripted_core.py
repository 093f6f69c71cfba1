"""A core that says, byte by byte, what a test scripts; right and wrong things."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from resshift_desktop.bridge.protocol import Connection

CRLF = b"\r\n"

Answer = Callable[[socket.socket, bytes], None]


@contextmanager
def core(*answers: bytes | Answer) -> Iterator[tuple[Connection, list[bytes]]]:
    """A core that gives each connection the next answer, after reading the request; and the requests read."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                with server.accept()[0] as sock:
                    requests.append(read_request(sock))
                    if callable(answer):
                        answer(sock, requests[-1])
                    else:
                        sock.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield Connection(1, server.getsockname()[1], "secret", 1, "0", 0.0), requests
        thread.join(10)
        assert not thread.is_alive()


def read_request(sock: socket.socket) -> bytes:
    """Head and body."""
    data = b""
    while CRLF * 2 not in data:
        data += sock.recv(65536)
    head, _, body = data.partition(CRLF * 2)
    length = int(head.lower().partition(b"content-length: ")[2].partition(CRLF)[0] or 0)
    while len(body) < length:
        body += sock.recv(65536)
    return head + CRLF * 2 + body


def http(status: int, body: bytes, content_type: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def told(status: int, values: object) -> bytes:
    return http(status, json.dumps(values).encode())


def stream(*parts: object, end: bool = True, content_type: str = "application/x-resshift-stream") -> bytes:
    """A chunked answer: bytes as they are, all else as JSON lines."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    for part in parts:
        data = part if isinstance(part, bytes) else json.dumps(part).encode() + b"\n"
        head += f"{len(data):x}".encode() + CRLF + data + CRLF
    return head + (b"0\r\n\r\n" if end else b"")

"""One file over HTTP: goes on where it broke off, waits out what passes, refuses what cannot be right.

Torch-free. The references are to RFC 9110 (HTTP semantics).
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import Retry

from resshift_desktop import __version__
from resshift_desktop.errors import Cancelled, DownloadError, Remedy

T = TypeVar("T")
Cancel = Callable[[], bool]
OnBytes = Callable[[int, int | None], None]
"""Told how many bytes are here and how many there will be, None where that is not known."""

_CHUNK = 1 << 18
_CONNECT_SECONDS = 10
_ASK_CANCEL_SECONDS = 0.2
_PASSING = (408, 429, 500, 502, 503, 504)
_NO_USE_TRYING = (
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.SSLError,
    requests.exceptions.TooManyRedirects,
)
_BY_HAND: tuple[str, Remedy] = ("Try another mirror, or get the file with a browser and import it.", "import")


@dataclass(frozen=True)
class Patience:
    """How long to bear with a server.

    stall_seconds: without a byte, then the connection is given up. tries: in a row that bring nothing.
    first_wait: seconds between the first two, doubled each time. longest_wait: that a server may ask for.
    """

    stall_seconds: float = 20.0
    tries: int = 5
    first_wait: float = 1.0
    longest_wait: float = 120.0


PATIENT = Patience()


@dataclass(frozen=True)
class Wanted:
    """What is fetched: `num_bytes` where the size is known, else None; never more than `at_most` bytes."""

    url: str
    num_bytes: int | None
    at_most: int

    @property
    def file(self) -> str:
        return urlsplit(self.url).path.rpartition("/")[2]

    @property
    def host(self) -> str:
        """Without a user name and password that may be in the address."""
        return urlsplit(self.url).hostname or "The address"


class _BrokenOff(Exception):
    """A try that may succeed the next time, after `wait` seconds if the server named them."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


def fetch(
    wanted: Wanted, path: Path, on_bytes: OnBytes, cancel: Cancel, patience: Patience = PATIENT
) -> None:
    """Fetch a file to `path`; until it is whole it is called `path`.part, which a later call goes on from.

    Proxies are those of the environment and the system.

    Raises:
        Cancelled: `cancel` said so.
        DownloadError: the server has not got it, or something else, or cannot be reached.
    """
    part = _Part(path.with_name(f"{path.name}.part"), wanted.url)
    most, failures = part.size, 0
    while True:
        try:
            _try(wanted, part, on_bytes, cancel, patience)
            break
        except _BrokenOff as error:
            failures = 1 if part.size > most else failures + 1
            most = max(most, part.size)
            if failures >= patience.tries:
                raise DownloadError(
                    f"{wanted.host} does not send {path.name}: {error}.",
                    "Check the network and try again; what has come so far is kept.",
                ) from error
            _pause(error.wait or patience.first_wait * 2 ** (failures - 1), wanted.host, cancel, patience)
    part.finish(path)


class _Part:
    """The unfinished file, and a note beside it of what it is a part of."""

    def __init__(self, path: Path, url: str) -> None:
        self._path, self._note, self._url = path, path.with_name(f"{path.name}.json"), url

    @property
    def size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    @property
    def validator(self) -> str | None:
        """What tells whether the server's file is still the one that this is a part of (8.8)."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            return note["validator"] if note["url"] == self._url else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def begin(self, validator: str | None) -> None:
        self._note.unlink(missing_ok=True)
        self._path.write_bytes(b"")
        self._note.write_text(json.dumps({"url": self._url, "validator": validator}), encoding="utf-8")

    def discard(self) -> None:
        self._note.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)

    @contextmanager
    def appending(self) -> Iterator[Callable[[bytes], int]]:
        with self._path.open("ab") as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())

    def finish(self, path: Path) -> None:
        self._path.replace(path)
        self._note.unlink(missing_ok=True)


def _try(wanted: Wanted, part: _Part, on_bytes: OnBytes, cancel: Cancel, patience: Patience) -> None:
    headers = {"Accept-Encoding": "identity", "User-Agent": f"resshift-desktop/{__version__}"}
    if part.size and part.validator:
        # If-Range (13.1.5): the rest if the file is the same, else the whole of the new one.
        headers |= {"Range": f"bytes={part.size}-", "If-Range": part.validator}
    timeout = (_CONNECT_SECONDS, patience.stall_seconds)
    with requests.Session() as session, _watching(cancel) as watched:
        try:
            response = watched(lambda: session.get(wanted.url, headers=headers, stream=True, timeout=timeout))
        except _NO_USE_TRYING as error:
            raise DownloadError(f"{wanted.host} cannot be used: {_in_short(error)}.", *_BY_HAND) from error
        except requests.RequestException as error:
            raise _BrokenOff(_in_short(error)) from error
        with response:
            total = _check_answer(response, wanted, part)
            if response.status_code == 200:
                part.begin(_validator(response))
            try:
                read = partial(response.raw.read1, _CHUNK, decode_content=False)
                _receive(lambda: watched(read), wanted, part, total, on_bytes)
            except Cancelled:
                with suppress(ValueError, RuntimeError, OSError):  # all of it has been read
                    response.raw.shutdown()  # or the thread that reads would wait on
                raise
            except HTTPError as error:
                raise _BrokenOff(_in_short(error)) from error
    if part.size < (total or wanted.num_bytes or 0):
        raise _BrokenOff("the connection ends too early")


def _receive(
    next_chunk: Callable[[], bytes], wanted: Wanted, part: _Part, total: int | None, on_bytes: OnBytes
) -> None:
    size = part.size
    limit = total or wanted.num_bytes or wanted.at_most
    with part.appending() as write:
        on_bytes(size, total)
        while chunk := next_chunk():
            size += len(chunk)
            if size > limit:
                break
            try:
                write(chunk)
            except OSError as error:
                raise DownloadError(
                    f"The download cannot be written: {error.strerror}.", "Make room on the disk."
                ) from error
            on_bytes(size, total)
    if size > limit:
        part.discard()
        raise DownloadError(f"{wanted.host} sends more than the file should hold.", *_BY_HAND)


def _check_answer(response: requests.Response, wanted: Wanted, part: _Part) -> int | None:
    """The file's size where the server tells it; raises unless the answer is the file, or its rest."""
    status, host = response.status_code, wanted.host
    if status in _PASSING:
        raise _BrokenOff(f"it answers {status}", _retry_after(response))
    if status in (401, 403):
        raise DownloadError(f"{host} refuses {wanted.file} ({status}).", *_BY_HAND)
    if status in (404, 410):
        raise DownloadError(f"{host} has no file {wanted.file} ({status}).", *_BY_HAND)
    if status == 206 and _continues(response, part):
        total = int(response.headers["Content-Range"].rpartition("/")[2])
    elif status in (206, 416):  # not what was asked for: once more, from the start
        part.discard()
        raise _BrokenOff("it sends another part than asked for")
    elif status == 200:
        total = _content_length(response)
    else:
        raise DownloadError(f"{host} answers {status} instead of the file.", *_BY_HAND)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise DownloadError(
            f"{host} sends a web page instead of {wanted.file}.",
            "Does the network ask for a login? Open a web page in a browser, then try again.",
        )
    if total is not None and total != (wanted.num_bytes or total):
        raise DownloadError(
            f"{host} has another file than {wanted.file}: {total} bytes, not {wanted.num_bytes}.",
            *_BY_HAND,
        )
    if total is not None and total > wanted.at_most:
        raise DownloadError(f"{host} has far too large a file: {total} bytes.", *_BY_HAND)
    return total


def _continues(response: requests.Response, part: _Part) -> bool:
    """Whether a 206 answer is the rest of the same file (15.3.7)."""
    rest = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", response.headers.get("Content-Range", ""))
    same = response.headers.get("ETag", part.validator) == part.validator or _last_modified_is_validator(part)
    return rest is not None and int(rest[1]) == part.size and int(rest[2]) + 1 == int(rest[3]) and same


def _last_modified_is_validator(part: _Part) -> bool:
    return part.validator is not None and not part.validator.startswith('"')


def _validator(response: requests.Response) -> str | None:
    """A strong ETag, or else the date of the last change (13.1.5 takes no weak ETag)."""
    etag = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified")


def _content_length(response: requests.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def _retry_after(response: requests.Response) -> float | None:
    """Seconds that the server asks to wait (10.2.3)."""
    with suppress(InvalidHeader):
        if value := response.headers.get("Retry-After"):
            return Retry().parse_retry_after(value)
    return None


def _pause(seconds: float, host: str, cancel: Cancel, patience: Patience) -> None:
    if seconds > patience.longest_wait:
        raise DownloadError(
            f"{host} asks to come back in {seconds / 60:.0f} minutes.",
            "Try again then; what has come so far is kept.",
        )
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if cancel():
            raise Cancelled
        time.sleep(min(left, _ASK_CANCEL_SECONDS))


@contextmanager
def _watching(cancel: Cancel) -> Iterator[Callable[[Callable[[], T]], T]]:
    """Gives a function that runs a call which may block, and raises Cancelled as soon as `cancel` says so."""
    pool = ThreadPoolExecutor(1, "download")

    def watched(call: Callable[[], T]) -> T:
        future = pool.submit(call)
        while not wait([future], _ASK_CANCEL_SECONDS).done:
            if cancel():
                future.add_done_callback(_close_result)
                raise Cancelled
        if cancel():
            _close_result(future)
            raise Cancelled
        return future.result()

    try:
        yield watched
    finally:
        pool.shutdown(wait=False)


def _close_result(future: Future) -> None:
    """Close a response that nobody waits for any more."""
    if future.exception() is None and isinstance(response := future.result(), requests.Response):
        response.close()


def _in_short(error: Exception) -> str:
    """The kind of error in a word or two; the library's own text holds addresses and object names."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
    return words.removesuffix(" error")

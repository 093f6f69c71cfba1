"""Transfers from a server that does everything wrong a server can do."""

import threading
from pathlib import Path

import pytest

from resshift_desktop.core.weights.transfer import Patience, Wanted, fetch
from resshift_desktop.errors import Cancelled, DownloadError
from tests.core.weights.file_server import Fault, FileServer

CONTENT = bytes(range(256)) * 4096  # 1 MiB: more than sockets buffer
HALF = len(CONTENT) // 2
QUICK = Patience(stall_seconds=0.3, tries=3, first_wait=0.001, longest_wait=5)
BROKEN = Fault(send=HALF)


@pytest.fixture
def file(server: FileServer, tmp_path: Path) -> Path:
    """Where the server's file `x.pth` is to go."""
    server.files["x.pth"] = CONTENT
    return tmp_path / "x.pth"


def get(server: FileServer, file: Path, num_bytes: int | None = len(CONTENT)) -> list[tuple[int, int | None]]:
    """Fetch x.pth to `file`; what was told of it."""
    told: list[tuple[int, int | None]] = []
    wanted = Wanted(f"{server.url}/models/x.pth", num_bytes, 2 * len(CONTENT))
    fetch(wanted, file, lambda done, total: told.append((done, total)), lambda: False, QUICK)
    return told


def left(file: Path) -> list[str]:
    return sorted(path.name for path in file.parent.iterdir())


def test_a_file_comes_whole(server: FileServer, file: Path) -> None:
    told = get(server, file)
    assert file.read_bytes() == CONTENT
    assert left(file) == ["x.pth"]
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("etags", [True, False], ids=["ETag", "Last-Modified"])
@pytest.mark.parametrize(
    "fault",
    [BROKEN, Fault(send=HALF, stall=True), Fault(send=HALF, length=0)],
    ids=["breaks off", "stalls", "ends early without a length"],
)
def test_goes_on_where_it_broke_off(server: FileServer, file: Path, fault: Fault, etags: bool) -> None:
    server.etags = etags
    server.faults = [fault]
    get(server, file)
    assert file.read_bytes() == CONTENT
    assert [asked for _, asked in server.requests] == [None, f"bytes={HALF}-"]


def test_a_later_call_goes_on(server: FileServer, file: Path) -> None:
    server.faults = [BROKEN, *[Fault(status=503)] * 3]
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 does not send x\.pth: it answers 503") as caught:
        get(server, file)
    assert "is kept" in caught.value.hint
    assert left(file) == ["x.pth.part", "x.pth.part.json"]
    get(server, file)
    assert file.read_bytes() == CONTENT
    assert server.requests[-1][1] == f"bytes={HALF}-"
    assert left(file) == ["x.pth"]


def test_many_breaks_are_borne_as_long_as_each_brings_something(server: FileServer, file: Path) -> None:
    server.faults = [Fault(send=len(CONTENT) // 8)] * 6
    get(server, file)
    assert file.read_bytes() == CONTENT


@pytest.mark.parametrize("etags", [True, False], ids=["ETag", "Last-Modified"])
def test_a_changed_file_is_begun_anew(server: FileServer, file: Path, etags: bool) -> None:
    server.etags = etags
    server.faults = [BROKEN, *[Fault(status=503)] * 3]
    with pytest.raises(DownloadError):
        get(server, file)
    server.files["x.pth"] = changed = CONTENT[::-1]
    if not etags:  # the date has to tell
        (part_note,) = file.parent.glob("*.json")
        part_note.write_text(part_note.read_text().replace("2026", "2025"))
    get(server, file)
    assert file.read_bytes() == changed


def test_a_part_of_another_address_is_begun_anew(server: FileServer, file: Path) -> None:
    server.faults = [BROKEN, *[Fault(status=503)] * 3]
    with pytest.raises(DownloadError):
        get(server, file)
    fetch(Wanted(f"{server.url}/x.pth", None, 1 << 30), file, lambda *_: None, lambda: False, QUICK)
    assert server.requests[-1] == ("/x.pth", None)
    assert file.read_bytes() == CONTENT


@pytest.mark.parametrize(
    "second", [Fault(ranges=False), Fault(shift=-7), Fault(shift=7), Fault(status=416), Fault(status=206)]
)
def test_wrong_parts_are_not_put_together(server: FileServer, file: Path, second: Fault) -> None:
    server.faults = [BROKEN, second]
    get(server, file)
    assert file.read_bytes() == CONTENT


def test_a_server_without_ranges_that_always_breaks_off_is_given_up(server: FileServer, file: Path) -> None:
    server.faults = [Fault(send=HALF, ranges=False)] * 50
    with pytest.raises(DownloadError, match="does not send"):
        get(server, file)
    assert len(server.requests) == QUICK.tries


@pytest.mark.parametrize("num_bytes", [len(CONTENT), None])
def test_without_a_stated_length(server: FileServer, file: Path, num_bytes: int | None) -> None:
    server.faults = [Fault(length=0)]
    get(server, file, num_bytes)
    assert file.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("fault", "title"),
    [
        (Fault(status=404), "has no file x.pth"),
        (Fault(status=410), "has no file x.pth"),
        (Fault(status=403), "refuses x.pth"),
        (Fault(status=401), "refuses x.pth"),
        (Fault(status=418), "answers 418"),
        (Fault(body=b"<html>Log in</html>", headers=(("Content-Type", "text/html"),)), "a web page"),
        (Fault(length=HALF), f"another file than x.pth: {HALF} bytes, not {len(CONTENT)}"),
        (Fault(length=2 * len(CONTENT)), "another file than x.pth"),
        (Fault(body=b"garbage"), "another file than x.pth"),
        (Fault(body=CONTENT * 3, length=0), "sends more than"),
        (Fault(status=302, headers=(("Location", "/models/x.pth"),)), None),
    ],
)
def test_what_cannot_be_right_is_refused_at_once(
    server: FileServer, file: Path, fault: Fault, title: str | None
) -> None:
    server.faults = [fault]
    if title is None:
        get(server, file)
        assert file.read_bytes() == CONTENT
        return
    with pytest.raises(DownloadError, match=title) as caught:
        get(server, file)
    assert caught.value.hint
    assert left(file) == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [Fault(body=CONTENT * 3), Fault(body=CONTENT * 3, length=0)])
def test_of_unknown_size_there_is_a_limit(server: FileServer, file: Path, fault: Fault) -> None:
    server.faults = [fault]
    with pytest.raises(DownloadError, match=r"too large|sends more"):
        get(server, file, num_bytes=None)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_passing_trouble_is_waited_out(server: FileServer, file: Path, status: int) -> None:
    server.faults = [Fault(status=status, headers=(("Retry-After", "0"),)), Fault(status=status)]
    get(server, file)
    assert file.read_bytes() == CONTENT
    assert len(server.requests) == 3


@pytest.mark.parametrize("when", ["600", "Wed, 01 Jul 2099 08:00:00 GMT"])
def test_a_long_wait_is_left_to_the_person(server: FileServer, file: Path, when: str) -> None:
    server.faults = [Fault(status=429, headers=(("Retry-After", when),))]
    with pytest.raises(DownloadError, match=r"asks to come back in \d+ minutes"):
        get(server, file)
    assert len(server.requests) == 1


def test_redirects_in_a_circle(server: FileServer, file: Path) -> None:
    server.faults = [Fault(status=302, headers=(("Location", "/models/x.pth"),))] * 60
    with pytest.raises(DownloadError, match="too many redirects"):
        get(server, file)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x.pth", "http://nowhere.invalid/x.pth"])
def test_a_server_that_is_not_there(file: Path, url: str) -> None:
    with pytest.raises(DownloadError, match=r"does not send x\.pth"):
        fetch(Wanted(url, None, 100), file, lambda *_: None, lambda: False, QUICK)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x.pth", "x.pth", "https:///x.pth"])
def test_addresses_that_are_none(file: Path, url: str) -> None:
    with pytest.raises(DownloadError, match="cannot be used"):
        fetch(Wanted(url, None, 100), file, lambda *_: None, lambda: False, QUICK)


def test_a_name_and_password_in_the_address_are_not_told(server: FileServer, file: Path) -> None:
    server.faults = [Fault(status=403)]
    url = server.url.replace("http://", "http://someone:secret@")
    with pytest.raises(DownloadError) as caught:
        fetch(Wanted(f"{url}/x.pth", None, 100), file, lambda *_: None, lambda: False, QUICK)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("send", [0, HALF])
def test_cancelled_while_the_server_stalls(server: FileServer, file: Path, send: int) -> None:
    server.faults = [Fault(send=send, stall=True)]
    told: list[int] = []
    with pytest.raises(Cancelled):
        fetch(
            Wanted(f"{server.url}/x.pth", None, 1 << 30),
            file,
            lambda done, _total: told.append(done),
            lambda: send in told and server.stalled.is_set(),
            Patience(stall_seconds=60),
        )
    assert left(file) == ["x.pth.part", "x.pth.part.json"]
    assert (file.parent / "x.pth.part").stat().st_size == send


def test_cancelled_before_the_server_answers(server: FileServer, file: Path) -> None:
    with pytest.raises(Cancelled):
        fetch(Wanted(f"{server.url}/x.pth", None, 1 << 30), file, lambda *_: None, lambda: True, QUICK)
    assert left(file) == []


def test_cancelled_while_waiting_to_try_again(server: FileServer, file: Path) -> None:
    server.faults = [Fault(status=503, headers=(("Retry-After", "60"),))]
    patient = Patience(longest_wait=100)
    with pytest.raises(Cancelled):
        fetch(
            Wanted(f"{server.url}/x.pth", None, 1 << 30),
            file,
            lambda *_: None,
            lambda: bool(server.requests),
            patient,
        )


def test_goes_through_a_proxy(server: FileServer, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    fetch(Wanted("http://far.invalid/x.pth", None, 1 << 30), file, lambda *_: None, lambda: False, QUICK)
    assert server.requests == [("http://far.invalid/x.pth", None)]
    assert file.read_bytes() == CONTENT


def test_no_thread_is_left(server: FileServer, file: Path) -> None:
    server.faults = [BROKEN]
    get(server, file)
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("download")]
    for thread in threads:
        thread.join(timeout=10)
    assert not any(thread.is_alive() for thread in threads)

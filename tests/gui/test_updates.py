"""The notice of a newer release: what is asked, how seldom, and what is made of the answers."""

import json
import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from resshift_desktop import __version__
from resshift_desktop.gui.pages.settings import SettingsDialog
from resshift_desktop.gui.preferences import Preferences, app_settings, save_preferences
from resshift_desktop.gui.updates import Release, UpdateNotice, is_newer, newest_release, release_feed
from tests.core.weights.file_server import Fault, FileServer, running_server

PAGE = "https://example.org/releases/9"
NEW = {"tag_name": "v99.1.0", "html_url": PAGE}


@pytest.fixture
def feed(direct: None) -> Iterator[FileServer]:  # noqa: ARG001
    with running_server() as server:
        server.files["latest"] = json.dumps(NEW).encode()
        yield server


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def notice(window: QMainWindow, feed: FileServer | None, *, wanted: bool = True) -> UpdateNotice:
    settings = app_settings()
    save_preferences(settings, Preferences(updates=wanted))
    return UpdateNotice(window, settings, feed and f"{feed.url}/latest")


def line(window: QMainWindow) -> str:
    return "".join(label.text() for label in window.findChildren(QLabel) if label.objectName() == "updates")


def test_what_the_feed_says(feed: FileServer) -> None:
    assert newest_release(f"{feed.url}/latest") == Release("99.1.0", PAGE)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"garbage", b"[]", b"{}", b"null", b'"v9"', b"[" * 100_000, b"\xff\xfe",
        json.dumps({**NEW, "tag_name": 5}).encode(),
        json.dumps({**NEW, "tag_name": "nightly"}).encode(),
        json.dumps({**NEW, "tag_name": "9.0rc1"}).encode(),
        json.dumps({**NEW, "html_url": 5}).encode(),
        json.dumps({**NEW, "html_url": "file:///etc/passwd"}).encode(),
        json.dumps({**NEW, "html_url": 'https://a"><img src=x>'}).encode(),
        json.dumps(NEW).encode() + b" " * (2 << 20),
    ],
)  # fmt: skip
def test_nonsense_is_no_release(feed: FileServer, body: bytes) -> None:
    feed.faults.append(Fault(body=body))
    assert newest_release(f"{feed.url}/latest") is None
    assert len(feed.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=404),
        Fault(status=503),
        Fault(send=10),
        Fault(send=0, stall=True),
        Fault(send=10, stall=True),
    ],
)
def test_what_does_not_come_is_no_release(feed: FileServer, fault: Fault) -> None:
    feed.faults.append(fault)
    assert newest_release(f"{feed.url}/latest", patience=0.3) is None


@pytest.mark.usefixtures("direct")
def test_nobody_answers() -> None:
    assert newest_release("http://127.0.0.1:9/latest") is None
    assert newest_release("no address") is None


@pytest.mark.parametrize(
    ("version", "current", "expected"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.10.0", "0.9.9", True),
        ("1", "0.9", True),
        ("0.1.0", "0.1.0", False),
        ("0.1", "0.1.0", False),
        ("0.0.9", "0.1.0", False),
        ("1.0rc1", "0.1.0", False),
        ("٣.0", "0.1.0", False),
        ("", "0.1.0", False),
    ],
)
def test_newer(version: str, current: str, expected: bool) -> None:
    assert is_newer(Release(version, PAGE), current) is expected


def test_a_newer_release_is_told_once_a_week_is_over(
    feed: FileServer, window: QMainWindow, qtbot: QtBot
) -> None:
    notice(window, feed).start()
    qtbot.waitUntil(lambda: "ResShift 99.1.0 is out." in line(window) and PAGE in line(window))
    assert len(feed.requests) == 1

    later = QMainWindow()
    qtbot.addWidget(later)
    notice(later, feed).start()  # it is known by now, without asking
    assert "99.1.0" in line(later)
    assert len(feed.requests) == 1

    app_settings().setValue("updates/asked", str(int(time.time()) - 8 * 24 * 3600))
    notice(later, feed).start()
    qtbot.waitUntil(lambda: len(feed.requests) == 2)


def test_a_week_without_an_answer_is_a_week_too(feed: FileServer, window: QMainWindow, qtbot: QtBot) -> None:
    feed.faults.append(Fault(status=404))
    notice(window, feed).start()
    qtbot.waitUntil(lambda: len(feed.requests) == 1)
    notice(window, feed).start()
    assert line(window) == ""
    assert len(feed.requests) == 1


@pytest.mark.parametrize("version", [__version__, "0.0.1"])
def test_the_same_and_older_ones_are_not_told(
    feed: FileServer, window: QMainWindow, qtbot: QtBot, version: str
) -> None:
    feed.files["latest"] = json.dumps({**NEW, "tag_name": version}).encode()
    notice(window, feed).start()
    qtbot.waitUntil(lambda: app_settings().value("updates/version") == version)
    assert line(window) == ""


def test_unless_it_is_wanted_nobody_is_asked(feed: FileServer, window: QMainWindow, qtbot: QtBot) -> None:
    assert not Preferences().updates
    notice(window, feed, wanted=False).start()
    notice(window, None).start()
    qtbot.wait(50)
    assert feed.requests == []
    assert app_settings().value("updates/asked") is None


def test_the_box_is_there_where_there_are_releases(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def boxes() -> list[QCheckBox]:
        dialog = SettingsDialog()
        qtbot.addWidget(dialog)
        return [box for box in dialog.findChildren(QCheckBox) if "newer" in box.text()]

    monkeypatch.delenv("RESSHIFT_RELEASES", raising=False)
    assert release_feed() is None
    assert boxes() == []
    monkeypatch.setenv("RESSHIFT_RELEASES", "https://example.org/latest")
    (box,) = boxes()
    assert not box.isChecked()
    box.click()
    (box,) = boxes()
    assert box.isChecked()

"""Tells of a newer release, where the person wants that: one line with a link. Nothing is ever downloaded."""

import json
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtWidgets import QLabel, QMainWindow

from resshift_desktop import __version__
from resshift_desktop.gui.mailbox import Mailbox
from resshift_desktop.gui.preferences import load_preferences
from resshift_desktop.paths import resources_folder

_WEEK = 7 * 24 * 3600
_PATIENCE_SECONDS = 10.0
_LARGEST_ANSWER = 1 << 20
_DELAY_MILLISECONDS = 5000
"""The window's own beginning comes first."""
_GROUP = "updates"


@dataclass(frozen=True)
class Release:
    """version: such as "0.2.0". page: https address of what people read about it, and where they get it."""

    version: str
    page: str


def release_feed() -> str | None:
    """The address that answers like GitHub's "latest release"; None for a program of one's own making.

    The packaged app notes it among its resources; RESSHIFT_RELEASES names another one.
    """
    named = os.environ.get("RESSHIFT_RELEASES")
    if named is not None:
        return named or None
    try:
        return json.loads((resources_folder() / "releases.json").read_text("utf-8"))["feed"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def newest_release(feed: str, patience: float = _PATIENCE_SECONDS) -> Release | None:
    """The release that the feed tells of; None where it makes no sense or comes too late. Blocks.

    patience: seconds for all of it.
    """
    import requests
    from urllib3.exceptions import HTTPError

    deadline = time.monotonic() + patience
    answer = b""
    try:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "ResShift"}
        with requests.get(feed, headers=headers, stream=True, timeout=patience) as response:
            response.raise_for_status()
            while piece := response.raw.read1(_LARGEST_ANSWER):  # what is there, however little
                answer += piece
                if len(answer) > _LARGEST_ANSWER or time.monotonic() > deadline:
                    return None
        told = json.loads(answer)
        release = Release(told["tag_name"].removeprefix("v"), told["html_url"])
    except (requests.RequestException, HTTPError, OSError):
        return None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # no such JSON
        return None
    page = isinstance(release.page, str) and re.fullmatch(r"https://[^\s\"<>&]+", release.page)
    return release if page and _numbers(release.version) is not None else None


def is_newer(release: Release, current: str = __version__) -> bool:
    """Whether the release comes after the version `current`; what is no number, as 1.0rc1, never does."""
    new, old = _numbers(release.version), _numbers(current)
    return new is not None and old is not None and new > old


class UpdateNotice:
    """Asks once a week, if the preferences allow it, and tells at the bottom of `window`."""

    def __init__(
        self,
        window: QMainWindow,
        settings: QSettings,
        feed: str | None,
        ask: Callable[[str], Release | None] = newest_release,
    ) -> None:
        self._window, self._settings, self._feed, self._ask = window, settings, feed, ask
        self._mailbox: Mailbox[Release | None] = Mailbox(self._take, window)

    def start_later(self) -> None:
        QTimer.singleShot(_DELAY_MILLISECONDS, self._window, self.start)

    def start(self) -> None:
        """Show what is known already, and ask in a thread if it is time to."""
        if self._feed is None or not load_preferences(self._settings).updates:
            return
        self._show(self._known())
        now = time.time()
        if not 0 <= now - self._number("asked") < _WEEK:
            self._settings.setValue(f"{_GROUP}/asked", str(int(now)))  # also where it then fails
            threading.Thread(target=self._find, args=(self._feed,), name="updates", daemon=True).start()

    def close(self) -> None:
        """Hand nothing over any more."""
        self._mailbox.close()

    def _find(self, feed: str) -> None:
        self._mailbox.post(self._ask(feed))

    def _take(self, releases: list[Release | None]) -> None:
        release = releases[-1]
        if release is not None:
            self._settings.setValue(f"{_GROUP}/version", release.version)
            self._settings.setValue(f"{_GROUP}/page", release.page)
            self._show(release)

    def _known(self) -> Release | None:
        version, page = (self._settings.value(f"{_GROUP}/{name}") for name in ("version", "page"))
        return Release(version, page) if isinstance(version, str) and isinstance(page, str) else None

    def _show(self, release: Release | None) -> None:
        if release is None or not is_newer(release):
            return
        line = self._window.statusBar().findChild(QLabel, _GROUP)
        if line is None:
            line = QLabel()
            line.setObjectName(_GROUP)
            line.setOpenExternalLinks(True)
            self._window.statusBar().addWidget(line)
        text = QCoreApplication.translate("UpdateNotice", "ResShift {version} is out.")
        link = QCoreApplication.translate("UpdateNotice", "What is new")
        line.setText(f'{text.format(version=release.version)} <a href="{release.page}">{link}</a>')

    def _number(self, name: str) -> float:
        value = self._settings.value(f"{_GROUP}/{name}")
        return float(value) if isinstance(value, str) and value.isdigit() else 0.0


def _numbers(version: str) -> tuple[int, ...] | None:
    """(0, 2, 0) of "0.2.0", without zeros at its end; None of what is not made of numbers alone."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9}){0,3}", version, re.ASCII):
        return None
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)

"""Where the screen's profile comes from. X11 is tested with an X server, in tests/gui/real."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QColorSpace, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from resshift_desktop.gui.picture import screen_profile
from resshift_desktop.gui.picture.screen_profile import find_screen_profile

WIDE = QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile().data()


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def missing(window: int) -> bytes:  # noqa: ARG001
    raise OSError("no such library")


@pytest.mark.qt_log_ignore("fromIccProfile")  # that a profile is cut off
@pytest.mark.parametrize(
    ("platform", "told", "expected"),
    [("windows", lambda _: WIDE, WIDE), ("windows", lambda _: b"", None), ("windows", missing, None),
     ("windows", lambda _: WIDE[:200], None), ("cocoa", lambda _: WIDE, None),
     ("wayland", lambda _: WIDE, None)],
)  # fmt: skip
def test_what_windows_tells_is_used(
    widget: QWidget, monkeypatch: pytest.MonkeyPatch,
    platform: str, told: Callable[[int], bytes], expected: bytes | None,
) -> None:  # fmt: skip
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    monkeypatch.setattr(
        screen_profile, "_of_windows", told
    )  # the system's answer, which is not to be had here
    found = find_screen_profile(widget)
    assert (found.read_bytes() if found else None) == expected
    assert find_screen_profile(widget) == found
    kept = list(Path(screen_profile.cache_folder()).glob("*.icc"))
    assert kept == ([found] if found else [])

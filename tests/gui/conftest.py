"""For all tests of windows: no screen is needed, and no folder of the person running them is touched."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # read when the application object is made


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"RESSHIFT_{name}", str(tmp_path / name.lower()))


@pytest.fixture(scope="session", autouse=True)
def clipboard_left_empty() -> Iterator[None]:
    """The offscreen platform lets go of what was copied when Python is gone already, and crashes on it."""
    yield
    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()


def pytest_itemcollected(item: pytest.Item) -> None:
    # What Qt's offscreen platform says of every window before Qt 6.12.
    item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"))

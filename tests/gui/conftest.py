"""For all tests of windows: no screen is needed, and no folder of the person running them is touched."""

import os
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # read when the application object is made


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"RESSHIFT_{name}", str(tmp_path / name.lower()))

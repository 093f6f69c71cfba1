"""The real app and the real core on a screen of their own, in folders of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from resshift_desktop.core.imaging.files import read_image
from resshift_desktop.gui.options import Options, save_options
from resshift_desktop.gui.preferences import app_settings
from tests.bridge.cores import end_cores
from tests.gui.real.desktop import Desktop, virtual_desktop
from tests.gui.real.driving import PATIENCE

SCREEN = (1280, 800)
TILE_SIZE = 128
"""Input pixels; so that also the small samples are made of several tiles."""
SAMPLES = Path(__file__).parents[3] / "resources" / "samples"


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    with virtual_desktop(*SCREEN) as running:
        yield running


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, own_folders: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001
    """As left by a person who has chosen small tiles. After each test no core of its own is left."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RESSHIFT_CORE", raising=False)
    monkeypatch.delenv("RESSHIFT_CONNECTION", raising=False)
    settings = app_settings()
    save_options(settings, Options(tile_size=TILE_SIZE))
    settings.sync()
    yield
    end_cores(tmp_path)


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """A copy of the sample pictures, in which results may be written."""
    folder = tmp_path / "samples"
    folder.mkdir()
    for picture in SAMPLES.glob("*.jpg"):
        shutil.copy(picture, folder)
    return folder


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """The lighthouse as the command line upscales it: pixels (h, w, 3)."""
    result = tmp_path_factory.mktemp("expected") / "lighthouse.jpg"
    arguments = ["upscale", SAMPLES / "lighthouse.jpg", "-o", result, "--tile", TILE_SIZE]
    command = [sys.executable, "-m", "resshift_desktop.cli.app", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return read_image(result).array


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Where screenshots go: the folder $RESSHIFT_SCREENSHOTS, for people to look at, else the test's own."""
    folder = Path(os.environ.get("RESSHIFT_SCREENSHOTS", tmp_path / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder

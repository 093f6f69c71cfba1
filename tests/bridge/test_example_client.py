"""The example in the documentation, with the real core and its built-in model."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.bridge.cores import REAL_CORE, end_cores, move_folders, running

EXAMPLE = Path(__file__).parents[2] / "docs" / "example_client.py"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    move_folders(tmp_path, monkeypatch)
    yield
    end_cores(tmp_path)


def test_it_upscales_a_picture(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 24 * 16 * 3).reshape(16, 24, 3).astype(np.uint8)
    Image.fromarray(ramp).save(tmp_path / "in.ppm")
    with running(*REAL_CORE):
        command = [sys.executable, "-I", str(EXAMPLE), "in.ppm", "out.ppm"]
        result = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].startswith("96 x 64")
    with Image.open(tmp_path / "out.ppm") as picture:
        assert picture.size == (96, 64)
        small = np.asarray(picture.resize((24, 16), Image.Resampling.BOX), float)
    assert np.abs(small - ramp).mean() < 6
    assert len(EXAMPLE.read_text("utf-8").splitlines()) <= 30

"""A real process of its own is started and measured."""

from pathlib import Path

import pytest
from PIL import Image

from resshift_desktop.errors import ResShiftError
from resshift_desktop.lab.bench import save_test_picture
from resshift_desktop.lab.probe import run_probe


def test_a_process_upscales_and_tells_its_peak_memory(tmp_path: Path) -> None:
    source, result = tmp_path / "input.jpg", tmp_path / "result.jpg"
    save_test_picture(source, 48, 32)
    probe = run_probe("builtin", "cpu", (source, result))
    with Image.open(result) as image:
        assert image.size == (192, 128)
    assert 50e6 < probe.peak_bytes < 4e9  # torch alone takes more than the one, nothing here the other
    assert min(probe.import_torch_seconds, probe.load_seconds, probe.upscale_seconds) > 0


def test_a_process_that_fails_is_an_error_for_people(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ResShiftError, match="failed"):
        run_probe("no such model", "cpu")
    assert "no such model" in capfd.readouterr().err

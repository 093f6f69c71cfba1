import re
import shutil
from pathlib import Path

import pytest

from resshift_desktop import __version__, paths
from tests.cli.conftest import Resshift, Start, outcome


def lines(text: str) -> dict[str, str]:
    """The text beside each label."""
    found = re.findall(r"^  (\S.*?) {2,}(.+)$", text, re.MULTILINE)
    return dict(found)


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what ships with the program, to be damaged."""
    folder = tmp_path / "resources"
    shutil.copytree(paths.resources_folder() / "models", folder / "models")
    monkeypatch.setattr(paths, "resources_folder", lambda: folder)
    return folder


def test_a_sound_installation(resshift: Resshift) -> None:
    result = resshift("doctor")
    assert (result.code, result.err) == (0, "")
    told = lines(result.out)
    assert told["ResShift"].startswith(__version__)
    assert told["torch"].startswith("2.")
    assert re.match(r"8\.\d+\.\d+, through pyvips", told["libvips"])
    assert re.search(r"[\d.]+ GB of [\d.]+ GB memory free", told["cpu"])
    assert "complete" in told["builtin"]
    assert "can be written to" in told["Work"]
    assert "because" in told["Why"]
    assert told["Precision"] in ("16 bits", "32 bits")
    assert re.match(r"(\d+) x \1 pixels", told["Tile size"])
    assert result.out.splitlines()[-1].startswith("Ready")
    assert "\x1b" not in result.out
    assert f"{Path.home()}/" not in result.out


def test_weights_that_are_not_those_of_the_card(resshift: Resshift, resources: Path) -> None:
    weights = resources / "models" / "builtin.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    result = resshift("doctor")
    assert result.code == 1
    assert "NOT the file" in lines(result.out)["builtin"]
    assert "Not ready: The weights file builtin.safetensors is damaged." in result.out


def test_no_models_at_all(resshift: Resshift, resources: Path) -> None:
    shutil.rmtree(resources / "models")
    result = resshift("doctor")
    assert result.code == 1
    assert "Not ready: There is no model" in result.out


def test_a_work_folder_that_cannot_be(
    resshift: Resshift, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("RESSHIFT_CACHE", str(tmp_path / "file" / "cache"))
    result = resshift("doctor")
    assert result.code == 1
    assert "CANNOT be written to" in lines(result.out)["Work"]
    assert "Not ready" in result.out


@pytest.mark.parametrize("missing", ["torch", "pyvips"])
def test_a_library_that_is_not_there(start: Start, missing: str) -> None:
    code = f"""
import sys
sys.modules[{missing!r}] = None  # as if it were not installed
from resshift_desktop.cli.app import main
sys.exit(main(["doctor"]))
"""
    result = outcome(start(code=code))
    assert (result.code, result.err) == (1, "")
    told = lines(result.out)
    label = {"torch": "torch", "pyvips": "libvips"}[missing]
    assert told[label] == f"not installed ({missing})"
    assert "complete" in told["builtin"]
    assert result.out.splitlines()[-1] == f"Not ready: not installed ({missing})"

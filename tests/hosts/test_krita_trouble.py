"""What goes wrong in the real Krita, and what people do meanwhile."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.hosts.krita import play, scenes_of
from tests.hosts.machine import Machine


@pytest.fixture(scope="module")
def report(root: Path, home_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("krita")
    machine = Machine(root, folder / "machine", folder)
    shutil.copytree(home_template, machine.home, symlinks=True)
    with machine.with_screen() as desk:
        core = desk.core_program(sys.executable, "-m", "tests.hosts.waiting_core")
        return play(desk, "krita_trouble", core)


@pytest.mark.parametrize("scene", scenes_of("krita_trouble"))
def test_scene(report: dict[str, str], scene: str) -> None:
    if report.get(scene) != "well":
        pytest.fail(report.get(scene, "It was not played."), pytrace=False)

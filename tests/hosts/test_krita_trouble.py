"""What goes wrong in the real Krita, and what people do meanwhile."""

import sys
from pathlib import Path

import pytest

from tests.hosts.krita import play, scenes_of
from tests.hosts.machine import Machine


@pytest.fixture(scope="module")
def report(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("krita")
    with Machine(root, folder / "machine", folder).with_screen() as desk:
        core = desk.core_program(sys.executable, "-m", "tests.hosts.waiting_core")
        return play(desk, "krita_trouble", core)


@pytest.mark.parametrize("scene", scenes_of("krita_trouble"))
def test_scene(report: dict[str, str], scene: str) -> None:
    if report.get(scene) != "well":
        pytest.fail(report.get(scene, "It was not played."), pytrace=False)

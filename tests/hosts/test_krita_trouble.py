"""What goes wrong in the real Krita, and what people do meanwhile."""

import numpy as np
import pytest

from tests.hosts.krita import play, scenes_of
from tests.hosts.machine import Machine


@pytest.fixture(scope="module")
def report(root, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("krita")
    with Machine(root, folder / "machine", folder).with_screen() as desk:
        slow = np.random.default_rng(0).integers(0, 256, (512, 512, 4), np.uint8)
        slow[..., 3] = 255
        (desk.folder / "slow").write_bytes(slow.tobytes())
        return play(desk, "krita_trouble", desk.core_program())


@pytest.mark.parametrize("scene", scenes_of("krita_trouble"))
def test_scene(report: dict[str, str], scene: str) -> None:
    if report.get(scene) != "well":
        pytest.fail(report.get(scene, "It was not played."), pytrace=False)

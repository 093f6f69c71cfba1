"""Layers and images, upscaled in the real Krita with the real core."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from resshift_desktop.cli.app import app
from tests.hosts.krita import play, scenes_of
from tests.hosts.machine import Machine


@pytest.fixture(scope="module")
def report(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("krita")
    with Machine(root, folder / "machine", folder).with_screen() as desk:
        desk.folder.mkdir(exist_ok=True)
        _write_pictures(desk.folder)
        yield play(desk, "krita_layers", desk.core_program())


def _write_pictures(folder: Path) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (40, 48, 3), np.uint8)
    Image.fromarray(rgb).save(folder / "in.png")
    done = CliRunner().invoke(
        app, ["upscale", str(folder / "in.png"), "-o", str(folder / "out.png"), "--seed", "7"]
    )
    assert done.exit_code == 0, done.output
    for name, picture in (("bgra", Image.open(folder / "in.png")), ("bgra4", Image.open(folder / "out.png"))):
        (folder / name).write_bytes(np.asarray(picture.convert("RGBA"))[..., [2, 1, 0, 3]].tobytes())


@pytest.mark.parametrize("scene", scenes_of("krita_layers"))
def test_scene(report: dict[str, str], scene: str) -> None:
    assert report.get(scene) == "well"

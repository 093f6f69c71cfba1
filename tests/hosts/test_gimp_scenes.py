"""Scenes in the real GIMP, without its window, and with the real core: tests/hosts/inside/gimp_*.py."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from resshift_desktop.cli.app import app
from resshift_desktop.core.imaging.vips import pyvips
from tests.core.engine.test_hole import install_small
from tests.hosts.gimp import console, install, report, scenes_of
from tests.hosts.machine import Machine

pytestmark = pytest.mark.timeout(600)  # for all scenes together, on a machine that is busy
_FILES = ("core", "layers", "second")


@pytest.fixture(scope="module")
def reports(root: Path, home_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("gimp")
    machine = Machine(root, folder / "machine", folder)
    shutil.copytree(home_template, machine.home, symlinks=True)
    install(machine)
    _make_pictures(machine.folder)
    models = machine.data / "models"
    models.mkdir(parents=True)
    install_small(models, "inpaint")
    machine.core_program()  # the scenes install it
    with console(machine, "core", "layers") as gimp, console(machine, "second") as second:
        second.wait(400)
        gimp.wait(400)
    return {scene: how for name in _FILES for scene, how in report(machine, name).items()}


@pytest.mark.parametrize("scene", scenes_of(*_FILES))
def test_scene(reports: dict[str, str], scene: str) -> None:
    assert reports.get(scene) == "well", reports.get(scene)


def _make_pictures(folder: Path) -> None:
    """48 x 40 pixels as pictures/NAME.png, and the samples of the command line's results as expected/NAME."""
    random = np.random.default_rng(0)
    rgb = random.integers(0, 256, (40, 48, 3), np.uint8)
    alpha = random.integers(1, 256, (40, 48, 1), np.uint8)
    rgb16 = random.integers(0, 65536, (40, 48, 3), np.uint16)
    pictures = {
        "rgb": rgb,
        "rgba": np.dstack([rgb, alpha]),
        "grey": rgb[..., :1],
        "grey_alpha": np.dstack([rgb[..., :1], alpha]),
        "rgb16": rgb16,
        "grey_alpha16": rgb16[..., :2],
        "cut_out": rgb[6:26, 4:34],
    }
    for part in ("pictures", "expected"):
        (folder / part).mkdir()
    for name, picture in pictures.items():
        pyvips.Image.new_from_array(picture).write_to_file(str(folder / "pictures" / f"{name}.png"))
    Image.fromarray(rgb).quantize(16).save(folder / "pictures" / "palette.png")
    for name in (*pictures, "palette"):
        result = folder / f"{name}.png"
        picture = str(folder / "pictures" / f"{name}.png")
        done = CliRunner().invoke(app, ["upscale", picture, "-o", str(result), "--scale", "2", "--seed", "7"])
        assert done.exit_code == 0, done.output
        (folder / "expected" / name).write_bytes(pyvips.Image.new_from_file(str(result)).numpy().tobytes())

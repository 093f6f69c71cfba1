"""Layers and images, upscaled in the real Krita with the real core."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from resshift_desktop.cli.app import app
from resshift_desktop.core.imaging.vips import pyvips
from tests.hosts.krita import play, scenes_of
from tests.hosts.machine import Machine


@pytest.fixture(scope="module")
def report(root: Path, home_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("krita")
    machine = Machine(root, folder / "machine", folder)
    shutil.copytree(home_template, machine.home, symlinks=True)
    with machine.with_screen() as desk:
        _make_pictures(desk.folder)
        return play(desk, "krita_layers", desk.core_program())


@pytest.mark.parametrize("scene", scenes_of("krita_layers"))
def test_scene(report: dict[str, str], scene: str) -> None:
    if report.get(scene) != "well":
        pytest.fail(report.get(scene, "It was not played."), pytrace=False)


def _make_pictures(folder: Path) -> None:
    """Pictures as Krita has them, and what the command line makes of them: NAME and NAME4."""
    random = np.random.default_rng(0)
    rgb = random.integers(0, 256, (40, 48, 3), np.uint8)
    rgb16 = random.integers(0, 65536, (40, 48, 3), np.uint16)
    y, x = np.mgrid[:40, :48]
    selected = np.clip(300 - 30 * np.hypot((x - 14) / 1.3, (y - 12) / 0.9), 0, 255).astype(np.uint8)
    rows, columns = (np.flatnonzero(selected.any(axis)) for axis in (1, 0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    cut_out = np.dstack([rgb, selected])[box]
    (folder / "selected").write_bytes(selected.tobytes())
    for name, picture in (("bgra", rgb), ("bgra16", rgb16), ("grey", rgb[..., 0]), ("selected", cut_out)):
        result = _by_the_command_line(folder, picture)
        (folder / f"{name}4").write_bytes(_as_krita_has_it(result))
        if name != "selected":
            (folder / name).write_bytes(_as_krita_has_it(picture))


def _by_the_command_line(folder: Path, picture: np.ndarray) -> np.ndarray:
    pyvips.Image.new_from_array(picture).write_to_file(str(folder / "in.png"))
    command = ["upscale", str(folder / "in.png"), "-o", str(folder / "out.png"), "--seed", "7", "--overwrite"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    return pyvips.Image.new_from_file(str(folder / "out.png")).numpy()


def _as_krita_has_it(picture: np.ndarray) -> bytes:
    """With an alpha channel, and blue first."""
    bands = np.atleast_3d(picture)
    if bands.shape[2] in (1, 3):
        bands = np.dstack([bands, np.full(bands.shape[:2], np.iinfo(bands.dtype).max, bands.dtype)])
    order = [2, 1, 0, 3] if bands.shape[2] == 4 else [0, 1]
    return bands[..., order].tobytes()

"""Work that is broken off: the core killed, the app closed, everything gone. And a second launch."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from resshift_desktop.core.imaging.files import read_image
from tests.bridge.cores import end_cores, the_core
from tests.gui.real.desktop import Desktop
from tests.gui.real.driving import DIVIDER, PATIENCE, running_app


def test_a_second_launch_hands_its_files_over(desktop: Desktop, samples: Path) -> None:
    with running_app(desktop, samples / "lighthouse.jpg") as app:
        app.wait_until(lambda look: look.rows)
        command = [sys.executable, "-m", "resshift_desktop", "parrots.jpg"]
        second = subprocess.run(command, env=desktop.environment, cwd=samples, timeout=PATIENCE, check=False)
        assert second.returncode == 0
        look = app.wait_until(lambda look: len(look.rows) == 2)
        assert [name for name, *_ in look.rows] == ["lighthouse.jpg", "parrots.jpg"]
        assert app.quit() == 0


def test_the_core_is_killed_and_the_work_goes_on(
    desktop: Desktop, samples: Path, expected: np.ndarray
) -> None:
    with running_app(desktop, samples / "lighthouse.jpg") as app:
        app.click("Upscale this picture")
        app.wait_until(lambda look: DIVIDER in look.controls and look.states == ["running"])
        os.kill(the_core().connection.pid, signal.SIGKILL)
        app.wait_until(lambda look: look.says("interrupted"))
        look = app.wait_until(lambda look: look.states == ["done"])
        assert not look.says("interrupted")
        assert app.quit() == 0
    assert np.array_equal(read_image(samples / "lighthouse_x4.jpg").array, expected)


def test_the_queue_is_there_again_after_quitting_and_after_a_power_cut(
    desktop: Desktop, samples: Path, tmp_path: Path, expected: np.ndarray
) -> None:
    small = samples / "part of parrots.png"
    Image.open(samples / "parrots.jpg").crop((0, 0, 32, 32)).save(small)
    with running_app(desktop, samples / "lighthouse.jpg", small) as app:
        app.click("Upscale 2 pictures")
        app.wait_until(lambda look: DIVIDER in look.controls and "running" in look.states)
        assert app.quit() == 0
    for _ in range(2):
        with running_app(desktop) as app:
            look = app.wait_until(lambda look: look.rows)
            assert [name for name, *_ in look.rows] == ["lighthouse.jpg", small.name]
            assert set(look.states) & {"queued", "running"}
            end_cores(tmp_path)  # and the app, which has the same folders
    with running_app(desktop) as app:
        app.wait_until(lambda look: look.states == ["done", "done"])
        assert app.quit() == 0
    assert np.array_equal(read_image(samples / "lighthouse_x4.jpg").array, expected)

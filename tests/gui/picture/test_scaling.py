"""Screens whose scaling is not 100 %, which a process knows from its start."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.gui.picture.conftest import noise, pixels, save

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from resshift_desktop.gui.picture.view import PictureView

application = QApplication([])
window = QWidget()
window.resize(500, 400)
view = PictureView(window)
view.setGeometry(11, 7, 320, 240)  # a corner within a pixel
window.show()
loop = QEventLoop()
view.loaded.connect(loop.quit)
view.show_input(Path(sys.argv[1]))
loop.exec()
view.zoom_to(1)
view.grab()
done = QTimer(interval=20)
done.timeout.connect(lambda: view.is_sharp and loop.quit())
done.start()
loop.exec()
print(view.devicePixelRatioF())
window.grab().toImage().save(sys.argv[2])
view.close_threads()
"""


@pytest.mark.parametrize("scaling", ["1.25", "1.5", "2"])
def test_one_hundred_percent_is_one_pixel_of_the_screen(tmp_path: Path, scaling: str) -> None:
    array = noise(1600, 1200)
    environment = os.environ | {"QT_SCALE_FACTOR": scaling}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(save(tmp_path / "a.png", array)), str(tmp_path / "seen.png")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert float(run.stdout) == float(scaling)
    seen = pixels(QImage(str(tmp_path / "seen.png")))
    ratio = float(scaling)
    left, top = round(11 * ratio) + 2, round(7 * ratio) + 2
    piece = seen[top : top + 100, left : left + 100]
    width, height = round(320 * ratio), round(240 * ratio)
    around = array[600 - height // 2 - 4 :, 800 - width // 2 - 4 :]
    places = [(x, y) for x in range(10) for y in range(10)]
    matches = [(x, y) for x, y in places if np.array_equal(around[y : y + 100, x : x + 100], piece)]
    assert len(matches) == 1

"""How soon the packaged window is painted, beside that of the source tree.

python packaging/measure_start.py [dist/ResShift]; QT_QPA_PLATFORM=xcb on a screen that is black and empty, as
that of `Xvfb :9 -screen 0 1280x800x24`. It watches a pixel where the window comes.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtGui import QColor, QGuiApplication

_TIMES = 7
_PLACE = (300, 300)
_PATIENCE_SECONDS = 60


def seconds_to_paint(command: list[str], home: Path) -> float:
    """From starting the program until its window has painted over a black screen."""
    environment = {**os.environ, "HOME": str(home), "RESSHIFT_CORE": "no-core"}
    while not _is_black():
        time.sleep(0.05)
    started = time.monotonic()
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while _is_black() and time.monotonic() < started + _PATIENCE_SECONDS:
            time.sleep(0.005)
        seconds = time.monotonic() - started
        process.kill()
    return seconds


def _is_black() -> bool:
    pixel = QGuiApplication.primaryScreen().grabWindow(0, *_PLACE, 1, 1).toImage().pixelColor(0, 0)
    return pixel == QColor("black")


def main(app: Path) -> None:
    screen = QGuiApplication([])
    commands = {
        "source tree": [sys.executable, "-m", "resshift_desktop"],
        "packaged": [str(app.resolve() / "resshift-desktop")],
    }
    with tempfile.TemporaryDirectory() as home:
        runs = {name: [] for name in commands}
        for _ in range(_TIMES):  # in turns, as the machine may be busier at times
            for name, command in commands.items():
                runs[name].append(seconds_to_paint(command, Path(home)))
    medians = {name: statistics.median(seconds) for name, seconds in runs.items()}
    for name, seconds in medians.items():
        print(
            f"{name:<12} {1000 * seconds:5.0f} ms   (of {_TIMES}: {sorted(round(s, 2) for s in runs[name])})"
        )
    print(f"ratio        {medians['packaged'] / medians['source tree']:.2f}")
    screen.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist/ResShift"))

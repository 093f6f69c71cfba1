"""How quick the app is: `python -m resshift_desktop.lab.bench_app`.

Each figure comes from a process of its own, beside a bare Qt window where there is something to compare with.
Without a screen, Qt's offscreen platform is measured: QT_QPA_PLATFORM=offscreen.
"""

import json
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from PIL import Image

from resshift_desktop.errors import ResShiftError
from resshift_desktop.lab.bench_bridge import own_core

_WATCHDOG = """
class Watchdog(QObject):
    '''Looks how late a timer comes: `worst` is the longest that events had to wait, in seconds.'''

    def __init__(self, parent):
        super().__init__(parent)
        self.worst, self.seen = 0.0, time.perf_counter()
        QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer, timeout=self.look).start()

    def look(self):
        now = time.perf_counter()
        self.worst, self.seen = max(self.worst, now - self.seen), now
"""
_PRELUDE = f"""
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
{_WATCHDOG}
def tell(value):
    print(json.dumps(value), flush=True)

app = QApplication(sys.argv[:1])
"""
_PAINTED = f"""{_PRELUDE}
def look():
    # What is exposed has been painted by then.
    if any(window.isExposed() for window in app.allWindows()):
        timer.stop()
        tell(None)

timer = QTimer(app, interval=1, timeout=look)
timer.start()
"""
_BARE = f"""{_PAINTED}
window = QMainWindow()
window.resize(1240, 760)
window.show()
app.exec()
"""
_APP = f"""{_PAINTED}
from resshift_desktop.gui.main import main
main([])
"""
_WINDOW = f"""{_PRELUDE}
from resshift_desktop.gui import theme
from resshift_desktop.gui.kept_pictures import kept_pictures_file
from resshift_desktop.gui.preferences import app_settings
from resshift_desktop.gui.window import MainWindow
kept_pictures_file().unlink(missing_ok=True)  # those that were listed in the last run
theme.apply(app)
window = MainWindow(app_settings())
window.show()

def end(value):
    tell(value)
    window.close()
    app.exit()
"""
_DROP = f"""{_WINDOW}
from PySide6.QtCore import QMimeData, QUrl
data = QMimeData()
data.setUrls([QUrl.fromLocalFile(str(path)) for path in sorted(Path(sys.argv[1]).iterdir())])

class Listed(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and window.model.rowCount() == len(data.urls()):
            window.strip.viewport().removeEventFilter(self)
            QTimer.singleShot(0, lambda: end(time.perf_counter() - started))
        return False

listed = Listed()

def drop():
    global started
    window.strip.viewport().installEventFilter(listed)
    started = time.perf_counter()
    window.importer.take(data)

window.ready.connect(lambda: QTimer.singleShot(1000, drop))
app.exec()
"""
_OPEN = f"""{_WINDOW}
from resshift_desktop.gui.picture.view import PictureView
view = PictureView()
view.resize(1240, 760)
view.show()
small, large = map(Path, sys.argv[1:])
view.show_input(small)

def watch():
    global watchdog
    watchdog = Watchdog(app)
    view.loaded.connect(lambda: finish())
    view.show_result(large)

def finish():
    if view.is_sharp and view.isVisible():
        worst = watchdog.worst
        view.close_threads()
        end(worst)
    else:
        QTimer.singleShot(20, finish)

QTimer.singleShot(1500, watch)
app.exec()
"""
_IDLE_BLOCK = f"""{_PRELUDE}
watchdog = Watchdog(app)
QTimer.singleShot(3000, lambda: (tell(watchdog.worst), app.exit()))
app.exec()
"""


@dataclass(frozen=True)
class AppFigures:
    """Seconds, medians of some runs.

    `first_paint` and `bare_first_paint`: from starting the process until its window, or a bare Qt window,
    is painted. `list_shown`: from dropping `files` files until the list with all of them is painted.
    `idle_cpu`: processor seconds per second with nothing to do. `worst_block`: the longest that the GUI
    thread was kept from its events while a result of `megapixels` was opened; `idle_block`: the same of a
    program that does nothing, which is what the machine itself takes.
    """

    first_paint: float
    bare_first_paint: float
    list_shown: float
    idle_cpu: float
    worst_block: float
    idle_block: float
    files: int
    megapixels: float


def measure_app(
    times: int = 5, files: int = 500, megapixels: float = 64, idle_seconds: float = 10
) -> AppFigures:
    """Measure with folders and a core of its own, which computes nothing."""
    command = f"{shlex.quote(sys.executable)} -m resshift_desktop.lab.no_op_core"
    with tempfile.TemporaryDirectory() as name, own_core(command):
        folder = Path(name)
        pictures = _write_pictures(folder / "many", files)
        small, large = _write_result(folder, megapixels)
        pairs = [(_seconds_to_paint(_APP), _seconds_to_paint(_BARE)) for _ in range(times)]
        return AppFigures(
            first_paint=statistics.median(app for app, _ in pairs),
            bare_first_paint=statistics.median(bare for _, bare in pairs),
            list_shown=statistics.median(_told(_DROP, pictures) for _ in range(times)),
            idle_cpu=_idle_cpu(idle_seconds),
            worst_block=statistics.median(_told(_OPEN, small, large) for _ in range(times)),
            idle_block=statistics.median(_told(_IDLE_BLOCK) for _ in range(times)),
            files=files,
            megapixels=megapixels,
        )


def to_text(figures: AppFigures) -> str:
    ratio = figures.first_paint / figures.bare_first_paint
    rows = (
        ("Window painted", f"{1000 * figures.first_paint:.0f} ms"),
        ("  a bare Qt window", f"{1000 * figures.bare_first_paint:.0f} ms; ratio {ratio:.2f}"),
        (f"{figures.files} files dropped, until listed", f"{1000 * figures.list_shown:.0f} ms"),
        ("Processor while idle", f"{100 * figures.idle_cpu:.2f} %"),
        (f"Longest block, a {figures.megapixels:g} MP result opened", f"{1000 * figures.worst_block:.0f} ms"),
        ("  of a program that does nothing", f"{1000 * figures.idle_block:.0f} ms"),
    )
    return "\n".join(f"{name:<38}{value}" for name, value in rows)


def _start(program: str, *arguments: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _answer(process: "subprocess.Popen[str]") -> float:
    """The next thing that the process tells."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise ResShiftError("The process that was to be measured failed.", "Its message is above.")
    return json.loads(line)


def _seconds_to_paint(program: str) -> float:
    started = time.monotonic()
    with _start(program) as process:
        _answer(process)
        seconds = time.monotonic() - started
        process.kill()
    return seconds


def _told(program: str, *arguments: Path) -> float:
    """What a program measures of itself."""
    with _start(program, *arguments) as process:
        return _answer(process)


def _idle_cpu(seconds: float) -> float:
    with _start(_APP) as process:
        _answer(process)
        time.sleep(seconds)  # until the core has been found and all is quiet
        app = psutil.Process(process.pid)
        before = app.cpu_times()
        time.sleep(seconds)
        after = app.cpu_times()
        process.kill()
    return (after.user - before.user + (after.system - before.system)) / seconds


def _write_pictures(folder: Path, count: int) -> Path:
    folder.mkdir()
    picture = Image.effect_noise((320, 240), 60)
    for number in range(count):
        picture.save(folder / f"{number:04}.jpg")
    return folder


def _write_result(folder: Path, megapixels: float) -> tuple[Path, Path]:
    """An input and its result of so many pixels."""
    side = round((1e6 * megapixels) ** 0.5 / 4)
    picture = Image.effect_noise((side, side), 60).convert("RGB")
    picture.save(folder / "input.jpg")
    picture.resize((4 * side, 4 * side)).save(folder / "result.jpg")
    return folder / "input.jpg", folder / "result.jpg"


if __name__ == "__main__":
    print(to_text(measure_app()))

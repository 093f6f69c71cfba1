"""The packaged window on a screen of its own: a picture is dropped, upscaled, and the app is left."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from resshift_desktop.core.imaging.files import read_image
from tests.frozen.conftest import PATIENCE, Person
from tests.gui.real import drag_source
from tests.gui.real.desktop import Desktop

_TITLE = "ResShift"


def act(desktop: Desktop, *words: object) -> str:
    """What xdotool answers; nothing where it finds nothing."""
    command = ["xdotool", *map(str, words)]
    done = subprocess.run(command, env=desktop.environment, capture_output=True, text=True, timeout=PATIENCE)
    return done.stdout


def window_called(desktop: Desktop, title: str) -> int | None:
    found = act(desktop, "search", "--onlyvisible", "--name", f"^{title}$").split()
    return int(found[0]) if found else None


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def open_window(person: Person, desktop: Desktop, *words: object) -> Iterator["subprocess.Popen[str]"]:
    """The app with its window shown. It must not complain, nor Qt."""
    environment = {**person.environment, "DISPLAY": desktop.display, "QT_QPA_PLATFORM": "xcb"}
    command = [person.installed / "resshift-desktop", *map(str, words)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(lambda: process.poll() is not None or window_called(desktop, _TITLE))
            yield process
        finally:
            process.kill()
            _, complaints = process.communicate(timeout=PATIENCE)
    assert complaints == ""


def test_a_dropped_picture_is_upscaled(person: Person, desktop: Desktop, picture: Path) -> None:
    result = picture.with_name(f"{picture.stem}_x4.png")
    with open_window(person, desktop) as process:
        window = window_called(desktop, _TITLE)
        assert window is not None
        act(desktop, "windowmove", window, 100, 100, "windowsize", window, 1100, 680)
        command = [sys.executable, drag_source.__file__, str(picture)]
        with subprocess.Popen(command, env=desktop.environment, stdout=subprocess.PIPE, text=True) as source:
            assert source.stdout is not None
            assert source.stdout.readline() == "shown\n"
            desktop.drag((drag_source.SIDE // 2, drag_source.SIDE // 2), (650, 440))
            assert source.stdout.readline() == "CopyAction\n"
            desktop.focus(window)

            def started() -> bool:
                desktop.press("ctrl+Return")  # until the picture is listed there is nothing to start
                return (person.data / "jobs.sqlite").exists() and result.exists()

            wait_for(started)
            source.terminate()
        cores = [child for child in psutil.process_iter() if is_core(child, person)]
        assert len(cores) == 1
        desktop.press("ctrl+q")
        assert process.wait(PATIENCE) == 0
    assert read_image(result).array.shape == (256, 320, 3)


def is_core(process: psutil.Process, person: Person) -> bool:
    try:
        return process.exe() == str(person.installed / "resshift") and process.environ()["HOME"] == str(
            person.home
        )
    except (psutil.Error, KeyError):
        return False


def test_a_second_start_hands_over_to_the_first(person: Person, desktop: Desktop) -> None:
    with open_window(person, desktop) as process:
        environment = {**person.environment, "DISPLAY": desktop.display, "QT_QPA_PLATFORM": "xcb"}
        again = [person.installed / "resshift-desktop", "resshift://models"]
        wait_for(lambda: subprocess.run(again, env=environment, timeout=PATIENCE).returncode == 0)
        wait_for(lambda: window_called(desktop, "Models"))
        assert process.poll() is None

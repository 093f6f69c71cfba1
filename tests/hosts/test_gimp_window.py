"""A person in front of the real GIMP: menu, dialog, progress, result, undo, repeat, cancel."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from resshift_desktop.bridge.client import Client
from resshift_desktop.bridge.protocol import Connection
from resshift_desktop.cli.app import app
from resshift_desktop.core.imaging.vips import pyvips
from tests.gui.real.desktop import Desktop, Place
from tests.hosts.gimp import Window, install, window
from tests.hosts.machine import Machine

pytestmark = pytest.mark.timeout(600)  # on a machine that is busy
_SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "lighthouse.jpg"
_SIZE = (1270, 770)  # of GIMP's window
_CANCEL = Place(980, 767, 20, 10)  # in its status line, while a plug-in works
_HELP = """
from gi.repository import Gegl, Gimp

(image,) = Gimp.get_images()

def state():
    area = Gegl.Rectangle.new(0, 0, image.get_width(), image.get_height())
    buffers = [layer.get_buffer() for layer in image.get_layers()]
    if None in buffers:
        return "A layer went in this moment."
    pixels = [buffer.get(area, 1.0, None, Gegl.AbyssPolicy.NONE).hex() for buffer in buffers]
    return [image.get_width(), image.get_height(), pixels]
"""


class Person:
    """What someone does in GIMP's window, and what is to be seen of it."""

    def __init__(self, desk: Machine, screen: Desktop, gimp: Window) -> None:
        self.desk, self.screen, self.gimp = desk, screen, gimp

    def window(self, title: str) -> int | None:
        """The window whose title matches."""
        command = ["xdotool", "search", "--onlyvisible", "--name", title]
        search = subprocess.run(
            command, env=self.screen.environment, capture_output=True, text=True, check=False
        )
        return int(search.stdout.split()[-1]) if search.stdout else None

    def wait_for_window(self, title: str) -> int:
        self.wait(lambda: self.window(title))
        found = self.window(title)
        assert found
        return found

    def wait(self, condition: Callable[[], object], seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "It did not happen."
            time.sleep(0.05)

    def state(self) -> object:
        return self.gimp.ask("answer = state()")

    def is_core_busy(self) -> bool:
        path = self.desk.data / "connection.json"
        return path.exists() and Client(Connection.read(path)).health()["busy"]

    def is_plugin_running(self) -> bool:
        return any("plug-ins/resshift/resshift.py" in " ".join(words) for words in _command_lines())

    def look(self, name: str) -> None:
        """Keep a picture of the screen, once what is new is on it."""
        time.sleep(1)
        self.desk.screenshot(name)


@pytest.fixture
def person(desk: Machine) -> Iterator[Person]:
    assert desk.screen
    install(desk)
    picture = desk.folder / "lighthouse.png"
    pyvips.Image.new_from_file(str(_SAMPLE)).write_to_file(str(picture))
    with window(desk, picture, desk.core_program()) as gimp:
        gimp.ask("answer = 1", timeout=120)
        person = Person(desk, desk.screen, gimp)
        main = str(person.wait_for_window("lighthouse"))
        gimp.ask(_HELP)
        place = ["windowmove", main, "0", "0", "windowsize", main, *map(str, _SIZE), "windowfocus", main]
        subprocess.run(["xdotool", *place], env=desk.screen.environment, check=True)
        yield person


def test_menu_dialog_progress_result_undo_repeat_cancel(person: Person) -> None:
    screen, picture = person.screen, person.desk.folder / "lighthouse.png"
    before, after = person.state(), [512, 768, [_by_the_command_line(picture).hex()]]

    screen.press("alt+r")
    person.look("gimp-menu")
    screen.press("Up")  # to the last entry
    screen.press("Return")
    screen.focus(person.wait_for_window(r"^Upscale \(ResShift\)$"))
    screen.press("alt+f")
    screen.type("2\t")
    screen.press("alt+t")
    screen.press("Down")
    person.look("gimp-dialog")
    screen.press("alt+u")
    person.wait(person.is_core_busy)
    person.wait(lambda: person.state() == after)
    person.look("gimp-result")

    screen.press("ctrl+z")
    person.wait(lambda: person.state() == before)
    assert person.gimp.ask("answer = image.is_dirty()") is False, "It took more than one step."
    screen.press("ctrl+y")
    person.wait(lambda: person.state() == after)
    screen.press("ctrl+z")
    person.wait(lambda: person.state() == before)

    screen.press("ctrl+f")
    person.wait(lambda: person.state() == after)
    screen.press("ctrl+z")
    person.wait(lambda: person.state() == before)

    screen.press("ctrl+f")
    person.wait(person.is_core_busy)
    (core,) = person.desk.cores()
    core.suspend()  # or else it may be done before the mouse is there
    person.look("gimp-progress")
    screen.click(_CANCEL)
    person.wait(lambda: not person.is_plugin_running(), 10)
    core.resume()
    person.wait(lambda: not person.is_core_busy(), 10)
    assert person.state() == before
    assert person.gimp.ask("answer = image.is_dirty()") is False
    screen.press("ctrl+f")
    person.wait(lambda: person.state() == after)


def _command_lines() -> Iterator[list[str]]:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            yield process.cmdline()


def _by_the_command_line(picture: Path) -> bytes:
    result = picture.with_name("expected.png")
    done = CliRunner().invoke(app, ["upscale", str(picture), "-o", str(result), "--scale", "2"])
    assert done.exit_code == 0, done.output
    return pyvips.Image.new_from_file(str(result)).numpy().tobytes()

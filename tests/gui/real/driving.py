"""Sits in front of the running app: looks, waits, clicks what has a name, types."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.gui.real import drag_source
from tests.gui.real.desktop import Desktop, Place

PATIENCE = 120.0
"""Seconds for what is sure to come; long, for a busy machine."""
DIVIDER = "Divider between input and result"
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Look:
    """What a person sees: see driven_app.look."""

    front: str
    window: int
    active: bool
    controls: dict[str, Place]
    texts: list[str]
    rows: list[tuple[str, str, str]]
    complete: bool

    @property
    def states(self) -> list[str]:
        return [state for _, state, _ in self.rows]

    def percent(self, row: int) -> int:
        """How much is done of a picture, by the list's words for it."""
        _, state, words = self.rows[row]
        return 100 if state == "done" else int(words.split(" %")[0]) if " %" in words else 0

    def says(self, part: str) -> bool:
        return any(part in text for text in self.texts)


class RunningApp:
    """The real app in a process of its own."""

    def __init__(self, desktop: Desktop, process: "subprocess.Popen[str]") -> None:
        self.desktop, self.process = desktop, process

    def look(self) -> Look:
        told = self._ask("look")
        told["controls"] = {name: Place(*place) for name, place in told["controls"].items()}
        told["rows"] = [tuple(row) for row in told["rows"]]
        return Look(**told)

    def wait_until(self, condition: Callable[[Look], object]) -> Look:
        """Look again and again, until it is as wanted."""
        deadline = time.monotonic() + PATIENCE
        while not condition(look := self.look()):
            assert time.monotonic() < deadline, look
            time.sleep(0.05)
        return look

    def click(self, name: str) -> None:
        """Click a control as soon as it is there."""
        self.desktop.click(self.wait_until(lambda look: name in look.controls).controls[name])

    def press(self, keys: str) -> None:
        """Press keys in the window that is in front."""
        self._focus()
        self.desktop.press(keys)

    def type(self, text: str) -> None:
        self._focus()
        self.desktop.type(text)

    def _focus(self) -> None:
        self.desktop.focus(self.look().window)
        self.wait_until(lambda look: look.active)

    def drop(self, *paths: Path) -> Look:
        """Drag files out of another program's window into the middle of this one, until they are listed."""
        command = [sys.executable, drag_source.__file__, *map(str, paths)]
        rows = len(self.look().rows)
        with subprocess.Popen(
            command, env=self.desktop.environment, stdout=subprocess.PIPE, text=True
        ) as source:
            assert source.stdout is not None
            assert source.stdout.readline() == "shown\n"
            middle = self.desktop.width // 2, self.desktop.height // 2
            self.desktop.drag((drag_source.SIDE // 2, drag_source.SIDE // 2), middle)
            assert source.stdout.readline() == "CopyAction\n"
            look = self.wait_until(lambda look: len(look.rows) > rows)  # until then the data are asked for
            source.terminate()
        return look

    def screenshot(self, path: Path) -> None:
        """What is in front, once nothing is left to be painted."""
        self.wait_until(lambda look: look.complete)
        assert self._ask(f"screenshot {path}")

    def quit(self) -> int:
        """As people do; the exit code."""
        self.press("ctrl+q")
        return self.process.wait(PATIENCE)

    def _ask(self, question: str):
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"The app has ended with {self.process.wait(PATIENCE)}."
        return json.loads(answer)


@contextmanager
def running_app(desktop: Desktop, *files: Path, colours: str = "light") -> Iterator[RunningApp]:
    """The app, until it is closed or the block ends. It must not have complained, nor Qt."""
    command = [sys.executable, "-m", "tests.gui.real.driven_app", colours, *map(str, files)]
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            command, env=desktop.environment, cwd=_ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            yield RunningApp(desktop, process)
        finally:
            process.kill()
            process.wait(PATIENCE)
        complaints.seek(0)
        assert complaints.read() == ""

"""A screen that nobody sees, and the mouse and keys of a person in front of it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_PATIENCE = 60
_DRAG_STEPS = 8


@dataclass(frozen=True)
class Place:
    """A rectangle of the screen, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2


@dataclass(frozen=True)
class Desktop:
    """An X server of its own; what is done here arrives as events of its devices, as a person's would."""

    display: str
    width: int
    height: int

    @property
    def environment(self) -> dict[str, str]:
        """What programs need to be on this screen, without anything that this process has of Qt's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_"))}
        kept.pop("WAYLAND_DISPLAY", None)
        kept.pop("DBUS_SESSION_BUS_ADDRESS", None)
        return {**kept, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}

    def click(self, place: Place) -> None:
        self._act("mousemove", *place.middle, "click", 1)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press, move in steps, as drag and drop wants it, and let go."""
        self._act("mousemove", *start, "mousedown", 1)
        for step in range(1, _DRAG_STEPS + 1):
            x, y = (round(a + (b - a) * step / _DRAG_STEPS) for a, b in zip(start, end, strict=True))
            self._act("mousemove", x, y, "sleep", 0.05)
        self._act("mouseup", 1)

    def focus(self, window: int) -> None:
        """Have a window get the keys, as window managers do."""
        self._act("windowfocus", window)

    def press(self, keys: str) -> None:
        """Keys as xdotool calls them: "ctrl+s", "Return"."""
        self._act("key", "--clearmodifiers", keys)

    def type(self, text: str) -> None:
        self._act("type", "--delay", 5, text)

    def _act(self, *words: object) -> None:
        command = ["xdotool", *map(str, words)]
        subprocess.run(command, env=self.environment, check=True, timeout=_PATIENCE)


@contextmanager
def virtual_desktop(width: int, height: int) -> Iterator[Desktop]:
    """A screen of this size in pixels."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"]
    with subprocess.Popen(
        [*command, "-nolisten", "tcp", "-noreset"], pass_fds=[writing], stderr=subprocess.DEVNULL
    ) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                number = told.readline().strip()
            assert number, "Xvfb did not start"
            yield Desktop(f":{number}", width, height)
        finally:
            server.terminate()

"""A person's computer with GIMP and Krita on it, for one test: its own home over a root that is kept."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.gui.real.desktop import Desktop, virtual_desktop
from tests.hosts.chroot import NAMESPACES

_ENTER = Path(__file__).with_name("enter.sh")
_REPOSITORY = Path(__file__).parents[2]
_PASSED_ON = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY")
CORE = (sys.executable, "-m", "resshift_desktop.cli.app")


def outside(path: Path) -> Path:
    """Where a file of this machine is for a program in the root; read it there, write only below the home."""
    return Path("/outside") / path.absolute().relative_to("/")


class Program:
    """A program that runs; all that it has started, a core too, ends when it ends or is killed."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process, self._log = process, log

    @property
    def said(self) -> str:
        """What it has written to stdout and stderr so far."""
        return self._log.read_text("utf-8", "replace")

    def wait(self, timeout: float) -> str:
        """What it said, when it has ended well; AssertionError if it failed or was killed for being late."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"Not done after {timeout} s.\n{self.said}") from None
        assert code == 0, f"Exit code {code}.\n{self.said}"
        return self.said

    def wait_until(self, condition: Callable[[], object], timeout: float = 60) -> None:
        """Ask again and again; AssertionError if the program ends before, or after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not condition():
            assert self.process.poll() is None, f"It ended.\n{self.said}"
            assert time.monotonic() < deadline, f"Not so after {timeout} s.\n{self.said}"
            time.sleep(0.05)

    def kill(self) -> None:
        """Returns when nothing that it started is left: the namespace's first process ends last."""
        while self.process.poll() is None:
            with suppress(psutil.NoSuchProcess, subprocess.TimeoutExpired):
                for first in psutil.Process(self.process.pid).children():
                    first.kill()
                self.process.wait(0.2)


@dataclass(frozen=True)
class Machine:
    """`folder` is at the same path inside and outside, and writable in both; the home is in it.

    `screen`: what the programs are shown on, or None. `album`: where pictures of failures go.
    """

    root: Path
    folder: Path
    album: Path
    screen: Desktop | None = None

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def data(self) -> Path:
        """ResShift's data folder in this home."""
        return self.home / ".local" / "share" / "ResShift"

    @property
    def environment(self) -> dict[str, str]:
        """What every program on this machine is given, also a core that a test starts outside of the root."""
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        display = {"DISPLAY": self.screen.display} if self.screen else {}
        path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        return {**kept, **display, "HOME": str(self.home), "PATH": path, "LANG": "C.UTF-8"}

    @contextmanager
    def running(self, *command: str | Path, core: Path | None = None, **variables: str) -> Iterator[Program]:
        """Start a program in the root; it is killed at the end. At an error a picture of the screen is kept.

        Args:
            core: what the plugins start as `resshift`; without, ResShift is not installed.
            variables: more for its environment.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        environment = {**self.environment, "XDG_RUNTIME_DIR": str(runtime), **variables}
        if core is not None:
            environment["RESSHIFT_CORE"] = str(core)
        log = self.folder / f"{Path(command[0]).name}-{time.monotonic_ns()}.log"
        inside = [
            str(_ENTER),
            str(self.root),
            str(self.folder),
            "env",
            f"--chdir={self.folder}",
            *map(str, command),
        ]
        with log.open("wb") as said:
            process = subprocess.Popen(
                [*NAMESPACES, *inside],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        program = Program(process, log)
        try:
            yield program
        except BaseException:
            if self.screen:
                self.screenshot(f"failure-{log.stem}")
            raise
        finally:
            program.kill()

    def run(
        self, *command: str | Path, timeout: float = 120, core: Path | None = None, **variables: str
    ) -> str:
        """Run a program to its end and return what it said; AssertionError if it fails or takes longer."""
        with self.running(*command, core=core, **variables) as program:
            return program.wait(timeout)

    def screenshot(self, name: str) -> Path:
        """The whole screen as album/NAME.png."""
        shot = self.folder / f"{name}.png"
        bare = Machine(self.root, self.folder, self.album)  # whose own failure needs no picture
        bare.run("import", "-display", self._display, "-window", "root", shot, timeout=30)
        kept = self.album / shot.name
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(shot.read_bytes())
        return kept

    @property
    def _display(self) -> str:
        assert self.screen, "This machine has no screen."
        return self.screen.display

    def core_program(self, *command: str) -> Path:
        """An executable that plugins start as `resshift`: `command`, which runs outside of the root."""
        path = self.folder / "resshift"
        words = " ".join(command or CORE)
        path.write_text(f'#!/bin/sh\nexec chroot /outside env --chdir={_REPOSITORY} {words} "$@"\n', "utf-8")
        path.chmod(0o700)
        return path

    def cores(self) -> list[psutil.Process]:
        """The cores that run in this home, wherever they were started."""
        found: list[psutil.Process] = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                program, *arguments = process.cmdline() or [""]
                is_core = Path(program).name.startswith("python") and arguments[-1:] == ["core"]
                if is_core and process.environ().get("HOME") == str(self.home):
                    found.append(process)
        return found

    @contextmanager
    def with_screen(self, width: int = 1280, height: int = 800) -> "Iterator[Machine]":
        """The same machine with a screen of its own and a window manager on it."""
        with virtual_desktop(width, height) as desktop:
            machine = Machine(self.root, self.folder, self.album, desktop)
            with machine.running("openbox"):
                yield machine

"""GIMP on a test's machine, playing the scenes of files in tests/hosts/inside."""

import ast
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hosts.machine import Machine, Program
from tests.hosts.plugins import install_gimp

_INSIDE = Path(__file__).parent / "inside"
_PYTHON = ("--no-splash", "--batch-interpreter=python-fu-eval")


def scenes_of(*names: str) -> list[str]:
    """The scenes in tests/hosts/inside/gimp_NAME.py, without importing them."""
    trees = [ast.parse((_INSIDE / f"gimp_{name}.py").read_text("utf-8")) for name in names]
    functions = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [function for function in functions if function.startswith("scene_")]


def install(machine: Machine) -> None:
    """The plugin, and the tests' own files, at the same place inside and outside."""
    install_gimp(machine)
    for file in _INSIDE.glob("gimp_*.py"):
        shutil.copy(file, machine.folder)


@contextmanager
def console(machine: Machine, *names: str) -> Iterator[Program]:
    """GIMP without a window, which plays all scenes of tests/hosts/inside/gimp_NAME.py and ends.

    ResShift is installed as soon as its program lies in the machine's folder bin.
    """
    driver = f"exec(open('{machine.folder}/gimp_driver.py').read())"
    command = ("gimp-console", "--no-interface", "--no-data", "--quit", *_PYTHON, "--batch", driver)
    path = f"{machine.folder}/bin:{machine.environment['PATH']}"
    with machine.running(*command, PATH=path, FOLDER=str(machine.folder), SCENES=" ".join(names)) as program:
        yield program


def report(machine: Machine, name: str) -> dict[str, str]:
    """How each scene of a file went: "well", or why not."""
    return json.loads((machine.folder / f"{name}.json").read_text("utf-8"))


@contextmanager
def window(machine: Machine, picture: Path, core: Path) -> Iterator["Window"]:
    """GIMP with its window on the machine's screen, and a picture open in it."""
    settings = machine.home / ".config" / "GIMP" / "3.0" / "gimprc"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('(config-version "3.0.4")\n(show-welcome-dialog no)\n(check-updates no)\n', "utf-8")
    script = f"exec(open('{machine.folder}/gimp_remote.py').read())"
    command = ("gimp", "--new-instance", *_PYTHON, "--batch", script, picture)
    with machine.running(*command, core=core, FOLDER=str(machine.folder)) as program:
        yield Window(machine, program)


class Window:
    """GIMP's window: what it has is asked for in Python, what a person does is done with mouse and keys."""

    def __init__(self, machine: Machine, program: Program) -> None:
        self._machine, self._program = machine, program

    def ask(self, code: str, timeout: float = 60) -> object:
        """Have GIMP's own Python execute some lines; what they call `answer` comes back."""
        question, answer = (self._machine.folder / name for name in ("question.py", "answer.json"))
        answer.unlink(missing_ok=True)
        part = question.with_suffix(".part")
        part.write_text(code, "utf-8")
        part.replace(question)
        self._program.wait_until(answer.exists, timeout)
        told = json.loads(answer.read_text("utf-8"))
        assert "problem" not in told, told["problem"]
        return told["answer"]

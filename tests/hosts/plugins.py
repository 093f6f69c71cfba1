"""Puts the plugins into a test machine's home, by the command that a person would use."""

import subprocess

from resshift_desktop.editors.bundle import Editor
from tests.hosts.machine import CORE, Machine


def install_gimp(machine: Machine) -> None:
    """As where GIMP 3.0 has been started before."""
    (machine.home / ".config" / "GIMP" / "3.0").mkdir(parents=True, exist_ok=True)
    _install(machine, Editor.GIMP)


def install_krita(machine: Machine) -> None:
    """As where Krita has been started before."""
    (machine.home / ".local" / "share" / "krita").mkdir(parents=True, exist_ok=True)
    _install(machine, Editor.KRITA)


def _install(machine: Machine, editor: Editor) -> None:
    resshift(machine, "plugins", "install", editor)


def resshift(machine: Machine, *words: str) -> str:
    """What the command says, run outside of the root in the machine's home; AssertionError if it fails."""
    done = subprocess.run(
        [*CORE, *words], env=machine.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout

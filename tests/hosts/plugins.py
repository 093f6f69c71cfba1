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
    command = [*CORE, "plugins", "install", editor]
    done = subprocess.run(
        command, env=machine.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr

"""Puts the plugins into a test machine's home."""

import shutil
from pathlib import Path

from tests.hosts.machine import Machine

_REPOSITORY = Path(__file__).parents[2]
_BRIDGE = [
    _REPOSITORY / "resshift_desktop" / "bridge" / f"{name}.py"
    for name in ("__init__", "client", "protocol", "launcher", "for_plugins")
]


def install_gimp(machine: Machine) -> None:
    folder = machine.home / ".config" / "GIMP" / "3.0" / "plug-ins" / "resshift"
    shutil.copytree(_REPOSITORY / "plugins" / "gimp" / "resshift", folder)
    (folder / "resshift.py").chmod(0o755)
    _add_bridge(folder)


def install_krita(machine: Machine) -> None:
    folder = machine.home / ".local" / "share" / "krita"
    source = _REPOSITORY / "plugins" / "krita"
    shutil.copytree(source / "resshift", folder / "pykrita" / "resshift")
    shutil.copy(source / "resshift.desktop", folder / "pykrita")
    shutil.copytree(source / "actions", folder / "actions")
    _add_bridge(folder / "pykrita" / "resshift")
    settings = machine.home / ".config" / "kritarc"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[python]\nenable_resshift=true\n", "utf-8")


def _add_bridge(folder: Path) -> None:
    (folder / "bridge").mkdir()
    for file in _BRIDGE:
        shutil.copy(file, folder / "bridge")

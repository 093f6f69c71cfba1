"""Krita on a test's machine, with a plugin of the tests in it: tests/hosts/inside/krita_*.py."""

import ast
import json
import shutil
from pathlib import Path

from tests.hosts.machine import Machine
from tests.hosts.plugins import install_krita

_INSIDE = Path(__file__).parent / "inside"
_ENTRY = """[Desktop Entry]
Type=Service
ServiceTypes=Krita/PythonPlugin
X-KDE-Library=driver
X-Python-2-Compatible=false
Name=Driver
"""


def scenes_of(name: str) -> list[str]:
    """The scenes in tests/hosts/inside/NAME.py, without importing it."""
    tree = ast.parse((_INSIDE / f"{name}.py").read_text("utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [function for function in functions if function.startswith("scene_")]


def play(desk: Machine, name: str, core: Path | None, timeout: float = 240, **modules: str) -> dict[str, str]:
    """Start Krita and play all scenes of tests/hosts/inside/NAME.py, with more `modules` as for put_into.

    Returns how each went: "well", or why not; one that Krita crashes or hangs in is not among them.
    """
    put_into(desk, krita_driver="__init__", krita_hand="hand", **{name: "scenes"}, **modules)
    report = _report(desk)
    try:
        desk.run("krita", "--nosplash", core=core, timeout=timeout, **for_plugins(desk))
    except AssertionError:
        if not report.exists():
            raise
    return json.loads(report.read_text("utf-8"))


def seen(desk: Machine) -> dict:
    """What tests/hosts/inside/krita_watcher.py sees; empty before Krita has started."""
    report = _report(desk)
    return json.loads(report.read_text("utf-8")) if report.exists() else {}


def put_into(desk: Machine, **modules: str) -> None:
    """Install our plugin, and a second one of these files of tests/hosts/inside, by their module names."""
    install_krita(desk)
    folder = desk.home / ".local" / "share" / "krita" / "pykrita"
    (folder / "driver.desktop").write_text(_ENTRY, "utf-8")
    (folder / "driver").mkdir()
    for file, module in modules.items():
        shutil.copy(_INSIDE / f"{file}.py", folder / "driver" / f"{module}.py")
    settings = desk.home / ".config" / "kritarc"
    settings.write_text(settings.read_text("utf-8") + "enable_driver=true\n", "utf-8")


def for_plugins(desk: Machine) -> dict[str, str]:
    """What the tests' plugin needs in its environment."""
    return {"FOLDER": str(desk.folder), "REPORT": str(_report(desk))}


def _report(desk: Machine) -> Path:
    return desk.folder / "report.json"

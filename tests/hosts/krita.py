"""Krita on a test's machine, playing the scenes of a file in tests/hosts/inside."""

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


def play(desk: Machine, name: str, core: Path | None, timeout: float = 180) -> dict[str, str]:
    """Start Krita, play all scenes of tests/hosts/inside/NAME.py, and tell how each went: "well", or why not."""
    install_krita(desk)
    resources = desk.home / ".local" / "share" / "krita" / "pykrita"
    (resources / "driver.desktop").write_text(_ENTRY, "utf-8")
    (resources / "driver").mkdir()
    for file, module in (("krita_driver", "__init__"), ("krita_hand", "hand"), (name, "scenes")):
        shutil.copy(_INSIDE / f"{file}.py", resources / "driver" / f"{module}.py")
    settings = desk.home / ".config" / "kritarc"
    settings.write_text(settings.read_text("utf-8") + "enable_driver=true\n", "utf-8")
    report = desk.folder / "report.json"
    folder = {"FOLDER": str(desk.folder), "REPORT": str(report)}
    try:
        desk.run("krita", "--nosplash", core=core, timeout=timeout, **folder)
    except AssertionError:
        if not report.exists():
            raise
    return json.loads(report.read_text("utf-8"))

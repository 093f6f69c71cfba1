"""What holds of the Krita plugin without Krita."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from resshift_desktop.editors.bundle import Editor, plugin_files

_INSIDE = Path(__file__).parent / "inside" / "krita_outside.py"
_PLUGIN = Path(__file__).parents[2] / "plugins" / "krita" / "resshift"


def test_qt_6(tmp_path: Path) -> None:
    """Krita 6 has PyQt6. Its dialog opens, and is closed again, in Qt 6, with scoped enums only."""
    for name, data in plugin_files(Editor.KRITA).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    environment = {
        "HOME": str(tmp_path),
        "PATH": "",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(tmp_path / "pykrita"),
    }
    kept = {name: value for name, value in os.environ.items() if name.startswith(("LD_", "LANG"))}
    done = subprocess.run(
        [sys.executable, _INSIDE],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, binding = done.stdout.splitlines()
    assert said.startswith("ResShift was not found on this computer. Install it")
    assert binding.endswith("6.QtCore")


@pytest.mark.parametrize("path", sorted(_PLUGIN.glob("*.py")), ids=lambda path: path.name)
def test_needs_python_and_krita_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [str(node.module)]
        for name in names:
            assert name.split(".")[0] in {*sys.stdlib_module_names, "krita", "PyQt5", "PyQt6"}

"""The window opens before anything heavy is loaded."""

import subprocess
import sys

HEAVY = ("torch", "numpy", "pyvips", "PIL", "http", "psutil", "uvicorn", "PySide6.QtDBus")

CODE = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from resshift_desktop.gui import theme
from resshift_desktop.gui.core_link import CoreLink
from resshift_desktop.gui.main import main
from resshift_desktop.gui.preferences import app_settings
from resshift_desktop.gui.window import MainWindow

app = QApplication([])
theme.apply(app)
window = MainWindow(CoreLink(), app_settings())
window.show()
window.grab()
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_nothing_heavy_is_imported_before_the_window_is_painted() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_version_is_told_without_a_window() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "resshift_desktop", "--version"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("ResShift 0")

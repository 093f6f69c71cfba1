"""The parts of Qt that we use: PyQt5 in Krita 5, PyQt6 in Krita 6, whichever Krita has loaded itself."""

import sys

import krita  # noqa: F401 - loads its binding; a second one in the same program would crash it

if "PyQt6.QtCore" in sys.modules:
    from PyQt6 import QtCore, QtWidgets
else:
    from PyQt5 import QtCore, QtWidgets

__all__ = ["QtCore", "QtWidgets"]

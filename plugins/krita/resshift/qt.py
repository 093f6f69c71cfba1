"""Qt as Krita has it: PyQt5 in Krita 5, PyQt6 in Krita 6. Importing the other one as well would crash it."""

import sys

from krita import Krita

if "PyQt6.QtCore" in sys.modules:
    from PyQt6 import QtCore, QtWidgets
else:
    from PyQt5 import QtCore, QtWidgets

__all__ = ["QtCore", "QtWidgets", "i18n"]
i18n = Krita.krita_i18n

"""A Krita plugin that plays scenes in it, and writes down how each went.

A scene is a generator in scenes.py, called scene_*: between its steps Krita goes on as with a person, until
what it yields, a function, says that the next step can be taken.
"""

import json
import os
import time
import traceback
from pathlib import Path

from krita import Extension, Krita
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication, QDialog

_PATIENCE = 30.0


def _where(steps):
    """Which lines of the scene it waits at, from the outermost in."""
    lines = []
    while steps is not None:
        lines.append(f"{steps.gi_code.co_name}, line {steps.gi_frame.f_lineno}")
        steps = steps.gi_yieldfrom
    return f"It waits in vain in {'; '.join(lines)}."


class Driver(Extension):
    def setup(self):
        pass

    def createActions(self, window):  # noqa: ARG002, N802 - Krita's name, and what it gives
        self._scenes = None
        self._steps = (_ for _ in ())
        self._ready = lambda: Krita.instance().activeWindow()
        self._since = time.monotonic()
        self._name = ""
        self._report = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(10)

    def _go_on(self):
        try:
            if not self._ready():
                assert time.monotonic() < self._since + _PATIENCE, _where(self._steps)
                return
            self._since = time.monotonic()
            self._ready = next(self._steps)
        except StopIteration:
            self._report.setdefault(self._name, "well")
            self._begin_next()
        except BaseException:
            self._report[self._name] = traceback.format_exc()
            self._begin_next()

    def _begin_next(self):
        if self._scenes is None:
            from . import scenes

            self._scenes = [
                (name, scene) for name, scene in vars(scenes).items() if name.startswith("scene_")
            ]
            del self._report[""]
        Path(os.environ["REPORT"]).write_text(json.dumps(self._report), "utf-8")
        if not self._scenes:
            os._exit(0)
        self._clean_up()
        self._name, scene = self._scenes.pop(0)
        self._steps, self._ready = scene(), lambda: not Krita.instance().documents()

    def _clean_up(self):
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog):
                widget.reject()
        for document in Krita.instance().documents():
            document.waitForDone()
            document.setModified(False)
            document.close()


Krita.instance().addExtension(Driver(Krita.instance()))

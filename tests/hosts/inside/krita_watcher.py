"""A Krita plugin that only looks: ten times a second it writes down what can be seen."""

import json
import os
from pathlib import Path

from krita import Extension, Krita
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication


class Watcher(Extension):
    def setup(self):
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(100)

    def createActions(self, window):  # noqa: N802 - Krita's name, and what it gives
        pass

    def _look(self):
        krita, report = Krita.instance(), Path(os.environ["REPORT"])
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        dialogs = [widget for widget in shown if type(widget).__name__ == "UpscaleDialog"]
        action = krita.action("resshift_upscale_layer")
        menu = next((widget for widget in shown if widget.inherits("QMenu")), None)
        seen = {
            "documents": [document.name() for document in krita.documents()],
            "layers": [[node.name() for node in it.topLevelNodes()] for it in krita.documents()],
            "possible": bool(krita.documents() and action.isEnabled()),
            "chosen": menu.activeAction().text().replace("&", "") if menu and menu.activeAction() else "",
            "dialogs": [(it.start.isEnabled(), it.bar.value(), it.isActiveWindow()) for it in dialogs],
        }
        part = report.with_suffix(".part")
        part.write_text(json.dumps(seen), "utf-8")
        part.replace(report)


Krita.instance().addExtension(Watcher(Krita.instance()))

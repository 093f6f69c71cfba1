"""The app as it is, which also tells what a person would see, when asked over stdin; run as a program.

Each line of stdin is "look", or "screenshot" and a file's name; each answer is a line of JSON on stdout.
Arguments are those of the app, after "light" or "dark".
"""

import json
import sys
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSocketNotifier, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from resshift_desktop.gui import theme
from resshift_desktop.gui.job_item import state_in_words
from resshift_desktop.gui.main import main
from resshift_desktop.gui.window import MainWindow


def look(window: MainWindow) -> dict[str, Any]:
    """What can be seen and clicked, by the names that people and screen readers know it by."""
    front = QApplication.activeModalWidget() or window
    widgets = [widget for widget in front.findChildren(QWidget) if widget.isVisible()]
    items = window.model.items()
    inputs = [item.input for item in items]
    return {
        "front": front.windowTitle(),
        "window": int(front.winId()),
        "active": front.isActiveWindow(),
        "controls": {_name(w): _place(w) for w in widgets if _name(w) and w.isEnabled()},
        "texts": [widget.text() for widget in widgets if isinstance(widget, QLabel)],
        "rows": [[item.input.name, item.state.value, state_in_words(item)] for item in items],
        "complete": window.page.view.is_sharp and all(map(window.thumbnails.thumbnail, inputs)),
    }


def screenshot(name: str) -> bool:
    """The screen, or a dialog by itself: without a window manager it has no frame to set it off."""
    dialog = QApplication.activeModalWidget()
    return (dialog.grab() if dialog else QApplication.primaryScreen().grabWindow(0)).save(name)


def answer(line: str) -> object:
    question, _, argument = line.strip().partition(" ")
    return look(_whole_window()) if question == "look" else screenshot(argument)


def read_question() -> None:
    line = sys.stdin.readline()
    if line:
        print(json.dumps(answer(line)), flush=True)
    else:
        notifier.setEnabled(False)


def arrange() -> None:
    """Fill the screen and choose the colours, as there is no desktop to do it."""
    window = _window()
    window.setGeometry(window.screen().geometry())
    theme.set_dark(app, sys.argv[1] == "dark")


def _window() -> MainWindow:
    return next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))


def _whole_window() -> MainWindow:
    window = _window()
    while not window.is_ready:
        QApplication.processEvents()
    return window


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text.replace("&", "")


def _place(widget: QWidget) -> list[int]:
    seen = QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())
    return [seen.x(), seen.y(), seen.width(), seen.height()]


if __name__ == "__main__":
    app = QApplication([*sys.argv[:1], *theme.STYLE])
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read_question)
    QTimer.singleShot(0, arrange)
    sys.exit(main(sys.argv[2:]))

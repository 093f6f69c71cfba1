"""Tells the colour in the middle of a picture's view, as "R G B"; run as a program with a picture's file."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from resshift_desktop.gui.picture.view import PictureView

app = QApplication(sys.argv[:1])
view = PictureView()


def tell() -> None:
    view.grab()  # which asks for what is not rendered yet
    if not view.is_sharp:
        QTimer.singleShot(10, tell)
        return
    colour = view.grab().toImage().pixelColor(view.rect().center())
    print(colour.red(), colour.green(), colour.blue())
    view.close_threads()
    app.quit()


view.loaded.connect(tell)
view.show()
view.show_input(Path(sys.argv[1]))
app.exec()

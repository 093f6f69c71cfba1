"""Make what is made of the drawings here: the icons in dark colours, and the app's icon as PNG.

Run by hand after a change of a drawing: `python resources/icons/make_icons.py`.
"""

import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parent
LIGHT, DARK = "#3a4149", "#d5d9de"  # the strokes' colour on light and on dark ground
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def main() -> None:
    for path in (FOLDER / "light").iterdir():
        text = path.read_text("utf-8").replace(LIGHT, DARK).replace("ResShift light", "ResShift dark")
        (FOLDER / "dark" / path.name).write_text(text, "utf-8", newline="\n")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication([])
    drawing = QSvgRenderer(str(FOLDER / "resshift.svg"))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        image.save(str(FOLDER / f"resshift-{size}.png"))
    app.quit()


if __name__ == "__main__":
    main()

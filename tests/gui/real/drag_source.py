"""A small window to drag files out of, as a file manager's; run as a program with the files."""

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel

SIDE = 48


class DragSource(QLabel):
    """In the screen's upper left corner. It tells when it is there, and what became of a drag."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__(str(len(paths)), alignment=Qt.AlignmentFlag.AlignCenter)
        self._paths = paths
        self._told = False
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setGeometry(0, 0, SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if not self._told:  # before, the mouse would not reach it
            print("shown", flush=True)
        self._told = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in self._paths])
        drag = QDrag(self)
        drag.setMimeData(data)
        print(drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction).name, flush=True)


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    source = DragSource([Path(name) for name in sys.argv[1:]])
    source.show()
    sys.exit(app.exec())

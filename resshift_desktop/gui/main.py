"""The app: `resshift-desktop [FILE...]`. The window comes first, the core afterwards."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from resshift_desktop import __version__
from resshift_desktop.gui import languages, theme
from resshift_desktop.gui.core_link import CoreLink
from resshift_desktop.gui.one_instance import OneInstance, hand_over
from resshift_desktop.gui.preferences import app_settings, load_preferences
from resshift_desktop.gui.window import MainWindow

_TO_PAINT_MILLISECONDS = 50
"""Left to the window before all else begins: a timer of 0 comes before the first painting."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the app until its window is closed; where one runs already, hand it the files. The exit code."""
    paths = _parse(sys.argv[1:] if argv is None else argv)
    app = QApplication.instance() or QApplication([*sys.argv[:1], *theme.STYLE])
    assert isinstance(app, QApplication)
    app.setApplicationName("ResShift")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("resshift-desktop")
    if hand_over(paths):
        return 0
    settings = app_settings()
    languages.install(app, load_preferences(settings).language)
    theme.apply(app)
    instance = OneInstance()
    link = CoreLink()
    window = MainWindow(link, settings)

    def called(more: tuple[Path, ...], token: str) -> None:
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        window.come_to_front()
        window.open_paths(more)

    def begin() -> None:
        """What a window can be seen without."""
        gc.freeze()  # what is there by now stays: looking through it would stop all threads for 50 ms
        instance.listen()
        window.strip.prepare()
        window.thumbnails.warm_up()
        window.background.prepare()
        link.start()
        window.open_paths(paths)

    instance.called.connect(called)
    window.show()
    QTimer.singleShot(_TO_PAINT_MILLISECONDS, begin)
    code = app.exec()
    instance.close()
    link.wait_closed()
    return code


def _parse(argv: Sequence[str]) -> list[Path]:
    parser = argparse.ArgumentParser(prog="resshift-desktop", description="Upscale pictures with ResShift.")
    parser.add_argument("files", nargs="*", metavar="FILE", help="pictures, and folders with pictures")
    parser.add_argument("--version", action="version", version=f"ResShift {__version__}")
    return [Path(name).absolute() for name in parser.parse_args(argv).files]


if __name__ == "__main__":
    sys.exit(main())

"""The app: `resshift-desktop [FILE...]`. The window is painted first; all else comes afterwards."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from resshift_desktop import __version__
from resshift_desktop.gui import languages, theme
from resshift_desktop.gui.one_instance import OneInstance, hand_over
from resshift_desktop.gui.preferences import app_settings, load_preferences
from resshift_desktop.gui.window import MainWindow

_LONGEST_UNPAINTED_MILLISECONDS = 1000
"""A window that is started minimized may never be painted."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the app until its window is closed; where one runs already, hand it the files. The exit code."""
    paths = _parse(sys.argv[1:] if argv is None else argv)
    app = QApplication.instance() or QApplication([*sys.argv[:1], *theme.STYLE])
    assert isinstance(app, QApplication)
    app.setApplicationName("ResShift")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("resshift-desktop")
    instance = OneInstance()
    if not instance.claim() and hand_over(paths):
        return 0
    settings = app_settings()
    languages.install(app, load_preferences(settings).language)
    theme.apply(app)
    window = MainWindow(settings)

    def called(more: tuple[Path, ...], token: str) -> None:
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        window.come_to_front()
        window.open_paths(more)

    instance.called.connect(called)
    window.painted.connect(instance.listen)
    window.open_paths(paths)
    window.show()
    QTimer.singleShot(_LONGEST_UNPAINTED_MILLISECONDS, window.begin)
    code = app.exec()
    instance.close()
    window.wait_closed()
    return code


def _parse(argv: Sequence[str]) -> list[Path]:
    parser = argparse.ArgumentParser(prog="resshift-desktop", description="Upscale pictures with ResShift.")
    parser.add_argument("files", nargs="*", metavar="FILE", help="pictures, and folders with pictures")
    parser.add_argument("--version", action="version", version=f"ResShift {__version__}")
    return [Path(name).absolute() for name in parser.parse_args(argv).files]


if __name__ == "__main__":
    sys.exit(main())

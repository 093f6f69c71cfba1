"""The app: `resshift-desktop [FILE...]`. The window is painted first; all else comes afterwards."""

import argparse
import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from resshift_desktop import __version__
from resshift_desktop.gui import languages, theme
from resshift_desktop.gui.one_instance import OneInstance, hand_over
from resshift_desktop.gui.open_requests import MODELS, App, OpenRequest, open_request
from resshift_desktop.gui.preferences import app_settings, load_preferences
from resshift_desktop.gui.window import MainWindow

_LONGEST_UNPAINTED_MILLISECONDS = 1000
"""A window that is started minimized may never be painted."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the app until its window is closed; where one runs already, hand it the files. The exit code."""
    request = _parse(sys.argv[1:] if argv is None else argv)
    app = QApplication.instance() or App([*sys.argv[:1], *theme.STYLE])
    assert isinstance(app, QApplication)
    app.setApplicationName("ResShift")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("resshift-desktop")
    instance = OneInstance()
    if not instance.claim() and hand_over(request):
        return 0
    settings = app_settings()
    languages.install(app, load_preferences(settings).language)
    theme.apply(app)
    window = MainWindow(settings)

    def show_models() -> None:
        if app.activeModalWidget() is None:
            window.actions_.models.trigger()

    def open_what(wanted: OpenRequest) -> None:
        window.open_paths(wanted.files)
        if wanted.page == MODELS:
            window.when_ready(show_models)

    def called(wanted: OpenRequest, token: str) -> None:
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        window.come_to_front()
        open_what(wanted)

    instance.called.connect(called)
    if isinstance(app, App):
        app.asked.connect(open_what)
    window.painted.connect(instance.listen)
    open_what(request)
    window.show()
    QTimer.singleShot(_LONGEST_UNPAINTED_MILLISECONDS, window.begin)
    code = app.exec()
    instance.close()
    window.wait_closed()
    return code


def _parse(argv: Sequence[str]) -> OpenRequest:
    parser = argparse.ArgumentParser(prog="resshift-desktop", description="Upscale pictures with ResShift.")
    parser.add_argument("files", nargs="*", metavar="FILE", help="pictures, and folders with pictures")
    parser.add_argument("--version", action="version", version=f"ResShift {__version__}")
    return open_request(parser.parse_args(argv).files)


if __name__ == "__main__":
    sys.exit(main())

import re
import sys
import tomllib
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QProgressBar, QTabWidget, QTextBrowser
from pytestqt.qtbot import QtBot

from resshift_desktop import __version__
from resshift_desktop.bridge.launcher import own_command
from resshift_desktop.gui.pages.about import LIBRARIES, AboutDialog
from resshift_desktop.gui.pages.diagnostics import DiagnosticsDialog, copy_diagnostics
from resshift_desktop.gui.pages.licence import LicenceView
from resshift_desktop.paths import resources_folder

ROOT = Path(__file__).parents[2]


def labels(dialog: AboutDialog | DiagnosticsDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_about_tells_version_and_licence(qtbot: QtBot) -> None:
    about = AboutDialog()
    qtbot.addWidget(about)
    assert f"ResShift {__version__}" in labels(about)
    text = about.findChild(LicenceView)
    assert isinstance(text, LicenceView)
    assert text.toPlainText() == (ROOT / "LICENSE").read_text("utf-8")


def test_about_names_every_library(qtbot: QtBot) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = project["dependencies"] + project["optional-dependencies"]["gui"]
    names = {re.split(r"[\[<>=]", line)[0].lower() for line in needed}
    assert names - {library.name.lower() for library in LIBRARIES} == set()
    about = AboutDialog()
    qtbot.addWidget(about)
    shown = about.findChild(QTextBrowser)
    assert isinstance(shown, QTextBrowser)
    for library in LIBRARIES:
        assert f"{library.name}\n{library.licence}" in shown.toPlainText()


def test_about_credits_every_picture(qtbot: QtBot) -> None:
    about = AboutDialog()
    qtbot.addWidget(about)
    tabs = about.findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex(2)
    shown = tabs.currentWidget()
    assert isinstance(shown, QPlainTextEdit)
    text = shown.toPlainText()
    source = (resources_folder() / "models" / "CREDITS.md").read_text("utf-8")
    cells = [
        cell.strip() for line in source.splitlines() if "|" in line for cell in line.strip("|").split(" | ")
    ]
    assert len(cells) > 600
    missing = {cell for cell in cells if cell not in text and not set(cell) <= set("-|")}
    assert missing <= {"picture", "collection", "licence", "credit", "pictures"}  # the tables' heads


def test_diagnostics_are_scrubbed_and_copied(qtbot: QtBot, tmp_path: Path) -> None:
    data = tmp_path / "data"
    code = f"print('Data  {data.as_posix()}, 5 GB free'); print('a /home/jane/cat.jpg'); print('naïve ✓')"
    dialog = DiagnosticsDialog(None, [sys.executable, "-X", "utf8", "-c", code])
    qtbot.addWidget(dialog)
    dialog.show()
    bar = dialog.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.isVisible())
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines == ["Data  <data>, 5 GB free", "(a line that names a file is left out)", "naïve ✓"]
    assert "Copied." in labels(dialog)


def test_diagnostics_that_cannot_be_made_are_told(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = DiagnosticsDialog(None, [str(tmp_path / "nothing")])
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "could not be started" in labels(dialog))
    bar = dialog.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert bar.isHidden()


def test_closing_the_diagnostics_ends_the_doctor(qtbot: QtBot, tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = f"import pathlib, threading; pathlib.Path({str(started)!r}).touch(); threading.Event().wait()"
    dialog = DiagnosticsDialog(None, [sys.executable, "-c", code])
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(started.exists)
    before = QGuiApplication.clipboard().text()
    dialog.reject()
    assert dialog.process_ended
    assert QGuiApplication.clipboard().text() == before


def test_the_doctor_is_found(qtbot: QtBot) -> None:
    dialog = DiagnosticsDialog(None, own_command("doctor", "--help"))  # without, it takes seconds
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.process_ended, timeout=60_000)
    assert "what would be used and why" in QGuiApplication.clipboard().text()


def test_diagnostics_from_the_menu(qtbot: QtBot) -> None:
    parent = AboutDialog()
    qtbot.addWidget(parent)
    copy_diagnostics(parent)
    dialog = parent.findChild(DiagnosticsDialog)
    assert isinstance(dialog, DiagnosticsDialog)
    assert dialog.isVisible()
    assert dialog.windowModality() is Qt.WindowModality.WindowModal
    dialog.reject()
    qtbot.waitUntil(lambda: parent.findChild(DiagnosticsDialog) is None)

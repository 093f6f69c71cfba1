"""The dialog about editors, in homes of its own; the plugins are really put there."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from resshift_desktop import __version__
from resshift_desktop.gui.pages.editor_row import EditorRow
from resshift_desktop.gui.pages.editors import EditorsDialog
from resshift_desktop.gui.theme import ProblemLabel
from tests.gui.looks import cut_off

GIMP, KRITA = ".config/GIMP/3.0", ".local/share/krita"
PLUGIN = f"{GIMP}/plug-ins/resshift"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a person who has GIMP and Krita."""
    home = tmp_path / "home"
    for folder in (GIMP, KRITA):
        (home / folder).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return home


def open_dialog(qtbot: QtBot) -> EditorsDialog:
    dialog = EditorsDialog()
    qtbot.addWidget(dialog, before_close_func=EditorsDialog.reject)
    dialog.show()
    qtbot.waitUntil(lambda: "Looking for editors…" not in texts(dialog))
    qtbot.waitUntil(lambda: all(row.isVisible() for row in dialog.findChildren(EditorRow)))
    return dialog


def texts(widget: EditorsDialog | EditorRow, kind: type[QLabel] = QLabel) -> list[str]:
    return [label.text() for label in widget.findChildren(kind) if label.isVisible()]


def rows(dialog: EditorsDialog) -> dict[str, EditorRow]:
    """By the editor's name."""
    return {texts(row)[0]: row for row in dialog.findChildren(EditorRow) if row.isVisible()}


def buttons(row: EditorRow) -> list[str]:
    return [button.text() for button in row.findChildren(QPushButton) if button.isVisible()]


def press(qtbot: QtBot, row: EditorRow, text: str) -> None:
    """Press a button and wait until what it asks for is done."""
    next(button for button in row.findChildren(QPushButton) if button.text() == text).click()
    assert not row.isEnabled()
    qtbot.waitUntil(row.isEnabled)


def test_installing_and_removing(qtbot: QtBot, home: Path) -> None:
    dialog = open_dialog(qtbot)
    assert list(rows(dialog)) == ["GIMP 3.0", "Krita"]
    for title, editor in (("GIMP 3.0", "GIMP"), ("Krita", "Krita")):
        row = rows(dialog)[title]
        assert "Not installed" in texts(row)
        assert buttons(row) == ["&Install"]
        press(qtbot, row, "&Install")
        assert texts(row)[-2:] == ["Installed", f"Installed. Restart {editor}."]
        assert buttons(row) == ["&Remove"]
    assert (home / PLUGIN / "resshift.py").is_file()
    assert (home / ".config" / "kritarc").read_text("utf-8") == "[python]\nenable_resshift=true\n"
    assert cut_off(dialog) == []
    for title in ("GIMP 3.0", "Krita"):
        row = rows(dialog)[title]
        press(qtbot, row, "&Remove")
        assert "Not installed" in texts(row)
        assert buttons(row) == ["&Install"]
    assert not (home / PLUGIN).exists()
    assert not (home / ".config" / "kritarc").exists()


def test_what_is_there_is_told_and_mended(qtbot: QtBot, home: Path) -> None:
    dialog = open_dialog(qtbot)
    for row in rows(dialog).values():
        press(qtbot, row, "&Install")
    stamp = {"version": "0.0.1", "files": []}
    (home / PLUGIN / "installed.json").write_text(json.dumps(stamp), "utf-8")
    (home / ".config" / "kritarc").unlink()
    dialog = open_dialog(qtbot)
    gimp, krita = rows(dialog).values()
    assert f"Installed in version 0.0.1; this is {__version__}" in texts(gimp)
    assert buttons(gimp) == ["&Remove", "&Update"]
    assert "Installed, but turned off" in texts(krita)
    assert buttons(krita) == ["&Remove", "&Turn on"]
    press(qtbot, gimp, "&Update")
    press(qtbot, krita, "&Turn on")
    assert [buttons(row) for row in (gimp, krita)] == [["&Remove"], ["&Remove"]]
    (home / PLUGIN / "resshift.py").unlink()
    [gimp, _] = rows(open_dialog(qtbot)).values()
    assert "Not whole, or changed by somebody" in texts(gimp)
    press(qtbot, gimp, "&Repair")
    assert (home / PLUGIN / "resshift.py").is_file()


def test_what_is_not_resshifts_stays(qtbot: QtBot, home: Path) -> None:
    gimp = rows(open_dialog(qtbot))["GIMP 3.0"]
    press(qtbot, gimp, "&Install")
    (home / PLUGIN / "mine.txt").touch()
    press(qtbot, gimp, "&Remove")
    assert texts(gimp)[-1] == f"Removed; files that are not ResShift's stay in {home / PLUGIN}. Restart GIMP."


def test_what_cannot_be_done_says_why(qtbot: QtBot, home: Path) -> None:
    gimp = rows(open_dialog(qtbot))["GIMP 3.0"]
    (home / GIMP / "plug-ins").touch()
    press(qtbot, gimp, "&Install")
    assert texts(gimp, ProblemLabel) == [
        f"The folder {home / GIMP / 'plug-ins'} cannot be used: File exists. Mend it, then try again."
    ]
    (home / GIMP / "plug-ins").unlink()
    press(qtbot, gimp, "&Install")
    assert texts(gimp, ProblemLabel) == []


@pytest.fixture
def open_krita(home: Path) -> Iterator[None]:
    """A process of that name, in this home."""
    shutil.copy(shutil.which("sleep", path=os.defpath) or "", home / "krita")
    with subprocess.Popen([home / "krita", "600"], env={"HOME": str(home)}) as process:
        yield
        process.kill()


@pytest.mark.usefixtures("open_krita")
def test_while_krita_is_open(qtbot: QtBot, tmp_path: Path) -> None:
    krita = rows(open_dialog(qtbot))["Krita"]
    press(qtbot, krita, "&Install")
    archive = tmp_path / "data" / f"resshift-krita-{__version__}.zip"
    assert archive.is_file()
    assert texts(krita, ProblemLabel) == [
        "Krita is open. Close it, then try again; or in Krita choose Tools > Scripts > Import Python Plugin "
        f"from File, and open {archive}."
    ]
    assert buttons(krita) == ["&Install"]


def test_editors_that_come_later(qtbot: QtBot, home: Path) -> None:
    for folder in (GIMP, KRITA):
        (home / folder).rmdir()
    dialog = open_dialog(qtbot)
    assert rows(dialog) == {}
    told = "{0} was not found. If it is on this computer, start it once, then look again."
    assert f"{told.format('GIMP')}\n{told.format('Krita')}" in texts(dialog)
    (home / GIMP).mkdir()
    again = next(button for button in dialog.buttons.buttons() if button.text() == "&Look again")
    again.click()
    qtbot.waitUntil(lambda: list(rows(dialog)) == ["GIMP 3.0"])
    assert told.format("Krita") in texts(dialog)
    (home / GIMP).rmdir()
    again.click()
    qtbot.waitUntil(lambda: rows(dialog) == {})


def test_an_editor_that_never_ran(qtbot: QtBot, home: Path) -> None:
    (home / KRITA).rmdir()
    (home / "krita").touch(0o755)
    krita = rows(open_dialog(qtbot))["Krita"]
    assert "Never started. Start it once, then look again." in texts(krita)
    assert buttons(krita) == []


def test_folders_that_cannot_be_read_are_told(qtbot: QtBot, home: Path) -> None:
    (home / ".config" / "kritarc").mkdir()
    dialog = open_dialog(qtbot)
    qtbot.waitUntil(lambda: texts(dialog, ProblemLabel) != [])
    [told] = texts(dialog, ProblemLabel)
    assert told.startswith("Is a directory: kritarc.")


def test_closing_while_it_looks(qtbot: QtBot) -> None:
    dialog = EditorsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.reject()
    qtbot.wait(100)
    assert rows(dialog) == {}

from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from resshift_desktop.gui.pages.settings import SettingsDialog
from resshift_desktop.gui.preferences import Preferences, app_settings, load_preferences, save_preferences
from resshift_desktop.gui.theme import ProblemLabel, QuietLabel
from resshift_desktop.settings import Settings, load_settings, save_settings

RESTART = "Restart ResShift to see it in this language."
LATER = "Takes effect when ResShift's background process next starts."


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    return make_dialog(qtbot)


def make_dialog(qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def box(dialog: SettingsDialog, start: str) -> QCheckBox:
    boxes = dialog.findChildren(QCheckBox)
    return next(box for box in boxes if box.text().replace("&", "").startswith(start))


def notes(dialog: SettingsDialog, kind: type[QLabel] = QuietLabel) -> list[str]:
    return [label.text() for label in dialog.findChildren(kind) if label.isVisibleTo(dialog)]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("Go on working", Preferences(keep_working=False)),
        ("Notify", Preferences(notify=False)),
    ],
)
def test_what_concerns_the_app_holds_at_once(
    dialog: SettingsDialog, start: str, expected: Preferences, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(dialog.preferences_changed) as told:
        box(dialog, start).click()
    assert told.args == [expected]
    assert load_preferences(app_settings()) == expected
    assert notes(dialog) == []
    assert not box(make_dialog(qtbot), start).isChecked()


@pytest.mark.parametrize(
    ("start", "expected"),
    [("Keep the computer", Settings(keep_awake=False)), ("Let other", Settings(low_priority=False))],
)
def test_what_concerns_the_core_says_when_it_holds(
    dialog: SettingsDialog, start: str, expected: Settings, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(dialog.core_settings_changed) as told:
        box(dialog, start).click()
    assert told.args == [expected]
    assert load_settings() == expected
    assert notes(dialog) == [LATER]
    box(dialog, start).click()
    assert load_settings() == Settings()
    assert notes(dialog) == []


def test_idle_minutes(dialog: SettingsDialog, qtbot: QtBot) -> None:
    minutes = dialog.findChild(QSpinBox)
    assert isinstance(minutes, QSpinBox)
    assert minutes.value() == 10
    minutes.setValue(25)
    assert load_settings() == Settings(idle_minutes=25)
    again = make_dialog(qtbot).findChild(QSpinBox)
    assert isinstance(again, QSpinBox)
    assert again.value() == 25


def test_another_language_asks_for_a_restart(dialog: SettingsDialog, qtbot: QtBot) -> None:
    languages = dialog.findChild(QComboBox)
    assert isinstance(languages, QComboBox)
    assert [languages.itemText(row) for row in range(languages.count())] == [
        "As the system",
        "English",
        "Deutsch",
        "简体中文",
    ]
    languages.setCurrentIndex(2)
    languages.activated.emit(2)
    assert load_preferences(app_settings()) == Preferences(language="de")
    assert notes(dialog) == [RESTART]
    again = make_dialog(qtbot)
    assert notes(again) == []


def test_settings_that_cannot_be_kept_are_told(
    dialog: SettingsDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("RESSHIFT_DATA", str(tmp_path / "file"))  # no folder
    box(dialog, "Keep the computer").click()
    assert notes(dialog, ProblemLabel) == ["The settings could not be kept. Is the disk full?"]


def test_preferences_that_make_no_sense_are_passed_over() -> None:
    settings = app_settings()
    save_preferences(settings, Preferences(language="de", notify=False))
    settings.setValue("preferences/notify", "perhaps")
    settings.setValue("preferences/keep_working", ["a", "b"])
    assert load_preferences(settings) == Preferences(language="de")


def test_settings_of_the_core_are_shown(qtbot: QtBot) -> None:
    save_settings(Settings(idle_minutes=3, keep_awake=False))
    dialog = make_dialog(qtbot)
    assert [one.text() for one in dialog.findChildren(QCheckBox) if not one.isChecked()] == [
        "&Keep the computer awake"
    ]

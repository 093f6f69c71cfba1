from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
)
from pytestqt.qtbot import QtBot

from resshift_desktop.gui.model_item import ModelItem
from resshift_desktop.gui.pages.import_dialog import ImportDialog
from resshift_desktop.gui.pages.licence import LicenceDialog
from resshift_desktop.gui.pages.model_row import ModelRow
from resshift_desktop.gui.pages.models import ModelsDialog
from resshift_desktop.gui.theme import ProblemLabel

BUILT_IN = ModelItem("builtin", "Built-in, fast", "For all.", 4, "Apache-2.0", 6_000_000, True, False, True)
TERMS = ("For non-commercial use only.", ("https://example.org/licence",))
BEST = ModelItem(
    "best", "Best", "Slow.", 4, "S-Lab-1.0", 700_000_000, False, False, False, *TERMS, licence_accepted=False
)
OTHER = replace(BEST, name="other", title="Other")
FACES = ModelItem("faces", "Faces", "Same size.", 1, "S-Lab-1.0", 1_700_000_000, False, False, True)


class Link(QObject):
    """Stands in for CoreModels: writes down what is asked."""

    models_changed = Signal(tuple)
    model_progress = Signal(str, float)
    model_failed = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[object, ...]] = []

    def refresh_models(self) -> None:
        self.models_changed.emit((BUILT_IN, BEST, FACES))

    def download_model(self, name: str, accept_licence: bool) -> None:
        self.asked.append(("download", name, accept_licence))

    def cancel_download(self, name: str) -> None:
        self.asked.append(("cancel", name))

    def remove_model(self, name: str) -> None:
        self.asked.append(("remove", name))

    def import_model(self, paths: Sequence[Path], like: str | None, name: str | None) -> None:
        self.asked.append(("import", paths, like, name))


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def dialog(link: Link, qtbot: QtBot) -> ModelsDialog:
    dialog = ModelsDialog(link)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def row(dialog: ModelsDialog, model: ModelItem) -> ModelRow:
    return next(row for row in dialog.findChildren(ModelRow) if model.title in texts(row))


def texts(row: ModelRow | ModelsDialog, kind: type[QLabel] = QLabel) -> list[str]:
    return [label.text() for label in row.findChildren(kind) if label.isVisibleTo(row)]


def buttons(row: ModelRow) -> dict[str, QAbstractButton]:
    found = (button for button in row.findChildren(QAbstractButton) if button.isVisibleTo(row))
    return {button.text().replace("&", ""): button for button in found}


def accept_licence(dialog: ModelsDialog) -> None:
    question = dialog.findChild(LicenceDialog)
    assert isinstance(question, LicenceDialog)
    question.accept()


def test_models_that_are_here_come_first(dialog: ModelsDialog) -> None:
    rows = sorted(dialog.findChildren(ModelRow), key=lambda row: row.mapToGlobal(row.rect().topLeft()).y())
    assert [texts(row) for row in rows] == [
        ["Built-in, fast", "For all.", "Part of the program · 6 MB · licence: Apache-2.0"],
        ["Faces", "Same size.", "Ready · 1.7 GB · licence: S-Lab-1.0"],
        ["Best", "Slow.", "Not downloaded · 700 MB · licence: S-Lab-1.0"],
    ]
    assert [list(buttons(row)) for row in rows] == [[], ["Remove"], ["Download"]]
    assert [button.accessibleName() for row in rows for button in buttons(row).values()] == [
        "Remove: Faces",
        "Download: Best",
    ]


def test_before_the_core_answers_it_says_so(
    link: Link, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "refresh_models", lambda: None)
    dialog = ModelsDialog(link)
    qtbot.addWidget(dialog)
    assert texts(dialog) == ["Looking for models…"]
    link.models_changed.emit((BUILT_IN,))
    assert "Looking for models…" not in texts(dialog)
    assert "Built-in, fast" in texts(dialog)


def test_a_licence_is_accepted_once(dialog: ModelsDialog, link: Link, qtbot: QtBot) -> None:
    link.models_changed.emit((BUILT_IN, BEST, OTHER))
    buttons(row(dialog, BEST))["Download"].click()
    assert link.asked == []
    accept_licence(dialog)
    assert link.asked == [("download", "best", True)]
    assert list(buttons(row(dialog, BEST))) == ["Cancel"]
    buttons(row(dialog, OTHER))["Download"].click()
    assert link.asked[1:] == [("download", "other", True)]
    again = ModelsDialog(link)
    qtbot.addWidget(again)
    link.models_changed.emit((BUILT_IN, replace(BEST, licence_accepted=True)))  # as the core tells now
    buttons(row(again, BEST))["Download"].click()
    assert link.asked[2:] == [("download", "best", False)]


def test_a_licence_is_shown_with_all_its_facts(dialog: ModelsDialog) -> None:
    buttons(row(dialog, BEST))["Download"].click()
    question = dialog.findChild(LicenceDialog)
    assert isinstance(question, LicenceDialog)
    name, summary, link, *_ = (label for label in question.findChildren(QLabel))
    assert (name.text(), summary.text()) == ("Licence: S-Lab-1.0", "For non-commercial use only.")
    assert 'href="https://example.org/licence"' in link.text()
    assert link.openExternalLinks()


def test_a_licence_that_is_not_accepted_is_asked_for_again(
    dialog: ModelsDialog, link: Link, qtbot: QtBot
) -> None:
    for _ in range(2):
        buttons(row(dialog, BEST))["Download"].click()
        question = dialog.findChild(LicenceDialog)
        assert isinstance(question, LicenceDialog)
        question.reject()
        qtbot.waitUntil(lambda: dialog.findChild(LicenceDialog) is None)
    assert link.asked == []


def test_enter_accepts_no_licence(qtbot: QtBot) -> None:
    question = LicenceDialog(BEST)
    qtbot.addWidget(question)
    question.show()
    cancel = question.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert cancel.isDefault()


def test_a_download_from_start_to_end(dialog: ModelsDialog, link: Link) -> None:
    link.model_progress.emit("best", 0.375)
    assert [bar.value() / bar.maximum() for bar in row(dialog, BEST).findChildren(QProgressBar)] == [0.375]
    link.models_changed.emit((BUILT_IN, replace(BEST, installed=True), FACES))
    assert list(buttons(row(dialog, BEST))) == ["Remove"]
    assert "Ready · 700 MB · licence: S-Lab-1.0" in texts(row(dialog, BEST))


def test_a_download_is_cancelled(dialog: ModelsDialog, link: Link) -> None:
    link.model_progress.emit("best", 0.5)
    buttons(row(dialog, BEST))["Cancel"].click()
    assert link.asked == [("cancel", "best")]
    assert list(buttons(row(dialog, BEST))) == ["Download"]


def test_a_download_that_fails_is_told_beside_its_model(dialog: ModelsDialog, link: Link) -> None:
    link.model_progress.emit("best", 0.5)
    link.model_failed.emit("best", "The connection was lost.", "Try again.")
    assert texts(row(dialog, BEST), ProblemLabel) == ["The connection was lost. Try again."]
    assert list(buttons(row(dialog, BEST))) == ["Download"]
    link.model_progress.emit("best", 0.6)
    assert texts(row(dialog, BEST), ProblemLabel) == []


def test_removal_asks_once(dialog: ModelsDialog, link: Link) -> None:
    faces = row(dialog, FACES)
    buttons(faces)["Remove"].click()
    assert link.asked == []
    assert "Really remove it?" in texts(faces)
    buttons(faces)["Keep"].click()
    assert list(buttons(faces)) == ["Remove"]
    buttons(faces)["Remove"].click()
    buttons(faces)["Remove"].click()
    assert link.asked == [("remove", "faces")]


@pytest.mark.parametrize(
    ("which", "typed", "like", "name"),
    [
        ("Recognize it", "", None, None),
        ("Best", "", "best", None),
        ("Faces", "my-faces.2", "faces", "my-faces.2"),
        ("Recognize it", "Not A Name!", None, "otame"),  # keys that fit no name do nothing
    ],
)
def test_files_are_imported(
    which: str, typed: str, like: str | None, name: str | None,
    dialog: ModelsDialog, link: Link, tmp_path: Path, qtbot: QtBot,
) -> None:  # fmt: skip
    files = [tmp_path / "best.pth", tmp_path / "autoencoder.pth"]
    dialog.choose_files()
    chooser = dialog.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    assert chooser.fileMode() == QFileDialog.FileMode.ExistingFiles
    chooser.filesSelected.emit([str(file) for file in files])
    question = dialog.findChild(ImportDialog)
    assert isinstance(question, ImportDialog)
    choice, field = question.findChild(QComboBox), question.findChild(QLineEdit)
    assert isinstance(choice, QComboBox)
    assert isinstance(field, QLineEdit)
    titles = [choice.itemText(index) for index in range(choice.count())]
    assert titles == ["Recognize it", "Faces", "Best"]  # the built-in model is none of these
    choice.setCurrentText(which)
    qtbot.keyClicks(field, typed)
    question.accept()
    assert link.asked == [("import", files, like, name)]
    reading = "Reading the files. This can take a minute."
    assert reading in texts(dialog)
    link.model_failed.emit("", "This is no model.", "Choose another file.")
    assert texts(dialog, ProblemLabel) == ["This is no model. Choose another file."]
    assert reading not in texts(dialog)


def test_a_model_that_has_gone_is_no_longer_shown(dialog: ModelsDialog, link: Link, qtbot: QtBot) -> None:
    link.models_changed.emit((BUILT_IN,))
    qtbot.waitUntil(lambda: len(dialog.findChildren(ModelRow)) == 1)
    assert "Built-in, fast" in texts(dialog)

"""The model manager: get models, remove them, make them of files."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from resshift_desktop.gui.labels import wrapped
from resshift_desktop.gui.model_item import ModelItem
from resshift_desktop.gui.pages.import_dialog import ImportDialog
from resshift_desktop.gui.pages.licence import LicenceDialog
from resshift_desktop.gui.pages.model_row import ModelRow
from resshift_desktop.gui.pages.page import Page
from resshift_desktop.gui.theme import SPACING, ProblemLabel, QuietLabel


class ModelsLink(Protocol):
    """What of CoreModels is used here. The signals: see there."""

    models_changed: Any  # tuple[ModelItem, ...]
    model_progress: Any  # name, fraction in [0, 1]
    model_failed: Any  # name, title, hint

    def refresh_models(self) -> None: ...
    def download_model(self, name: str, accept_licence: bool) -> None: ...
    def cancel_download(self, name: str) -> None: ...
    def remove_model(self, name: str) -> None: ...
    def import_model(self, paths: Sequence[Path], like: str | None, name: str | None) -> None: ...


class ModelsDialog(Page):
    """All models that there are, one below the other. What is being fetched goes on when it is closed."""

    def __init__(self, core_link: ModelsLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self._link = core_link
        self._rows: dict[str, ModelRow] = {}
        self._models: list[ModelItem] = []
        self._accepted: set[str] = set()  # licences, of which the core may not have told yet
        self._problem = wrapped(ProblemLabel())
        self._problem.hide()
        self._waiting = QuietLabel(self.tr("Looking for models…"))
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACING)
        self._list.addWidget(self._waiting)
        self._list.addStretch(1)
        self._list.setContentsMargins(0, 0, 0, 0)
        body = QWidget()
        body.setLayout(self._list)
        area = QScrollArea()
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content.addWidget(area, 1)
        self.content.addWidget(self._problem)
        button = self.buttons.addButton(self.tr("&Import files…"), QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        button.clicked.connect(self.choose_files)
        core_link.models_changed.connect(self.set_models)
        core_link.model_progress.connect(self._show_progress)
        core_link.model_failed.connect(self._show_failure)
        core_link.refresh_models()
        self.resize(560, 520)

    @Slot(tuple)
    def set_models(self, models: Iterable[ModelItem]) -> None:
        """Show these models; what is said of one that stays is kept."""
        models = sorted(models, key=lambda model: not model.installed)
        self._models = models
        self._waiting.setVisible(not models)
        names = [model.name for model in models]
        for name in [name for name in self._rows if name not in names]:
            self._rows.pop(name).deleteLater()
        for place, model in enumerate(models):
            if model.name not in self._rows:
                self._rows[model.name] = self._make_row(model)
            row = self._rows[model.name]
            row.set_model(model)
            self._list.insertWidget(place, row)

    def choose_files(self) -> None:
        """Ask for a model's files and what they are, and take them."""
        dialog = QFileDialog(self, self.tr("Import a model"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [self.tr("Models") + " (*.safetensors *.pth *.pt *.ckpt)", self.tr("All files") + " (*)"]
        )
        dialog.filesSelected.connect(self._ask_which)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _make_row(self, model: ModelItem) -> ModelRow:
        row = ModelRow(model)
        row.download_wanted.connect(self._download)
        row.cancel_wanted.connect(self._cancel)
        row.removal_wanted.connect(self._remove)
        return row

    def _ask_which(self, files: Sequence[str]) -> None:
        """Several published models have one shape, so that a network's content does not always say it."""
        dialog = ImportDialog(self._models, self)
        paths = [Path(file) for file in files]
        dialog.accepted.connect(lambda: self._import(paths, dialog.like, dialog.name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _import(self, paths: Sequence[Path], like: str | None, name: str | None) -> None:
        self._problem.hide()
        self._waiting.setText(self.tr("Reading the files. This can take a minute."))
        self._waiting.show()
        self._link.import_model(paths, like, name)

    def _download(self, model: ModelItem) -> None:
        if model.licence_accepted or model.licence in self._accepted:
            self._start_download(model)
            return
        dialog = LicenceDialog(model, self)
        dialog.accepted.connect(lambda: self._accept(model))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _accept(self, model: ModelItem) -> None:
        self._accepted.add(model.licence)
        self._start_download(model)

    def _start_download(self, model: ModelItem) -> None:
        self._rows[model.name].show_progress(0.0)
        self._link.download_model(model.name, model.licence in self._accepted)

    def _cancel(self, model: ModelItem) -> None:
        self._rows[model.name].show_idle()
        self._link.cancel_download(model.name)

    def _remove(self, model: ModelItem) -> None:
        self._link.remove_model(model.name)

    @Slot(str, float)
    def _show_progress(self, name: str, fraction: float) -> None:
        if name in self._rows:
            self._rows[name].show_progress(fraction)

    @Slot(str, str, str)
    def _show_failure(self, name: str, title: str, hint: str) -> None:
        """Beside the model, or below the list for a file that is not one yet."""
        text = f"{title} {hint}".strip()
        if name in self._rows:
            self._rows[name].show_problem(text)
        else:
            self._waiting.hide()
            self._problem.setText(text)
            self._problem.show()

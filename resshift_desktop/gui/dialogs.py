"""The dialogs of the window. None of them stops it: work and pictures go on behind them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from resshift_desktop.core.imaging.formats import READABLE_SUFFIXES, ImageFormat

if TYPE_CHECKING:
    from resshift_desktop.gui.core_models import CoreModels


def choose_pictures(parent: QWidget, then: Callable[[list[Path]], object]) -> None:
    kinds = " ".join(f"*{suffix}" for suffix in sorted(READABLE_SUFFIXES))
    dialog = QFileDialog(parent, QCoreApplication.translate("Dialogs", "Open pictures"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    pictures = QCoreApplication.translate("Dialogs", "Pictures")
    everything = QCoreApplication.translate("Dialogs", "All files")
    dialog.setNameFilters([f"{pictures} ({kinds})", f"{everything} (*)"])
    _open_file_dialog(dialog, then)


def choose_folder(parent: QWidget, title: str, then: Callable[[Path], object]) -> None:
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    _open_file_dialog(dialog, lambda paths: then(paths[0]))


def choose_name(parent: QWidget, result: Path, then: Callable[[Path], object]) -> None:
    """Ask where to save a result. The name's ending says the format; the result's own comes first."""
    dialog = QFileDialog(parent, QCoreApplication.translate("Dialogs", "Save result as"), str(result))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    own = ImageFormat.from_suffix(result)
    formats = sorted(ImageFormat, key=lambda image_format: image_format is not own)
    suffixes = {f"{kind.value.upper()} (*{kind.suffix})": kind.suffix for kind in formats}
    dialog.setNameFilters(list(suffixes))
    dialog.setDefaultSuffix(own.suffix)
    dialog.filterSelected.connect(lambda name: dialog.setDefaultSuffix(suffixes[name]))
    _open_file_dialog(dialog, lambda paths: then(paths[0]))


# The others are imported when they are wanted, so that the window opens sooner.


def show_models(parent: QWidget, models: "CoreModels") -> None:
    from resshift_desktop.gui.pages.models import ModelsDialog

    _open(ModelsDialog(models, parent))


def show_editors(parent: QWidget) -> None:
    from resshift_desktop.gui.pages.editors import EditorsDialog

    _open(EditorsDialog(parent))


def show_settings(parent: QWidget) -> None:
    from resshift_desktop.gui.pages.settings import SettingsDialog

    _open(SettingsDialog(parent))


def show_about(parent: QWidget) -> None:
    from resshift_desktop.gui.pages.about import AboutDialog

    _open(AboutDialog(parent))


def show_diagnostics(parent: QWidget) -> None:
    from resshift_desktop.gui.pages.diagnostics import copy_diagnostics

    copy_diagnostics(parent)


def _open_file_dialog(dialog: QFileDialog, then: Callable[[list[Path]], object]) -> None:
    dialog.accepted.connect(lambda: then([Path(name) for name in dialog.selectedFiles()]))
    _open(dialog)


def _open(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()

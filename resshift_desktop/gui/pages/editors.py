"""The plugins for picture editors: which are there, and getting and removing them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from resshift_desktop.editors.bundle import Editor
from resshift_desktop.editors.folders import Place, find_places
from resshift_desktop.editors.install import KritaOpenError, Status, install, remove, status
from resshift_desktop.errors import ResShiftError
from resshift_desktop.foreign_errors import in_words
from resshift_desktop.gui.labels import tell, wrapped
from resshift_desktop.gui.mailbox import Mailbox
from resshift_desktop.gui.pages.editor_row import EditorRow
from resshift_desktop.gui.pages.page import Page
from resshift_desktop.gui.theme import SPACING, ProblemLabel, QuietLabel

_WIDTH = 520


@dataclass(frozen=True)
class _Found:
    statuses: tuple[Status, ...]


@dataclass(frozen=True)
class _Installed:
    status: Status


@dataclass(frozen=True)
class _Removed:
    status: Status
    kept: tuple[Path, ...]


@dataclass(frozen=True)
class _Failed:
    place: Place | None
    error: ResShiftError


_Message = _Found | _Installed | _Removed | _Failed


class EditorsDialog(Page):
    """Every GIMP 3 and Krita that is found, one below the other. The disk is left to a thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Editors"))
        self._rows: dict[tuple[str, Path], EditorRow] = {}
        self._state = wrapped(QuietLabel(self.tr("Looking for editors…")))
        self._problem = wrapped(ProblemLabel())
        self._problem.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACING)
        intro = self.tr("Upscale inside GIMP and Krita, with the models that you have here.")
        self.content.addWidget(wrapped(QLabel(intro)))
        self.content.addLayout(self._list)
        self.content.addWidget(self._state)
        self.content.addWidget(self._problem)
        self.content.addStretch(1)
        again = self.buttons.addButton(self.tr("&Look again"), QDialogButtonBox.ButtonRole.ActionRole)
        again.setAutoDefault(False)
        again.clicked.connect(self._look)
        self._mailbox: Mailbox[_Message] = Mailbox(self._deliver, self)
        self._executor = ThreadPoolExecutor(1, "editors")
        self.finished.connect(self._leave)
        self.resize(_WIDTH, self.heightForWidth(_WIDTH))
        self._look()

    def _look(self) -> None:
        self._submit(None, lambda: _Found(tuple(status(place) for place in find_places())))

    def _install(self, place: Place) -> None:
        def work() -> _Installed:
            install(place)
            return _Installed(status(place))

        self._submit(place, work)

    def _remove(self, place: Place) -> None:
        def work() -> _Removed:
            kept = remove(place)
            return _Removed(status(place), tuple(kept))

        self._submit(place, work)

    def _submit(self, place: Place | None, work: Callable[[], _Message]) -> None:
        def run() -> None:
            try:
                message = work()
            except Exception as error:
                message = _Failed(place, in_words(error))
            self._mailbox.post(message)

        self._executor.submit(run)

    def _deliver(self, messages: list[_Message]) -> None:
        for message in messages:
            match message:
                case _Found(statuses):
                    self._show(statuses)
                case _Installed(found):
                    self._note(found, self.tr("Installed. Restart {editor}."))
                case _Removed(found, ()):
                    self._note(found, self.tr("Removed. Restart {editor}."))
                case _Removed(found):
                    self._note(
                        found,
                        self.tr("Removed; files that are not ResShift's stay in {folder}. Restart {editor}."),
                    )
                case _Failed(place, error):
                    row = self._rows.get(_key(place)) if place else None
                    if row is not None:
                        row.show_problem(self._words(error))
                    else:
                        tell(self._state, "")
                        tell(self._problem, self._words(error))
        self._fit()

    def _note(self, found: Status, text: str) -> None:
        row = self._rows.get(_key(found.place))
        if row is not None:
            folder = found.place.folder / found.place.editor.module
            row.set_status(found)
            row.show_note(text.format(editor=found.place.editor.label, folder=folder))

    def _words(self, error: ResShiftError) -> str:
        if not isinstance(error, KritaOpenError):
            return str(error)
        if error.archive is None:
            return self.tr("Krita is open. Close it, then try again.")
        return self.tr(
            "Krita is open. Close it, then try again; or in Krita choose "
            "Tools > Scripts > Import Python Plugin from File, and open {file}."
        ).format(file=error.archive)

    def _show(self, statuses: tuple[Status, ...]) -> None:
        tell(self._problem, "")
        found = {_key(one.place): one for one in statuses}
        for gone in self._rows.keys() - found.keys():
            self._rows.pop(gone).deleteLater()
        for number, (key, one) in enumerate(found.items()):
            if key not in self._rows:
                self._rows[key] = self._make_row(one)
                self._list.insertWidget(number, self._rows[key])
            self._rows[key].set_status(one)
        missing = [
            editor.label for editor in Editor if all(one.place.editor is not editor for one in statuses)
        ]
        absent = self.tr("{editor} was not found. If it is on this computer, start it once, then look again.")
        tell(self._state, "\n".join(absent.format(editor=name) for name in missing))

    def _fit(self) -> None:
        """Make room for what has come, and keep what the person has made larger."""
        needed = max(self.heightForWidth(self.width()), self.height())
        self.resize(self.width(), needed)

    def _make_row(self, found: Status) -> EditorRow:
        description = {
            Editor.GIMP: self.tr("Upscale the layer or the selection from the Filters menu."),
            Editor.KRITA: self.tr("Upscale the layer, as a new layer or a new document."),
        }[found.place.editor]
        row = EditorRow(found, description)
        row.install_wanted.connect(self._install)
        row.removal_wanted.connect(self._remove)
        return row

    def _leave(self) -> None:
        """What is being done goes on to its end, and nobody is told."""
        self._mailbox.close()
        self._executor.shutdown(wait=False)


def _key(place: Place) -> tuple[str, Path]:
    return place.title, place.folder

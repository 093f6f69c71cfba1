"""Pictures that are listed but not started, kept in a file: they are there again at the next start."""

import contextlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from resshift_desktop.gui.importing import pasted_folder
from resshift_desktop.gui.job_item import State
from resshift_desktop.gui.jobs_model import JobsModel
from resshift_desktop.json_file import write_json
from resshift_desktop.paths import data_folder

_VERSION = 1
_GATHER_MILLISECONDS = 500
"""Changes are written this much later, all of that time together."""


class KeptPictures(QObject):
    """Writes down what of a JobsModel is yet to be started. Reads and writes in a thread of its own.

    Pasted pictures, which are the app's own files, are deleted once the list no longer has them.
    """

    read = Signal(tuple, int)
    """Paths of the pictures that were kept, and how many more there were whose files are gone."""

    def __init__(self, model: JobsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._executor = ThreadPoolExecutor(1, "kept-pictures")
        self._kept: list[Path] = []
        self._pasted: set[Path] = set()
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MILLISECONDS)
        self._timer.timeout.connect(self._keep)
        self.read.connect(self._follow)

    def start(self) -> None:
        """Tell what was kept. What is listed from then on is kept."""
        self._model.rowsInserted.connect(lambda _, first, last: self._note_pasted(first, last))
        self._executor.submit(self._read)

    def close(self) -> None:
        """Keep what is listed now, and end. Returns when that is done."""
        if self._timer.isActive():
            self._timer.stop()
            self._keep()
        self._executor.shutdown()

    def _follow(self, pictures: tuple[Path, ...], gone: int) -> None:
        self._kept = [] if gone else list(pictures)
        self._model.counts_changed.connect(self._change)
        self._model.modelReset.connect(self._change)
        self._change()

    def _change(self) -> None:
        if not self._timer.isActive():  # not anew, or changes without a pause would never be written
            self._timer.start()

    def _keep(self) -> None:
        pictures = [item.input for item in self._model.items(State.NEW)]
        before = self._pasted
        self._pasted = set()
        self._note_pasted(0, self._model.rowCount() - 1)
        left = before - self._pasted
        if pictures != self._kept or left:
            self._kept = pictures
            self._executor.submit(_write, pictures, left)

    def _note_pasted(self, first: int, last: int) -> None:
        """Those among some rows: of what is removed nothing else is known."""
        own = f"{pasted_folder()}{os.sep}"
        paths = (self._model.item_at(row).input for row in range(first, last + 1))
        self._pasted.update(path for path in paths if str(path).startswith(own))

    def _read(self) -> None:
        kept = _load()
        pictures = tuple(picture for picture in kept if picture.exists())
        self.read.emit(pictures, len(kept) - len(pictures))


def kept_pictures_file() -> Path:
    return data_folder() / "pictures.json"


def _load() -> list[Path]:
    """What was kept; nothing where the file is missing or makes no sense."""
    try:
        values = json.loads(kept_pictures_file().read_text("utf-8"))
        return [Path(name) for name in values["pictures"]] if values["version"] == _VERSION else []
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _write(pictures: Sequence[Path], left: set[Path]) -> None:
    # The list is there all the same; where the disk is full, what matters more says so.
    with contextlib.suppress(OSError):
        write_json(kept_pictures_file(), {"version": _VERSION, "pictures": [str(path) for path in pictures]})
    for path in left:
        with contextlib.suppress(OSError):
            path.unlink()

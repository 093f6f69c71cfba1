"""Pictures that are listed but not started, kept with their masks: they are there again at the next start."""

import contextlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from resshift_desktop.errors import ImageWriteError
from resshift_desktop.gui.importing import pasted_folder
from resshift_desktop.gui.job_item import State
from resshift_desktop.gui.jobs_model import JobsModel
from resshift_desktop.gui.masks import masks_folder, save_mask
from resshift_desktop.json_file import write_json
from resshift_desktop.paths import data_folder

_VERSION = 1
_GATHER_MILLISECONDS = 500
"""Changes are written this much later, all of that time together."""


class KeptPictures(QObject):
    """Writes down what of a JobsModel is yet to be started. Reads and writes in a thread of its own.

    The app's own files (pasted pictures, masks) are deleted once the list has no use for them.

    masks: by the ids of pictures; they are written when the list changes, and at the end.
    """

    read = Signal(object, int)
    """Dict: masks (or None) by the pictures that were kept. And how many more there were, which are gone."""

    def __init__(self, model: JobsModel, masks: dict[int, QImage], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._masks = model, masks
        self._executor = ThreadPoolExecutor(1, "kept-pictures")
        self._kept: dict[Path, QImage | None] = {}
        self._own_files: set[Path] = set()
        self._mask_files: dict[Path, tuple[QImage | None, Path]] = {}
        self._is_following = False
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MILLISECONDS)
        self._timer.timeout.connect(self._keep)
        self.read.connect(self._follow)

    def start(self) -> None:
        """Tell what was kept. What is listed from then on is kept."""
        self._model.rowsInserted.connect(lambda _, first, last: self._note_own_files(first, last))
        self._executor.submit(self._read)

    def close(self) -> None:
        """Keep what is listed now, and end. Returns when that is done."""
        if self._is_following:
            self._timer.stop()
            self._keep()
        self._executor.shutdown()

    def _follow(self, pictures: dict[Path, QImage | None], gone: int) -> None:
        self._is_following = True
        self._kept = {} if gone else pictures
        self._model.counts_changed.connect(self._change)
        self._model.modelReset.connect(self._change)
        self._change()

    def _change(self) -> None:
        if not self._timer.isActive():  # not anew, or changes without a pause would never be written
            self._timer.start()

    def _keep(self) -> None:
        pictures = {item.input: self._masks.get(item.id) for item in self._model.items(State.NEW)}
        before = self._own_files
        self._own_files = set()
        self._note_own_files(0, self._model.rowCount() - 1)
        left = before - self._own_files
        changed = list(pictures) != list(self._kept) or any(
            mask is not self._kept[path] for path, mask in pictures.items()
        )
        if changed or left:
            self._kept = pictures
            self._executor.submit(self._write, pictures, left)

    def _note_own_files(self, first: int, last: int) -> None:
        """Those of some rows: of what is removed nothing else is known."""
        own = tuple(f"{folder}{os.sep}" for folder in (pasted_folder(), masks_folder()))
        for row in range(first, last + 1):
            item = self._model.item_at(row)
            files = (item.input, item.request.mask if item.request else None)
            self._own_files.update(file for file in files if file and str(file).startswith(own))

    # In the thread.

    def _read(self) -> None:
        kept = _load()
        self._mask_files = {path: (_read_mask(mask), mask) for path, mask in kept.items() if mask is not None}
        pictures = {path: self._mask_files.get(path, (None,))[0] for path in kept if path.exists()}
        self.read.emit(pictures, len(kept) - len(pictures))

    def _write(self, pictures: dict[Path, QImage | None], left: set[Path]) -> None:
        # The list is there all the same; where the disk is full, what matters more says so.
        with contextlib.suppress(OSError, ImageWriteError):
            before, self._mask_files = self._mask_files, {}
            for path, mask in pictures.items():
                if mask is not None:
                    image, file = before.get(path, (None, None))
                    self._mask_files[path] = (mask, file if file and image == mask else save_mask(mask))
            names = {str(path): None for path in pictures}
            masks = {str(path): str(file) for path, (_, file) in self._mask_files.items()}
            write_json(kept_pictures_file(), {"version": _VERSION, "pictures": names | masks})
            files = {file for _, file in self._mask_files.values()}
            left = left | ({file for _, file in before.values()} - files)
        for path in left:
            with contextlib.suppress(OSError):
                path.unlink()


def kept_pictures_file() -> Path:
    return data_folder() / "pictures.json"


def _load() -> dict[Path, Path | None]:
    """Pictures that were kept, and the files of their masks; none where the file is no such one."""
    try:
        values = json.loads(kept_pictures_file().read_text("utf-8"))
        if values["version"] != _VERSION:
            return {}
        return {Path(name): Path(mask) if mask else None for name, mask in values["pictures"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _read_mask(file: Path) -> QImage | None:
    mask = QImage(str(file))
    return None if mask.isNull() else mask.convertToFormat(QImage.Format.Format_Grayscale8)

"""Pictures brought in: dropped, pasted, opened. Folders are looked through off the GUI thread."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from resshift_desktop.core.imaging.formats import READABLE_SUFFIXES
from resshift_desktop.foreign_errors import in_words
from resshift_desktop.gui.job_item import Problem
from resshift_desktop.gui.output_names import free_name
from resshift_desktop.paths import data_folder

# Preferred over a decoded image: the bytes as they were, with their colour profile.
_ENCODED = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/tiff": ".tif"}
_AT_ONCE = 500


class Importer(QObject):
    """Finds the pictures in what is given to it."""

    found = Signal(tuple)
    """Paths of pictures; several times for many."""
    failed = Signal(object)
    """Problem: what was given holds no picture, or not only pictures."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(1, "importer")
        self._closed = False

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Files and folders, which are looked through with all folders in them."""
        if paths:
            self._look_through(tuple(paths))

    def take(self, data: QMimeData) -> None:
        """What was dropped or pasted: local files, else a picture's data."""
        files = local_files(data)
        if files:
            self._look_through(map(Path, files))
            return
        for kind, suffix in _ENCODED.items():
            encoded = bytes(data.data(kind).data()) if data.hasFormat(kind) else b""
            if encoded:
                self._save(encoded, suffix)
                return
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self._save(image, ".png")
        elif data.hasUrls():
            self.failed.emit(
                Problem(
                    self.tr("Only the picture's address came, not the picture."),
                    self.tr("Copy the picture itself in the browser and paste it, or save it first."),
                    "UsageError",
                )
            )
        else:
            self.failed.emit(no_picture())

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Find nothing more."""
        self._closed = True
        self._executor.shutdown(wait=False, cancel_futures=True)

    def not_taken(self, paths: Sequence[Path]) -> Problem:
        """Why these files were left out."""
        if len(paths) == 1:
            title = self.tr("{name} is not a kind of picture that can be read.").format(name=paths[0].name)
        else:
            title = self.tr("%n files are not of a kind that can be read.", "", len(paths))
        return Problem(title, self.tr("Use PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF files."), "UsageError")

    def _save(self, picture: bytes | QImage, suffix: str) -> None:
        name = self.tr("Pasted {time}").format(time=time.strftime("%Y-%m-%d %H.%M.%S"))
        if not self._closed:
            self._executor.submit(self._save_pasted, picture, f"{name}{suffix}")

    def _look_through(self, paths: Iterable[Path]) -> None:
        if not self._closed:
            self._executor.submit(self._find, paths)

    def _find(self, paths: Iterable[Path]) -> None:
        chunk: list[Path] = []
        left_out: list[Path] = []
        found = 0
        for path in find_pictures(paths, left_out):
            if self._closed:
                return
            chunk.append(path)
            found += 1
            if len(chunk) == _AT_ONCE:
                self.found.emit(tuple(chunk[:-2]))  # what comes last is never one of many alone
                chunk = chunk[-2:]
        if chunk:
            self.found.emit(tuple(chunk))
        if left_out:
            self.failed.emit(self.not_taken(left_out))
        elif not found:
            self.failed.emit(no_picture())

    def _save_pasted(self, picture: bytes | QImage, name: str) -> None:
        try:
            pasted_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            path = free_name(pasted_folder() / name)
            if isinstance(picture, QImage):
                if not picture.save(str(path)):
                    raise OSError(0, "The picture cannot be kept", str(path))
            else:
                path.write_bytes(picture)
            self.found.emit((path,))
        except OSError as error:
            told = in_words(error)
            self.failed.emit(Problem(told.title, told.hint, type(told).__name__))


def has_pictures(data: QMimeData) -> bool:
    """Whether `data` may hold pictures."""
    return data.hasUrls() or data.hasImage() or any(data.hasFormat(kind) for kind in _ENCODED)


def lasting(data: QMimeData) -> QMimeData:
    """What `Importer.take` needs of it, to be taken later: what is dropped is gone when the drop is over."""
    copy = QMimeData()
    copy.setUrls(data.urls())
    if local_files(data):
        return copy
    for kind in _ENCODED:
        if data.hasFormat(kind):
            copy.setData(kind, data.data(kind))
    if data.hasImage():
        copy.setImageData(data.imageData())
    return copy


def local_files(data: QMimeData) -> list[str]:
    """The names of the files and folders of this computer in `data`."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def find_pictures(paths: Iterable[Path], left_out: list[Path]) -> Iterator[Path]:
    """The pictures among `paths` and in the folders among them, each once, in order.

    In folders only what is named as a picture counts, and nothing hidden. Files given outright that are no
    pictures by their names are added to `left_out`; without any ending they are taken.
    """
    seen: set[str] = set()
    for given in paths:
        if given.is_dir():
            inside: Iterable[Path] = _walk(given)
        elif given.suffix and given.suffix.lower() not in READABLE_SUFFIXES:
            left_out.append(given)
            continue
        else:
            inside = [given]
        for path in inside:
            place = os.path.realpath(path)
            if place not in seen:
                seen.add(place)
                yield path


def pasted_folder() -> Path:
    """Where pictures from the clipboard and from browsers are kept, until their results are there."""
    return data_folder() / "pasted"


def no_picture() -> Problem:
    return Problem(
        QCoreApplication.translate("Importer", "There are no pictures in this."),
        QCoreApplication.translate(
            "Importer", "Choose PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF files, or a folder with some."
        ),
        "UsageError",
    )


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in READABLE_SUFFIXES:
                yield Path(place, name)

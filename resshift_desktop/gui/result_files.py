"""What people do with results: copy, save under another name, show in the file manager."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QProcess, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QImageReader

from resshift_desktop.foreign_errors import in_words
from resshift_desktop.gui.job_item import Problem

_MOST_PIXELS_COPIED = 64_000_000
"""Larger results are copied as files only: other programs would get them as hundreds of megabytes."""


class ResultFiles(QObject):
    """Works on one file after the other."""

    done = Signal(str)
    """One line on what has been done."""
    failed = Signal(object)
    """Problem."""
    _loaded = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(1, "result-files")
        self._loaded.connect(self._to_clipboard)

    def save_as(self, result: Path, target: Path, quality: int) -> None:
        """Write a result once more, under a name whose ending says the format; replaces what is there."""
        self._submit(lambda: self._save(result, target, quality))

    def copy(self, result: Path) -> None:
        """Put a result on the clipboard: as a file, and as a picture."""
        self._submit(lambda: self._loaded.emit(result, _load(result)))

    def close(self) -> None:
        """What was begun is finished; nothing more is begun."""
        self._executor.shutdown(wait=False)

    def _save(self, result: Path, target: Path, quality: int) -> None:
        import shutil

        from resshift_desktop.core.imaging.files import ImageFormat, part_beside, read_image, write_image

        if target.suffix.lower() == result.suffix.lower():
            part = part_beside(target)
            try:
                shutil.copyfile(result, part)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        else:
            image_format = ImageFormat.from_suffix(target)
            write_image(target, read_image(result), image_format, quality, overwrite=True)
        self.done.emit(self.tr("Saved as {name}.").format(name=target.name))

    def _to_clipboard(self, result: Path, image: QImage) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(result))])
        if not image.isNull():
            data.setImageData(image)
        QGuiApplication.clipboard().setMimeData(data)
        self.done.emit(self.tr("Copied {name}.").format(name=result.name))

    def _submit(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except Exception as error:
                told = in_words(error)
                self.failed.emit(Problem(told.title, told.hint, type(told).__name__))

        self._executor.submit(run)


def show_in_folder(path: Path) -> None:
    """Have the file manager show a file, selected where it can do so."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer", [f"/select,{path}"])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    elif not _ask_file_manager(path):
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _ask_file_manager(path: Path) -> bool:
    """By the desktops' own way (freedesktop.org, File Manager DBus Interface); False without one."""
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    name = "org.freedesktop.FileManager1"
    call = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    call.setArguments([[QUrl.fromLocalFile(str(path)).toString()], ""])
    answer = bus.call(call, QDBus.CallMode.Block, 1000)
    return answer.type() is QDBusMessage.MessageType.ReplyMessage


def _load(path: Path) -> QImage:
    """The picture's pixels; none where it is very large."""
    reader = QImageReader(str(path))
    size = reader.size()
    too_large = size.width() * size.height() > _MOST_PIXELS_COPIED
    return QImage() if too_large else reader.read()

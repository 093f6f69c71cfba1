"""Small pictures of files for lists, made off the GUI thread, the latest wish first."""

import threading
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

SIDE = 112
"""Pixels a side, at most: 56 on screens with two pixels each way."""
_KEPT = 500
_LONGEST_QUEUE = 100


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A file's picture, small (None: it cannot be read), and its real size in pixels (0: unknown)."""

    path: Path
    image: QImage | None
    width: int
    height: int


class Thumbnails(QObject):
    """Keeps the latest thumbnails. What falls out of a full queue is asked for again when it is seen."""

    made = Signal(object)
    """A Thumbnail that can be had from now on."""
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Path, tuple[Thumbnail, QPixmap]] = OrderedDict()
        self._asked: set[Path] = set()
        self._queue: deque[Path] = deque()
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(1, "thumbnails")
        self._finished.connect(self._keep)

    def pixmap(self, path: Path) -> QPixmap | None:
        """The thumbnail's pixels, null where the file cannot be read; None while they are being made."""
        kept = self._find(path)
        return kept[1] if kept else None

    def thumbnail(self, path: Path) -> Thumbnail | None:
        """None while it is being made; `made` tells."""
        kept = self._find(path)
        return kept[0] if kept else None

    def warm_up(self) -> None:
        """Import now what else would be imported while people wait for the first one."""
        self._executor.submit(_import_libvips)

    def forget(self, path: Path) -> None:
        """The file may have changed."""
        self._kept.pop(path, None)

    def close(self) -> None:
        """Make no more."""
        with self._lock:
            self._queue.clear()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _find(self, path: Path) -> tuple[Thumbnail, QPixmap] | None:
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        if path not in self._asked:
            self._asked.add(path)
            with self._lock:
                self._queue.append(path)
                dropped = self._queue.popleft() if len(self._queue) > _LONGEST_QUEUE else None
            if dropped is not None:
                self._asked.discard(dropped)
            self._executor.submit(self._make_latest)
        return None

    def _make_latest(self) -> None:
        with self._lock:
            if not self._queue:
                return
            path = self._queue.pop()
        self._finished.emit(make_thumbnail(path))

    def _keep(self, thumbnail: Thumbnail) -> None:
        self._asked.discard(thumbnail.path)
        pixmap = QPixmap() if thumbnail.image is None else QPixmap.fromImage(thumbnail.image)
        self._kept[thumbnail.path] = thumbnail, pixmap
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.made.emit(thumbnail)


def make_thumbnail(path: Path, side: int = SIDE) -> Thumbnail:
    """The picture upright and in sRGB, at most `side` pixels a side. Imports libvips: for worker threads."""
    from resshift_desktop.core.imaging.files import read_image
    from resshift_desktop.core.imaging.vips import as_vips, get_number, pyvips

    try:
        header = pyvips.Image.new_from_source(_source(path), "", access="sequential")
        width, height = header.width, header.height
        if get_number(header, "orientation", 1) > 4:
            width, height = height, width
        image = pyvips.Image.thumbnail_source(
            _source(path), side, height=side, size="down", output_profile="srgb"
        )
        return Thumbnail(path, _to_qimage(image), width, height)
    except pyvips.Error:  # BMP, among others
        pass
    try:
        picture = read_image(path)
        image = as_vips(picture).thumbnail_image(side, height=side, size="down")
        return Thumbnail(path, _to_qimage(image), picture.width, picture.height)
    except Exception:  # whatever is wrong with it: this is only to be looked at
        return Thumbnail(path, None, 0, 0)


def _import_libvips() -> None:
    import resshift_desktop.core.imaging.vips  # noqa: F401


def _source(path: Path):
    from resshift_desktop.core.imaging.vips import pyvips

    return pyvips.Source.new_from_file(str(path))


def _to_qimage(image) -> QImage:
    bands = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}
    image = image.cast("uchar")
    if image.bands == 2:
        image = image.colourspace("srgb")
    image_format = bands.get(image.bands, QImage.Format.Format_RGBA8888)
    data = image.write_to_memory()
    return QImage(data, image.width, image.height, image.width * image.bands, image_format).copy()

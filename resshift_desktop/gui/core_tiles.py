"""Finished tiles of the job that is looked at."""

from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColorSpace, QImage

from resshift_desktop.gui.core_caller import CoreCaller
from resshift_desktop.gui.core_messages import Tile, TileNews


class CoreTiles(QObject):
    """Fetches them in a thread of its own."""

    tile = Signal(object)
    """Tile, of the job that is watched."""

    def __init__(self, caller: CoreCaller, parent: QObject) -> None:
        super().__init__(parent)
        self._caller = caller
        self._looking = ThreadPoolExecutor(1, "core-tiles")
        self._watched: int | None = None
        self._told: set[int] = set()

    def watch(self, job: int | None) -> None:
        """Tell of this job's tiles, those that are finished first; None: of none."""
        if job == self._watched:
            return
        self._watched = job
        self._told.clear()
        if job is not None and not self._caller.closed:
            self._looking.submit(self._fetch_all, job)

    def take(self, message: TileNews | Tile) -> None:
        """What a thread has heard: news, or a tile that has been fetched."""
        if message.id != self._watched or self._caller.closed:
            return
        if isinstance(message, TileNews):
            self._looking.submit(self._fetch, message)
        elif message.number not in self._told:
            self._told.add(message.number)  # it may be both listed and news
            self.tile.emit(message)

    def close(self) -> None:
        """Fetch nothing more."""
        self._looking.shutdown(wait=False, cancel_futures=True)

    def _fetch_all(self, job: int) -> None:
        """Those that are finished already."""
        tiles = self._caller.look(lambda client: client.list_tiles(job)) or []
        for tile in tiles:
            place = QRectF(tile["left"], tile["top"], tile["width"], tile["height"])
            self._fetch(TileNews(job, tile["number"], place))

    def _fetch(self, news: TileNews) -> None:
        if news.id != self._watched:
            return
        jpeg = self._caller.look(lambda client: client.get_tile(news.id, news.number))
        image = QImage.fromData(jpeg) if jpeg else QImage()
        if not image.isNull():
            if image.colorSpace().isValid():
                image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
            self._caller.post(Tile(news.id, news.number, news.place, image))

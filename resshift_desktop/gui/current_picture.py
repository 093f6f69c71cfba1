"""What is shown of the picture that is the current one of the list."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject

from resshift_desktop.gui.job_item import JobItem, State
from resshift_desktop.gui.options import Options
from resshift_desktop.gui.result_size import result_size
from resshift_desktop.gui.thumbnails import Thumbnail

if TYPE_CHECKING:
    from resshift_desktop.gui.window import MainWindow


class CurrentPicture(QObject):
    """Has the page, the panel and the core link follow the list of `window`."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._shown: int | None = None
        window.strip.current_changed.connect(self.show)
        window.model.dataChanged.connect(self._show_if_changed)
        window.thumbnails.made.connect(self._take_thumbnail)

    def show(self) -> None:
        """Show it as it now stands."""
        window = self._window
        item = window.strip.current_item()
        self.keep_mask()
        self._shown = item.id if item else None
        mask = window.pictures.masks.get(item.id) if item else None
        window.page.show_item(item, self._result_size(item), mask)
        running = item is not None and item.state in (State.RUNNING, State.PAUSED, State.QUEUED)
        window.link.tiles.watch(item.id if running and item is not None else None)
        thumbnail = window.thumbnails.thumbnail(item.input) if item else None
        if thumbnail is not None and thumbnail.width and len(window.strip.selected_items()) <= 1:
            window.panel.set_picture(thumbnail.width, thumbnail.height)
        else:
            window.panel.set_picture(None, None)

    def keep_mask(self) -> None:
        """What is painted on the picture that is shown belongs to it, whichever is shown next."""
        masks, mask = self._window.pictures.masks, self._window.page.view.mask_image()
        if self._shown is not None and self._window.model.item(self._shown) is not None:
            masks.pop(self._shown, None)
            if mask is not None:
                masks[self._shown] = mask

    def _result_size(self, item: JobItem | None) -> tuple[int, int] | None:
        """What the result has, or will have, where that is known by now."""
        if item is None or item.result_size is not None:
            return item.result_size if item else None
        thumbnail = self._window.thumbnails.thumbnail(item.input)
        if thumbnail is None or not thumbnail.width:
            return None
        options = self._window.panel.options()
        if (request := item.request) is not None:
            options = Options(
                model=request.model, scale=request.scale, width=request.width, height=request.height
            )
        model = self._window.panel.model(options.model)
        return result_size(options, (thumbnail.width, thumbnail.height), model.scale if model else 4)

    def _take_thumbnail(self, thumbnail: Thumbnail) -> None:
        item = self._window.strip.current_item()
        if item is not None and item.input == thumbnail.path:
            self.show()

    def _show_if_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self._window.strip.currentIndex().row() <= last.row():
            self.show()

"""The list of pictures, in the order in which they are worked on; it is put in another order by dragging."""

import json

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionRange,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from resshift_desktop.gui.job_item import JobItem, State
from resshift_desktop.gui.jobs_model import ITEM_ROLE, JobsModel
from resshift_desktop.gui.thumbnails import Thumbnails

MOVABLE = (State.NEW, State.QUEUED, State.PAUSED)
_IDS = "application/x-resshift-pictures"


class QueueStrip(QListView):
    """Shows a JobsModel. Results can be dragged out of it, as files.

    What is selected is known by its id, and stays selected when the model is reset.
    """

    moved = Signal(tuple, object)
    """Ids of pictures, and that of the picture they are to come before (None: the end)."""
    current_changed = Signal()
    """Another picture is the current one, or none is."""
    selection_changed = Signal()

    def __init__(self, model: JobsModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._thumbnails = model, thumbnails
        self._remembered: tuple[int | None, list[int], int] = (None, [], 0)
        self.setAccessibleName(self.tr("Pictures"))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        model.modelAboutToBeReset.connect(self._remember)
        self.setModel(model)
        model.modelReset.connect(self._restore)
        thumbnails.made.connect(lambda _: self.viewport().update())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        self.prepare()
        super().showEvent(event)

    def prepare(self) -> None:
        """Get ready to be shown: what the rows are painted with takes as long to import as all else here."""
        from resshift_desktop.gui.row_delegate import RowDelegate

        if not isinstance(self.itemDelegate(), RowDelegate):
            self.setItemDelegate(RowDelegate(self._thumbnails, self))
            self.viewport()  # the first time, PySide looks through all kinds of widgets

    def current_item(self) -> JobItem | None:
        index = self.currentIndex()
        return index.data(ITEM_ROLE) if index.isValid() else None

    def selected_items(self) -> list[JobItem]:
        """In the order of the list."""
        return [self._jobs.item_at(row) for row in self.selected_rows()]

    def selected_rows(self) -> list[int]:
        """In order."""
        # Not selectedIndexes, which asks the model about each row.
        selection = self.selectionModel().selection()
        ranges = (selection.at(place) for place in range(selection.count()))
        return sorted(row for rows in ranges for row in range(rows.top(), rows.bottom() + 1))

    def select(self, item_id: int) -> None:
        """Make a picture the only one that is selected."""
        index = self._jobs.index_of(item_id)
        if index.isValid():
            selection = self.selectionModel()
            selection.setCurrentIndex(index, selection.SelectionFlag.ClearAndSelect)

    def select_if_none(self) -> None:
        """Have some picture be the current one, where there is any."""
        if not self.currentIndex().isValid() and self._jobs.rowCount():
            self.select(self._jobs.item_at(0).id)

    def currentChanged(  # noqa: N802
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    # A reset.

    def _remember(self) -> None:
        current = self.current_item()
        selected = [item.id for item in self.selected_items()]
        self._remembered = current.id if current else None, selected, self.verticalScrollBar().value()

    def _restore(self) -> None:
        current, selected, scrolled = self._remembered
        selection = self.selectionModel()
        flags = selection.SelectionFlag
        found = [self._jobs.index_of(self._jobs.successor(item_id)) for item_id in selected]
        rows = sorted(index.row() for index in found if index.isValid())
        selection.select(self._selection(rows), flags.ClearAndSelect)
        if current is not None:
            index = self._jobs.index_of(self._jobs.successor(current))
            selection.setCurrentIndex(index, flags.NoUpdate if selected else flags.Select)
        self.verticalScrollBar().setValue(scrolled)
        self.select_if_none()
        self.current_changed.emit()
        self.selection_changed.emit()

    def _selection(self, rows: list[int]) -> QItemSelection:
        """Of `rows` in order, with one range for those that follow each other."""
        selection = QItemSelection()
        start = 0
        for end in range(1, len(rows) + 1):
            if end == len(rows) or rows[end] != rows[end - 1] + 1:
                first, last = self._jobs.index(rows[start]), self._jobs.index(rows[end - 1])
                selection.append(QItemSelectionRange(first, last))
                start = end
        return selection

    # Dragging.

    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: N802, ARG002
        items = self.selected_items()
        if not items:
            return
        drag = QDrag(self)
        drag.setMimeData(drag_data(items))
        drag.setPixmap(self._drag_pixmap(items[0]))
        drag.exec(Qt.DropAction.CopyAction)

    def _drag_pixmap(self, item: JobItem) -> QPixmap:
        rect = self.visualRect(self._jobs.index_of(item.id))
        return self.viewport().grab(rect)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.source() is self:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()  # the window takes it

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        if event.source() is self:
            super().dragMoveEvent(event)  # for the mark between rows
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        if event.source() is not self:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.setState(QAbstractItemView.State.NoState)
        ids = json.loads(bytes(event.mimeData().data(_IDS).data()))
        self.drop_before(ids, self._row_at(event))
        self.viewport().update()

    def drop_before(self, ids: list[int], row: int) -> None:
        """Have pictures come before the one in `row`; those that have no place to be changed stay."""
        chosen = set(ids)
        moved = [item for item in map(self._jobs.item, ids) if item and item.state in MOVABLE]
        for new in (False, True):
            group = tuple(item.id for item in moved if (item.state is State.NEW) is new)
            rest = (self._jobs.item_at(place) for place in range(row, self._jobs.rowCount()))
            states = (State.NEW,) if new else (State.QUEUED, State.PAUSED)
            before = next((item.id for item in rest if item.state in states and item.id not in chosen), None)
            if group:
                self.moved.emit(group, before)

    def _row_at(self, event: QDropEvent) -> int:
        position = event.position().toPoint()
        index = self.indexAt(position)
        if not index.isValid():
            return self._jobs.rowCount()
        return index.row() + (position.y() > self.visualRect(index).center().y())


def drag_data(items: list[JobItem]) -> QMimeData:
    """For this list the ids; for other programs the results' files."""
    data = QMimeData()
    data.setData(_IDS, json.dumps([item.id for item in items]).encode())
    results = [QUrl.fromLocalFile(str(item.result)) for item in items if item.result]
    if results:
        data.setUrls(results)
    return data

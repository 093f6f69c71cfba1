"""The list of pictures: jobs of the core in the order of their work, then those yet to be started."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from resshift_desktop.gui.job_item import JobItem, State, state_in_words

ITEM_ROLE = Qt.ItemDataRole.UserRole
"""The JobItem of a row."""

_OF_ROWS = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDragEnabled
_OF_GAPS = Qt.ItemFlag.ItemIsDropEnabled
_FIRST_NEW_POSITION = 1e15
_FEW = 4
"""So many changes of structure are told one by one; more of them as a reset."""

_Index = QModelIndex | QPersistentModelIndex
_Key = tuple[float, int]


class JobsModel(QAbstractListModel):
    """Rows are found by bisection, so that thousands of jobs can change often.

    A reset loses what a view has selected: views restore it by id, with `successor`.
    """

    counts_changed = Signal()
    """There are more or fewer pictures in some state."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: list[_Key] = []  # sorted
        self._items: dict[int, JobItem] = {}
        self._successors: dict[int, int] = {}
        self._next_new = -1
        self.counts: Counter[State] = Counter()
        self._running: set[int] = set()

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802
        return 0 if parent is not None and parent.isValid() else len(self._keys)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.item_at(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.input.name
            case Qt.ItemDataRole.ToolTipRole:
                lines = [str(item.input), state_in_words(item), item.problem.hint if item.problem else ""]
                return "\n".join(line for line in lines if line)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(text for text in (item.input.name, state_in_words(item)) if text)
            case _:
                return item if role == ITEM_ROLE else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return _OF_ROWS if index.isValid() else _OF_GAPS

    def item(self, item_id: int) -> JobItem | None:
        return self._items.get(item_id)

    def item_at(self, row: int) -> JobItem:
        return self._items[self._keys[row][1]]

    def items(self, *states: State) -> list[JobItem]:
        """Those in `states`, in order; without any, all."""
        if states and not any(self.counts[state] for state in states):
            return []
        if states == (State.RUNNING,):  # asked for with all that the core tells
            return sorted((self._items[item_id] for item_id in self._running), key=_key)
        items = [self._items[item_id] for _, item_id in self._keys]
        return [item for item in items if item.state in states] if states else items

    def index_of(self, item_id: int) -> QModelIndex:
        """Where the picture is; an invalid index where it is not."""
        item = self._items.get(item_id)
        return QModelIndex() if item is None else self.index(self._row(item))

    def successor(self, item_id: int) -> int:
        """The job that a picture yet to be started has become; else the picture itself."""
        return self._successors.get(item_id, item_id)

    # What the person lists.

    def add_new(self, pictures: Sequence[Path]) -> list[int]:
        """List pictures that are yet to be started, at the end; returns their ids."""
        ids = [self._next_new - number for number in range(len(pictures))]
        if not ids:
            return []
        first = self._last_new_position() + 1
        items = [
            JobItem(new_id, picture, State.NEW, first + number)
            for number, (new_id, picture) in enumerate(zip(ids, pictures, strict=True))
        ]
        self._next_new -= len(ids)
        self.beginInsertRows(QModelIndex(), len(self._keys), len(self._keys) + len(ids) - 1)
        for item in items:
            self._keys.append(_key(item))
            self._put(item)
        self.endInsertRows()
        self.counts_changed.emit()
        return ids

    def start(self, new_ids: Sequence[int], jobs: Sequence[JobItem]) -> None:
        """Pictures yet to be started have become jobs, each one that of the same place."""
        self.beginResetModel()
        self._successors = dict(zip(new_ids, (job.id for job in jobs), strict=True))
        for new_id in new_ids:
            self._take(new_id)
        for job in jobs:
            self._take(job.id)
            self._put(job)
        self._sort()
        self.endResetModel()
        self.counts_changed.emit()

    def move_new(self, ids: Sequence[int], before: int | None) -> None:
        """Put pictures yet to be started before another such one, or at the end (None)."""
        moved = set(ids)
        others = [item for item in self.items(State.NEW) if item.id not in moved]
        place = next((row for row, item in enumerate(others) if item.id == before), len(others))
        ordered = others[:place] + [self._items[new_id] for new_id in ids] + others[place:]
        self.beginResetModel()
        for number, item in enumerate(ordered, start=1):
            self._items[item.id] = replace(item, position=_FIRST_NEW_POSITION + number)
        self._sort()
        self.endResetModel()

    # What the core tells.

    def reset_jobs(self, jobs: Iterable[JobItem]) -> None:
        """These are all jobs of the core; pictures yet to be started stay."""
        kept = self.items(State.NEW)
        self.beginResetModel()
        self._items, self.counts, self._running = {}, Counter(), set()
        for item in (*jobs, *kept):
            self._put(item)
        self._sort()
        self.endResetModel()
        self.counts_changed.emit()

    def put_jobs(self, jobs: Sequence[JobItem]) -> None:
        """Jobs that are new, or have changed."""
        jobs = [job for job in jobs if job != self._items.get(job.id)]
        moved = [job for job in jobs if not self._stays_in_place(job)]
        stayed = [job for job in jobs if self._stays_in_place(job)]
        for job in stayed:
            self._take(job.id)
            self._put(job)
        if stayed:
            rows = [self._row(job) for job in stayed]
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))
        if len(moved) > _FEW:
            self.beginResetModel()
            for job in moved:
                self._take(job.id)
                self._put(job)
            self._sort()
            self.endResetModel()
        else:
            for job in moved:
                self._place(job)
        if jobs:
            self.counts_changed.emit()

    def remove(self, ids: Sequence[int]) -> None:
        known = [item_id for item_id in ids if item_id in self._items]
        if len(known) > _FEW:
            self.beginResetModel()
            for item_id in known:
                self._take(item_id)
            self._sort()
            self.endResetModel()
        else:
            for item_id in known:
                self._remove_row(item_id)
        if known:
            self.counts_changed.emit()

    def set_progress(self, item_id: int, fraction: float, seconds_left: float | None) -> None:
        item = self._items.get(item_id)
        if item is not None:
            self._items[item_id] = item.with_progress(fraction, seconds_left)
            self._tell_changed(item)

    def _place(self, job: JobItem) -> None:
        """Insert a job, or move it where its position now is."""
        before = self._items.get(job.id)
        if before is None:
            row = bisect_left(self._keys, _key(job))
            self.beginInsertRows(QModelIndex(), row, row)
            self._keys.insert(row, _key(job))
            self._put(job)
            self.endInsertRows()
            return
        source = self._row(before)
        target = bisect_left(self._keys, _key(job))
        moves = target not in (source, source + 1)
        if moves:
            self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), target)
        del self._keys[source]
        self._take(job.id)
        self._keys.insert(target - (target > source), _key(job))
        self._put(job)
        if moves:
            self.endMoveRows()
        self._tell_changed(job)

    def _remove_row(self, item_id: int) -> None:
        row = self._row(self._items[item_id])
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._keys[row]
        self._take(item_id)
        self.endRemoveRows()

    def _stays_in_place(self, job: JobItem) -> bool:
        known = self._items.get(job.id)
        return known is not None and known.position == job.position

    def _put(self, item: JobItem) -> None:
        self._items[item.id] = item
        self.counts[item.state] += 1
        if item.state is State.RUNNING:
            self._running.add(item.id)

    def _take(self, item_id: int) -> None:
        item = self._items.pop(item_id, None)
        if item is not None:
            self.counts[item.state] -= 1
            self._running.discard(item_id)

    def _sort(self) -> None:
        self._keys = sorted(_key(item) for item in self._items.values())

    def _row(self, item: JobItem) -> int:
        return bisect_left(self._keys, _key(item))

    def _last_new_position(self) -> float:
        return max(self._keys[-1][0], _FIRST_NEW_POSITION) if self._keys else _FIRST_NEW_POSITION

    def _tell_changed(self, item: JobItem) -> None:
        index = self.index(self._row(item))
        self.dataChanged.emit(index, index)


def _key(item: JobItem) -> _Key:
    return item.position, item.id

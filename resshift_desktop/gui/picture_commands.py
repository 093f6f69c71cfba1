"""What people do with the pictures of the list: start them, stop them, move them, take their results."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from resshift_desktop.gui import dialogs
from resshift_desktop.gui.core_link import CoreLink
from resshift_desktop.gui.importing import pasted_folder
from resshift_desktop.gui.job_item import FINISHED, JobItem, JobRequest, State
from resshift_desktop.gui.jobs_model import JobsModel
from resshift_desktop.gui.masks import save_mask
from resshift_desktop.gui.options import Options
from resshift_desktop.gui.output_names import plan_jobs
from resshift_desktop.gui.problem_bar import Help
from resshift_desktop.gui.queue_strip import QueueStrip
from resshift_desktop.gui.result_files import ResultFiles, show_in_folder

STOPPABLE = (State.QUEUED, State.RUNNING, State.PAUSED)
REPEATABLE = (State.FAILED, State.CANCELLED)
_AT_ONCE = 500


class PictureCommands(QObject):
    """Acts on what is selected in `strip`. What the core changes is heard later, over `link`."""

    options_wanted = Signal()
    """The options are to be changed before the picture is tried again."""

    def __init__(
        self, model: JobsModel, strip: QueueStrip, link: CoreLink, files: ResultFiles, window: QWidget
    ) -> None:
        super().__init__(window)
        self._model, self._strip, self._link, self._files = model, strip, link, files
        self._window = window
        self.masks: dict[int, QImage] = {}
        """What was painted on pictures that are yet to be started, by their ids."""
        link.started.connect(lambda new_ids, _jobs: [self.masks.pop(new_id, None) for new_id in new_ids])

    def to_start(self) -> list[JobItem]:
        """All that are yet to be started, else the finished ones that are selected, to be done once more."""
        return self._model.items(State.NEW) or [
            item for item in self._strip.selected_items() if item.state in FINISHED
        ]

    def start(self, options: Options, model_scale: int, takes_mask: bool) -> None:
        """Have the core upscale what is to be started; its results get free names."""
        items = self.to_start()
        masks = [self.masks.get(item.id, item.request and item.request.mask) for item in items]
        if items and items[0].state is not State.NEW:
            items = self._list_again(items)
        taken = {
            path
            for item in self._model.items()
            for path in (item.input, item.request.output if item.request else item.input)
            if item.state not in FINISHED
        }
        pictures = [item.input for item in items]

        def plan() -> list[JobRequest]:
            jobs = plan_jobs(pictures, options, taken, model_scale, pasted_folder())
            for place, mask in enumerate(masks):
                if mask is not None and takes_mask:
                    file = save_mask(mask) if isinstance(mask, QImage) else mask
                    jobs[place] = replace(jobs[place], mask=file)
            return jobs

        self._link.add([item.id for item in items], plan)

    def pause(self) -> None:
        self._for_selected((State.QUEUED, State.RUNNING), self._link.pause)

    def resume(self) -> None:
        self._for_selected((State.PAUSED,), self._link.resume)

    def cancel(self) -> None:
        self._for_selected(STOPPABLE, self._link.cancel)

    def retry(self) -> None:
        self._for_selected(REPEATABLE, self._link.retry)

    def remove(self) -> None:
        """Take the selected pictures from the list, at once, whenever the core hears of it. Results stay."""
        ids = [item.id for item in self._strip.selected_items()]
        self._model.remove(ids)
        for item_id in ids:
            self.masks.pop(item_id, None)
        if jobs := [item_id for item_id in ids if item_id > 0]:
            self._link.remove(jobs)

    def move(self, ids: tuple[int, ...], before: int | None) -> None:
        """Put pictures of one kind, jobs or not yet, before another one of it, or at the end (None)."""
        if ids[0] < 0:
            self._model.move_new(ids, before)
            return
        _for_each(list(ids), lambda item_id: self._link.move(item_id, before))

    def move_up(self) -> None:
        self._move_selected(lambda rows: rows[0] - 1)

    def move_down(self) -> None:
        self._move_selected(lambda rows: rows[-1] + 2)

    def help(self, help_: Help) -> None:
        """Do what the button beside the current picture's problem says."""
        item = self._strip.current_item()
        if item is None:
            return
        match help_:
            case Help.TRY_AGAIN:
                self._link.retry(item.id)
            case Help.SHOW_IN_FOLDER:
                show_in_folder(item.input)
            case Help.OPEN_MODELS:
                dialogs.show_models(self._window, self._link.models)
            case Help.USE_PROCESSOR if item.request:
                self._link.replace(item.id, replace(item.request, device="cpu"))
            case Help.CHOOSE_FOLDER:
                title = self.tr("Choose another folder")
                dialogs.choose_folder(self._window, title, lambda folder: self.save_to(item, folder))
            case Help.CHANGE_OPTIONS:
                self._link.remove([item.id])
                self._strip.select(self._model.add_new([item.input])[0])
                self.options_wanted.emit()

    def save_to(self, item: JobItem, folder: Path) -> None:
        """Try a picture again with its result in another folder."""
        if item.request is not None:
            output = folder / item.request.output.name
            self._link.replace(item.id, replace(item.request, output=output))

    def save_as(self) -> None:
        item = self._strip.current_item()
        if item is not None and item.result is not None and item.request is not None:
            result, quality = item.result, item.request.quality
            dialogs.choose_name(
                self._window, result, lambda target: self._files.save_as(result, target, quality)
            )

    def copy(self) -> None:
        item = self._strip.current_item()
        if item is not None and item.result is not None:
            self._files.copy(item.result)

    def show_in_folder(self) -> None:
        item = self._strip.current_item()
        if item is not None:
            show_in_folder(item.result or item.input)

    def _for_selected(self, states: tuple[State, ...], act: Callable[[int], None]) -> None:
        _for_each([item.id for item in self._strip.selected_items() if item.state in states], act)

    def _list_again(self, items: list[JobItem]) -> list[JobItem]:
        ids = self._model.add_new([item.input for item in items])
        self._strip.select(ids[0])
        return self._model.items(State.NEW)

    def _move_selected(self, target: Callable[[list[int]], int]) -> None:
        rows = sorted(index.row() for index in self._strip.selectionModel().selectedIndexes())
        if rows:
            ids = [self._model.item_at(row).id for row in rows]
            self._strip.drop_before(ids, max(0, min(target(rows), self._model.rowCount())))


def _for_each(ids: list[int], act: Callable[[int], None]) -> None:
    """Act on thousands of pictures without keeping the window from its events meanwhile."""
    for item_id in ids[:_AT_ONCE]:
        act(item_id)
    if len(ids) > _AT_ONCE:
        QTimer.singleShot(0, lambda: _for_each(ids[_AT_ONCE:], act))

"""The window: the list of pictures, the picture in the middle, and what to make of it at the side."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QCloseEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from resshift_desktop.gui import theme
from resshift_desktop.gui.first_window import SIZE, FirstWindow

if TYPE_CHECKING:  # the window is painted before they are imported
    from resshift_desktop.gui.core_link import CoreLink
    from resshift_desktop.gui.job_item import Problem
    from resshift_desktop.gui.options import Options

_STRIP_WIDTH, _PANEL_WIDTH = 264, 288


class MainWindow(FirstWindow):
    """Makes the parts and brings them together: what one of them tells is passed on to the others."""

    link: "CoreLink"
    side: QWidget
    splitter: QSplitter

    def make_rest(self) -> Iterator[None]:
        # Few imports between two yields: they are what takes long.
        from resshift_desktop.gui.importing import Importer

        self.importer = Importer(self)
        yield
        from resshift_desktop.gui import core_models  # noqa: F401

        yield
        from resshift_desktop.gui.core_link import CoreLink

        self.link = CoreLink(self)
        yield
        from resshift_desktop.gui.jobs_model import JobsModel
        from resshift_desktop.gui.problem_bar import ProblemBar
        from resshift_desktop.gui.thumbnails import Thumbnails

        self.model, self.thumbnails = JobsModel(self), Thumbnails(self)
        self.core_bar, self.notice = ProblemBar(), ProblemBar()
        yield
        from resshift_desktop.gui.actions import Actions

        self.actions_ = Actions(self)
        self.actions_.fill(self.menus)
        yield
        from resshift_desktop.gui.queue_strip import QueueStrip
        from resshift_desktop.gui.work_bar import WorkBar

        self.strip, self.work_bar = QueueStrip(self.model, self.thumbnails), WorkBar(self.model)
        yield
        self.strip.prepare()
        yield
        from resshift_desktop.gui.picture import canvas  # noqa: F401

        yield
        from resshift_desktop.gui.picture_page import PicturePage

        self.page = PicturePage(
            list(self.actions_.compare.values()),
            [self.actions_.zoom_out, self.actions_.zoom_in, self.actions_.zoom_fit],
            [
                self.actions_.paint_mask,
                self.actions_.copy,
                self.actions_.show_in_folder,
                self.actions_.save_as,
            ],
        )
        yield
        from resshift_desktop.core.engine import request  # noqa: F401

        yield
        from resshift_desktop.gui.options_panel import OptionsPanel

        yield
        self.panel = OptionsPanel()
        yield
        from resshift_desktop.gui.options import load_options
        from resshift_desktop.gui.upscale_button import UpscaleButton

        self.panel.set_options(load_options(self._settings))
        self.primary = UpscaleButton()
        yield
        from resshift_desktop.gui.kept_pictures import KeptPictures
        from resshift_desktop.gui.picture_commands import PictureCommands
        from resshift_desktop.gui.result_files import ResultFiles

        self.files = ResultFiles(self)
        self.pictures = PictureCommands(self.model, self.strip, self.link, self.files, self)
        self.kept = KeptPictures(self.model, self.pictures.masks, self)
        yield
        from resshift_desktop.gui.background import Background

        self.background = Background(self)
        self.background.prepare()
        yield
        self._lay_out()
        yield
        from resshift_desktop.gui.core_listener import CoreListener
        from resshift_desktop.gui.current_picture import CurrentPicture
        from resshift_desktop.gui.window_commands import connect_commands

        self.current = CurrentPicture(self)
        CoreListener(self, self._settings)
        connect_commands(self)
        self._connect_parts()
        self._restore()
        self._show_counts()
        yield
        from resshift_desktop.gui.updates import UpdateNotice, release_feed

        self.updates = UpdateNotice(self, self._settings, release_feed())
        self.updates.start_later()
        yield
        gc.freeze()  # what is there by now stays: looking through it would stop all threads for 50 ms
        self.kept.start()
        self.thumbnails.warm_up()
        self.link.start()

    # What people do.

    def paste(self) -> None:
        """List what is on the clipboard."""
        self.importer.take(QGuiApplication.clipboard().mimeData())

    def upscale(self) -> None:
        """Do what the button says."""
        if self.primary.isEnabled():
            options = self.panel.options()
            model = self.panel.model(options.model)
            self.current.keep_mask()
            self.pictures.start(options, model.scale if model else 4, bool(model and model.takes_mask))

    def pause_all(self, pause: bool) -> None:
        """Pause all work, or go on with it."""
        if pause:
            self.link.pause_all()
        else:
            self.link.resume_all()

    def show_models(self) -> None:
        from resshift_desktop.gui import dialogs

        dialogs.show_models(self, self.link.models)

    # Showing.

    def show_problem(self, problem: "Problem") -> None:
        self.notice.show_problem(problem, None)

    def show_background(self) -> None:
        """Tell the desktop how far the work is."""
        self.background.show_progress(self.work_bar.pictures_left, self.work_bar.fraction)

    def _show_counts(self) -> None:
        has_picture = self.model.rowCount() > 0
        self.stack.setCurrentWidget(self.splitter if has_picture else self.empty_page)
        to_start, current = self.pictures.to_start(), self.strip.current_item()
        self.primary.show_work(to_start, current, not self.panel.has_problem)
        self.actions_.enable(self.strip.selected_items(), self.model.counts, has_picture)
        model = self.panel.model(self.panel.options().model)
        self.actions_.paint_mask.setVisible(model is not None and model.takes_mask)
        self.show_background()

    # Life.

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Nothing is asked: what is at work goes on, or waits for the next start."""
        if self.is_ready:
            self.current.keep_mask()
            self._save()
            self._part_from_work()
            self.link.close()
            self.thumbnails.close()
            self.importer.close()
            self.kept.close()
            self.updates.close()
            self.files.close()
            self.page.view.close_threads()
        super().closeEvent(event)

    def wait_closed(self) -> None:
        """After it was closed, until what was asked of the core is done."""
        if self.is_ready:
            self.link.wait_closed()

    def _save(self) -> None:
        from resshift_desktop.gui.options import save_options

        self._settings.setValue("window/splitter", self.splitter.saveState())
        self._settings.setValue("window/panel", self.actions_.panel.isChecked())
        save_options(self._settings, self.panel.options())

    def _part_from_work(self) -> None:
        from resshift_desktop.gui.preferences import load_preferences

        left = self.work_bar.pictures_left
        if left and not load_preferences(self._settings).keep_working:
            self.link.quit_core()
        elif left:
            self.background.tell(
                self.tr("ResShift goes on working"),
                self.tr("Open it again to see how far it is."),
                even_in_front=True,
            )

    def _restore(self) -> None:
        splitter = self._settings.value("window/splitter")
        if splitter is not None:
            self.splitter.restoreState(splitter)
        self.actions_.panel.setChecked(self._settings.value("window/panel") != "false")

    # Bringing the parts together.

    def _lay_out(self) -> None:
        self.side = _column(self.panel, _framed(self.primary))
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        left = _column(self.strip, self.work_bar)
        for widget, width in ((left, _STRIP_WIDTH), (self.page, 0), (self.side, _PANEL_WIDTH)):
            self.splitter.addWidget(widget)
            widget.setMinimumWidth(200 if width else 380)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_STRIP_WIDTH, SIZE[0] - _STRIP_WIDTH - _PANEL_WIDTH, _PANEL_WIDTH])
        self.stack.addWidget(self.splitter)
        for bar in (self.notice, self.core_bar):
            self.rows.insertWidget(0, bar)
        self.strip.addActions(self.actions_.of_picture())

    def _connect_parts(self) -> None:
        self.importer.found.connect(self._list)
        self.importer.failed.connect(self.show_problem)
        self.kept.read.connect(self._list_kept)
        self.files.done.connect(self.notice.show_news)
        self.files.failed.connect(self.show_problem)
        self.strip.selection_changed.connect(self._show_counts)
        self.strip.moved.connect(self.pictures.move)
        self.model.counts_changed.connect(self._show_counts)
        self.work_bar.pause_wanted.connect(self.pause_all)
        self.work_bar.clear_wanted.connect(self.link.clear_finished)
        self.panel.changed.connect(self._take_options)
        self.panel.models_wanted.connect(self.show_models)
        self.primary.clicked.connect(self.upscale)
        self.primary.told.connect(self._tell_upscale)
        self.page.helped.connect(self.pictures.help)
        self.pictures.options_wanted.connect(self._go_to_options)

    def _list(self, pictures: tuple[Path, ...]) -> None:
        self._list_with_masks(dict.fromkeys(pictures))

    def _list_with_masks(self, pictures: dict[Path, QImage | None]) -> None:
        from resshift_desktop.gui.job_item import State

        if self.importer.closed:  # found while the window was closing
            return
        known = {item.input for item in self.model.items(State.NEW)}
        more = [picture for picture in pictures if picture not in known]
        ids = self.model.add_new(more)
        for new_id, picture in zip(ids, more, strict=True):
            if (mask := pictures[picture]) is not None:
                self.pictures.masks[new_id] = mask
        if ids and (not self.strip.selected_items() or len(ids) == 1):
            self.strip.select(ids[0])

    def _list_kept(self, pictures: dict[Path, QImage | None], gone: int) -> None:
        self._list_with_masks(pictures)
        if gone == 1:
            self.notice.show_news(self.tr("A picture that was listed is no longer where it was."))
        elif gone:
            self.notice.show_news(
                self.tr("%n pictures that were listed are no longer where they were.", "", gone)
            )

    def _take_options(self, options: "Options") -> None:
        from resshift_desktop.gui.options import save_options

        save_options(self._settings, options)
        self._show_counts()
        self.current.show()

    def _tell_upscale(self, text: str, possible: bool) -> None:
        self.actions_.upscale.setText(text)
        self.actions_.upscale.setEnabled(possible)

    def _go_to_options(self) -> None:
        self.actions_.panel.setChecked(True)
        self.panel.setFocus()


def _column(main: QWidget, below: QWidget) -> QWidget:
    """Two widgets without a gap; the first takes the room."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(main, 1)
    layout.addWidget(below)
    return column


def _framed(widget: QWidget) -> QWidget:
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(2 * theme.SPACING, theme.SPACING, 2 * theme.SPACING, 2 * theme.SPACING)
    layout.addWidget(widget)
    return frame

"""The window: the list of pictures, the picture in the middle, and what to make of it at the side."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSettings, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from resshift_desktop.gui import dialogs, theme
from resshift_desktop.gui.actions import Actions
from resshift_desktop.gui.background import Background
from resshift_desktop.gui.core_link import CoreLink
from resshift_desktop.gui.core_messages import Health, Progress, QueueState
from resshift_desktop.gui.empty_page import EmptyPage
from resshift_desktop.gui.importing import Importer, has_pictures
from resshift_desktop.gui.job_item import JobItem, Problem, State
from resshift_desktop.gui.jobs_model import JobsModel
from resshift_desktop.gui.model_item import ModelItem
from resshift_desktop.gui.options import Options, load_options, save_options
from resshift_desktop.gui.options_panel import OptionsPanel
from resshift_desktop.gui.picture_commands import PictureCommands
from resshift_desktop.gui.picture_page import PicturePage
from resshift_desktop.gui.preferences import load_preferences
from resshift_desktop.gui.problem_bar import Help, ProblemBar
from resshift_desktop.gui.queue_strip import QueueStrip
from resshift_desktop.gui.result_files import ResultFiles
from resshift_desktop.gui.result_size import result_size
from resshift_desktop.gui.thumbnails import Thumbnail, Thumbnails
from resshift_desktop.gui.work_bar import WorkBar

_SIZE = (1240, 760)
_STRIP_WIDTH, _PANEL_WIDTH = 264, 288


class MainWindow(QMainWindow):
    """Brings the parts together: what one of them tells is passed on to the others here."""

    def __init__(self, link: CoreLink, settings: QSettings) -> None:
        super().__init__()
        self.setWindowTitle("ResShift")
        self.setAcceptDrops(True)
        self._link, self._settings = link, settings
        self._models: tuple[ModelItem, ...] = ()
        self._shown: int | None = None
        self.model = JobsModel(self)
        self.thumbnails = Thumbnails(self)
        self.importer = Importer(self)
        self.files = ResultFiles(self)
        self.actions_ = Actions(self)
        self.empty_page = EmptyPage()
        self.strip = QueueStrip(self.model, self.thumbnails)
        self.work_bar = WorkBar(self.model)
        self.core_bar, self.notice = ProblemBar(), ProblemBar()
        self.panel = OptionsPanel()
        self.primary = theme.PrimaryButton()
        self.pictures = PictureCommands(self.model, self.strip, link, self.files, self)
        actions = self.actions_
        self.page = PicturePage(
            list(actions.compare.values()),
            [actions.zoom_out, actions.zoom_in, actions.zoom_fit],
            [actions.paint_mask, actions.copy, actions.show_in_folder, actions.save_as],
        )
        self.background = Background(self)
        self._lay_out()
        self._connect_actions()
        self._connect_parts()
        self._connect_link()
        self.panel.set_options(load_options(settings))
        self._restore()
        self._show_counts()

    # Bringing pictures in.

    def open_paths(self, paths: Sequence[Path]) -> None:
        """List the pictures among `paths`, and in the folders among them."""
        self.importer.take_paths(paths)

    def paste(self) -> None:
        self.importer.take(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.source() is None and has_pictures(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.empty_page.set_highlighted(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802, ARG002
        self.empty_page.set_highlighted(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        self.empty_page.set_highlighted(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.importer.take(event.mimeData())

    def _list(self, pictures: tuple[Path, ...]) -> None:
        known = {item.input for item in self.model.items(State.NEW)}
        ids = self.model.add_new([picture for picture in pictures if picture not in known])
        if ids and (not self.strip.selected_items() or len(ids) == 1):
            self.strip.select(ids[0])

    # Work.

    def upscale(self) -> None:
        """Do what the button says."""
        if self.primary.isEnabled():
            options = self.panel.options()
            model = self._model(options.model)
            self._keep_mask()
            self.pictures.start(options, model.scale if model else 4, bool(model and model.takes_mask))

    # What the core tells.

    def _take_progress(self, progress: Progress) -> None:
        self.model.set_progress(progress.id, progress.fraction, progress.seconds_left)
        self.work_bar.set_seconds_left(progress.queue_seconds_left)
        self._show_background()

    def _take_queue(self, queue: QueueState) -> None:
        self.work_bar.set_queue(queue.held, queue.seconds_left)
        self.actions_.pause_all.setChecked(queue.held)
        if queue.problem is not None:
            self.core_bar.show_problem(queue.problem, None)

    def _take_health(self, health: Health) -> None:
        if health.problem is not None:
            self.core_bar.show_problem(health.problem, None)
        else:
            self.core_bar.hide()
        self.panel.set_devices((health.device,) if health.device else ())

    def _take_models(self, models: tuple[ModelItem, ...]) -> None:
        self._models = models
        self.panel.set_models(models)
        self._show_current()

    def _give_up(self, problem: Problem) -> None:
        self.core_bar.show_problem(problem, Help.TRY_AGAIN, closable=False)

    def _tell_if_done(self, was_working: bool) -> None:
        counts = self.model.counts
        if was_working and not self.work_bar.pictures_left and load_preferences(self._settings).notify:
            failed = counts[State.FAILED]
            text = self.tr("{done} done").format(done=counts[State.DONE])
            if failed:
                text = self.tr("{done} done, {failed} failed").format(done=counts[State.DONE], failed=failed)
            self.background.tell(self.tr("All pictures are ready"), text)

    # Showing.

    def _show_current(self) -> None:
        item = self.strip.current_item()
        self._keep_mask()
        self._shown = item.id if item else None
        self.page.show_item(item, self._result_size(item), self.pictures.masks.get(item.id) if item else None)
        running = item is not None and item.state in (State.RUNNING, State.PAUSED, State.QUEUED)
        self._link.watch(item.id if running and item is not None else None)
        thumbnail = self.thumbnails.thumbnail(item.input) if item else None
        one = len(self.strip.selected_items()) <= 1
        known = thumbnail is not None and thumbnail.width > 0 and one
        self.panel.set_picture(
            thumbnail.width if known and thumbnail else None,
            thumbnail.height if known and thumbnail else None,
        )

    def _result_size(self, item: JobItem | None) -> tuple[int, int] | None:
        """What the result has, or will have, where that is known by now."""
        if item is None or item.result_size is not None:
            return item.result_size if item else None
        thumbnail = self.thumbnails.thumbnail(item.input)
        if thumbnail is None or not thumbnail.width:
            return None
        request = item.request
        options = (
            self.panel.options()
            if request is None
            else _options(request.scale, request.width, request.height)
        )
        model = options.model if request is None else request.model
        card = self._model(model)
        return result_size(options, (thumbnail.width, thumbnail.height), card.scale if card else 4)

    def _show_counts(self) -> None:
        has_picture = self.model.rowCount() > 0
        self.stack.setCurrentIndex(1 if has_picture else 0)
        new = self.model.counts[State.NEW]
        to_start = self.pictures.to_start()
        if new > 1:
            text = self.tr("Upscale %n pictures", "", new)
        elif new == 1:
            current = self.strip.current_item()
            is_current = current is not None and current.state is State.NEW
            text = self.tr("Upscale this picture") if is_current else self.tr("Upscale one picture")
        elif len(to_start) > 1:
            text = self.tr("Upscale %n pictures again", "", len(to_start))
        elif to_start:
            text = self.tr("Upscale this picture again")
        else:
            text = self.tr("Upscale")
        self.primary.setText(text)
        self.actions_.upscale.setText(text)
        possible = bool(to_start) and not self.panel.has_problem
        self.primary.setEnabled(possible)
        self.actions_.upscale.setEnabled(possible)
        self.actions_.enable(self.strip.selected_items(), self.model.counts, has_picture)
        model = self._model(self.panel.options().model)
        self.actions_.paint_mask.setVisible(model is not None and model.takes_mask)
        self._show_background()

    def _show_background(self) -> None:
        self.background.show_progress(self.work_bar.pictures_left, self.work_bar.fraction)

    def _model(self, name: str) -> ModelItem | None:
        return next((model for model in self._models if model.name == name), None)

    # Life.

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Nothing is asked: what is at work goes on, or waits for the next start."""
        self._settings.setValue("window/geometry", self.saveGeometry())
        self._settings.setValue("window/splitter", self.splitter.saveState())
        self._settings.setValue("window/panel", self.actions_.panel.isChecked())
        save_options(self._settings, self.panel.options())
        self._settings.sync()
        left = self.work_bar.pictures_left
        if left and not load_preferences(self._settings).keep_working:
            self._link.quit_core()
        elif left:
            self.background.tell(
                self.tr("ResShift goes on working"),
                self.tr("Open it again to see how far it is."),
                even_in_front=True,
            )
        self._link.close()
        self.thumbnails.close()
        self.importer.close()
        self.files.close()
        self.page.view.close_threads()
        super().closeEvent(event)

    def come_to_front(self) -> None:
        """Show the window over others, as far as the desktop lets it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _restore(self) -> None:
        geometry = self._settings.value("window/geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(*_SIZE)
        splitter = self._settings.value("window/splitter")
        if splitter is not None:
            self.splitter.restoreState(splitter)
        self.actions_.panel.setChecked(self._settings.value("window/panel") != "false")

    def _lay_out(self) -> None:
        left = _column(self.strip, self.work_bar)
        right = _column(self.panel, _framed(self.primary))
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        for widget, width in ((left, _STRIP_WIDTH), (self.page, 0), (right, _PANEL_WIDTH)):
            self.splitter.addWidget(widget)
            widget.setMinimumWidth(200 if width else 380)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_STRIP_WIDTH, _SIZE[0] - _STRIP_WIDTH - _PANEL_WIDTH, _PANEL_WIDTH])
        self._side = right
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty_page)
        self.stack.addWidget(self.splitter)
        self.setCentralWidget(_column(self.core_bar, self.notice, self.stack))
        self.actions_.fill(self.menuBar())
        self.strip.addActions(self.actions_.of_picture())
        self.primary.setMinimumHeight(5 * theme.SPACING)

    def _connect_actions(self) -> None:
        actions, view, pictures = self.actions_, self.page.view, self.pictures
        for action, slot in (
            (actions.open, self._choose_pictures),
            (actions.open_folder, self._choose_folder),
            (actions.save_as, pictures.save_as),
            (actions.show_in_folder, pictures.show_in_folder),
            (actions.quit, self.close),
            (actions.copy, pictures.copy),
            (actions.paste, self.paste),
            (actions.select_all, self.strip.selectAll),
            (actions.remove, pictures.remove),
            (actions.clear, self._link.clear_finished),
            (actions.models, self._show_models),
            (actions.editors, lambda: dialogs.show_editors(self)),
            (actions.settings, lambda: dialogs.show_settings(self)),
            (actions.upscale, self.upscale),
            (actions.pause, pictures.pause),
            (actions.resume, pictures.resume),
            (actions.cancel, pictures.cancel),
            (actions.retry, pictures.retry),
            (actions.move_up, pictures.move_up),
            (actions.move_down, pictures.move_down),
            (actions.zoom_in, view.zoom_in),
            (actions.zoom_out, view.zoom_out),
            (actions.zoom_fit, view.zoom_fit),
            (actions.zoom_full, lambda: view.zoom_to(1.0)),
            (actions.diagnostics, lambda: dialogs.show_diagnostics(self)),
            (actions.about, lambda: dialogs.show_about(self)),
        ):
            action.triggered.connect(lambda *_, slot=slot: slot())
        actions.pause_all.triggered.connect(self._pause_all)
        actions.panel.toggled.connect(self._side.setVisible)
        actions.full_screen.toggled.connect(self._show_full_screen)
        for compare, action in actions.compare.items():
            action.triggered.connect(lambda *_, compare=compare: setattr(view, "compare", compare))
        view.compare_changed.connect(lambda compare: actions.compare[compare].setChecked(True))
        actions.compare[view.compare].setChecked(True)
        actions.paint_mask.toggled.connect(lambda on: setattr(view, "mask_mode", on))

    def _connect_parts(self) -> None:
        self.empty_page.open_wanted.connect(self._choose_pictures)
        self.empty_page.open_folder_wanted.connect(self._choose_folder)
        self.importer.found.connect(self._list)
        self.importer.failed.connect(self._show_problem)
        self.files.done.connect(self.notice.show_news)
        self.files.failed.connect(self._show_problem)
        self.strip.current_changed.connect(self._show_current)
        self.strip.selection_changed.connect(self._show_counts)
        self.strip.moved.connect(self.pictures.move)
        self.model.counts_changed.connect(self._show_counts)
        self.model.dataChanged.connect(self._show_if_current)
        self.thumbnails.made.connect(self._take_thumbnail)
        self.work_bar.pause_wanted.connect(self._pause_all)
        self.work_bar.clear_wanted.connect(self._link.clear_finished)
        self.panel.changed.connect(self._take_options)
        self.panel.models_wanted.connect(self._show_models)
        self.primary.clicked.connect(self.upscale)
        self.page.helped.connect(self.pictures.help)
        self.pictures.options_wanted.connect(self._go_to_options)
        self.core_bar.helped.connect(self._try_again)

    def _connect_link(self) -> None:
        link = self._link
        link.ready.connect(self._take_health)
        link.lost.connect(self.core_bar.show_news)
        link.gave_up.connect(self._give_up)
        link.jobs_reset.connect(self.model.reset_jobs)
        link.jobs_changed.connect(self._take_changes)
        link.jobs_removed.connect(self.model.remove)
        link.started.connect(self.model.start)
        link.not_started.connect(lambda _, problem: self._show_problem(problem))
        link.progress.connect(self._take_progress)
        link.tile.connect(self.page.add_tile)
        link.queue_changed.connect(self._take_queue)
        link.models_changed.connect(self._take_models)
        link.failed.connect(lambda failed: self._show_problem(failed.problem))

    def _take_changes(self, jobs: tuple[JobItem, ...]) -> None:
        was_working = self.work_bar.pictures_left > 0
        self.model.put_jobs(jobs)
        self._tell_if_done(was_working)

    def _take_options(self, options: Options) -> None:
        save_options(self._settings, options)
        self._show_counts()
        self._show_current()

    def _take_thumbnail(self, thumbnail: Thumbnail) -> None:
        item = self.strip.current_item()
        if item is not None and item.input == thumbnail.path:
            self._show_current()

    def _show_if_current(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.strip.currentIndex().row() <= last.row():
            self._show_current()

    def _pause_all(self, pause: bool) -> None:
        if pause:
            self._link.pause_all()
        else:
            self._link.resume_all()

    def _try_again(self) -> None:
        self.core_bar.hide()
        self._link.try_again()

    def _choose_pictures(self) -> None:
        dialogs.choose_pictures(self, self.open_paths)

    def _choose_folder(self) -> None:
        dialogs.choose_folder(self, self.tr("Open a folder"), lambda folder: self.open_paths([folder]))

    def _show_models(self) -> None:
        dialogs.show_models(self, self._link)

    def _show_problem(self, problem: Problem) -> None:
        self.notice.show_problem(problem, None)

    def _show_full_screen(self, on: bool) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.actions_.full_screen.setChecked(on)

    def _go_to_options(self) -> None:
        self.actions_.panel.setChecked(True)
        self.panel.setFocus()

    def _keep_mask(self) -> None:
        """What is painted on the picture that is shown belongs to it, whichever is shown next."""
        mask = self.page.view.mask_image()
        if mask is None:
            self.pictures.masks.pop(self._shown or 0, None)
        elif self._shown is not None:
            self.pictures.masks[self._shown] = mask


def _options(scale: float | None, width: int | None, height: int | None) -> Options:
    return Options(scale=scale, width=width, height=height)


def _column(*widgets: QWidget) -> QWidget:
    """Widgets below each other, without gaps; the list, panel or stack among them takes the room."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        stretch = isinstance(widget, QueueStrip | OptionsPanel | QStackedWidget)
        layout.addWidget(widget, 1 if stretch else 0)
    return column


def _framed(widget: QWidget) -> QWidget:
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(2 * theme.SPACING, theme.SPACING, 2 * theme.SPACING, 2 * theme.SPACING)
    layout.addWidget(widget)
    return frame

"""What the core tells, shown in the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from resshift_desktop.gui.core_messages import Health, Progress, QueueState
from resshift_desktop.gui.job_item import JobItem, Problem, State
from resshift_desktop.gui.model_item import ModelItem
from resshift_desktop.gui.preferences import load_preferences
from resshift_desktop.gui.problem_bar import Help

if TYPE_CHECKING:
    from resshift_desktop.gui.window import MainWindow


class CoreListener(QObject):
    """Passes on to the parts of `window` what its link hears."""

    def __init__(self, window: "MainWindow", settings: QSettings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        link, model = window.link, window.model
        link.ready.connect(self._take_health)
        link.lost.connect(window.core_bar.show_news)
        link.gave_up.connect(self._give_up)
        link.jobs_reset.connect(model.reset_jobs)
        link.jobs_changed.connect(self._take_changes)
        link.jobs_removed.connect(model.remove)
        link.started.connect(model.start)
        link.not_started.connect(lambda _, problem: window.show_problem(problem))
        link.progress.connect(self._take_progress)
        link.tiles.tile.connect(window.page.add_tile)
        link.queue_changed.connect(self._take_queue)
        link.models.models_changed.connect(self._take_models)
        link.failed.connect(lambda failed: window.show_problem(failed.problem))
        window.core_bar.helped.connect(self._try_again)

    def _take_progress(self, progress: Progress) -> None:
        window = self._window
        window.model.set_progress(progress.id, progress.fraction, progress.seconds_left)
        window.work_bar.set_seconds_left(progress.queue_seconds_left)
        window.show_background()

    def _take_queue(self, queue: QueueState) -> None:
        self._window.work_bar.set_queue(queue.held, queue.seconds_left)
        self._window.actions_.pause_all.setChecked(queue.held)
        if queue.problem is not None:
            self._window.core_bar.show_problem(queue.problem, None)

    def _take_health(self, health: Health) -> None:
        if health.problem is not None:
            self._window.core_bar.show_problem(health.problem, None)
        else:
            self._window.core_bar.hide()
        self._window.panel.set_devices((health.device,) if health.device else ())

    def _take_models(self, models: tuple[ModelItem, ...]) -> None:
        self._window.panel.set_models(models)
        self._window.current.show()

    def _take_changes(self, jobs: tuple[JobItem, ...]) -> None:
        was_working = self._window.work_bar.pictures_left > 0
        self._window.model.put_jobs(jobs)
        if was_working and not self._window.work_bar.pictures_left:
            self._tell_all_done()

    def _tell_all_done(self) -> None:
        if not load_preferences(self._settings).notify:
            return
        counts = self._window.model.counts
        done, failed = counts[State.DONE], counts[State.FAILED]
        if failed:
            text = self.tr("{done} done, {failed} failed").format(done=done, failed=failed)
        else:
            text = self.tr("{done} done").format(done=done)
        self._window.background.tell(self.tr("All pictures are ready"), text)

    def _give_up(self, problem: Problem) -> None:
        self._window.core_bar.show_problem(problem, Help.TRY_AGAIN, closable=False)

    def _try_again(self) -> None:
        self._window.core_bar.hide()
        self._window.link.try_again()

"""Closing the window asks nothing and loses nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from resshift_desktop.gui.job_item import State
from resshift_desktop.gui.preferences import Preferences, app_settings, save_preferences
from tests.gui.window.conftest import App
from tests.gui.window.core import PATIENCE, Core

MakePictures = Callable[..., list[Path]]


def test_work_goes_on_when_the_window_is_closed(app: App, core: Core, pictures: MakePictures) -> None:
    core.engine.gate.clear()
    app.start(*pictures("a.png"))
    app.wait_for(State.RUNNING)
    assert app.window.close()
    assert QApplication.activeModalWidget() is None
    core.engine.gate.set()
    app.wait_until(lambda: core.queue.page()[0].state == "done")
    assert core.thread.is_alive()


def test_work_waits_for_the_next_start_where_that_is_wanted(
    app: App, core: Core, pictures: MakePictures
) -> None:
    settings = app_settings()
    save_preferences(settings, Preferences(keep_working=False))
    settings.sync()
    core.engine.gate.clear()
    app.start(*pictures("a.png"))
    app.wait_for(State.RUNNING)
    assert app.window.close()
    core.thread.join(PATIENCE)
    assert not core.thread.is_alive()


def test_the_window_comes_back_as_it_was(app: App, make_app: Callable[[], App]) -> None:
    app.window.resize(790, 600)
    app.window.actions_.panel.setChecked(False)
    app.window.panel.set_options(replace(app.window.panel.options(), scale=2.0))
    app.window.close()
    again = make_app()
    assert again.window.size() == QSize(790, 600)
    assert not again.window.panel.isVisible()
    assert again.window.panel.options().scale == 2.0
    again.window.close()

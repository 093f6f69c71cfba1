"""From the button to the result, and everything that can be done on the way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from resshift_desktop.gui.job_item import State
from tests.gui.window.conftest import App, names
from tests.gui.window.core import Core

MakePictures = Callable[..., list[Path]]


def test_pictures_are_listed_first_and_computed_when_the_button_says_so(
    app: App, core: Core, pictures: MakePictures
) -> None:
    paths = pictures("a.png", "b.jpg", "c.webp")
    app.list_pictures(*paths)
    assert app.window.primary.text() == "Upscale 3 pictures"
    assert core.queue.page() == []
    app.window.primary.click()
    app.wait_for(State.DONE, 3)
    results = [item.result for item in app.items()]
    assert names([path for path in results if path]) == ["a_x4.png", "b_x4.jpg", "c_x4.webp"]
    assert all(path and path.is_file() for path in results)


@pytest.mark.parametrize(
    ("count", "select_new", "text"),
    [(1, True, "Upscale this picture"), (2, True, "Upscale 2 pictures"), (1, False, "Upscale one picture")],
)
def test_the_button_says_what_it_will_do(
    app: App, pictures: MakePictures, count: int, select_new: bool, text: str
) -> None:
    if not select_new:
        app.start(*pictures("done.png"))
        app.wait_for(State.DONE)
    app.list_pictures(*pictures(*(f"{number}.png" for number in range(count))))
    if not select_new:
        app.select("done.png")
    assert app.window.primary.text() == text


def test_a_finished_picture_is_upscaled_again_under_a_free_name(app: App, pictures: MakePictures) -> None:
    app.start(*pictures("a.png"))
    app.wait_for(State.DONE)
    assert app.window.primary.text() == "Upscale this picture again"
    app.window.primary.click()
    app.wait_for(State.DONE, 2)
    assert [item.result.name for item in app.items() if item.result] == ["a_x4.png", "a_x4 (2).png"]


def test_the_options_say_how(app: App, core: Core, pictures: MakePictures, tmp_path: Path) -> None:
    from dataclasses import replace

    panel = app.window.panel
    options = replace(panel.options(), scale=2.0, folder=tmp_path / "out", image_format="png", seed=7)
    panel.set_options(options)
    app.start(*pictures("a.jpg"))
    (job,) = core.queue.page()
    assert (job.request.size.scale, job.request.seed) == (2.0, 7)
    assert job.request.output == tmp_path / "out" / "a_x2.png"


def test_progress_is_told_in_the_list_the_summary_and_the_title(
    app: App, core: Core, pictures: MakePictures
) -> None:
    core.engine.gate.clear()
    app.start(*pictures("a.png", "b.png"))
    app.wait_for(State.RUNNING)
    app.wait_until(lambda: "%" in app.window.windowTitle())
    assert app.window.windowTitle().endswith("ResShift")
    assert app.window.work_bar.text.startswith("0 of 2 done")
    core.engine.gate.set()
    app.wait_for(State.DONE, 2)
    app.wait_until(lambda: app.window.windowTitle() == "ResShift")
    assert app.window.work_bar.text == "2 done"


def test_one_picture_is_paused_and_goes_on(app: App, core: Core, pictures: MakePictures) -> None:
    core.engine.gate.clear()
    app.start(*pictures("a.png", "b.png"))
    app.wait_for(State.RUNNING)
    app.select("b.png")
    app.window.actions_.pause.trigger()
    app.wait_for(State.PAUSED)
    assert app.states() == [State.RUNNING, State.PAUSED]
    app.window.actions_.resume.trigger()
    app.wait_for(State.PAUSED, 0)
    core.engine.gate.set()
    app.wait_for(State.DONE, 2)


def test_cancelled_pictures_can_be_tried_again(app: App, core: Core, pictures: MakePictures) -> None:
    core.engine.gate.clear()
    app.start(*pictures("a.png", "b.png"))
    app.select("a.png", "b.png")
    app.window.actions_.cancel.trigger()
    app.wait_for(State.CANCELLED, 2)
    core.engine.gate.set()
    app.window.actions_.retry.trigger()
    app.wait_for(State.DONE, 2)


def test_all_work_is_paused_and_goes_on(app: App, core: Core, pictures: MakePictures) -> None:
    core.engine.gate.clear()
    app.start(*pictures("a.png", "b.png"))
    app.window.actions_.pause_all.trigger()
    app.wait_until(lambda: app.window.work_bar.text == "0 of 2 done · paused")
    assert core.queue.held
    core.engine.gate.set()
    app.window.actions_.pause_all.trigger()
    app.wait_for(State.DONE, 2)


def test_the_order_is_changed(app: App, core: Core, pictures: MakePictures) -> None:
    core.queue.hold()
    app.start(*pictures("a.png", "b.png", "c.png", "d.png"))
    app.window.strip.drop_before([app.items()[3].id], 1)
    app.wait_until(
        lambda: names([item.input for item in app.items()]) == ["a.png", "d.png", "b.png", "c.png"]
    )
    app.select("b.png")
    app.window.actions_.move_down.trigger()
    app.wait_until(
        lambda: names([item.input for item in app.items()]) == ["a.png", "d.png", "c.png", "b.png"]
    )
    assert app.window.strip.current_item() is not None
    app.window.actions_.move_up.trigger()
    app.wait_until(
        lambda: names([item.input for item in app.items()]) == ["a.png", "d.png", "b.png", "c.png"]
    )
    core.queue.release_hold()
    app.wait_for(State.DONE, 4)
    worked_on = [core.engine.entered.get_nowait() for _ in range(4)]
    assert worked_on == ["a.png", "d.png", "b.png", "c.png"]


def test_the_order_of_pictures_that_are_yet_to_be_started_is_changed(
    app: App, pictures: MakePictures
) -> None:
    app.list_pictures(*pictures("a.png", "b.png", "c.png"))
    app.window.strip.drop_before([app.items()[2].id], 0)
    assert names([item.input for item in app.items()]) == ["c.png", "a.png", "b.png"]
    app.window.primary.click()
    app.wait_for(State.DONE, 3)
    assert names([item.input for item in app.items()]) == ["c.png", "a.png", "b.png"]


def test_pictures_are_removed_whatever_their_state(app: App, core: Core, pictures: MakePictures) -> None:
    core.engine.gate.clear()
    app.start(*pictures("running.png", "queued.png"))
    app.wait_for(State.RUNNING)
    app.list_pictures(*pictures("new.png"))
    app.window.strip.selectAll()
    app.window.actions_.remove.trigger()
    app.wait_until(lambda: not app.items())
    assert app.window.stack.currentWidget() is app.window.empty_page


def test_what_is_finished_is_cleared_up_and_results_stay(
    app: App, core: Core, pictures: MakePictures
) -> None:
    app.start(*pictures("a.png"))
    app.wait_for(State.DONE)
    result = app.items()[0].result
    core.engine.gate.clear()
    app.start(*pictures("b.png"))
    app.window.actions_.clear.trigger()
    app.wait_until(lambda: names([item.input for item in app.items()]) == ["b.png"])
    assert result is not None
    assert result.is_file()


def test_finished_tiles_are_seen_while_it_works(app: App, core: Core, pictures: MakePictures) -> None:
    core.engine.on_tile_computed = lambda _: core.engine.gate.clear()  # stop after each
    core.engine.gate.clear()
    app.start(*pictures("a.png"))
    app.wait_for(State.RUNNING)
    for number in (0, 1):
        with app.qtbot.waitSignal(app.link.tiles.tile, timeout=20_000) as heard:
            core.engine.gate.set()
        assert heard.args is not None
        tile = heard.args[0]
        assert (tile.number, tile.place.left()) == (number, number / 4)
        assert not tile.image.isNull()


def test_the_list_is_there_again_after_a_restart_of_the_app(
    app: App, core: Core, pictures: MakePictures, make_app: Callable[[], App]
) -> None:
    core.queue.hold()
    app.start(*pictures("a.png", "b.png"))
    app.window.close()
    again = make_app()
    again.wait_for(State.QUEUED, 2)
    assert again.window.work_bar.text == "0 of 2 done · paused"
    core.queue.release_hold()
    again.wait_for(State.DONE, 2)
    again.window.close()


def test_selection_stays_while_pictures_become_jobs_and_finish(
    app: App, core: Core, pictures: MakePictures
) -> None:
    core.engine.gate.clear()
    app.list_pictures(*pictures("a.png", "b.png", "c.png"))
    app.window.strip.select(app.items()[1].id)
    app.window.primary.click()
    app.wait_for(State.RUNNING)
    assert [item.input.name for item in app.window.strip.selected_items()] == ["b.png"]
    core.engine.gate.set()
    app.wait_for(State.DONE, 3)
    assert [item.input.name for item in app.window.strip.selected_items()] == ["b.png"]

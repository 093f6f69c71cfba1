"""The core is another process: it may die, be of another version, or not start at all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from resshift_desktop.bridge.jobs_client import JobsClient
from resshift_desktop.bridge.protocol import Connection
from resshift_desktop.gui.job_item import State
from tests.bridge.cores import end_cores, program
from tests.gui.window.conftest import App

MakePictures = Callable[..., list[Path]]
SCRIPTED_CORE = Path(__file__).with_name("scripted_core.py")


@pytest.fixture
def other_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The core is started as a process; in the folder that is given "go" has its gate open."""
    import sys

    monkeypatch.setenv("RESSHIFT_CORE", str(program(tmp_path / "core", sys.executable, str(SCRIPTED_CORE))))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    (tmp_path / "data").mkdir()
    yield tmp_path / "data"
    end_cores(tmp_path)


def kill_core() -> None:
    core = psutil.Process(Connection.read().pid)
    core.kill()
    core.wait(20)


def test_a_core_that_dies_is_started_again_and_all_jobs_go_on(
    other_process: Path, make_app: Callable[[], App], pictures: MakePictures
) -> None:
    """With a job in each state at the moment of its death."""
    app = make_app()
    go = other_process / "go"
    go.touch()
    app.start(*pictures("done.png", "fail.png"))
    app.wait_for(State.DONE)
    app.wait_for(State.FAILED)
    go.unlink()
    app.start(*pictures("running.png", "queued.png", "paused.png", "cancelled.png"))
    app.select("paused.png")
    app.window.actions_.pause.trigger()
    app.wait_for(State.PAUSED)
    app.select("cancelled.png")
    app.window.actions_.cancel.trigger()
    app.wait_for(State.CANCELLED)
    app.wait_for(State.RUNNING)
    app.list_pictures(*pictures("new.png"))
    before = {item.input.name: item.state for item in app.items()}
    assert set(before.values()) == set(State)
    with app.qtbot.waitSignal(app.link.lost, timeout=20_000) as heard:
        kill_core()
    said = "The work was interrupted. Starting it again…"
    assert heard.args == [said]
    assert app.window.core_bar.text == said
    with app.qtbot.waitSignal(app.link.jobs_reset, timeout=20_000):
        pass
    app.wait_until(lambda: not app.window.core_bar.isVisible())
    app.wait_for(State.RUNNING)
    assert {item.input.name: item.state for item in app.items()} == before
    go.touch()
    app.wait_for(State.DONE, 3)


def test_what_is_asked_while_there_is_no_core_is_done_by_the_next(
    other_process: Path, make_app: Callable[[], App], pictures: MakePictures
) -> None:
    app = make_app()
    app.start(*pictures("a.png"))
    app.wait_for(State.RUNNING)
    kill_core()
    (other_process / "go").touch()
    app.start(*pictures("b.png"))
    app.wait_for(State.DONE, 2)


@pytest.mark.parametrize("when", ["before", "after"])
def test_pictures_over_which_the_core_dies_are_queued_once(
    other_process: Path, make_app: Callable[[], App], pictures: MakePictures, when: str
) -> None:
    app = make_app()
    (other_process / "go").touch()
    app.start(*pictures("first.png"))
    app.wait_for(State.DONE)
    (other_process / f"die {when}").touch()
    app.start(*pictures("a.png", "b.png"))
    app.wait_for(State.DONE, 3)
    assert not (other_process / f"die {when}").exists()
    queued = JobsClient(Connection.read()).list_jobs()["jobs"]
    assert [Path(job["input"]).name for job in queued] == ["first.png", "a.png", "b.png"]
    assert len(app.items()) == 3
    assert app.window.notice.text == ""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_job_in_whose_stead_another_is_queued_is_replaced_once(
    other_process: Path, make_app: Callable[[], App], pictures: MakePictures, tmp_path: Path, when: str
) -> None:
    app = make_app()
    app.start(*pictures("fail.png"))
    (other_process / "go").touch()
    app.wait_for(State.FAILED)
    (item,) = app.items()
    (other_process / f"die {when}").touch()
    app.window.pictures.save_to(item, tmp_path)
    app.wait_until(lambda: [job.id for job in app.items(State.FAILED)] not in ([item.id], []))
    app.wait_until(lambda: len(app.items()) == 1)
    assert not (other_process / f"die {when}").exists()
    (again,) = app.items()
    assert again.request is not None
    assert again.request.output.parent == tmp_path


def test_a_core_that_does_not_start_is_told_with_a_button(
    other_process: Path,
    make_app: Callable[[], App],
    pictures: MakePictures,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    import os

    good = os.environ["RESSHIFT_CORE"]
    monkeypatch.setenv("RESSHIFT_CORE", str(program(tmp_path / "bad", "sh -c 'echo No room. >&2; exit 3'")))
    app = make_app()
    app.wait_until(lambda: "could not start" in app.window.core_bar.text)
    assert "No room." in app.window.core_bar.text
    assert app.window.core_bar.button.text() == "Try again"
    monkeypatch.setenv("RESSHIFT_CORE", good)
    (other_process / "go").touch()
    app.window.core_bar.button.click()
    app.start(*pictures("a.png"))
    app.wait_for(State.DONE)
    assert not app.window.core_bar.isVisible()


@pytest.mark.usefixtures("core")
def test_a_core_of_another_version_is_told(
    make_app: Callable[[], App], pictures: MakePictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("resshift_desktop.bridge.client.PROTOCOL_VERSION", 2)
        app = make_app()
        app.wait_until(lambda: "different versions" in app.window.core_bar.text)
    app.window.core_bar.button.click()
    app.start(*pictures("a.png"))
    app.wait_for(State.DONE)

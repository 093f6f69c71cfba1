"""Problems are told beside the picture they concern, with a button that helps."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from resshift_desktop import errors
from resshift_desktop.gui.job_item import State
from resshift_desktop.gui.pages.models import ModelsDialog
from tests.gui.window.conftest import App
from tests.gui.window.core import Core

MakePictures = Callable[..., list[Path]]

KINDS = [
    (errors.ImageReadError, "Show in folder"),
    (errors.ImageWriteError, "Choose another folder…"),
    (errors.DeviceError, "Use the processor"),
    (errors.MemoryLimitError, "Use the processor"),
    (errors.NonFiniteError, "Use the processor"),
    (errors.UsageError, "Change the options"),
    (errors.WeightsError, "Open models…"),
    (errors.ResShiftError, "Try again"),
    (ValueError, "Try again"),
]


def fail(app: App, core: Core, pictures: MakePictures, error: BaseException) -> None:
    """Have a.png fail, and be the picture that is shown."""
    core.engine.failures["a.png"] = error
    app.start(*pictures("a.png"))
    app.wait_for(State.FAILED)
    core.engine.failures.clear()
    app.select("a.png")


@pytest.mark.parametrize(("kind", "button"), KINDS)
def test_each_kind_of_problem_has_a_button_that_helps(
    app: App, core: Core, pictures: MakePictures, kind: Callable[..., Exception], button: str
) -> None:
    error = kind("What happened.", "What to do.") if kind is not ValueError else ValueError("odd")
    fail(app, core, pictures, error)
    bar = app.window.page.problem_bar
    assert bar.isVisible()
    assert bar.button.text() == button
    if kind is not ValueError:
        assert bar.text == "What happened. What to do."
    assert app.window.work_bar.text == "1 failed"


def test_problems_stay_beside_their_pictures(app: App, core: Core, pictures: MakePictures) -> None:
    fail(app, core, pictures, errors.DeviceError("No device.", "Wait."))
    app.list_pictures(*pictures("b.png"))
    app.select("b.png")
    assert not app.window.page.problem_bar.isVisible()
    app.select("a.png")
    assert app.window.page.problem_bar.text == "No device. Wait."


def test_try_again(app: App, core: Core, pictures: MakePictures) -> None:
    fail(app, core, pictures, errors.ResShiftError("Odd.", "Hm."))
    app.window.page.problem_bar.button.click()
    app.wait_for(State.DONE)
    assert not app.window.page.problem_bar.isVisible()


def test_use_the_processor(app: App, core: Core, pictures: MakePictures) -> None:
    fail(app, core, pictures, errors.DeviceError("No device.", "Wait."))
    app.window.page.problem_bar.button.click()
    app.wait_for(State.DONE)
    assert [job.request.device for job in core.queue.page()] == ["cpu"]


def test_choose_another_folder(app: App, core: Core, pictures: MakePictures, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    fail(app, core, pictures, errors.ImageWriteError("The disk is full.", "Choose another folder."))
    app.window.page.problem_bar.button.click()
    (dialog,) = app.window.findChildren(QFileDialog)
    dialog.setDirectory(str(elsewhere))
    dialog.selectFile(str(elsewhere))
    dialog.accept()
    app.wait_for(State.DONE)
    assert (elsewhere / "a_x4.png").is_file()
    assert len(app.items()) == 1


def test_change_the_options(app: App, core: Core, pictures: MakePictures) -> None:
    fail(app, core, pictures, errors.UsageError("Too large.", "Choose a smaller size."))
    app.window.page.problem_bar.button.click()
    app.wait_for(State.FAILED, 0)
    assert app.states() == [State.NEW]
    assert app.window.primary.text() == "Upscale this picture"


def test_open_models(app: App, core: Core, pictures: MakePictures) -> None:
    fail(app, core, pictures, errors.WeightsError("Missing.", "Download it."))
    app.window.page.problem_bar.button.click()
    (dialog,) = app.window.findChildren(ModelsDialog)
    assert dialog.isVisible()
    dialog.close()


def test_show_in_folder_names_the_picture(
    app: App, core: Core, pictures: MakePictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr("resshift_desktop.gui.picture_commands.show_in_folder", shown.append)
    fail(app, core, pictures, errors.ImageReadError("Damaged.", "Copy it again."))
    app.window.page.problem_bar.button.click()
    assert [path.name for path in shown] == ["a.png"]


def test_a_refused_request_is_told_and_the_pictures_stay(
    app: App, core: Core, pictures: MakePictures
) -> None:
    from dataclasses import replace

    app.wait_until(lambda: core.server.active > 0)
    app.window.panel.set_options(replace(app.window.panel.options(), tile_size=1))
    app.list_pictures(*pictures("a.png"))
    app.window.primary.click()
    app.wait_until(lambda: app.window.notice.text)
    assert "tile size" in app.window.notice.text
    assert app.states() == [State.NEW]


def test_a_broken_picture_says_so_before_anything_is_computed(app: App, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    app.list_pictures(broken)
    app.wait_until(app.window.page.problem_bar.isVisible)
    assert "broken.png" in app.window.page.problem_bar.text

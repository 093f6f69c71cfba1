"""What can be done with a result: save as, copy, show, drag out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from resshift_desktop.gui.job_item import State
from resshift_desktop.gui.queue_strip import drag_data
from tests.gui.window.conftest import App

MakePictures = Callable[..., list[Path]]


@pytest.fixture
def done(app: App, pictures: MakePictures) -> App:
    """a.png is done, and selected."""
    app.start(*pictures("a.png"))
    app.wait_for(State.DONE)
    app.select("a.png")
    return app


@pytest.mark.parametrize(("name", "kind"), [("kept.png", "PNG"), ("kept.jpg", "JPEG"), ("kept.webp", "WEBP")])
def test_save_as(done: App, tmp_path: Path, name: str, kind: str) -> None:
    done.window.actions_.save_as.trigger()
    (dialog,) = done.window.findChildren(QFileDialog)
    dialog.selectFile(str(tmp_path / name))
    dialog.accept()
    done.wait_until(lambda: name in done.window.notice.text)
    with Image.open(tmp_path / name) as image:
        assert (image.format, image.size) == (kind, (4, 4))


def test_save_as_where_nothing_can_be_written(done: App, tmp_path: Path) -> None:
    item = done.items()[0]
    assert item.result is not None
    done.window.files.save_as(item.result, tmp_path / "missing" / "a.png", 90)
    done.wait_until(lambda: done.window.notice.text)
    assert "No such file" in done.window.notice.text


def test_a_copied_result_is_a_file_and_a_picture(done: App) -> None:
    done.window.actions_.copy.trigger()
    done.wait_until(lambda: "Copied" in done.window.notice.text)
    data = QGuiApplication.clipboard().mimeData()
    assert [url.fileName() for url in data.urls()] == ["a_x4.png"]
    assert (data.imageData().width(), data.imageData().height()) == (4, 4)


def test_results_are_dragged_out_as_files(done: App, pictures: MakePictures) -> None:
    assert [url.fileName() for url in drag_data(done.items()).urls()] == ["a_x4.png"]
    done.list_pictures(*pictures("new.png"))
    assert [url.fileName() for url in drag_data(done.items()).urls()] == ["a_x4.png"]
    assert not drag_data(done.items(State.NEW)).hasUrls()


def test_the_result_is_shown_when_it_is_there(done: App) -> None:
    view = done.window.page.view
    done.wait_until(lambda: view.compare is not None and not done.window.page.problem_bar.isVisible())
    assert all(button.isVisible() for button in done.window.page.compare_buttons)


def test_show_in_folder_shows_the_result(done: App, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Path] = []
    monkeypatch.setattr("resshift_desktop.gui.picture_commands.show_in_folder", shown.append)
    done.window.actions_.show_in_folder.trigger()
    assert [path.name for path in shown] == ["a_x4.png"]

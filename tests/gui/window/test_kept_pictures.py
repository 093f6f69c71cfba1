"""What is listed but not started is listed again at the next start."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from resshift_desktop.gui.importing import pasted_folder
from resshift_desktop.gui.job_item import State
from resshift_desktop.gui.kept_pictures import kept_pictures_file
from resshift_desktop.gui.masks import masks_folder
from tests.gui.window.conftest import App, names
from tests.gui.window.test_showing import zoom

MakePictures = Callable[..., list[Path]]


def listed(app: App) -> list[str]:
    return names([item.input for item in app.items(State.NEW)])


def kept(name: str) -> bool:
    """Whether the file has this name in it by now."""
    return kept_pictures_file().exists() and name in kept_pictures_file().read_text()


def paste(app: App) -> Path:
    """Drop a picture that is no file; where it is kept."""
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    image.fill(0xFF3366)
    data = QMimeData()
    data.setImageData(image)
    before = len(app.items())
    assert app.drop(data)
    app.wait_until(lambda: len(app.items()) > before)
    return app.items(State.NEW)[-1].input


def test_pictures_come_back_in_their_order(
    app: App, make_app: Callable[[], App], pictures: MakePictures
) -> None:
    app.list_pictures(*pictures("b.png", "a.png", "c.png"))
    app.select("c.png")
    app.window.actions_.move_up.trigger()
    before = listed(app)
    app.window.close()
    again = make_app()
    again.wait_until(lambda: len(again.items()) == 3)
    assert listed(again) == before == ["b.png", "c.png", "a.png"]
    assert again.window.notice.text == ""


def test_they_come_back_after_a_crash(app: App, make_app: Callable[[], App], pictures: MakePictures) -> None:
    app.list_pictures(*pictures("a.png"))
    app.wait_until(lambda: kept("a.png"))
    again = make_app()  # the first one has not been closed
    again.wait_until(again.items)
    assert listed(again) == ["a.png"]


def test_what_was_started_or_removed_does_not_come_back(
    app: App, make_app: Callable[[], App], pictures: MakePictures
) -> None:
    app.start(*pictures("started.png"))
    app.wait_for(State.DONE)
    app.list_pictures(*pictures("stays.png", "removed.png"))
    app.select("removed.png")
    app.window.actions_.remove.trigger()
    app.window.close()
    again = make_app()
    again.wait_until(lambda: len(again.items()) == 2)
    assert listed(again) == ["stays.png"]


def test_files_that_are_gone_are_told_in_a_line(
    app: App, make_app: Callable[[], App], pictures: MakePictures
) -> None:
    paths = pictures("a.png", "b.png", "c.png")
    app.list_pictures(*paths)
    app.window.close()
    paths[0].unlink()
    paths[2].unlink()
    again = make_app()
    again.wait_until(again.items)
    assert listed(again) == ["b.png"]
    assert "2 pictures" in again.window.notice.text
    again.window.close()
    third = make_app()
    third.wait_until(third.items)
    assert third.window.notice.text == ""


def test_a_pasted_picture_comes_back_and_is_deleted_when_it_is_removed(
    app: App, make_app: Callable[[], App], pictures: MakePictures
) -> None:
    app.list_pictures(*pictures("mine.png"))
    path = paste(app)
    app.window.close()
    again = make_app()
    again.wait_until(lambda: len(again.items()) == 2)
    assert path.exists()
    again.window.strip.selectAll()
    again.window.actions_.remove.trigger()
    again.wait_until(lambda: not list(pasted_folder().iterdir()))
    (mine,) = pictures("mine.png")
    assert mine.exists()


def test_a_pasted_picture_stays_while_its_job_is_listed(app: App) -> None:
    path = paste(app)
    app.wait_until(lambda: kept(path.name))
    app.wait_until(app.window.primary.isEnabled)
    app.window.primary.click()
    app.wait_for(State.DONE)
    app.wait_until(lambda: not kept(path.name))
    assert path.exists()
    app.window.actions_.clear.trigger()
    app.wait_until(lambda: not path.exists())


def paint(app: App) -> QImage:
    """A stroke on the picture that is shown; what is painted then."""
    view = app.window.page.view
    app.wait_until(lambda: zoom(app))
    view.mask_mode = True
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    mask = view.mask_image()
    assert mask is not None
    return mask


def test_what_was_painted_comes_back(app: App, make_app: Callable[[], App], pictures: MakePictures) -> None:
    app.list_pictures(*pictures("a.png", "b.png"))
    app.select("b.png")
    painted = paint(app)
    app.window.close()
    (file,) = masks_folder().iterdir()
    again = make_app()
    again.wait_until(lambda: len(again.items()) == 2)
    ids = {item.input.name: item.id for item in again.items()}
    assert again.window.pictures.masks == {ids["b.png"]: painted}
    again.window.close()
    assert [*masks_folder().iterdir()] == [file]  # as it was: not written anew
    third = make_app()
    third.wait_until(lambda: len(third.items()) == 2)
    third.select("b.png")
    third.window.actions_.remove.trigger()
    third.window.close()
    assert [*masks_folder().iterdir()] == []


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 2, "pictures": {"/a.png": null}}', '{"version": 1, "pictures": [3]}', "\0"],
)
def test_a_file_that_makes_no_sense_is_passed_over(
    core: object, make_app: Callable[[], App], pictures: MakePictures, text: str
) -> None:
    del core
    kept_pictures_file().write_text(text)
    app = make_app()
    app.list_pictures(*pictures("a.png"))
    assert listed(app) == ["a.png"]
    app.wait_until(lambda: kept("a.png"))

"""Dropping, pasting, opening, and a second launch."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from resshift_desktop.gui.importing import pasted_folder
from resshift_desktop.gui.job_item import State
from resshift_desktop.gui.one_instance import OneInstance
from tests.gui.window.conftest import App, files, names
from tests.gui.window.core import Core
from tests.gui.window.watchdog import Watchdog

MakePictures = Callable[..., list[Path]]


def test_dropped_files_are_listed_with_thumbnail_name_and_size(app: App, pictures: MakePictures) -> None:
    app.list_pictures(*pictures("a.png", "b.jpg"))
    app.wait_until(lambda: all(app.window.thumbnails.thumbnail(item.input) for item in app.items()))
    thumbnails = [app.window.thumbnails.thumbnail(item.input) for item in app.items()]
    assert [(made.width, made.height) for made in thumbnails if made] == [(8, 6), (8, 6)]
    assert app.window.stack.currentWidget() is app.window.splitter
    current = app.window.strip.current_item()
    assert current is not None
    assert current.input.name == "a.png"


def test_a_dropped_folder_means_the_pictures_in_it_and_below(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    (folder / "day 2").mkdir(parents=True)
    for name in ("b.png", "a.JPG", "day 2/c.webp", ".hidden.png"):
        Image.new("RGB", (4, 4)).save(folder / name, "PNG")
    (folder / "desktop.ini").write_text("")
    app.drop_files(folder)
    app.wait_until(app.items)
    assert names([item.input for item in app.items()]) == ["a.JPG", "b.png", "c.webp"]
    assert app.window.notice.text == ""


def test_what_is_no_picture_is_left_out_and_named(app: App, pictures: MakePictures, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no picture")
    app.drop_files(notes, *pictures("a.png"))
    app.wait_until(lambda: app.window.notice.text)
    assert names([item.input for item in app.items()]) == ["a.png"]
    assert "notes.txt" in app.window.notice.text


def test_an_empty_folder_is_told(app: App, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    app.drop_files(tmp_path / "empty")
    app.wait_until(lambda: app.window.notice.text)
    assert "no pictures" in app.window.notice.text
    assert not app.items()


def test_a_picture_is_listed_once(app: App, pictures: MakePictures) -> None:
    (path,) = pictures("a.png")
    app.drop_files(path, path)
    app.wait_until(app.items)
    app.drop_files(path)
    app.list_pictures(*pictures("b.png"))
    assert names([item.input for item in app.items()]) == ["a.png", "b.png"]


def encoded(image: QImage, image_format: str) -> QByteArray:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, image_format)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return data


def small_image() -> QImage:
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    image.fill(0xFF3366)
    return image


def test_a_picture_from_a_browser_is_kept_byte_for_byte(app: App) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.png")])
    sent = encoded(small_image(), "PNG")
    data.setData("image/png", sent)
    assert app.drop(data)
    app.wait_until(app.items)
    (item,) = app.items()
    assert item.input.parent == pasted_folder()
    assert item.input.read_bytes() == bytes(sent.data())


def test_a_pasted_image_is_listed_and_its_result_goes_to_the_pictures_folder(
    app: App, core: Core, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("resshift_desktop.gui.output_names.pictures_folder", lambda: tmp_path / "Pictures")
    data = QMimeData()
    data.setImageData(small_image())
    QGuiApplication.clipboard().setMimeData(data)
    app.window.actions_.paste.trigger()
    app.wait_until(app.items)
    core.queue.hold()
    app.window.primary.click()
    app.wait_for(State.QUEUED)
    (job,) = core.queue.page()
    assert job.request.output.parent == tmp_path / "Pictures"
    assert QImage(str(job.request.input)).size() == small_image().size()


def test_pasted_files_are_listed(app: App, pictures: MakePictures) -> None:
    QGuiApplication.clipboard().setMimeData(files(*pictures("a.png", "b.png")))
    app.window.actions_.paste.trigger()
    app.wait_until(lambda: len(app.items()) == 2)
    assert names([item.input for item in app.items()]) == ["a.png", "b.png"]


def test_an_address_alone_is_explained(app: App) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.png")])
    assert app.drop(data)
    assert "Copy the picture itself" in app.window.notice.text


def test_text_is_not_taken(app: App) -> None:
    data = QMimeData()
    data.setText("no picture")
    assert not app.drop(data)


def test_pasting_text_is_explained(app: App) -> None:
    QGuiApplication.clipboard().setText("no picture")
    app.window.actions_.paste.trigger()
    assert "no pictures" in app.window.notice.text


def test_open_asks_for_files_without_stopping_the_window(app: App, pictures: MakePictures) -> None:
    paths = pictures("a.png", "b.png")
    app.window.actions_.open.trigger()
    (dialog,) = app.window.findChildren(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([str(path) for path in paths])
    dialog.setDirectory(str(paths[0].parent))
    dialog.selectFile(paths[1].name)
    dialog.accept()
    app.wait_until(app.items)
    assert app.items()[0].input.name == "b.png"


def test_500_pictures_are_listed_at_once(
    app: App, core: Core, pictures: MakePictures, record_property: Callable[[str, object], None]
) -> None:
    core.queue.hold()
    (path,) = pictures("0.png")
    paths = [path.with_name(f"{number}.png") for number in range(1, 501)]
    for other in paths:
        other.hardlink_to(path)
        # hard links are other files with the same pixels
    began = time.monotonic()
    with Watchdog(QApplication.instance()) as watchdog:  # pyright: ignore[reportArgumentType]
        app.list_pictures(*paths)
        app.window.grab()
        listed = time.monotonic() - began
        app.window.primary.click()
        app.wait_for(State.QUEUED, 500)
    assert [job.request.input for job in core.queue.page(0, 1000)] == paths
    print(
        f"500 pictures: listed in {listed:.2f} s, GUI thread blocked {watchdog.worst:.0f} ms at worst, "
        f"{watchdog.worst_processor:.0f} ms of them its own"
    )
    record_property("listed_seconds", listed)
    record_property("blocked_milliseconds", watchdog.worst)
    record_property("processor_milliseconds", watchdog.worst_processor)


@pytest.mark.usefixtures("qapp")
def test_a_second_launch_hands_its_files_over(app: App, pictures: MakePictures) -> None:
    import subprocess
    import sys

    instance = OneInstance()
    assert instance.claim()
    assert instance.listen()
    instance.called.connect(lambda wanted, _: app.window.open_paths(wanted.files))
    paths = pictures("a.png", "b.png")
    second = subprocess.Popen([sys.executable, "-m", "resshift_desktop", *map(str, paths)])
    app.wait_until(lambda: len(app.items()) == 2)
    assert second.wait(20) == 0
    instance.close()

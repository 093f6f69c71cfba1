"""Which files are taken goes by their names, so the files here are empty."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from resshift_desktop.core.engine.inputs import FilePair, pair_files
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.errors import UsageError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(pairs: Iterable[FilePair], out: Path) -> dict[str, str]:
    return {pair.input.name: pair.output.relative_to(out).as_posix() for pair in pairs}


def test_folder_means_the_pictures_in_it(source: Path, tmp_path: Path) -> None:
    make(source, "b.PNG", "a.jpg", "c.tiff", "d.webp", "e.bmp", "f.avif", "sub/g.png")
    pairs = pair_files([source], tmp_path / "out", None, recursive=False)
    assert [pair.input.name for pair in pairs] == ["a.jpg", "b.PNG", "c.tiff", "d.webp", "e.bmp", "f.avif"]
    assert names(pairs, tmp_path / "out") == {
        "a.jpg": "a.jpg",
        "b.PNG": "b.png",
        "c.tiff": "c.tif",
        "d.webp": "d.webp",
        "e.bmp": "e.png",
        "f.avif": "f.png",
    }


def test_recursion_keeps_the_structure(source: Path, tmp_path: Path) -> None:
    make(source, "a.png", "sub/a.png", "sub/deep/b.jpg")
    pairs = pair_files([source], tmp_path / "out", ImageFormat.WEBP, recursive=True)
    outputs = {pair.output.relative_to(tmp_path / "out").as_posix() for pair in pairs}
    assert outputs == {"a.webp", "sub/a.webp", "sub/deep/b.webp"}
    assert {pair.image_format for pair in pairs} == {ImageFormat.WEBP}


def test_junk_in_folders_is_passed_over(source: Path, tmp_path: Path) -> None:
    make(source, "a.png", "desktop.ini", "Thumbs.db", ".DS_Store", "._a.png", ".hidden.jpg", "notes.txt")
    make(source, ".thumbnails/a.png", ".resshift-0123.part", "noending")
    (source / "folder.png").mkdir()
    pairs = pair_files([source], tmp_path / "out", None, recursive=True)
    assert names(pairs, tmp_path / "out") == {"a.png": "a.png"}


def test_folder_inside_a_hidden_one_is_read_when_named(tmp_path: Path) -> None:
    make(tmp_path, ".hidden/a.png")
    pairs = pair_files([tmp_path / ".hidden"], tmp_path / "out", None, recursive=False)
    assert names(pairs, tmp_path / "out") == {"a.png": "a.png"}


@pytest.mark.parametrize("name", ["missing.png", "notes.txt", ".hidden.png"])
def test_file_named_outright_is_always_taken(source: Path, tmp_path: Path, name: str) -> None:
    (pair,) = pair_files([source / name], tmp_path / "out.png", None, recursive=False)
    assert pair == FilePair(source / name, tmp_path / "out.png", ImageFormat.PNG)


def test_each_picture_is_taken_once(source: Path, tmp_path: Path) -> None:
    make(source, "a.png", "sub/b.png")
    given = [source, source / "a.png", source / "sub" / ".." / "a.png", source / "sub", source / "a.png"]
    pairs = pair_files(given, tmp_path / "out", None, recursive=True)
    assert names(pairs, tmp_path / "out") == {"a.png": "a.png", "b.png": "sub/b.png"}
    assert len(pairs) == 2


def test_relative_and_absolute_name_are_one_picture(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(source, "a.png")
    monkeypatch.chdir(source)
    assert len(pair_files([Path("a.png"), source / "a.png"], tmp_path / "out", None, recursive=False)) == 1


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [
        (["a.png", "a.jpg"], ["a.png", "a (2).png"]),
        (["a.png", "A.png"], ["a.png", "A (2).png"]),
        (["a.jpg", "a.png", "a.webp"], ["a.png", "a (2).png", "a (3).png"]),
        (["a.jpg", "a.png", "a (2).png"], ["a.png", "a (2).png", "a (2) (2).png"]),
        (["Straße.png", "STRASSE.png"], ["Straße.png", "STRASSE (2).png"]),
        (["x/a.png", "y/a.png"], ["a.png", "a (2).png"]),
    ],
)
def test_clashing_names_get_a_number(
    source: Path, tmp_path: Path, inputs: list[str], outputs: list[str]
) -> None:
    make(source, *inputs)
    pairs = pair_files([source / name for name in inputs], tmp_path / "out", ImageFormat.PNG, recursive=False)
    assert [pair.output.name for pair in pairs] == outputs


def test_same_name_in_two_folders_does_not_clash(source: Path, tmp_path: Path) -> None:
    make(source, "x/a.png", "y/a.png")
    pairs = pair_files([source], tmp_path, None, recursive=True)
    assert [pair.output for pair in pairs] == [tmp_path / "x" / "a.png", tmp_path / "y" / "a.png"]


@pytest.mark.parametrize(
    ("out", "image_format", "output", "written_as"),
    [
        ("result.jpg", None, "result.jpg", ImageFormat.JPEG),
        ("result.JPEG", None, "result.JPEG", ImageFormat.JPEG),
        ("result.jpg", ImageFormat.JPEG, "result.jpg", ImageFormat.JPEG),
        ("folder", None, "folder/日本 é.tif", ImageFormat.TIFF),
        ("there.jpg", None, "there.jpg/日本 é.tif", ImageFormat.TIFF),
        ("folder", ImageFormat.WEBP, "folder/日本 é.webp", ImageFormat.WEBP),
    ],
)
def test_single_file(
    source: Path,
    tmp_path: Path,
    out: str,
    image_format: ImageFormat | None,
    output: str,
    written_as: ImageFormat,
) -> None:
    make(source, "日本 é.tif")
    (tmp_path / "there.jpg").mkdir()
    (pair,) = pair_files([source / "日本 é.tif"], tmp_path / out, image_format, recursive=False)
    assert pair == FilePair(source / "日本 é.tif", tmp_path / output, written_as)


def test_folder_with_one_picture_still_goes_into_a_folder(source: Path, tmp_path: Path) -> None:
    make(source, "a.png")
    (pair,) = pair_files([source], tmp_path / "out.png", None, recursive=False)
    assert pair.output == tmp_path / "out.png" / "a.png"


def test_no_pictures(source: Path, tmp_path: Path) -> None:
    make(source, "notes.txt", "sub/a.png")
    with pytest.raises(UsageError, match="no pictures"):
        pair_files([source], tmp_path / "out", None, recursive=False)


def test_several_results_do_not_go_into_a_file(source: Path, tmp_path: Path) -> None:
    make(source, "a.png", "b.png")
    make(tmp_path, "out.png")
    with pytest.raises(UsageError, match=r"out\.png is a file"):
        pair_files([source / "a.png", source / "b.png"], tmp_path / "out.png", None, recursive=False)


@pytest.mark.parametrize("name", ["out.bmp", "out.gif", "out.xyz"])
def test_format_that_is_not_written(source: Path, tmp_path: Path, name: str) -> None:
    make(source, "a.png")
    with pytest.raises(UsageError):
        pair_files([source / "a.png"], tmp_path / name, None, recursive=False)


def test_a_name_and_a_format_that_contradict_are_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"result\.jpg is not named as a png file"):
        pair_files([source / "日本 é.tif"], tmp_path / "result.jpg", ImageFormat.PNG, recursive=False)


def test_a_loop_of_links_does_not_stop_the_others(source: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop.png"
    loop.symlink_to(loop)
    pairs = pair_files([loop, source / "日本 é.tif"], tmp_path / "out", None, recursive=False)
    assert [pair.input.name for pair in pairs] == ["loop.png", "日本 é.tif"]

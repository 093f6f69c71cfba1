"""Installing and removing, in homes of its own: never half a plugin, nothing of anybody else's lost."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from resshift_desktop import __version__
from resshift_desktop.editors.bundle import STAMP, Editor, plugin_files, zip_name
from resshift_desktop.editors.folders import Place
from resshift_desktop.editors.install import (
    PluginError,
    State,
    Status,
    install,
    krita_is_open,
    remove,
    status,
)
from resshift_desktop.editors.krita_settings import disable, is_enabled

editors = pytest.mark.parametrize("editor", Editor)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    del data
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def make_place(home: Path, editor: Editor) -> Place:
    if editor is Editor.GIMP:
        return Place(editor, "GIMP 3.0", home / "GIMP" / "3.0" / "plug-ins")
    return Place(editor, "Krita", home / "krita", home / "kritarc")


@pytest.fixture
def place(editor: Editor, home: Path) -> Place:
    return make_place(home, editor)


def target(place: Place) -> Path:
    return place.folder / place.editor.module


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def make_old(place: Place, version: str = "0.0.1") -> None:
    """An installation of an earlier version, which had a file that this one has not."""
    install(place)
    (target(place) / "old_part.py").write_text("old", "utf-8")
    stamp = {"version": version, "files": ["resshift.py", "old_part.py"]}
    (target(place) / STAMP).write_text(json.dumps(stamp), "utf-8")


@editors
def test_installing_and_removing(place: Place) -> None:
    assert status(place) == Status(place, State.ABSENT, None)
    install(place)
    assert status(place) == Status(place, State.CURRENT, __version__)
    assert contents(place.folder) == plugin_files(place.editor)
    assert remove(place) == []
    assert status(place) == Status(place, State.ABSENT, None)
    assert contents(place.folder) == {}
    assert not (place.settings and place.settings.exists())
    assert remove(place) == []


def test_gimps_program_can_be_run(home: Path) -> None:
    place = make_place(home, Editor.GIMP)
    install(place)
    programs = [path.name for path in target(place).rglob("*") if path.is_file() and os.access(path, os.X_OK)]
    assert programs == ["resshift.py"]
    (target(place) / "resshift.py").chmod(0o644)
    assert status(place).state is State.DAMAGED
    install(place)
    assert status(place).state is State.CURRENT


def test_krita_loads_it(home: Path) -> None:
    place = make_place(home, Editor.KRITA)
    assert place.settings is not None
    place.settings.write_bytes(b"theme=dark\n[python]\nenable_other=true\n")
    install(place)
    assert is_enabled(place.settings)
    disable(place.settings)
    assert status(place) == Status(place, State.OFF, __version__)
    install(place)
    assert status(place).state is State.CURRENT
    remove(place)
    assert place.settings.read_bytes() == b"theme=dark\n[python]\nenable_other=true\n"


@editors
def test_an_update_leaves_nothing_of_the_old_version(place: Place) -> None:
    make_old(place)
    assert status(place) == Status(place, State.OTHER_VERSION, "0.0.1")
    install(place)
    assert contents(place.folder) == plugin_files(place.editor)


@editors
def test_removing_an_old_version(place: Place) -> None:
    make_old(place)
    assert remove(place) == []
    assert contents(place.folder) == {}


@editors
@settings(max_examples=10)
@given(data=st.data())
def test_a_damaged_plugin_is_told_and_mended(
    editor: Editor, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = make_place(tmp_path_factory.mktemp("home"), editor)
    install(place)
    path = place.folder / data.draw(st.sampled_from(sorted(plugin_files(editor).keys())))
    if path.name == STAMP or data.draw(st.booleans()):
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: data.draw(st.integers(0, 20))])
    if contents(place.folder) != plugin_files(editor):
        assert status(place).state is State.DAMAGED
    install(place)
    assert status(place).state is State.CURRENT
    assert contents(place.folder) == plugin_files(editor)


@editors
def test_what_others_put_into_the_folder_stays(place: Place, home: Path) -> None:
    make_old(place)
    (target(place) / "notes").mkdir()
    (target(place) / "notes" / "mine.txt").write_text("mine", "utf-8")
    (target(place) / "link").symlink_to(home)
    (target(place) / "__pycache__").mkdir()
    (target(place) / "__pycache__" / "old_part.pyc").touch()
    install(place)
    assert contents(target(place)).keys() - {"notes/mine.txt"} == {
        name.removeprefix(f"{place.editor.module}/")
        for name in plugin_files(place.editor)
        if name.startswith(place.editor.module + "/")
    }
    assert (target(place) / "link").readlink() == home
    assert remove(place) == [target(place) / "link", target(place) / "notes" / "mine.txt"]
    assert contents(target(place)) == {"notes/mine.txt": b"mine"}
    assert (target(place) / "link").is_symlink()
    assert status(place) == Status(place, State.ABSENT, None)
    install(place)
    assert status(place).state is State.CURRENT
    assert contents(target(place))["notes/mine.txt"] == b"mine"


@editors
def test_somebody_elses_plugin_of_that_name_is_not_touched(place: Place) -> None:
    target(place).mkdir(parents=True)
    name = "resshift.py" if place.editor is Editor.GIMP else "__init__.py"
    (target(place) / name).write_text("print('another')", "utf-8")
    assert status(place) == Status(place, State.DAMAGED, None)
    for work in (install, remove):
        with pytest.raises(PluginError, match="ResShift did not put there") as raised:
            work(place)
        assert raised.value.hint == "Move it elsewhere, then try again."
    assert contents(place.folder).keys() == {f"{place.editor.module}/{name}"}


@editors
def test_a_link_is_not_followed(place: Place, home: Path) -> None:
    (home / "work").mkdir()
    (home / "work" / "resshift.py").write_text("mine", "utf-8")
    target(place).parent.mkdir(parents=True)
    target(place).symlink_to(home / "work")
    for work in (install, remove):
        with pytest.raises(PluginError, match="is a link or a file"):
            work(place)
    assert contents(home / "work") == {"resshift.py": b"mine"}
    target(place).unlink()
    target(place).symlink_to(home / "nowhere")
    with pytest.raises(PluginError, match="is a link or a file"):
        install(place)


@editors
def test_a_folder_that_leads_elsewhere_is_fine(place: Place, home: Path) -> None:
    (home / "dotfiles").mkdir()
    place.folder.parent.mkdir(parents=True, exist_ok=True)
    place.folder.symlink_to(home / "dotfiles")
    install(place)
    assert contents(home / "dotfiles") == plugin_files(place.editor)
    remove(place)
    assert contents(home / "dotfiles") == {}


@editors
def test_a_folder_that_cannot_be_used_is_told(place: Place, home: Path) -> None:
    place.folder.parent.mkdir(parents=True, exist_ok=True)
    place.folder.write_text("a file", "utf-8")
    with pytest.raises(PluginError, match=r"The folder .* cannot be used") as raised:
        install(place)
    assert raised.value.hint
    place.folder.unlink()
    place.folder.symlink_to(home / "gone" / "away")
    with pytest.raises(PluginError, match="cannot be used"):
        install(place)
    assert not (home / "gone").exists()


@editors
def test_an_editor_that_never_ran(place: Place) -> None:
    never = Place(place.editor, place.title, place.folder, place.settings, started=False)
    assert status(never).state is State.NOT_STARTED
    with pytest.raises(PluginError, match="never been started"):
        install(never)
    assert remove(never) == []
    assert not place.folder.exists()


@editors
@pytest.mark.parametrize("killed_at", ["before", "between", "after"])
def test_after_an_installer_that_was_killed(place: Place, killed_at: str) -> None:
    make_old(place)
    (target(place) / "mine.txt").write_text("mine", "utf-8")
    staging = target(place).with_name(".resshift-killed")
    (staging / "new").mkdir(parents=True)
    if killed_at == "between":
        target(place).rename(staging / "old")
        assert status(place).state is State.ABSENT
    if killed_at == "after":
        shutil.copytree(target(place), staging / "old")
    install(place)
    assert status(place).state is State.CURRENT
    assert (target(place) / "mine.txt").read_text("utf-8") == "mine"
    assert not staging.exists()
    assert not (target(place) / "old_part.py").exists()


@editors
def test_one_installer_at_a_time(place: Place, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resshift_desktop.editors.install._LOCK_SECONDS", 0.1)
    data.mkdir()
    with FileLock(data / "plugins.lock"), pytest.raises(PluginError, match="installing a plugin already"):
        install(place)
    assert not place.folder.exists()


@contextmanager
def running_krita(folder: Path, home: Path) -> Iterator[None]:
    """A process that is called krita, in this home."""
    program = folder / "bin" / "krita"
    program.parent.mkdir(exist_ok=True)
    shutil.copy(shutil.which("sleep") or "", program)
    environment = {"HOME": str(home)}
    with subprocess.Popen([program, "600"], env=environment) as process:
        try:
            yield
        finally:
            process.kill()


def test_while_krita_is_open_it_gives_the_zip(home: Path, data: Path) -> None:
    place = make_place(home, Editor.KRITA)
    assert place.settings is not None
    place.settings.write_bytes(b"a=b\n")
    with running_krita(home, home):
        assert krita_is_open()
        with pytest.raises(PluginError, match="Krita is open") as raised:
            install(place)
        archive = data / zip_name(Editor.KRITA)
        assert archive.is_file()
        assert str(archive) in raised.value.hint
        assert place.settings.read_bytes() == b"a=b\n"
        assert not place.folder.exists()
        install(make_place(home, Editor.GIMP))
    assert not krita_is_open()
    install(place)
    with running_krita(home, home), pytest.raises(PluginError, match="Krita is open"):
        remove(place)
    assert status(place).state is State.CURRENT


def test_another_persons_krita_does_not_matter(home: Path) -> None:
    with running_krita(home, home / "another"):
        assert not krita_is_open()

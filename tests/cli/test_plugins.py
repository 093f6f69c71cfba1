"""`resshift plugins`, in homes of its own."""

import json
from pathlib import Path

import pytest

from resshift_desktop import __version__
from tests.cli.conftest import Resshift, one_line

GIMP, KRITA = ".config/GIMP/3.0", ".local/share/krita"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a person who has GIMP and Krita."""
    home = tmp_path / "home"
    for folder in (GIMP, KRITA):
        (home / folder).mkdir(parents=True)
    _move_home(home, monkeypatch)
    return home


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    _move_home(tmp_path, monkeypatch)
    return tmp_path


def _move_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_from_nothing_to_nothing(resshift: Resshift, home: Path) -> None:
    folders = f"{home / GIMP / 'plug-ins'}", f"{home / KRITA}"
    absent = f"GIMP 3.0: not installed.  {folders[0]}\nKrita: not installed.  {folders[1]}\n"
    assert resshift("plugins", "status").out == absent
    done = resshift("plugins", "install")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"GIMP 3.0: installed {__version__}. Restart GIMP.\nKrita: installed {__version__}. Restart Krita.\n"
    )
    assert f"GIMP 3.0: installed {__version__} (this version).  " in resshift("plugins", "status").out
    assert resshift("plugins", "remove").out == "GIMP 3.0: removed.\nKrita: removed.\n"
    assert resshift("plugins", "status").out == absent
    assert resshift("plugins", "remove").out == "GIMP 3.0: was not installed.\nKrita: was not installed.\n"


def test_only_one_editor(resshift: Resshift, home: Path) -> None:
    assert resshift("plugins", "install", "krita").code == 0
    assert (home / KRITA / "pykrita" / "resshift.desktop").is_file()
    assert not (home / GIMP / "plug-ins").exists()
    assert "GIMP" not in resshift("plugins", "remove", "krita").out


@pytest.mark.usefixtures("home")
def test_status_for_programs(resshift: Resshift) -> None:
    resshift("plugins", "install", "gimp")
    lines = [json.loads(line) for line in resshift("plugins", "status", "--json").out.splitlines()]
    assert [(line["editor"], line["title"], line["state"], line["version"]) for line in lines] == [
        ("gimp", "GIMP 3.0", "current", __version__),
        ("krita", "Krita", "absent", None),
    ]


def test_what_differs_is_said(resshift: Resshift, home: Path) -> None:
    resshift("plugins", "install")
    stamp = home / GIMP / "plug-ins" / "resshift" / "installed.json"
    stamp.write_text('{"version": "0.0.1", "files": []}', "utf-8")
    (home / ".config" / "kritarc").unlink()
    said = resshift("plugins", "status").out
    assert f"GIMP 3.0: installed 0.0.1 (not this version, {__version__}: install again)." in said
    assert f"Krita: installed {__version__}, but turned off: install again." in said


@pytest.mark.usefixtures("empty_home")
def test_without_editors(resshift: Resshift) -> None:
    assert resshift("plugins", "status").out.splitlines() == [
        "GIMP: not found. If it is on this computer, start it once.",
        "Krita: not found. If it is on this computer, start it once.",
    ]
    for command in ("install", "remove"):
        told = resshift("plugins", command)
        assert (told.code, told.out) == (1, "")
        assert one_line(told.err) == "No GIMP or Krita was found. Start the editor once, then try again."
    assert "No Krita was found." in resshift("plugins", "install", "krita").err


def test_an_editor_that_never_ran(resshift: Resshift, empty_home: Path) -> None:
    program = empty_home / "gimp"
    program.write_text("#!/bin/sh\necho GNU Image Manipulation Program version 3.0.4\n", "utf-8")
    program.chmod(0o755)
    assert "GIMP 3.0: never started: start it once, then install." in resshift("plugins", "status").out
    told = resshift("plugins", "install")
    assert told.code == 1
    assert "GIMP 3.0: It has never been started. Start it once" in one_line(told.err)


def test_what_fails_in_one_place_is_done_in_the_others(resshift: Resshift, home: Path) -> None:
    (home / GIMP / "plug-ins").write_text("a file", "utf-8")
    told = resshift("plugins", "install")
    assert told.code == 1
    assert one_line(told.err).startswith("GIMP 3.0: The folder")
    assert told.out == f"Krita: installed {__version__}. Restart Krita.\n"


def test_what_is_not_resshifts_stays(resshift: Resshift, home: Path) -> None:
    resshift("plugins", "install", "gimp")
    mine = home / GIMP / "plug-ins" / "resshift" / "mine.txt"
    mine.touch()
    assert resshift("plugins", "remove", "gimp").out.splitlines() == [
        "GIMP 3.0: removed.",
        f"Not ResShift's, so it stays: {mine}",
    ]
    assert mine.is_file()


def test_an_editor_that_is_not_known(resshift: Resshift) -> None:
    told = resshift("plugins", "install", "photoshop")
    assert told.code == 2
    assert "'photoshop' is not one of" in one_line(told.err)

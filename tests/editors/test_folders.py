from pathlib import Path

import pytest

from resshift_desktop.editors.bundle import Editor
from resshift_desktop.editors.folders import Place, find_places, gimp_version

LINUX = [".config/GIMP/3.0", ".config/GIMP/3.2", ".local/share/krita"]


def found(
    home: Path, system: str = "linux", version: str | None = None, **environment: str
) -> list[tuple[str, str, bool]]:
    """Title, folder below `home`, whether it was started."""
    variables = {"PATH": str(home / "bin"), **environment}
    places = find_places(home, variables, system, lambda: version)
    return [(place.title, place.folder.relative_to(home).as_posix(), place.started) for place in places]


@pytest.mark.parametrize(
    ("system", "folders", "expected"),
    [
        ("linux", [], []),
        (
            "linux",
            [*LINUX, ".config/GIMP/2.10", ".config/GIMP/3.10", ".config/GIMP/3.x", ".config/GIMP/30.0"],
            [
                ("GIMP 3.0", ".config/GIMP/3.0/plug-ins"),
                ("GIMP 3.2", ".config/GIMP/3.2/plug-ins"),
                ("GIMP 3.10", ".config/GIMP/3.10/plug-ins"),
                ("Krita", ".local/share/krita"),
            ],
        ),
        (
            "linux",
            [".var/app/org.gimp.GIMP/config/GIMP/3.0", ".var/app/org.kde.krita/data/krita"],
            [
                ("GIMP 3.0 (Flatpak)", ".var/app/org.gimp.GIMP/config/GIMP/3.0/plug-ins"),
                ("Krita (Flatpak)", ".var/app/org.kde.krita/data/krita"),
            ],
        ),
        (
            "darwin",
            ["Library/Application Support/GIMP/3.0", "Library/Application Support/krita"],
            [
                ("GIMP 3.0", "Library/Application Support/GIMP/3.0/plug-ins"),
                ("Krita", "Library/Application Support/krita"),
            ],
        ),
        (
            "win32",
            ["AppData/Roaming/GIMP/3.0", "AppData/Roaming/krita"],
            [("GIMP 3.0", "AppData/Roaming/GIMP/3.0/plug-ins"), ("Krita", "AppData/Roaming/krita")],
        ),
    ],
    ids=["nothing", "linux", "flatpak", "macos", "windows"],
)
def test_every_editor_that_has_run(
    tmp_path: Path, system: str, folders: list[str], expected: list[tuple[str, str]]
) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    assert found(tmp_path, system) == [(title, folder, True) for title, folder in expected]


@pytest.mark.parametrize(
    ("system", "folder", "settings"),
    [
        ("linux", ".local/share/krita", ".config/kritarc"),
        ("linux", ".var/app/org.kde.krita/data/krita", ".var/app/org.kde.krita/config/kritarc"),
        ("darwin", "Library/Application Support/krita", "Library/Preferences/kritarc"),
        ("win32", "AppData/Roaming/krita", "AppData/Local/kritarc"),
    ],
)
def test_kritas_settings(tmp_path: Path, system: str, folder: str, settings: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    [place] = find_places(tmp_path, {}, system, lambda: None)
    assert place.settings == tmp_path / settings


def test_folders_that_were_moved(tmp_path: Path) -> None:
    (tmp_path / "c" / "GIMP" / "3.0").mkdir(parents=True)
    (tmp_path / "d" / "krita").mkdir(parents=True)
    moved = {"XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}
    assert [folder for _, folder, _ in found(tmp_path, **moved)] == ["c/GIMP/3.0/plug-ins", "d/krita"]
    assert found(tmp_path, XDG_CONFIG_HOME="c", XDG_DATA_HOME="") == []  # not absolute: to be passed over


def test_resources_that_were_moved_in_krita(tmp_path: Path) -> None:
    (tmp_path / ".config").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / ".config" / "kritarc").write_text(f"ResourceDirectory={tmp_path / 'mine'}\n[a]\n", "utf-8")
    assert found(tmp_path) == [("Krita", "mine", True)]


@pytest.mark.parametrize(("version", "expected"), [("3.2", ["GIMP 3.2"]), ("2.10", []), (None, [])])
def test_a_gimp_that_never_ran(tmp_path: Path, version: str | None, expected: list[str]) -> None:
    assert [title for title, _, started in found(tmp_path, version=version) if not started] == expected
    assert list(tmp_path.iterdir()) == []


def test_a_krita_that_never_ran(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "krita", "")
    assert found(tmp_path) == [("Krita", ".local/share/krita", False)]


def test_flatpaks_that_never_ran(tmp_path: Path) -> None:
    for name in ("org.gimp.GIMP", "org.kde.krita"):
        (tmp_path / ".local" / "share" / "flatpak" / "app" / name).mkdir(parents=True)
    assert [(title, started) for title, _, started in found(tmp_path)] == [
        ("GIMP (Flatpak)", False),
        ("Krita (Flatpak)", False),
    ]


@pytest.mark.parametrize(
    ("script", "version"),
    [
        ("echo GNU Image Manipulation Program version 3.0.4", "3.0"),
        ("echo GNU Image Manipulation Program version 2.10.34", "2.10"),
        ("exit 1", None),
        (None, None),
    ],
)
def test_the_installed_gimps_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, version: str | None
) -> None:
    if script is not None:
        program(tmp_path / "gimp", script)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gimp_version() == version


def test_a_place_names_its_editor(tmp_path: Path) -> None:
    for folder in LINUX:
        (tmp_path / folder).mkdir(parents=True)
    editors = [place.editor for place in find_places(tmp_path, {}, "linux", lambda: None)]
    assert editors == [Editor.GIMP, Editor.GIMP, Editor.KRITA]
    assert Place(Editor.KRITA, "Krita", tmp_path).started


def program(path: Path, script: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)

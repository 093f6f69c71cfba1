"""The packaged command line, against that of the source tree."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from resshift_desktop import __version__
from resshift_desktop.core.imaging.files import read_image
from resshift_desktop.editors.bundle import Editor, inside, plugin_files
from tests.frozen.conftest import PATIENCE, ROOT, Person


def test_the_version(person: Person) -> None:
    assert person.run("--version").stdout == f"resshift {__version__}\n"


def test_the_doctor_finds_all_that_is_needed(person: Person) -> None:
    done = person.run("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Ready: pictures can be upscaled" in done.stdout
    assert "failed" not in done.stdout
    assert "not installed" not in done.stdout
    assert str(person.installed) in done.stdout
    assert done.stderr == ""


def test_the_same_pixels_as_from_the_source_tree(person: Person, picture: Path, tmp_path: Path) -> None:
    done = person.run("upscale", picture, "-o", "größer.png")
    assert done.returncode == 0, done.stdout + done.stderr
    expected = tmp_path / "expected.png"
    command = [sys.executable, "-m", "resshift_desktop.cli.app", "upscale", str(picture), "-o", str(expected)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    result = read_image(person.home / "größer.png").array
    assert result.shape == (256, 320, 3)
    assert np.array_equal(result, read_image(expected).array)


def test_every_format(person: Person, picture: Path) -> None:
    for suffix in (".jpg", ".webp", ".tif"):
        done = person.run("upscale", picture, "-o", f"a{suffix}", "--scale", "1")
        assert done.returncode == 0, done.stdout + done.stderr
        assert read_image(person.home / f"a{suffix}").array.shape == (64, 80, 3)


def test_what_is_left_out_is_told(person: Person) -> None:
    for words in (("train", ".", "-o", "run"), ("evaluate", "--hr", "."), ("bench",)):
        done = person.run(*words)
        assert done.returncode == 2
        assert "not part of the packaged program" in done.stderr


def test_the_menu_entries_come_and_go(person: Person) -> None:
    environment = {**person.environment, "PATH": "/usr/bin:/bin"}
    script = person.installed / "install.sh"
    share, command = person.home / ".local/share", person.home / ".local/bin/resshift"
    subprocess.run([script], env=environment, check=True, timeout=PATIENCE)
    entry = (share / "applications/resshift-desktop.desktop").read_text("utf-8")
    assert f'Exec="{person.installed}/resshift-desktop" %F\n' in entry
    link = (share / "applications/resshift-desktop-link.desktop").read_text("utf-8")
    assert "x-scheme-handler/resshift" in link
    assert (share / "icons/hicolor/512x512/apps/resshift-desktop.png").is_file()
    told = subprocess.run(
        [command, "--version"], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert told.stdout == f"resshift {__version__}\n"
    subprocess.run([script, "--remove"], env=environment, check=True, timeout=PATIENCE)
    assert [path for path in (person.home / ".local").rglob("*resshift*") if path.name != "ResShift"] == []


def test_the_menu_entries_are_what_desktops_expect(person: Person) -> None:
    share = person.installed / "share"
    for tool, words, kind in (
        ("desktop-file-validate", [], "*.desktop"),
        ("appstreamcli", ["validate", "--no-net"], "*.metainfo.xml"),
    ):
        found = shutil.which(tool)
        assert found, f"{tool} is missing: .ci/system_packages"
        files = sorted(share.rglob(kind))
        assert files
        done = subprocess.run([found, *words, *files], capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr
    assert f'<release version="{__version__}"' in next(share.rglob("*.metainfo.xml")).read_text("utf-8")


def test_the_licence_is_there(person: Person) -> None:
    licence = person.installed / "_internal/resshift_desktop/LICENSE"
    assert licence.read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_an_installed_plugin_reaches_the_core(person: Person) -> None:
    """What it carries is run by another Python, as GIMP does; it starts the packaged core."""
    (person.home / ".config/GIMP/3.0").mkdir(parents=True)
    done = person.run("plugins", "install", "gimp")
    assert done.returncode == 0, done.stdout + done.stderr
    folder = person.home / ".config/GIMP/3.0/plug-ins/resshift"
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert files == inside(Editor.GIMP, plugin_files(Editor.GIMP))
    code = (
        "from bridge.launcher import connect; from bridge.for_plugins import list_models\n"
        "print(list_models(connect())[0].name)"
    )
    told = subprocess.run(
        [sys.executable, "-B", "-c", code],
        env={**person.environment, "RESSHIFT_CORE": str(person.installed / "resshift")},
        cwd=folder, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert told.stdout == "builtin\n", told.stderr

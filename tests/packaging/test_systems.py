"""What systems are told of the app: file types, versions, scripts. The same on all of them."""

import configparser
import plistlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from app_identity import PICTURE_TYPES
from linux_menu import add_menu_entries
from size_report import part_sizes, table

from resshift_desktop import __version__
from resshift_desktop.core.imaging.formats import READABLE_SUFFIXES

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
METAINFO = PACKAGING / "linux/io.github.resshift_desktop.resshift.metainfo.xml"


def entry(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    parser.read(PACKAGING / "linux" / name, "utf-8")
    return parser["Desktop Entry"]


def test_every_system_knows_the_same_kinds_of_picture() -> None:
    kinds = {
        suffix.lstrip(".").replace("tiff", "tif").replace("jpg", "jpeg") for suffix in PICTURE_TYPES.values()
    }
    types = {
        name.removeprefix("image/")
        for name in entry("resshift-desktop.desktop")["MimeType"].strip(";").split(";")
    }
    assert {name.replace("tiff", "tif") for name in types} == kinds
    provided = {element.text for element in ET.parse(METAINFO).iter("mediatype")}
    assert provided == {f"image/{name}" for name in types}
    installer = (PACKAGING / "windows/resshift.iss").read_text("utf-8")
    suffixes = set(re.findall(r'SupportedTypes"; ValueType: string; ValueName: "(\.\w+)"', installer))
    assert suffixes <= READABLE_SUFFIXES
    assert {suffix.lstrip(".").replace("tiff", "tif").replace("jpg", "jpeg") for suffix in suffixes} == kinds


def test_links_come_to_an_entry_of_their_own() -> None:
    pictures, links = entry("resshift-desktop.desktop"), entry("resshift-desktop-link.desktop")
    assert pictures["Exec"] == "resshift-desktop %F"  # files, which desktops then make local
    assert links["Exec"] == "resshift-desktop %u"
    assert links["MimeType"] == "x-scheme-handler/resshift;"
    assert links["NoDisplay"] == "true"


def test_the_newest_release_told_of_is_this_one() -> None:
    assert next(ET.parse(METAINFO).iter("release")).attrib["version"] == __version__


def test_the_menu_entries_are_complete(tmp_path: Path) -> None:
    add_menu_entries(ROOT, tmp_path)
    share = tmp_path / "share"
    sides = {path.parts[-3] for path in share.rglob("resshift-desktop.png")}
    assert {"16x16", "48x48", "128x128", "256x256", "512x512"} <= sides
    assert len(list(share.rglob("*.desktop"))) == 2
    assert (tmp_path / "install.sh").stat().st_mode & 0o111


@pytest.mark.parametrize(
    "path", ['/opt/Res "Shift" $HOME', "/opt/100 % `ls`", "/opt/a\\b|c&d", "/opt/Ünï 東京"]
)
def test_any_path_is_quoted_for_menus(tmp_path: Path, path: str) -> None:
    app, home = tmp_path / path.lstrip("/"), tmp_path / "home"
    add_menu_entries(ROOT, app)
    (app / "resshift-desktop").write_text("#!/bin/sh\n", "utf-8")
    (app / "resshift").write_text("#!/bin/sh\n", "utf-8")
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    subprocess.run([app / "install.sh"], env=environment, check=True, timeout=60)
    words = (home / ".local/share/applications/resshift-desktop.desktop").read_text("utf-8")
    line = re.search(r'^Exec="(.*)" %F$', words, re.MULTILINE)
    assert line
    # What a desktop makes of it: first a string's escapes, then those of a quoted argument.
    string = re.sub(r"\\\\", lambda _: "\\", line[1])
    argument = re.sub(r'\\(["`$\\])', r"\1", string).replace("%%", "%")
    assert argument == str(app.resolve() / "resshift-desktop")
    subprocess.run([app / "install.sh", "--remove"], env=environment, check=True, timeout=60)
    assert list((home / ".local").rglob("*resshift*")) == []


def test_the_entitlements_are_a_property_list() -> None:
    rights = plistlib.loads((PACKAGING / "macos/entitlements.plist").read_bytes())
    assert all(
        right.startswith("com.apple.security.cs.") and value is True for right, value in rights.items()
    )
    assert "com.apple.security.cs.disable-library-validation" in rights


def test_shell_scripts_have_no_known_faults() -> None:
    shellcheck = shutil.which("shellcheck")
    assert shellcheck, "shellcheck is missing: .ci/system_packages"
    scripts = sorted(PACKAGING.rglob("*.sh"))
    assert len(scripts) == 4
    done = subprocess.run([shellcheck, *scripts], capture_output=True, text=True, timeout=60)
    assert done.stdout == ""


def test_files_that_the_workflow_names_are_there() -> None:
    workflow = (ROOT / ".github/workflows/package.yml").read_text("utf-8")
    named = set(re.findall(r"packaging/[\w/.]+\w", workflow))
    assert len(named) >= 6
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_byte_is_in_one_part(tmp_path: Path) -> None:
    for name, size in {"_internal/torch/lib/libtorch_cpu.so": 5, "_internal/x.so": 3, "resshift": 2}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"0" * size)
    (tmp_path / "_internal/link.so").symlink_to("x.so")
    sizes = part_sizes(tmp_path)
    assert sum(sizes.values()) == 10
    assert sizes["torch: libtorch_cpu"] == 5
    assert "| **all** | **0.0** |" in table(sizes)

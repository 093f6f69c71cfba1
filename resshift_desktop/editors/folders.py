"""Where GIMP and Krita keep a person's plugins, for every installation that is found.

Linux is tried; the folders on Windows and macOS are what the editors' documentation says.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from resshift_desktop.editors import krita_settings
from resshift_desktop.editors.bundle import Editor

_GIMP_FOLDER = re.compile(r"3\.\d+")
_GIMP_ID, _KRITA_ID = "org.gimp.GIMP", "org.kde.krita"
_VERSION_SECONDS = 10


@dataclass(frozen=True)
class Place:
    """Where one installation of an editor looks for a person's plugins.

    `folder`: GIMP's plug-ins, Krita's resources. `settings`: Krita's kritarc. `started`: whether the editor
    has ever run here; before, its folders must not be made: it would then take itself for set up already,
    and would not take over the settings of an earlier version.
    """

    editor: Editor
    title: str
    folder: Path
    settings: Path | None = None
    started: bool = True


def gimp_version() -> str | None:
    """Such as "3.0", of the GIMP that the shell finds; None without."""
    program = shutil.which("gimp")
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\b(\d+\.\d+)\.\d+", said.stdout)
    return found[1] if found else None


def find_places(
    home: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    installed_gimp: Callable[[], str | None] = gimp_version,
) -> list[Place]:
    """Every GIMP 3 and every Krita that is found, GIMP first; also those that never ran.

    Raises:
        OSError: a folder or Krita's settings cannot be read.
    """
    home = home or Path.home()
    if system == "win32":
        roaming = _moved(environment, "APPDATA", home / "AppData" / "Roaming")
        local = _moved(environment, "LOCALAPPDATA", home / "AppData" / "Local")
        return [*_gimp(roaming / "GIMP"), *_krita(roaming / "krita", local / "kritarc")]
    if system == "darwin":
        support = home / "Library" / "Application Support"
        return [
            *_gimp(support / "GIMP"),
            *_krita(support / "krita", home / "Library" / "Preferences" / "kritarc"),
        ]
    config = _moved(environment, "XDG_CONFIG_HOME", home / ".config")
    data = _moved(environment, "XDG_DATA_HOME", home / ".local" / "share")
    gimps = list(_gimp(config / "GIMP"))
    version = installed_gimp() if not gimps else None
    if version and _GIMP_FOLDER.fullmatch(version):
        folder = config / "GIMP" / version / "plug-ins"
        gimps.append(Place(Editor.GIMP, f"GIMP {version}", folder, started=False))
    kritas = list(_krita(data / "krita", config / "kritarc"))
    if not kritas and shutil.which("krita", path=environment.get("PATH")):
        kritas.append(Place(Editor.KRITA, "Krita", data / "krita", config / "kritarc", started=False))
    return [*gimps, *_flatpak_gimp(home), *kritas, *_flatpak_krita(home)]


def _moved(environment: Mapping[str, str], variable: str, default: Path) -> Path:
    moved = environment.get(variable)
    return Path(moved) if moved and Path(moved).is_absolute() else default


def _gimp(folder: Path, kind: str = "") -> Iterator[Place]:
    """One for each version that has a folder: each looks in its own, and a new one copies the old one's."""
    versions = [one for one in folder.glob("3.*") if _GIMP_FOLDER.fullmatch(one.name) and one.is_dir()]
    for version in sorted(versions, key=lambda one: int(one.name[2:])):
        yield Place(Editor.GIMP, f"GIMP {version.name}{kind}", version / "plug-ins")


def _krita(folder: Path, settings: Path, kind: str = "") -> Iterator[Place]:
    chosen = krita_settings.resource_folder(settings)
    if chosen is not None and chosen.is_absolute():
        folder = chosen
    if folder.is_dir():
        yield Place(Editor.KRITA, f"Krita{kind}", folder, settings)


def _flatpak_gimp(home: Path) -> Iterator[Place]:
    folder = home / ".var" / "app" / _GIMP_ID / "config" / "GIMP"
    found = list(_gimp(folder, " (Flatpak)"))
    yield from found
    if not found and _has_flatpak(home, _GIMP_ID):
        yield Place(Editor.GIMP, "GIMP (Flatpak)", folder, started=False)


def _flatpak_krita(home: Path) -> Iterator[Place]:
    app = home / ".var" / "app" / _KRITA_ID
    folder, settings = app / "data" / "krita", app / "config" / "kritarc"
    found = list(_krita(folder, settings, " (Flatpak)"))
    yield from found
    if not found and _has_flatpak(home, _KRITA_ID):
        yield Place(Editor.KRITA, "Krita (Flatpak)", folder, settings, started=False)


def _has_flatpak(home: Path, name: str) -> bool:
    roots = (home / ".local" / "share" / "flatpak", Path("/var/lib/flatpak"))
    return any((root / "app" / name).is_dir() for root in roots)

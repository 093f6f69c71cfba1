"""Puts plugins into the editors' folders, tells which are there, and takes them away."""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from resshift_desktop import __version__
from resshift_desktop.editors import krita_settings
from resshift_desktop.editors.bundle import (
    STAMP,
    Editor,
    inside,
    is_program,
    outside,
    plugin_files,
    write_zip,
    zip_name,
)
from resshift_desktop.editors.folders import Place
from resshift_desktop.errors import ResShiftError
from resshift_desktop.paths import data_folder

_STAGING = ".resshift-"
_OLD, _NEW = "old", "new"
_LOCK_SECONDS = 10


class PluginError(ResShiftError):
    """A plugin cannot be put there or taken away."""


class KritaOpenError(PluginError):
    """Krita has the plugin's files in use. `archive`: what can be imported in Krita itself meanwhile."""

    def __init__(self, archive: Path | None = None) -> None:
        way = "; or in Krita choose Tools > Scripts > Import Python Plugin from File, and open"
        super().__init__(
            "Krita is open.", f"Close it, then try again{f'{way} {archive}' if archive else ''}."
        )
        self.archive = archive


class State(StrEnum):
    """How a plugin is in one place."""

    ABSENT = "absent"
    CURRENT = "current"
    OTHER_VERSION = "other version"
    DAMAGED = "damaged"
    """Its files are not those of its version: one is missing, or another's have its name."""
    OFF = "off"
    """Whole, but Krita does not load it."""
    NOT_STARTED = "not started"
    """The editor has never run, and has no place for plugins yet."""


@dataclass(frozen=True)
class Status:
    """A plugin in one place; `version`: what is there, None if nothing is or it does not say."""

    place: Place
    state: State
    version: str | None


def status(place: Place) -> Status:
    """How the plugin is in this place.

    Raises:
        PluginError: a file cannot be read.
    """
    with _in_words(place):
        if not place.started:
            return Status(place, State.NOT_STARTED, None)
        files = plugin_files(place.editor)
        target = place.folder / place.editor.module
        version, _ = _read_stamp(target)
        if version is None and not any((target / name).exists() for name in inside(place.editor, files)):
            return Status(place, State.ABSENT, None)
        if version is not None and version != __version__:
            return Status(place, State.OTHER_VERSION, version)
        if not all(_is_same(place, name, data) for name, data in files.items()):
            return Status(place, State.DAMAGED, version)
        if place.settings is not None and not krita_settings.is_enabled(place.settings):
            return Status(place, State.OFF, version)
        return Status(place, State.CURRENT, version)


def install(place: Place) -> None:
    """Put this version of the plugin there, in place of any other; files that are not its own stay.

    The plugin's folder is replaced at once: there is never half a plugin.

    Raises:
        KritaOpenError: Krita runs; with a zip file that it can import.
        PluginError: the editor has never run, another program's plugin is there, or the files cannot be
            written. What was there stays.
    """
    if not place.started:
        raise PluginError("It has never been started.", "Start it once, then install the plugin.")
    _check_krita_is_closed(place, give_zip=True)
    with _in_words(place), _lock():
        files = plugin_files(place.editor)
        target = place.folder / place.editor.module
        target.parent.mkdir(parents=True, exist_ok=True)
        _recover(target)
        _check_is_ours(place, target)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=target.parent) as name:
            new, beside = Path(name) / _NEW, Path(name) / "beside"
            _copy(_foreign_files(place.editor, target), target, new)
            for inner, data in inside(place.editor, files).items():
                _write(new / inner, data, is_program(place.editor, inner))
            for path in outside(place.editor, files):  # all is written before anything changes
                _write(beside / path, files[path])
                (place.folder / path).parent.mkdir(parents=True, exist_ok=True)
            _exchange(target, new, Path(name) / _OLD)
            for path in outside(place.editor, files):
                (beside / path).replace(place.folder / path)
        if place.settings is not None:
            krita_settings.enable(place.settings)


def remove(place: Place) -> list[Path]:
    """Take the plugin away, and out of Krita's settings. Nothing there: nothing done.

    Returns:
        Files in the plugin's folder that are not its own, and stay.

    Raises:
        KritaOpenError: Krita runs.
        PluginError: another program's plugin is there, or a file cannot be removed.
    """
    target = place.folder / place.editor.module
    with _in_words(place):
        if not place.started or not (target.exists() or target.is_symlink()):
            return []
    _check_krita_is_closed(place, give_zip=False)
    with _in_words(place), _lock():
        _recover(target)
        _check_is_ours(place, target)
        if place.settings is not None:
            krita_settings.disable(place.settings)
        for path in outside(place.editor, plugin_files(place.editor)):
            (place.folder / path).unlink(missing_ok=True)
        foreign = _foreign_files(place.editor, target)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=target.parent) as name:
            kept = Path(name) / _NEW
            _copy(foreign, target, kept)
            _exchange(target, kept if foreign else None, Path(name) / _OLD)
        return foreign


def krita_is_open() -> bool:
    """Whether a Krita runs of this home, or of one that it does not tell."""
    for process in psutil.process_iter(["name"]):
        if (process.info["name"] or "").lower().removesuffix(".exe") != "krita":
            continue
        try:
            home = process.environ().get("HOME")
        except psutil.NoSuchProcess:
            continue
        except psutil.AccessDenied:  # another person's
            continue
        if home is None or Path(home) == Path.home():
            return True
    return False


def _check_krita_is_closed(place: Place, give_zip: bool) -> None:
    """A running Krita has the plugin's files in use, and overwrites its settings when it ends."""
    if place.editor is not Editor.KRITA or not krita_is_open():
        return
    if not give_zip:
        raise KritaOpenError
    with _in_words(place):
        data_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        archive = data_folder() / zip_name(place.editor)
        write_zip(place.editor, archive)
    raise KritaOpenError(archive)


def _read_stamp(target: Path) -> tuple[str | None, set[str]]:
    """The version that is there, and the files that belong to it; (None, none) if it does not say."""
    try:
        stamp = json.loads((target / STAMP).read_text("utf-8"))
        version, names = stamp["version"], set(stamp["files"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None, set()
    return (version, names) if isinstance(version, str) else (None, set())


def _is_same(place: Place, name: str, data: bytes) -> bool:
    path = place.folder / name
    with suppress(FileNotFoundError, NotADirectoryError):
        runs = os.name == "nt" or not is_program(place.editor, name) or os.access(path, os.X_OK)
        return runs and path.read_bytes() == data
    return False


def _check_is_ours(place: Place, target: Path) -> None:
    """A folder of this name may have been made by somebody else, or be a link to where it is written."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise PluginError(
            f"{target} is a link or a file, and no folder.", "Move it elsewhere, then try again."
        )
    if not target.exists() or _read_stamp(target)[0] is not None:
        return
    own = inside(place.editor, plugin_files(place.editor))
    others = [path for path in own if (target / path).exists() and (target / path).read_bytes() != own[path]]
    if others:
        raise PluginError(
            f"{target} holds a plugin that ResShift did not put there.", "Move it elsewhere, then try again."
        )


def _foreign_files(editor: Editor, target: Path) -> list[Path]:
    """What is in the plugin's folder and belongs neither to the version that is there nor to this one."""
    own = _read_stamp(target)[1] | inside(editor, plugin_files(editor)).keys() | {STAMP}
    found = [path for path in sorted(target.rglob("*")) if path.is_symlink() or not path.is_dir()]
    return [
        path
        for path in found
        if path.relative_to(target).as_posix() not in own and path.parent.name != "__pycache__"
    ]


def _copy(paths: list[Path], source: Path, target: Path) -> None:
    """Those of the files in one folder to the same places in another."""
    for path in paths:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy, follow_symlinks=False)


def _exchange(target: Path, new: Path | None, old: Path) -> None:
    """Put `new` in the place of what is there, if anything, which becomes `old`; or else all is as before."""
    existed = target.exists()
    try:
        if existed:
            target.rename(old)
        if new is not None:
            new.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise


def _recover(target: Path) -> None:
    """Clear up after an installer that was killed; what it had set aside is put back."""
    for left in target.parent.glob(f"{_STAGING}*"):
        if (left / _OLD).is_dir() and not target.exists():
            (left / _OLD).rename(target)
        shutil.rmtree(left)


def _write(path: Path, data: bytes, program: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o755 if program else 0o644)


@contextmanager
def _lock() -> Iterator[None]:
    """One installer at a time: the app and the command may both be asked."""
    data_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(data_folder() / "plugins.lock", timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise PluginError(
            "ResShift is installing a plugin already.", "Wait a moment, then try again."
        ) from error


@contextmanager
def _in_words(place: Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise PluginError("The disk is full.", "Make room, then try again.") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            title = f"ResShift may not change {error.filename or place.folder}."
            raise PluginError(title, "Change the folder's permissions, then try again.") from error
        reason = error.strerror or type(error).__name__
        raise PluginError(
            f"The folder {place.folder} cannot be used: {reason}.", "Mend it, then try again."
        ) from error

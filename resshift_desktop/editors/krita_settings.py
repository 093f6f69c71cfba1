"""Krita's settings file kritarc: turning the plugin on and off, without touching anything else in it.

The format is KConfig's: lines `[group]` and `key=value`; what stands before the first group has none. It is
worked on as bytes, since whatever is in it has to stay.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

_GROUP = b"[python]"
_KEY = b"enable_resshift"


def is_enabled(path: Path) -> bool:
    """Whether Krita loads the plugin. Raises OSError, but not for a file that is not there."""
    values = [line.partition(b"=")[2] for line, group in _lines(_read(path)) if _is_ours(line, group)]
    return bool(values) and values[-1].strip() == b"true"


def enable(path: Path) -> None:
    """Have Krita load the plugin. It must be closed: it writes the file when it ends. Raises OSError."""
    text = _read(path)
    if is_enabled(path):
        return
    end = b"\r\n" if b"\r\n" in text else b"\n"
    entry = _KEY + b"=true" + end
    lines = [line for line, group in _lines(text) if not _is_ours(line, group)]
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += end
    place = next((number for number, line in enumerate(lines) if line.strip() == _GROUP), None)
    if place is None:
        lines += [_GROUP + end, entry]
    else:
        lines.insert(place + 1, entry)
    _write(path, b"".join(lines))


def disable(path: Path) -> None:
    """Take out what `enable` put in. Krita must be closed. Raises OSError."""
    text = _read(path)
    lines = [line for line, group in _lines(text) if not _is_ours(line, group)]
    kept = b"".join(lines)
    if kept == text:
        return
    if lines and lines[-1].strip() == _GROUP:  # which has nothing else in it
        kept = b"".join(lines[:-1])
    if kept:
        _write(path, kept)
    else:
        path.unlink()


def resource_folder(path: Path) -> Path | None:
    """The folder of resources that the person has chosen in Krita, or None. Raises OSError."""
    for line, group in _lines(_read(path)):
        key, _, value = line.strip().partition(b"=")
        if group == b"" and key.strip() == b"ResourceDirectory" and value.strip():
            return Path(os.fsdecode(value.strip()))
    return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _lines(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each line, with its end, and the group that it is in."""
    group = b""
    for line in io.BytesIO(text):  # which ends lines at \n only
        if line.strip().startswith(b"["):
            group = line.strip()
        yield line, group


def _is_ours(line: bytes, group: bytes) -> bool:
    return group == _GROUP and line.partition(b"=")[0].strip() == _KEY


def _write(path: Path, text: bytes) -> None:
    """Replace the file at once, also where it is a link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = path.resolve()
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(text)
        if target.exists():
            part.chmod(target.stat().st_mode & 0o7777)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)

"""Work on a picture that outlives the process: what was begun, which tiles are finished, what was written.

Every file appears under its name only when it is complete. That holds when the process is killed at any
moment; for a power cut, tiles carry a checksum and the rows of the canvas are synced before they count.
"""

import json
import os
import shutil
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from resshift_desktop.errors import ImageWriteError

Facts = Mapping[str, Any]
"""What JSON gives back as it was."""


def file_facts(path: Path) -> list[int]:
    """What tells this file from another, and from itself changed; its name does not matter.

    Raises:
        OSError: there is no such file.
    """
    status = path.stat()
    return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns]


def take_up(folder: Path, identity: Facts, choices: Facts) -> Facts:
    """The choices with which the work of this identity was begun in `folder`.

    Where nothing was begun, or something else, the folder is emptied and `choices` noted.
    """
    note = folder / "begun.json"
    begun = _read_json(note)
    if begun is not None and begun["identity"] == identity:
        return begun["choices"]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    _write_whole(note, json.dumps({"identity": identity, "choices": choices}).encode())
    return choices


def note_written(folder: Path, part: Path, result: Facts) -> None:
    """Note that `part` is the finished result, just before it gets its name."""
    note = {"part": part.name, "file": file_facts(part), "result": result}
    _write_whole(folder / "written.json", json.dumps(note).encode())


def written_before(folder: Path, output: Path) -> Facts | None:
    """What `note_written` noted, if the file at `output` is the one it was told of; its other name goes."""
    note = _read_json(folder / "written.json")
    try:
        if note is None or note["file"] != file_facts(output):
            return None
    except FileNotFoundError:  # there is no output
        return None
    output.with_name(note["part"]).unlink(missing_ok=True)
    return note["result"]


class TileStore:
    """The finished tiles of one pass over a picture.

    A tile is kept until its row, and the next, are on the canvas: from the last finished row the canvas
    blends the one below it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._mark = folder / "rows_on_canvas"

    @property
    def rows_on_canvas(self) -> int:
        """Rows of tiles that are complete in the canvas's file."""
        try:
            return int(self._mark.read_bytes())
        except (FileNotFoundError, ValueError):
            return 0

    def save(self, row: int, column: int, tile: np.ndarray) -> None:
        """Keep a tile (h, w, bands) float32.

        Raises:
            ImageWriteError: the disk is full, or cannot be written to.
        """
        samples = tile.tobytes()
        _write_whole(self._path(row, column), zlib.crc32(samples).to_bytes(4, "little") + samples)

    def load(self, row: int, column: int, shape: tuple[int, int, int]) -> np.ndarray | None:
        """The tile as it was saved; None where it was not, or not wholly."""
        try:
            with self._path(row, column).open("rb") as file:
                checksum, samples = int.from_bytes(file.read(4), "little"), file.read()
        except FileNotFoundError:
            return None
        if len(samples) != 4 * shape[0] * shape[1] * shape[2] or zlib.crc32(samples) != checksum:
            return None
        return np.frombuffer(samples, np.float32).reshape(shape)

    def row_finished(self, row: int, canvas: Path) -> None:
        """Row `row` is on the canvas: the tiles of the one above it are not needed any more.

        Raises:
            ImageWriteError: the disk is full, or cannot be written to.
        """
        with canvas.open("rb+") as file:
            os.fsync(file.fileno())
        _write_whole(self._mark, str(row + 1).encode())
        for path in self._folder.glob(f"{row - 1}-*.tile"):
            path.unlink()

    def clear(self) -> None:
        """Forget the tiles: the pass is complete."""
        for path in self._folder.glob("*.tile"):
            path.unlink()

    def _path(self, row: int, column: int) -> Path:
        return self._folder / f"{row}-{column}.tile"


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise ImageWriteError(
            f"The work in progress cannot be kept: {error.strerror or error}.",
            "Make room on the disk that holds it.",
        ) from error


def _read_json(path: Path) -> dict | None:
    try:
        return json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):  # a power cut can leave a file empty
        return None

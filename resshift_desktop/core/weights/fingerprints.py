"""The SHA-256 of checkpoints whose authors state none, as they first came here. Torch-free.

A later download has to bring the same file: trust on first use.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from resshift_desktop import paths
from resshift_desktop.core.weights.cards import Checkpoint, ModelCard
from resshift_desktop.errors import DownloadError
from resshift_desktop.json_file import write_json


def expected_sha256(checkpoint: Checkpoint) -> str | None:
    """The hash that the file has to have: as published, or else as it came here before, or else any."""
    return checkpoint.sha256 or _remembered().get(checkpoint.file)


def check_file(checkpoint: Checkpoint, path: Path) -> Checkpoint:
    """The checkpoint with the size and hash of the file at `path`.

    Raises:
        DownloadError: it is another file than it has to be.
        OSError: it cannot be read.
    """
    digest = sha256_of(path)
    expected = expected_sha256(checkpoint)
    if digest != (expected or digest):
        known = "the published one" if checkpoint.sha256 else "the one that came the first time"
        raise DownloadError(
            f"{checkpoint.file} is not {known}; its SHA-256 is {digest}.",
            "Try again, or another mirror."
            if checkpoint.sha256
            else f"Try another mirror. If its authors have replaced it, delete its line in {_path()}.",
        )
    return replace(checkpoint, num_bytes=path.stat().st_size, sha256=digest)


def remember(card: ModelCard) -> None:
    """Keep the hashes of the files that a model was made of. Raises OSError."""
    write_json(_path(), {**_remembered(), **{c.file: c.sha256 for c in card.checkpoints}})


def sha256_of(path: Path) -> str:
    """Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remembered() -> dict[str, str]:
    try:
        hashes = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or damaged: then the next ones are the first
        return {}
    return hashes if isinstance(hashes, dict) else {}


def _path() -> Path:
    return paths.data_folder() / "checkpoints.json"

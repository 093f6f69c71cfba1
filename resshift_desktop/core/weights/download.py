"""A published model, fetched, checked and installed. Torch comes only with the conversion."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from filelock import FileLock, Timeout

from resshift_desktop import paths
from resshift_desktop.core.weights.cards import Checkpoint, ModelCard
from resshift_desktop.core.weights.fingerprints import check_file, remember
from resshift_desktop.core.weights.licences import check_accepted
from resshift_desktop.core.weights.store import InstalledModel, list_models
from resshift_desktop.core.weights.transfer import PATIENT, Cancel, Patience, Wanted, fetch
from resshift_desktop.errors import DownloadError, ResShiftError, UsageError, WeightsError

if TYPE_CHECKING:
    from resshift_desktop.core.weights.convert import Network, Weights

MIRROR_VARIABLE = "RESSHIFT_MIRROR"

# Where only about the size is known: a server that sends more than this many times of it sends another file.
_TOO_MUCH = 1.5


@dataclass(frozen=True)
class DownloadProgress:
    """How far a model is. The bytes are those of all its files together; converting comes last."""

    stage: Literal["download", "convert"]
    file: str
    bytes_done: int
    bytes_total: int


OnDownload = Callable[[DownloadProgress], None]


def download(
    card: ModelCard, on_progress: OnDownload, cancel: Cancel, mirror: str | None = None,
    float32: bool = False, patience: Patience = PATIENT,
) -> InstalledModel:  # fmt: skip
    """Get a published model, unless it is here already. What was begun before is gone on with.

    `mirror` (or else the environment's RESSHIFT_MIRROR) is the address of a folder with the checkpoints under
    their own names. `float32` keeps the weights in full precision, in a file twice as large. `cancel` is
    asked several times a second while a file comes, and between files.

    Raises:
        LicenceError: the licence has not been accepted.
        UsageError: the mirror is no web address.
        DownloadError: a file cannot be had or is not the published one, the disk is too small, or another
            download is running.
        WeightsError: what came are no weights for this model; it was deleted.
        Cancelled: `cancel` said so; what came so far is kept.
    """
    check_accepted(card)
    here = {model.card.name: model for model in list_models()}
    if card.name in here:
        return here[card.name]
    folder = _folder()
    with _only_one(folder):
        from resshift_desktop.core.weights.installing import install, installed_network

        networks: dict[Network, Weights] = {}
        origins: dict[Network, Checkpoint] = {}
        for checkpoint in card.checkpoints:
            if found := installed_network(checkpoint, float32):
                origins[checkpoint.network], networks[checkpoint.network] = found
        wanted = [
            _from_mirror(checkpoint, mirror or os.environ.get(MIRROR_VARIABLE))
            for checkpoint in card.checkpoints
            if checkpoint.network not in networks
        ]
        _check_room(folder, card, wanted)
        counter = _Counter(wanted, on_progress)
        for checkpoint in wanted:
            file = folder / checkpoint.file
            if not file.exists():
                _fetch(checkpoint, file, counter, cancel, patience)
            origins[checkpoint.network], networks[checkpoint.network] = _read(checkpoint, file, card)
        counter.converting(card.name)
        card = replace(card, checkpoints=tuple(origins[c.network] for c in card.checkpoints))
        model = install(card, networks, float32)
        remember(card)
        networks.clear()  # Windows deletes no file that is mapped
        for checkpoint in wanted:
            (folder / checkpoint.file).unlink()
    return model


def _folder() -> Path:
    folder = paths.data_folder() / "downloads"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(
            f"The folder for downloads cannot be made: {error.strerror}.",
            "Move it with the environment variable RESSHIFT_DATA.",
        ) from error
    return folder


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """At most one process downloads, so that no two write the same file."""
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise DownloadError(
            "Another download is running.", "Wait until it is done, then try again."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _from_mirror(checkpoint: Checkpoint, mirror: str | None) -> Checkpoint:
    if not mirror:
        return checkpoint
    if not mirror.startswith(("https://", "http://")):
        raise UsageError(f"{mirror} is no web address.", "Give one that begins with https://.")
    return replace(checkpoint, url=f"{mirror.rstrip('/')}/{checkpoint.file}")


def _check_room(folder: Path, card: ModelCard, wanted: list[Checkpoint]) -> None:
    """The files that are to come, and as much again, at most, for what is made of them."""
    come = sum(size.stat().st_size for c in wanted for size in folder.glob(f"{c.file}*"))
    needed = sum(c.num_bytes for c in wanted) - come + sum(c.num_bytes for c in card.checkpoints)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DownloadError(
            f"“{card.name}” needs {needed / 1e9:.1f} GB of disk while it is fetched; {free / 1e9:.1f} GB are "
            "free.",
            "Make room, or move the folder with the environment variable RESSHIFT_DATA.",
        )


class _Counter:
    """Adds up the bytes of all files."""

    def __init__(self, wanted: list[Checkpoint], on_progress: OnDownload) -> None:
        self._done = {c.file: 0 for c in wanted}
        self._totals = {c.file: c.num_bytes for c in wanted}
        self._on_progress = on_progress

    def count(self, file: str, done: int, total: int | None) -> None:
        self._done[file] = done
        self._totals[file] = total or max(self._totals[file], done)
        self._tell("download", file)

    def converting(self, name: str) -> None:
        self._totals = self._done
        self._tell("convert", name)

    def _tell(self, stage: Literal["download", "convert"], file: str) -> None:
        done, total = sum(self._done.values()), sum(self._totals.values())
        self._on_progress(DownloadProgress(stage, file, done, total))


def _fetch(c: Checkpoint, file: Path, counter: _Counter, cancel: Cancel, patience: Patience) -> None:
    exact = c.num_bytes if c.sha256 else None
    wanted = Wanted(c.url, exact, exact or int(c.num_bytes * _TOO_MUCH))
    fetch(wanted, file, lambda done, total: counter.count(c.file, done, total), cancel, patience)


def _read(checkpoint: Checkpoint, file: Path, card: ModelCard) -> "tuple[Checkpoint, Weights]":
    """What has come, as it is and its weights. It is deleted unless it is what it has to be."""
    from resshift_desktop.core.weights.convert import difference, non_finite, read_checkpoint

    try:
        origin = check_file(checkpoint, file)
        weights = read_checkpoint(file)
        odd = difference(weights, card.config, checkpoint.network)
        if odd := odd or (f"{broken} is not finite" if (broken := non_finite(weights)) else ""):
            raise WeightsError(
                f"{file.name} holds no weights of “{card.name}”: {odd}.", "Try another mirror."
            )
    except ResShiftError:
        file.unlink()
        raise
    return origin, weights

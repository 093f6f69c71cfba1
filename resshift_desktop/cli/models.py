"""`resshift models` on the terminal."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from resshift_desktop.cli.advice import told
from resshift_desktop.cli.stopping import stopping_between_steps
from resshift_desktop.core.weights import store
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.download import DownloadProgress, download
from resshift_desktop.core.weights.licences import Licence, accept, is_accepted, licence_of
from resshift_desktop.core.weights.published import published_card
from resshift_desktop.errors import LicenceError, ResShiftError


def print_models() -> None:
    """What is here, what it takes on the disk, and what could be downloaded."""
    models = store.list_models()
    for model in models:
        size = _size(model.num_bytes) if model.num_bytes else "weights missing"
        _print_card(model.card, size)
    print(f"On the disk: {_size(sum(model.num_bytes for model in models))}.")
    missing = store.list_missing()
    if missing:
        print("\nTo be had with: resshift models download NAME")
    for card in missing:
        _print_card(card, f"{_size(sum(c.num_bytes for c in card.checkpoints))} to fetch")


def download_model(name: str, accept_licence: bool, mirror: str | None, float32: bool) -> None:
    """Show the licence, ask, fetch and install.

    Raises:
        LicenceError: it was not accepted. What `download` raises.
    """
    card = published_card(name)
    licence = licence_of(card)
    if licence is not None and not is_accepted(card):
        _show(licence)
        _ask(card, accept_licence)
    bar = _bar()
    with stopping_between_steps() as cancel, bar:
        task = bar.add_task(name, total=None)

        def show(progress: DownloadProgress) -> None:
            what = progress.file if progress.stage == "download" else "checking and converting"
            bar.update(task, description=what, completed=progress.bytes_done, total=progress.bytes_total)

        model = download(card, show, cancel, mirror, float32)
    _print_origins(model.card, card)
    print(f"{name} is here: {_size(model.num_bytes)}. Use it: resshift upscale --model {name} ...")


def import_model(files: Sequence[Path], like: str | None, name: str | None, float32: bool) -> None:
    """Make a model of files that are here. What `import_files` raises."""
    from resshift_desktop.core.weights.importing import import_files

    model = import_files(files, like, name, float32)
    if name is None:
        _print_origins(model.card, published_card(model.card.name))
        if licence := licence_of(model.card):
            _show(licence)
    print(f"{model.card.name} is here: {_size(model.num_bytes)}.")


def verify_models(names: Sequence[str]) -> bool:
    """Read the weights of the models, or of all, and tell of each; whether all are as they were installed."""
    sound = True
    for name in names or [model.card.name for model in store.list_models()]:
        try:
            store.verify(name)
        except ResShiftError as error:
            sound = False
            print(f"{name}: {told(error)}", file=sys.stderr)
        else:
            print(f"{name}: complete and unchanged.")
    return sound


def remove_model(name: str) -> None:
    """What `store.remove` raises."""
    print(f"{name} is removed: {_size(store.remove(name))} are free again.")


def _show(licence: Licence) -> None:
    print(f"Licence: {licence.name}.\n{licence.summary}")
    print("\n".join(f"  {url}" for url in licence.urls))


def _ask(card: ModelCard, accept_licence: bool) -> None:
    if not accept_licence:
        if not sys.stdin.isatty():
            raise LicenceError("The licence has not been accepted.", "Read it, then add --accept-licence.")
        if input("Do you accept it? [y/N] ").strip().lower() not in ("y", "yes"):
            raise LicenceError("The licence was not accepted.", "Nothing was downloaded.")
    accept(card)


def _print_origins(card: ModelCard, published: ModelCard) -> None:
    for origin, checkpoint in zip(card.checkpoints, published.checkpoints, strict=True):
        known = "as published" if checkpoint.sha256 else "none is published; this one is kept and compared"
        print(f"{origin.file}: SHA-256 {origin.sha256} ({known}).")


def _print_card(card: ModelCard, size: str) -> None:
    print(f"{card.name}  x{card.scale}  {size}  {card.licence}  {card.title}")
    print(f"    {card.description}")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def _size(num_bytes: int) -> str:
    return f"{num_bytes / 1e6:.1f} MB" if num_bytes < 1e9 else f"{num_bytes / 1e9:.2f} GB"

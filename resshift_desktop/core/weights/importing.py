"""Weights that the person has: checkpoints fetched by hand, or of their own; safetensors files of anybody.

What a file is follows from its content (hash, keys and shapes), never from its name. Published models of one
shape look alike, so that for a file without a known hash the person says which of them it is. None was
published as safetensors, so that such a file becomes a model under another name.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from resshift_desktop.core.weights.cards import Checkpoint, ModelCard
from resshift_desktop.core.weights.convert import (
    Network,
    Weights,
    common_entries,
    difference,
    read_checkpoint,
    read_safetensors,
)
from resshift_desktop.core.weights.fingerprints import expected_sha256, remember, sha256_of
from resshift_desktop.core.weights.installing import install, installed_network
from resshift_desktop.core.weights.published import published_cards
from resshift_desktop.core.weights.store import BUILT_IN, InstalledModel, find_model, list_models
from resshift_desktop.errors import UsageError, WeightsError

OWN_LICENCE = "its author's"


@dataclass(frozen=True, eq=False)
class _File:
    """The weights of one network. `sha256`: of a checkpoint; "" of safetensors, which nobody published."""

    path: Path
    weights: Weights
    sha256: str = ""

    def fits(self, card: ModelCard, network: Network) -> bool:
        return not difference(self.weights, card.config, network)

    def is_published(self, checkpoint: Checkpoint) -> bool:
        return self.sha256 == expected_sha256(checkpoint)


def import_files(
    paths: Sequence[Path], like: str | None = None, name: str | None = None, float32: bool = False
) -> InstalledModel:
    """Make a model of files: a network's, and an autoencoder's unless it needs none or an installed model has
    it. They are checkpoints, or safetensors files with weights of either or both, in 16 or 32 bits.

    `like` is the published model that the network is, or whose chain it was trained for; it is needed where
    several have its shape. `name` is what a model of the person's own is to be called.

    Raises:
        UsageError: the name is taken or cannot be one, or it is not clear what the files are for.
        WeightsError: a file holds no weights, is of no known network, or not the published one. Nothing
            changed.
    """
    files = [file for path in paths for file in _read(path)]
    unet, others = _split(files)
    base = _choose_card(unet, like)
    for file in files:
        if name is None and not file.sha256:
            title = f"{file.path.name} is not a file as its authors published it."
            raise UsageError(title, "Give the model a name of its own.", "name")
    _check_name(base.name if name is None else name, own=name is not None)
    given: dict[Network, _File] = {"unet": unet}
    for file in others:
        if not file.fits(base, "codec"):
            odd = difference(file.weights, base.config, "codec")
            raise WeightsError(f"{file.path.name} is not for “{base.name}”: {odd}.", "Give another file.")
        given["codec"] = file
    networks: dict[Network, Weights] = {"unet": unet.weights}
    origins: list[Checkpoint] = []
    for checkpoint in base.checkpoints:
        weights, origin = _take(checkpoint, given.get(checkpoint.network), name is not None, float32)
        networks[checkpoint.network] = weights
        origins.append(origin)
    card = replace(base, checkpoints=tuple(origins)) if name is None else _own_card(base, name)
    model = install(card, networks, float32)
    remember(card)
    return model


def _read(path: Path) -> list[_File]:
    if zipfile.is_zipfile(path):
        return [_File(path, read_checkpoint(path), sha256_of(path))]
    return [_File(path, weights) for weights in read_safetensors(path)]


def _known_cards() -> tuple[ModelCard, ...]:
    """Of the models whose shape a file may have; the built-in one's is what `resshift train` makes."""
    return (*published_cards(), find_model(BUILT_IN).card)


def _split(files: Sequence[_File]) -> tuple[_File, list[_File]]:
    """The one file that is a network, and the rest."""
    cards = _known_cards()
    unets = [file for file in files if any(file.fits(card, "unet") for card in cards)]
    others = [file for file in files if file not in unets]
    for file in others:
        if not any(file.fits(card, "codec") for card in cards):
            title = f"{file.path.name} is of no known network: {_nearest(file)}."
            raise WeightsError(title, "Give another file.")
    if len(unets) != 1 or len(others) > 1:
        raise UsageError(
            f"These are {len(unets)} networks and {len(others)} autoencoders.",
            "Give the file of one network and, unless an installed model has it, that of its autoencoder.",
        )
    return unets[0], others


def _nearest(file: _File) -> str:
    """How the file differs from the known network that it has most entries in common with."""
    networks: tuple[Network, ...] = ("unet", "codec")
    candidates = [
        (common_entries(file.weights, card.config, network), difference(file.weights, card.config, network))
        for card in _known_cards()
        for network in networks
    ]
    return max(candidates, key=lambda candidate: candidate[0])[1]


def _choose_card(unet: _File, like: str | None) -> ModelCard:
    cards = {card.name: card for card in _known_cards() if unet.fits(card, "unet")}
    known = [card for card in cards.values() if any(map(unet.is_published, card.checkpoints))]
    if known and like not in (None, known[0].name):
        raise UsageError(
            f"{unet.path.name} is the published “{known[0].name}”.", "It cannot be used like another."
        )
    if like is None and (known or len(cards) == 1):
        return (known or list(cards.values()))[0]
    if like not in cards:
        raise UsageError(
            f"{unet.path.name} has the shape of several models."
            if like is None
            else f"{unet.path.name} is not like “{like}”.",
            f"Say which it is: {', '.join(cards)}.",
            "which model",
        )
    return cards[like]


def _take(checkpoint: Checkpoint, file: _File | None, own: bool, float32: bool) -> tuple[Weights, Checkpoint]:
    """The weights of one network, and their origin: the file given, or else an installed model's."""
    if file is None:
        found = installed_network(checkpoint, float32)
        if found is None:
            raise UsageError(
                f"The autoencoder is missing: {checkpoint.file}.", f"Give it, too; it is at {checkpoint.url}"
            )
        return found[1], found[0]
    if not own and expected_sha256(checkpoint) is not None and not file.is_published(checkpoint):
        raise WeightsError(
            f"{file.path.name} is not the published {checkpoint.file}; its SHA-256 is {file.sha256}.",
            "Fetch it again, or give your own model a name.",
            "name",
        )
    return file.weights, replace(checkpoint, num_bytes=file.path.stat().st_size, sha256=file.sha256)


def _own_card(base: ModelCard, name: str) -> ModelCard:
    return replace(
        base,
        name=name,
        title=name,
        description=f"Own weights, used like {base.title}.",
        licence=OWN_LICENCE,
        weights_file=f"{name}.safetensors",
        checkpoints=(),
    )


def _check_name(name: str, own: bool) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", name):
        raise UsageError(
            f"“{name[:60]}” cannot be a model's name.", "Use small letters, digits, and - . _ between them."
        )
    taken = {BUILT_IN, *(model.card.name for model in list_models())}
    if name in taken or (own and name in {card.name for card in published_cards()}):
        raise UsageError(
            f"There is a model called “{name}” already.", "Choose another name, or remove that model first."
        )

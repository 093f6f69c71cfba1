"""Checkpoints that lie here become a model that can be used."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import torch
from filelock import FileLock
from safetensors import SafetensorError, safe_open

from resshift_desktop.core.weights.cards import Checkpoint, ModelCard, write_card
from resshift_desktop.core.weights.convert import Network, Weights, difference, save_weights
from resshift_desktop.core.weights.fingerprints import sha256_of
from resshift_desktop.core.weights.store import InstalledModel, list_models, models_folder
from resshift_desktop.errors import WeightsError


def install(card: ModelCard, networks: Mapping[Network, Weights], float32: bool) -> InstalledModel:
    """Write a model's weights and then its card, whose `weights_sha256` becomes that of the weights.

    Other processes that install at the same time are waited for.

    Raises:
        WeightsError: the weights are not those of the card's networks, or cannot be written; nothing is left.
    """
    for network, weights in networks.items():
        if odd := difference(weights, card.config, network):
            raise WeightsError(f"These are not the weights of “{card.name}”: {odd}.", "Get another file.")
    folder = models_folder()
    weights_path, card_path = folder / card.weights_file, folder / f"{card.name}.json"
    part, card_part = (path.with_name(f"{path.name}.part") for path in (weights_path, card_path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name("models.lock")):  # two of one name would write the same files
            try:
                save_weights(networks, torch.float32 if float32 else torch.float16, part)
                card = replace(card, weights_sha256=_sync_and_hash(part))
                write_card(card, card_part)
                card_path.unlink(missing_ok=True)  # of the same model before
                part.replace(weights_path)
                card_part.replace(card_path)
            finally:
                for path in (part, card_part):
                    with suppress(OSError):
                        path.unlink(missing_ok=True)
    except (OSError, SafetensorError) as error:
        raise WeightsError(
            f"The weights of “{card.name}” cannot be written ({error}).", "Make room on the disk."
        ) from error
    return InstalledModel(card, weights_path)


def installed_network(checkpoint: Checkpoint, float32: bool) -> tuple[Checkpoint, Weights] | None:
    """A checkpoint's network out of an installed model that was made from the same file, and that file as it
    was then; None where there is none, or not in full precision where `float32` asks for that."""
    for model in list_models():
        for before in model.card.checkpoints:
            same = before.file == checkpoint.file and checkpoint.sha256 in (None, before.sha256)
            if not same or not model.weights_path.exists():
                continue
            weights = _read_network(model.weights_path, checkpoint.network)
            if not float32 or all(tensor.dtype == torch.float32 for tensor in weights.values()):
                return before, weights
    return None


def _read_network(path: Path, network: Network) -> Weights:
    prefix = f"{network}."
    with safe_open(path, "pt") as file:
        names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118 (not a dict)
        return {name.removeprefix(prefix): file.get_tensor(name) for name in names}


def _sync_and_hash(path: Path) -> str:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return sha256_of(path)

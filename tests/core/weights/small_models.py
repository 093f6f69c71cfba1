"""The published models with small networks: the same layout, the same kinds of files, made in a second."""

import hashlib
import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import torch

from resshift_desktop.core.weights.cards import Checkpoint, ModelCard
from resshift_desktop.core.weights.convert import Weights
from resshift_desktop.core.weights.published import published_cards
from resshift_desktop.lab.published import weights_by_rule
from tests.parity import golden

# Which small network of the golden vectors stands for which model's.
_SMALL = {"inpaint-imagenet": "inpaint", "inpaint-face": "inpaint", "faceir": "face"}


@cache
def small_cards() -> dict[str, ModelCard]:
    """The published cards, in their order, with small networks and the sizes and hashes of their files."""
    return {card.name: _small(card) for card in published_cards()}


def _small(card: ModelCard) -> ModelCard:
    reduced = golden.model_config(golden.reduced_configs()[_SMALL.get(card.name, "sr")])
    config = replace(card.config, unet=reduced.unet, codec=reduced.codec)
    card = replace(card, config=config, tile_size=max(64, config.lq_multiple), tile_overlap=0, tile_halo=0)
    return replace(card, checkpoints=tuple(_described(card, checkpoint) for checkpoint in card.checkpoints))


def _described(card: ModelCard, checkpoint: Checkpoint) -> Checkpoint:
    content = pack(weights_of(card, checkpoint))
    known = checkpoint.sha256 is not None
    return replace(
        checkpoint,
        url=f"http://gone.invalid/{checkpoint.file}",
        num_bytes=len(content) if known else int(len(content) * 1.1),
        sha256=hashlib.sha256(content).hexdigest() if known else None,
    )


def weights_of(card: ModelCard, checkpoint: Checkpoint) -> Weights:
    """Weights by rule, one of them a little different in every file."""
    weights = weights_by_rule(card.config, checkpoint.network)
    name = "out.2.bias" if checkpoint.network == "unet" else "decoder.conv_out.bias"
    weights[name] = weights[name] + len(checkpoint.file) / 1000
    return weights


def pack(content: object) -> bytes:
    """As `torch.save` writes it."""
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()


@cache
def file_contents() -> dict[str, bytes]:
    """Name -> content of every checkpoint of the small cards."""
    return {
        checkpoint.file: pack(weights_of(card, checkpoint))
        for card in small_cards().values()
        for checkpoint in card.checkpoints
    }


def write_checkpoints(card: ModelCard, folder: Path) -> list[Path]:
    """A small card's files, in the order of its checkpoints."""
    paths = [folder / checkpoint.file for checkpoint in card.checkpoints]
    for path in paths:
        path.write_bytes(file_contents()[path.name])
    return paths

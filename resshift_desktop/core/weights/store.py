"""Which models are on this machine. Torch-free.

A model is a card and a safetensors file beside it: the built-in one among the program's resources, the others
in the data folder, where the card is written last.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from resshift_desktop import paths
from resshift_desktop.core.weights.cards import ModelCard, read_card
from resshift_desktop.core.weights.fingerprints import sha256_of
from resshift_desktop.core.weights.published import published_cards
from resshift_desktop.errors import UsageError, WeightsError

BUILT_IN = "builtin"


@dataclass(frozen=True)
class InstalledModel:
    """A model whose weights are here, at `weights_path` (safetensors)."""

    card: ModelCard
    weights_path: Path

    @property
    def num_bytes(self) -> int:
        """What it takes on the disk; 0 where the weights are missing."""
        return self.weights_path.stat().st_size if self.weights_path.exists() else 0


def models_folder() -> Path:
    """Where models that do not come with the program are."""
    return paths.data_folder() / "models"


def list_models() -> list[InstalledModel]:
    """The models on this machine by name, the built-in one first.

    Those of the data folder whose cards cannot be read are left out, so that they do not stand in the way of
    the others; `find_model` says what is wrong with one.

    Raises:
        WeightsError: a card of the program itself cannot be read.
    """
    resources = sorted((paths.resources_folder() / "models").glob("*.json"))
    found = [_read(path) for path in resources]
    for path in sorted(models_folder().glob("*.json")):
        with suppress(WeightsError):
            found.append(_read(path))
    return sorted(found, key=lambda model: (model.card.name != BUILT_IN, model.card.name))


def list_missing() -> list[ModelCard]:
    """The published models that are not on this machine. Errors as `list_models`."""
    here = {model.card.name for model in list_models()}
    return [card for card in published_cards() if card.name not in here]


def find_model(name: str) -> InstalledModel:
    """The model called `name`.

    Raises:
        UsageError: there is none; the hint says how to get it, or names those there are.
        WeightsError: a card cannot be read.
    """
    models = {model.card.name: model for model in list_models()}
    if name in models:
        return models[name]
    if card_path := _card_path(name):
        return _read(card_path)  # which says what is wrong with it
    if name in {card.name for card in published_cards()}:
        raise UsageError(f"The model “{name}” is not on this machine yet.", "Download it first.", "download")
    raise UsageError(f"There is no model called “{name}”.", f"Choose one of: {', '.join(models)}.")


def verify(name: str) -> InstalledModel:
    """The model called `name`, whose weights were read and are those that its card names.

    Raises:
        UsageError: there is no such model.
        WeightsError: the weights are missing or have changed.
    """
    model = find_model(name)
    try:
        digest = sha256_of(model.weights_path)
    except OSError as error:
        raise _to_be_replaced(name, f"The weights of “{name}” cannot be read.") from error
    if digest != model.card.weights_sha256:
        raise _to_be_replaced(name, f"The weights of “{name}” are not those that were installed.")
    return model


def remove(name: str) -> int:
    """Remove a model from this machine, a damaged one, too; the number of bytes that gives back.

    Raises:
        UsageError: there is no such model, or it is part of the program.
        OSError: a file cannot be removed.
    """
    card_path = _card_path(name)
    if card_path is None:
        find_model(name)
        raise UsageError(f"The model “{name}” is part of the program.", "It cannot be removed.")
    weights_path = card_path.with_suffix(".safetensors")
    num_bytes = weights_path.stat().st_size if weights_path.exists() else 0
    weights_path.unlink(missing_ok=True)
    card_path.unlink()
    return num_bytes


def _read(card_path: Path) -> InstalledModel:
    card = read_card(card_path)
    return InstalledModel(card, card_path.with_name(card.weights_file))


def _card_path(name: str) -> Path | None:
    """Of a model in the data folder, damaged ones included."""
    return {path.stem: path for path in models_folder().glob("*.json")}.get(name)


def _to_be_replaced(name: str, title: str) -> WeightsError:
    if name == BUILT_IN:
        return WeightsError(title, "Reinstall the program.")
    return WeightsError(title, "Remove the model, then download or import it again.", "remove")

"""Which models are on this machine. Torch-free."""

from dataclasses import dataclass
from pathlib import Path

from resshift_desktop import paths
from resshift_desktop.core.weights.cards import ModelCard, read_card
from resshift_desktop.errors import UsageError

BUILT_IN = "builtin"


@dataclass(frozen=True)
class InstalledModel:
    """A model whose weights are here, at `weights_path` (safetensors)."""

    card: ModelCard
    weights_path: Path


def list_models() -> list[InstalledModel]:
    """The models on this machine by name, the built-in one first.

    Raises:
        WeightsError: a card cannot be read.
    """
    folder = paths.resources_folder() / "models"
    found = [
        InstalledModel(card, folder / card.weights_file)
        for card in map(read_card, sorted(folder.glob("*.json")))
    ]
    return sorted(found, key=lambda model: (model.card.name != BUILT_IN, model.card.name))


def find_model(name: str) -> InstalledModel:
    """The model called `name`.

    Raises:
        UsageError: there is none; the hint names those there are.
        WeightsError: a card cannot be read.
    """
    models = {model.card.name: model for model in list_models()}
    if name not in models:
        raise UsageError(f"There is no model called “{name}”.", f"Choose one of: {', '.join(models)}.")
    return models[name]

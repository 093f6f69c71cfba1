"""The rehearsal itself, with small networks."""

from pathlib import Path

import pytest

from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.store import list_models
from resshift_desktop.lab.published import data_folder_for_a_while
from resshift_desktop.lab.rehearsal import rehearse


@pytest.mark.parametrize("name", ["sinsr-v1", "inpaint-face"])
def test_a_model_is_imported_and_used(cards: dict[str, ModelCard], tmp_path: Path, name: str) -> None:
    with data_folder_for_a_while():
        line = rehearse(cards[name], tmp_path)
        assert "rehearsal" in [model.card.name for model in list_models()]
    assert line.startswith(f"{name}: ")
    assert f" -> {64 * cards[name].scale}x{64 * cards[name].scale} " in line
    assert "rehearsal" not in [model.card.name for model in list_models()]

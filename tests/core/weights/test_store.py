import hashlib
import shutil
from pathlib import Path

import pytest
from safetensors import safe_open

from resshift_desktop import paths
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.importing import import_files
from resshift_desktop.core.weights.store import (
    BUILT_IN,
    InstalledModel,
    find_model,
    list_missing,
    list_models,
    remove,
    verify,
)
from resshift_desktop.errors import UsageError, WeightsError
from tests.core.weights.small_models import write_checkpoints


def test_built_in_model_comes_first() -> None:
    assert list_models()[0].card.name == BUILT_IN


def test_unknown_model_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="“gigapixel”") as caught:
        find_model("gigapixel")
    assert all(model.card.name in caught.value.hint for model in list_models())


def test_shipped_weights_are_those_of_the_card() -> None:
    model = find_model(BUILT_IN)
    assert hashlib.sha256(model.weights_path.read_bytes()).hexdigest() == model.card.weights_sha256


def test_shipped_weights_are_small_and_half_precision() -> None:
    path = find_model(BUILT_IN).weights_path
    assert path.stat().st_size < 16_000_000
    with safe_open(path, "np") as file:
        types = {file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
    assert types == {"F16"}


def test_models_are_sorted_with_the_built_in_one_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    shipped = paths.resources_folder() / "models" / "builtin.json"
    for name in ("zebra", "aardvark"):
        text = shipped.read_text(encoding="utf-8").replace('"name": "builtin"', f'"name": "{name}"')
        (models / f"{name}.json").write_text(text, encoding="utf-8")
    shutil.copy(shipped, models)
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    assert [model.card.name for model in list_models()] == ["builtin", "aardvark", "zebra"]
    assert find_model("zebra").weights_path == models / "builtin.safetensors"

    (models / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(WeightsError, match=r"broken\.json"):
        list_models()


@pytest.fixture
def imported(cards: dict[str, ModelCard], tmp_path: Path) -> InstalledModel:
    return import_files(write_checkpoints(cards["faceir"], tmp_path))


def test_a_published_model_that_is_not_here_names_the_command(cards: dict[str, ModelCard]) -> None:
    assert [card.name for card in list_missing()] == list(cards)
    with pytest.raises(UsageError, match="not on this machine yet") as caught:
        find_model("realsr-v3")
    assert caught.value.remedy == "download"


def test_an_installed_model_is_listed_after_the_built_in_one(imported: InstalledModel) -> None:
    assert list_models()[1:] == [imported]
    assert imported.num_bytes == imported.weights_path.stat().st_size
    assert "faceir" not in [card.name for card in list_missing()]


def test_verify_finds_a_changed_byte(imported: InstalledModel) -> None:
    assert verify("faceir") == imported
    assert verify(BUILT_IN).card.name == BUILT_IN
    content = bytearray(imported.weights_path.read_bytes())
    content[-1] ^= 1
    imported.weights_path.write_bytes(content)
    with pytest.raises(WeightsError, match="not those that were installed") as caught:
        verify("faceir")
    assert caught.value.remedy == "remove"
    imported.weights_path.unlink()
    with pytest.raises(WeightsError, match="cannot be read"):
        verify("faceir")


def test_remove_gives_the_room_back(imported: InstalledModel) -> None:
    num_bytes = imported.num_bytes
    assert remove("faceir") == num_bytes
    assert list(imported.weights_path.parent.iterdir()) == []
    with pytest.raises(UsageError, match="not on this machine"):
        remove("faceir")


@pytest.mark.parametrize("name", [BUILT_IN, "gigapixel", "../faceir", ""])
def test_what_cannot_be_removed(imported: InstalledModel, name: str) -> None:
    with pytest.raises(UsageError):
        remove(name)
    assert imported.weights_path.exists()


def test_a_damaged_card_does_not_stand_in_the_way_of_others(imported: InstalledModel) -> None:
    imported.weights_path.with_suffix(".json").write_text("{")
    assert [model.card.name for model in list_models()] == [BUILT_IN]
    with pytest.raises(WeightsError, match=r"faceir\.json"):
        find_model("faceir")
    remove("faceir")
    assert list(imported.weights_path.parent.iterdir()) == []

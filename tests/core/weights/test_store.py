import hashlib
import shutil
from pathlib import Path

import pytest
from safetensors import safe_open

from resshift_desktop import paths
from resshift_desktop.core.weights.store import BUILT_IN, find_model, list_models
from resshift_desktop.errors import UsageError, WeightsError


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

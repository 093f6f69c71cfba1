"""The rule gives the golden vectors' weights, and models of them can be used like installed ones."""

from pathlib import Path

import pytest
import torch

from resshift_desktop import paths
from resshift_desktop.core.weights.store import find_model, list_missing, verify
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.published import installed_by_rule, load_by_rule
from tests.core.weights.small_models import small_cards
from tests.parity import golden


def test_models_by_rule_are_there_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path))
    card = small_cards()["faceir"]
    with installed_by_rule(card):
        assert verify("faceir").card.config == card.config
        assert card.name not in [missing.name for missing in list_missing()]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError, match="not on this machine"):
        find_model("faceir")


def test_weights_by_rule_give_the_golden_vectors() -> None:
    config = golden.model_config(golden.reduced_configs()["sr"])
    model = load_by_rule(config, torch.device("cpu"), torch.float32)
    vectors = golden.vectors("sr_64x64")
    with torch.inference_mode():
        out = model.unet(vectors["unet_x"], vectors["unet_t"], vectors["unet_lq"])
        latent = model.codec.encode(vectors["ae_image"])
    assert (out - vectors["unet_out"]).abs().max().item() <= 2e-4
    assert (latent - vectors["ae_latent"]).abs().max().item() <= 2e-4

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from resshift_desktop.core.diffusion.config import AutoencoderConfig
from resshift_desktop.core.weights.cards import ModelCard, config_from_json, read_card
from resshift_desktop.core.weights.store import find_model
from resshift_desktop.errors import WeightsError


@pytest.fixture
def card() -> ModelCard:
    return find_model("builtin").card


AUTOENCODER = AutoencoderConfig(3, 8192, 128, (1, 2, 4), (2, 2, 2))


@pytest.mark.parametrize("codec", ["pixel-unshuffle", AUTOENCODER], ids=["unshuffle", "autoencoder"])
def test_round_trip_through_json(card: ModelCard, tmp_path: Path, codec: Any) -> None:
    written = replace(card, title="Ü 日本", config=replace(card.config, codec=codec))
    path = tmp_path / "card.json"
    path.write_text(json.dumps(asdict(written), ensure_ascii=False), encoding="utf-8")
    assert read_card(path) == written
    assert config_from_json(json.loads(json.dumps(asdict(written.config)))) == written.config


def _delete(*names: str) -> Callable[[dict[str, Any]], None]:
    def edit(fields: dict[str, Any]) -> None:
        for name in names[:-1]:
            fields = fields[name]
        del fields[names[-1]]

    return edit


def _set(*names: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(fields: dict[str, Any]) -> None:
        for name in names[:-1]:
            fields = fields[name]
        fields[names[-1]] = value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        _delete("name"),
        _delete("tile_halo"),
        _delete("config"),
        _delete("config", "scale"),
        _delete("config", "codec"),
        _delete("config", "unet"),
        _delete("config", "unet", "channel_mult"),
        _delete("config", "diffusion", "kappa"),
        _set("price", value=0),
        _set("config", "size", value=1),
        _set("config", "unet", "dropout", value=0.1),
        _set("config", "diffusion", "beta", value=1),
        _set("config", value="x4"),
        _set("config", "unet", value=[1, 2]),
        _set("config", "codec", value="zip"),
        _set("config", "codec", value=None),
    ],
)
def test_missing_and_unknown_fields(
    card: ModelCard, tmp_path: Path, edit: Callable[[dict[str, Any]], None]
) -> None:
    fields = asdict(card)
    edit(fields)
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"odd\.json"):
        read_card(path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"card"', b"\xff\xfe{}"])
def test_files_that_are_no_card(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"odd\.json"):
        read_card(path)


def test_missing_card(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"gone\.json"):
        read_card(tmp_path / "gone.json")

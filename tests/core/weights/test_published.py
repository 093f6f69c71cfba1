"""The cards of the published models say what the published configurations say, and are complete."""

import re
from dataclasses import replace

import pytest

from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.licences import accept, check_accepted, is_accepted, licence_of
from resshift_desktop.core.weights.published import published_card, published_cards
from resshift_desktop.errors import LicenceError, UsageError
from tests.parity import golden

TASKS = {
    "realsr-v1": "realsr_s15",
    "realsr-v2": "realsr_s15",
    "realsr-v3": "realsr_s4",
    "bicsr-x4": "bicsr",
    "sinsr-v1": "realsr_s15",
    "sinsr-v2": "realsr_s15",
    "inpaint-imagenet": "inpaint_imagenet",
    "inpaint-face": "inpaint_face",
    "faceir": "faceir",
}
each_card = pytest.mark.parametrize("card", published_cards(), ids=lambda card: card.name)


def test_every_published_model_has_a_card() -> None:
    assert {card.name for card in published_cards()} == set(TASKS)


@each_card
def test_networks_and_schedule_are_the_published_ones(card: ModelCard) -> None:
    published = golden.model_config(golden.checkpoint_layouts()[TASKS[card.name]])
    visits = (15,) if card.name.startswith("sinsr") else ()
    assert card.config == replace(published, diffusion=replace(published.diffusion, visits=visits))


@each_card
def test_a_card_is_complete(card: ModelCard) -> None:
    assert [checkpoint.network for checkpoint in card.checkpoints] == ["unet", "codec"]
    for checkpoint in card.checkpoints:
        assert checkpoint.url.startswith("https://github.com/")
        assert checkpoint.url.endswith(f"/{checkpoint.file}")
        assert checkpoint.sha256 is None or re.fullmatch("[0-9a-f]{64}", checkpoint.sha256)
        assert 200e6 < checkpoint.num_bytes < 500e6
    assert card.weights_file == f"{card.name}.safetensors"
    assert card.tile_size % card.config.lq_multiple == 0
    licence = licence_of(card)
    assert licence is not None
    assert "non-commercial" in licence.name
    assert all(url.startswith("https://") for url in licence.urls)


def test_known_hashes_come_with_exact_sizes() -> None:
    known = {
        checkpoint.file: checkpoint.num_bytes
        for card in published_cards()
        for checkpoint in card.checkpoints
        if checkpoint.sha256
    }
    assert known == {"autoencoder_vq_f4.pth": 221_364_711, "resshift_realsrx4_s4_v3.pth": 477_917_058}


def test_unknown_name() -> None:
    with pytest.raises(UsageError, match="gigapixel") as caught:
        published_card("gigapixel")
    assert "realsr-v3" in caught.value.hint


@pytest.mark.usefixtures("data")
def test_a_licence_is_accepted_once_for_all_models_under_it() -> None:
    card, alike, other = (published_card(name) for name in ("realsr-v3", "faceir", "sinsr-v1"))
    with pytest.raises(LicenceError, match="S-Lab License"):
        check_accepted(card)
    accept(card)
    check_accepted(card)
    check_accepted(alike)
    assert not is_accepted(other)
    accept(other)
    assert is_accepted(card)
    assert is_accepted(other)

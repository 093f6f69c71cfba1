"""What the plugins have in common, against models' cards as they are and a core that is scripted."""

import json
from pathlib import Path

import pytest

from resshift_desktop.bridge.client import Client
from resshift_desktop.bridge.for_plugins import has_mask_model, list_models, progress_words
from resshift_desktop.bridge.protocol import BridgeError
from resshift_desktop.core.weights.cards import write_card
from resshift_desktop.core.weights.published import published_cards

HERE = {"name": "builtin", "title": "Built-in, fast", "scale": 4, "takes_mask": False, "installed": True}
FILLS = {**HERE, "name": "inpaint", "title": "Fill", "scale": 1, "takes_mask": True}
MISSING = {**HERE, "name": "realsr-v3", "installed": False}


def client_that_answers(monkeypatch: pytest.MonkeyPatch, answer: object) -> Client:
    client = Client.__new__(Client)
    monkeypatch.setattr(client, "call", lambda _method, _target: answer, raising=False)
    return client


def test_models_that_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_that_answers(monkeypatch, {"models": [HERE, FILLS, MISSING]})
    assert [model.name for model in list_models(client)] == ["builtin"]
    assert [model.name for model in list_models(client, takes_mask=True)] == ["inpaint"]


@pytest.mark.parametrize("answer", [{}, {"models": [{"installed": True}]}, {"models": 3}])
def test_models_that_make_no_sense(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    with pytest.raises(BridgeError, match="makes no sense"):
        list_models(client_that_answers(monkeypatch, answer))


def test_a_model_that_fills_masks_is_seen_without_a_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESSHIFT_DATA", str(tmp_path))
    monkeypatch.delenv("RESSHIFT_CONNECTION", raising=False)
    assert not has_mask_model()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "broken.json").write_text("{", "utf-8")
    for card in published_cards():
        write_card(card, tmp_path / "models" / "one.json")
        assert has_mask_model() == card.config.takes_mask, card.name
    (tmp_path / "models" / "one.json").write_text(json.dumps({"config": []}), "utf-8")
    assert not has_mask_model()


@pytest.mark.parametrize(
    ("fraction", "seconds_left", "words"),
    [
        (0.0, None, "0 %"),
        (0.999, 0.2, "99 %, about 1 second left"),
        (0.5, 1.6, "50 %, about 2 seconds left"),
        (0.42, 89, "42 %, about 89 seconds left"),
        (0.42, 91, "42 %, about 2 minutes left"),
        (0.1, 2 * 3600, "10 %, about 2 hours left"),
    ],
)
def test_progress_in_words(fraction: float, seconds_left: float | None, words: str) -> None:
    assert progress_words(fraction, seconds_left) == words

"""Files by hand: what they are follows from what is in them."""

import threading
from pathlib import Path

import pytest
import torch

from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.importing import OWN_LICENCE, import_files
from resshift_desktop.core.weights.store import find_model, list_models, verify
from resshift_desktop.errors import UsageError, WeightsError
from tests.core.weights.small_models import pack, weights_of, write_checkpoints

Cards = dict[str, ModelCard]
INSTALLED_BEFORE = ["builtin"]


def names() -> list[str]:
    return [model.card.name for model in list_models()]


def own_unet(card: ModelCard, path: Path) -> Path:
    weights = weights_of(card, card.checkpoints[0])
    weights["out.2.bias"] = weights["out.2.bias"] + 1
    path.write_bytes(pack({"state_dict": {f"module.{name}": tensor for name, tensor in weights.items()}}))
    return path


@pytest.mark.parametrize("name", ["realsr-v3", "faceir"])
def test_recognised_by_content_under_any_name(cards: Cards, tmp_path: Path, name: str) -> None:
    """v3 by its hash, faceir because no other network has its shape."""
    first, second = write_checkpoints(cards[name], tmp_path)
    renamed = [first.rename(tmp_path / "holiday.jpg"), second.rename(tmp_path / "b")]
    model = import_files(renamed[::-1])
    assert model == verify(name)
    assert [c.file for c in model.card.checkpoints] == [c.file for c in cards[name].checkpoints]
    load_model(model.card.config, model.weights_path, torch.device("cpu"), torch.float32)


def test_of_several_alike_the_person_says_which(cards: Cards, tmp_path: Path) -> None:
    paths = write_checkpoints(cards["sinsr-v2"], tmp_path)
    with pytest.raises(UsageError, match="shape of several models") as caught:
        import_files(paths)
    assert "realsr-v1" in caught.value.hint
    assert "sinsr-v2" in caught.value.hint
    assert "faceir" not in caught.value.hint
    assert names() == INSTALLED_BEFORE
    assert import_files(paths, like="sinsr-v2").card.config.diffusion.visits == (15,)


@pytest.mark.parametrize("like", ["faceir", "gigapixel"])
def test_like_what_it_is_not(cards: Cards, tmp_path: Path, like: str) -> None:
    with pytest.raises(UsageError, match="is not like"):
        import_files(write_checkpoints(cards["realsr-v1"], tmp_path), like)


def test_a_known_file_is_not_taken_for_another_model(cards: Cards, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is the published “realsr-v3”"):
        import_files(write_checkpoints(cards["realsr-v3"], tmp_path), like="realsr-v1")


def test_the_autoencoder_of_an_installed_model_serves(cards: Cards, tmp_path: Path) -> None:
    import_files(write_checkpoints(cards["realsr-v3"], tmp_path))
    unet, _ = write_checkpoints(cards["bicsr-x4"], tmp_path)
    assert import_files([unet], "bicsr-x4") == verify("bicsr-x4")


def test_without_the_autoencoder_it_is_said_where_to_get_it(cards: Cards, tmp_path: Path) -> None:
    unet, codec = write_checkpoints(cards["realsr-v3"], tmp_path)
    with pytest.raises(UsageError, match=r"missing: autoencoder_vq_f4\.pth") as caught:
        import_files([unet])
    assert cards["realsr-v3"].checkpoints[1].url in caught.value.hint
    with pytest.raises(UsageError, match="0 networks and 1 autoencoders"):
        import_files([codec])
    with pytest.raises(UsageError, match="2 networks and 1 autoencoders"):
        import_files([unet, codec, unet])
    assert names() == INSTALLED_BEFORE


def test_ones_own_model_has_its_own_name(cards: Cards, tmp_path: Path) -> None:
    _, codec = write_checkpoints(cards["realsr-v3"], tmp_path)
    own = own_unet(cards["realsr-v3"], tmp_path / "own.pth")
    with pytest.raises(WeightsError, match=r"own\.pth is not the published") as caught:
        import_files([own, codec], like="realsr-v3")
    assert caught.value.remedy == "name"
    model = import_files([own, codec], like="realsr-v3", name="mine", float32=True)
    assert model == find_model("mine") == verify("mine")
    assert (model.card.licence, model.card.checkpoints) == (OWN_LICENCE, ())
    loaded = load_model(model.card.config, model.weights_path, torch.device("cpu"), torch.float32)
    expected = weights_of(cards["realsr-v3"], cards["realsr-v3"].checkpoints[0])["out.2.bias"] + 1
    assert torch.equal(loaded.unet.state_dict()["out.2.bias"], expected)


@pytest.mark.parametrize("name", ["builtin", "realsr-v1", "", "../up", "A b", "x" * 41, "-x", ".x", "con/x"])
def test_names_that_cannot_be(cards: Cards, tmp_path: Path, name: str) -> None:
    paths = write_checkpoints(cards["faceir"], tmp_path)
    with pytest.raises(UsageError):
        import_files(paths, name=name)
    assert names() == INSTALLED_BEFORE


def test_not_over_a_model_that_is_here(cards: Cards, tmp_path: Path) -> None:
    paths = write_checkpoints(cards["faceir"], tmp_path)
    import_files(paths)
    with pytest.raises(UsageError, match="already"):
        import_files(paths)


def test_an_autoencoder_of_another_model(cards: Cards, tmp_path: Path) -> None:
    unet, _ = write_checkpoints(cards["faceir"], tmp_path)
    _, codec = write_checkpoints(cards["realsr-v3"], tmp_path)
    with pytest.raises(WeightsError, match=r"autoencoder_vq_f4\.pth is not for “faceir”"):
        import_files([unet, codec])


def test_the_nearest_network_is_named(cards: Cards, tmp_path: Path) -> None:
    weights = weights_of(cards["faceir"], cards["faceir"].checkpoints[0])
    del weights["out.2.bias"]
    path = tmp_path / "odd.pth"
    path.write_bytes(pack(weights))
    with pytest.raises(WeightsError, match=r"odd\.pth is of no known network: 1 of .* first out\.2\.bias"):
        import_files([path])


def test_a_file_that_cannot_be_written_leaves_nothing(
    cards: Cards, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("resshift_desktop.core.weights.installing.write_card", full)
    with pytest.raises(WeightsError, match="cannot be written"):
        import_files(write_checkpoints(cards["faceir"], tmp_path))
    assert list((data / "models").iterdir()) == []


def test_two_imports_under_one_name_at_once(cards: Cards, tmp_path: Path) -> None:
    """Whoever comes first is told of by the other, or replaced; the model is whole either way."""
    paths = write_checkpoints(cards["realsr-v3"], tmp_path)
    told: list[Exception] = []

    def run() -> None:
        try:
            import_files(paths, name="mine")
        except UsageError as error:
            told.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) < len(threads)
    model = verify("mine")
    load_model(model.card.config, model.weights_path, torch.device("cpu"), torch.float32)
    assert sorted(path.name for path in model.weights_path.parent.iterdir()) == [
        "mine.json",
        "mine.safetensors",
    ]

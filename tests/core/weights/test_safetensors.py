"""Somebody's own safetensors files: what they hold is checked as a checkpoint's is."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save, save_file

from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.convert import Weights, read_safetensors
from resshift_desktop.core.weights.importing import OWN_LICENCE, import_files
from resshift_desktop.core.weights.store import find_model, list_models, verify
from resshift_desktop.errors import UsageError, WeightsError
from tests.core.weights.small_models import weights_of, write_checkpoints

Cards = dict[str, ModelCard]


def networks(card: ModelCard, dtype: torch.dtype = torch.float32) -> list[Weights]:
    return [
        {name: tensor.to(dtype) for name, tensor in weights_of(card, checkpoint).items()}
        for checkpoint in card.checkpoints
    ]


def write(folder: Path, *files: Weights) -> list[Path]:
    paths = [folder / f"{number}.bin" for number in range(len(files))]
    for path, weights in zip(paths, files, strict=True):
        save_file(weights, path)
    return paths


def together(unet: Weights, codec: Weights) -> Weights:
    return {f"unet.{k}": v for k, v in unet.items()} | {f"codec.{k}": v for k, v in codec.items()}


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("float32", [False, True])
@pytest.mark.parametrize("name", ["realsr-v3", "inpaint-face", "faceir"])
def test_a_file_for_each_network(
    cards: Cards, tmp_path: Path, name: str, dtype: torch.dtype, float32: bool
) -> None:
    unet, codec = networks(cards[name], dtype)
    like = None if name == "faceir" else name
    model = import_files(write(tmp_path, codec, unet), like=like, name="mine", float32=float32)
    assert model == find_model("mine") == verify("mine")
    assert (model.card.config, model.card.licence) == (cards[name].config, OWN_LICENCE)
    saved, kept = load_file(model.weights_path), torch.float32 if float32 else torch.float16
    expected = {key: tensor.to(kept) for key, tensor in together(unet, codec).items()}
    assert saved.keys() == expected.keys()
    assert all(torch.equal(saved[key], tensor) for key, tensor in expected.items())
    assert {tensor.dtype for tensor in saved.values()} == {kept}


@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod."])
def test_both_networks_in_one_file(cards: Cards, tmp_path: Path, prefix: str) -> None:
    both = together(*networks(cards["faceir"], torch.float16))
    (path,) = write(tmp_path, {prefix + name: tensor for name, tensor in both.items()})
    model = import_files([path], name="mine")
    loaded = load_model(model.card.config, model.weights_path, torch.device("cpu"), torch.float32)
    assert all(torch.equal(tensor, both[name].float()) for name, tensor in loaded.state_dict().items())


def test_the_file_of_an_installed_model_is_one(cards: Cards, tmp_path: Path) -> None:
    first = import_files(write_checkpoints(cards["faceir"], tmp_path))
    second = import_files([first.weights_path], name="copy")
    assert second.weights_path.read_bytes() == first.weights_path.read_bytes()


@pytest.mark.usefixtures("data")
def test_what_training_makes_is_used_like_the_built_in_model() -> None:
    """`weights.safetensors` of a run is laid out as the built-in model's file."""
    built_in = find_model("builtin")
    model = import_files([built_in.weights_path], name="mine")
    assert model.card.config == built_in.card.config
    assert (model.card.tile_size, model.card.checkpoints) == (built_in.card.tile_size, ())
    ours, theirs = load_file(model.weights_path), load_file(built_in.weights_path)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())


def test_an_installed_autoencoder_and_a_checkpoint_go_with_it(cards: Cards, tmp_path: Path) -> None:
    files = write_checkpoints(cards["realsr-v3"], tmp_path)
    import_files(files)
    (path,) = write(tmp_path, networks(cards["bicsr-x4"])[0])
    assert import_files([path], like="bicsr-x4", name="one") == verify("one")
    assert import_files([path, files[1]], like="bicsr-x4", name="two") == verify("two")


def test_it_has_to_have_a_name_of_its_own(cards: Cards, data: Path, tmp_path: Path) -> None:
    """No published hash can vouch for it, and later downloads are not compared with it."""
    paths = write(tmp_path, *networks(cards["faceir"]))
    for like in (None, "faceir"):
        with pytest.raises(UsageError, match=r"\.bin is not a file as its authors published it") as caught:
            import_files(paths, like=like)
        assert caught.value.remedy == "name"
    with pytest.raises(UsageError, match="not a file as its authors"):
        import_files([find_model("builtin").weights_path])
    assert not data.exists()
    import_files(paths, name="mine")
    assert sorted(path.name for path in (data / "models").iterdir()) == ["mine.json", "mine.safetensors"]


def _without(name: str) -> Callable[[Weights], Weights]:
    return lambda weights: {key: tensor for key, tensor in weights.items() if key != name}


def _with(name: str, tensor: torch.Tensor) -> Callable[[Weights], Weights]:
    return lambda weights: {**weights, name: tensor}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_without("out.2.bias"), r"of no known network: 1 of \d+ entries are missing, first out\.2\.bias"),
        (_with("more", torch.zeros(1)), "1 entries do not belong there, first more"),
        (_with("out.2.bias", torch.zeros(9)), r"out\.2\.bias is 9 numbers, not 8"),
        (_with("out.2.bias", torch.zeros(8, 1)), r"out\.2\.bias is 8 x 1 numbers, not 8"),
        (_with("out.2.bias", torch.zeros(8, dtype=torch.int32)), r"out\.2\.bias holds no plain numbers"),
        (_with("out.2.bias", torch.zeros(8).to(torch.float8_e5m2)), r"out\.2\.bias holds no plain numbers"),
        (_with("out.2.bias", torch.full((8,), torch.nan)), r"unet\.out\.2\.bias holds numbers .* not finite"),
        (_with("out.2.bias", torch.full((8,), 1e6)), "not finite with 16 bits"),
        (_with("module.out.2.bias", torch.zeros(8)), r"holds out\.2\.bias twice"),
        (lambda _weights: {"x": torch.zeros(1)}, "entries are missing"),
        (lambda _weights: {}, "is no checkpoint"),
    ],
)
def test_weights_that_are_not_right(
    cards: Cards, data: Path, tmp_path: Path, change: Callable[[Weights], Weights], words: str
) -> None:
    unet, codec = networks(cards["faceir"])
    with pytest.raises(WeightsError, match=words) as caught:
        import_files(write(tmp_path, change(unet), codec), name="mine")
    assert caught.value.hint
    assert [path.name for path in data.rglob("*.*") if path.suffix != ".lock"] == []
    assert [model.card.name for model in list_models()] == ["builtin"]


def _file(header: Any, data: bytes = bytes(8)) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def _entry(dtype: str = "F32", shape: object = (2,), ends: object = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": ends}


GOOD = _file({"x": _entry()})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 8,
        GOOD[:-1],
        GOOD + b"x",
        GOOD[:20],
        (2**63).to_bytes(8, "little") + GOOD[8:],
        (2**64 - 1).to_bytes(8, "little") + GOOD[8:],
        (200_000_000).to_bytes(8, "little") + GOOD[8:],
        _file(b"{"),
        _file(b"\xff\xfe{}"),
        _file(b"[" * 100_000),
        _file(b'{"x":' * 50_000),
        _file([1]),
        _file({"x": 1}),
        _file({"x": {}}),
        _file({"__metadata__": {"x": "y"}}, b""),
        _file({"__metadata__": {"x": 1}, "x": _entry()}),
        _file({"x": _entry(ends=(0, 2**64))}),
        _file({"x": _entry(ends=(0, 16))}),
        _file({"x": _entry(ends=(8, 0))}),
        _file({"x": _entry(ends=(-8, 0))}),
        _file({"x": _entry(shape=(2**62, 2**62))}),
        _file({"x": _entry(shape=(-2,))}),
        _file({"x": _entry(shape=(3,))}),
        _file({"x": _entry(dtype="PICKLE")}),
        _file({"x": _entry(), "y": _entry()}),
        _file({"x": _entry(shape=(1,), ends=(4, 8))}),
    ],
)
def test_hostile_files_are_refused_and_leave_nothing(cards: Cards, data: Path, content: bytes) -> None:
    del cards
    path = data.with_name("some.safetensors")
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"some\.safetensors is no checkpoint, is damaged") as caught:
        import_files([path], name="mine")
    assert caught.value.hint
    assert not data.exists()


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"gone\.safetensors does not exist"):
        import_files([tmp_path / "gone.safetensors"], name="mine")
    with pytest.raises(WeightsError, match="is no checkpoint"):
        import_files([tmp_path], name="mine")


@given(place=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255), cut=st.integers(1, len(GOOD)))
def test_any_other_byte_is_borne(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int, cut: int
) -> None:
    content = bytearray(save({"x": torch.zeros(2)}))
    content[min(place, len(content) - 1)] = value
    path = tmp_path_factory.getbasetemp() / "odd.safetensors"
    path.write_bytes(content[:cut] if cut < len(GOOD) // 2 else content)
    networks = []
    with suppress(WeightsError):  # and nothing else
        networks = read_safetensors(path)
    assert all(len(weights) == 1 for weights in networks)

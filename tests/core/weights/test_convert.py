"""Checkpoints in all their published forms, and files that only look like them."""

import io
import os
import pickle
import re
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from resshift_desktop.core.weights.convert import Weights, difference, read_checkpoint, save_weights
from resshift_desktop.errors import WeightsError
from tests.core.weights.small_models import pack, small_cards, weights_of
from tests.parity import golden

CARD = small_cards()["realsr-v3"]
UNET = CARD.checkpoints[0]
CONSTANTS: Weights = {
    "input_blocks.1.1.blocks.0.attn.relative_position_index": torch.zeros(64, 64, dtype=torch.int64),
    "input_blocks.1.1.blocks.1.attn_mask": torch.zeros(64, 64, 64),
}


def weights() -> Weights:
    return weights_of(CARD, UNET)


def prefixed(prefix: str) -> Weights:
    return {prefix + name: tensor for name, tensor in weights().items()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.pth"


@pytest.mark.parametrize(
    "form",
    [
        lambda: OrderedDict(weights()),
        lambda: {"state_dict": weights()},
        lambda: {"state_dict": OrderedDict(weights()), "epoch": 3},
        lambda: prefixed("module."),
        lambda: prefixed("_orig_mod."),
        lambda: {"state_dict": prefixed("module._orig_mod.")},
        lambda: prefixed("_orig_mod.module."),
        lambda: {**weights(), **CONSTANTS},
        lambda: {name: torch.nn.Parameter(tensor) for name, tensor in weights().items()},
    ],
    ids=["bare", "state_dict", "more", "module", "compiled", "both", "other way", "constants", "parameters"],
)
def test_published_forms(path: Path, form: Callable[[], Any]) -> None:
    path.write_bytes(pack(form()))
    read = read_checkpoint(path)
    assert difference(read, CARD.config, "unet") == ""
    assert all(torch.equal(read[name], tensor) for name, tensor in weights().items())


@pytest.mark.parametrize("task", golden.reduced_configs())
def test_the_layouts_are_those_of_the_golden_vectors(task: str) -> None:
    reduced = golden.reduced_configs()[task]
    config = golden.model_config(reduced)
    assert difference(golden.rule_weights(reduced["unet"]), config, "unet") == ""
    assert difference(golden.rule_weights(reduced["autoencoder"]), config, "codec") == ""


class Hostile:
    """Its pickle makes a file when it is opened by someone who trusts it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self.path),)


def test_a_hostile_pickle_is_not_run(path: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    path.write_bytes(pack({**weights(), "more": Hostile(trap)}))
    torch.load(path, weights_only=False)
    assert trap.exists()  # it would have worked
    trap.rmdir()
    with pytest.raises(WeightsError, match=r"some\.pth is no checkpoint.*holds more than weights") as caught:
        read_checkpoint(path)
    assert not trap.exists()
    assert caught.value.hint


def _compressed() -> bytes:
    content, buffer = io.BytesIO(pack(weights())), io.BytesIO()
    with zipfile.ZipFile(content) as plain, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in plain.infolist():
            packed.writestr(member.filename, plain.read(member))
    return buffer.getvalue()


def _empty_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", b"")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage" * 100,
        b"<html>Not found</html>",
        pickle.dumps({"weights": [1.0]}),
        pack(weights())[:-100],
        pack(weights())[: 1 << 16],
        _compressed(),
        _empty_zip(),
        pack([1, 2]),
        pack({}),
        pack({"state_dict": {}}),
        pack({"name": "text"}),
        pack({**weights(), "epoch": 3}),
        pack({**weights(), 3: torch.zeros(1)}),
        pack(torch.zeros(3)),
    ],
)  # fmt: skip
def test_files_that_are_no_checkpoint(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"some\.pth is no checkpoint") as caught:
        read_checkpoint(path)
    assert caught.value.hint


def test_one_entry_under_two_names(path: Path) -> None:
    path.write_bytes(pack({**weights(), **prefixed("module.")}))
    with pytest.raises(WeightsError, match="twice"):
        read_checkpoint(path)


def test_missing_file(path: Path) -> None:
    with pytest.raises(WeightsError, match=r"some\.pth does not exist"):
        read_checkpoint(path)


def _without(name: str) -> Weights:
    return {key: tensor for key, tensor in weights().items() if key != name}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda: _without("out.2.bias"), r"1 of \d+ entries are missing, first out\.2\.bias"),
        (lambda: {**weights(), "more": torch.zeros(1)}, "1 entries do not belong there, first more"),
        (lambda: {**weights(), "out.2.bias": torch.zeros(4)}, r"out\.2\.bias is 4 numbers, not 3"),
        (lambda: {**weights(), "out.2.bias": torch.zeros(())}, r"out\.2\.bias is 1 numbers, not 3"),
        (lambda: {**weights(), "out.2.bias": torch.zeros(3, dtype=torch.int64)}, "no plain numbers"),
        (lambda: {**weights(), "out.2.bias": torch.zeros(3).to_sparse()}, "no plain numbers"),
    ],
)
def test_what_differs_is_said(changed: Callable[[], Weights], words: str) -> None:
    assert re.search(words, difference(changed(), CARD.config, "unet"))


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
def test_saved_weights(path: Path, dtype: torch.dtype) -> None:
    codec = weights_of(CARD, CARD.checkpoints[1])
    save_weights({"unet": weights(), "codec": codec}, dtype, path)
    saved = load_file(path)
    assert {tensor.dtype for tensor in saved.values()} == {dtype}
    assert torch.equal(saved["unet.out.2.bias"], weights()["out.2.bias"].to(dtype))
    assert len(saved) == len(weights()) + len(codec)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [(float("nan"), torch.float32), (float("inf"), torch.float32), (1e6, torch.float16)],
)
def test_numbers_that_are_not_finite(path: Path, value: float, dtype: torch.dtype) -> None:
    odd = {**weights(), "out.2.bias": torch.full((3,), value)}
    with pytest.raises(WeightsError, match=r"unet\.out\.2\.bias holds numbers that are not finite"):
        save_weights({"unet": odd}, dtype, path)
    assert not path.exists()

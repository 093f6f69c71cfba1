from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.errors import WeightsError
from tests.core.engine.conftest import SMALL

Weights = dict[str, torch.Tensor]
DEVICE = torch.device("cpu")


@pytest.fixture
def weights(small_model: ResShift) -> Weights:
    return {name: tensor.clone() for name, tensor in small_model.state_dict().items()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "small.safetensors"


def load(path: Path) -> ResShift:
    return load_model(SMALL, path, DEVICE, torch.float32)


def test_half_precision_file_runs_in_float32(weights: Weights, path: Path) -> None:
    save_file({name: tensor.half() for name, tensor in weights.items()}, path)
    model = load(path)
    for name, tensor in model.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, weights[name].half().float())
    with torch.inference_mode():
        lq = torch.rand(1, 3, 16, 16)
        y = model.encode(lq)
        x_0 = model.predict_x_0(y, torch.ones(1, dtype=torch.int64), y, lq)
    assert x_0.dtype == torch.float32
    assert x_0.isfinite().all()


def test_loaded_model_computes_what_the_saved_one_does(
    small_model: ResShift, weights: Weights, path: Path
) -> None:
    save_file(weights, path)
    model = load(path)
    lq = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        y = small_model.encode(lq)
        loaded, saved = (m.predict_x_0(y, torch.full((1,), 4), y, lq) for m in (model, small_model))
    assert torch.allclose(loaded, saved, atol=1e-5)


def test_ready_for_inference(weights: Weights, path: Path) -> None:
    save_file(weights, path)
    model = load_model(SMALL, path, DEVICE, torch.bfloat16)
    tensors = [*model.parameters(), *model.buffers()]
    assert {tensor.device.type for tensor in tensors} == {"cpu"}
    assert {parameter.dtype for parameter in model.parameters()} == {torch.bfloat16}
    assert not model.training
    assert not any(tensor.requires_grad for tensor in tensors)
    kernel = model.state_dict()["unet.input_blocks.0.0.weight"]
    assert kernel.is_contiguous(memory_format=torch.channels_last)


def _without_last(weights: Weights) -> Weights:
    return dict(list(weights.items())[:-1])


def _with_more(weights: Weights) -> Weights:
    return {**weights, "unet.more": torch.zeros(1)}


def _with_other_shape(weights: Weights) -> Weights:
    name = next(iter(weights))
    return {**weights, name: weights[name][:1].clone()}


@pytest.mark.parametrize("change", [_without_last, _with_more, _with_other_shape])
def test_weights_of_another_network(
    weights: Weights, path: Path, change: Callable[[Weights], Weights]
) -> None:
    save_file(change(weights), path)
    with pytest.raises(WeightsError, match=r"small\.safetensors belongs to another network \(1 "):
        load(path)


def test_weights_for_another_configuration(weights: Weights, path: Path) -> None:
    save_file(weights, path)
    larger = replace(SMALL, unet=replace(SMALL.unet, model_channels=32))
    with pytest.raises(WeightsError, match=r"small\.safetensors belongs to another network"):
        load_model(larger, path, DEVICE, torch.float32)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite(weights: Weights, path: Path, value: float) -> None:
    weights["unet.out.2.bias"][3] = value
    save_file(weights, path)
    with pytest.raises(WeightsError, match=r"small\.safetensors .*not finite \(unet\.out\.2\.bias\)"):
        load(path)


def test_missing(path: Path) -> None:
    with pytest.raises(WeightsError, match=r"small\.safetensors is missing"):
        load(path)


@pytest.mark.parametrize("kept", [0, 4, 200, -1])
def test_truncated(weights: Weights, path: Path, kept: int) -> None:
    save_file(weights, path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WeightsError, match=r"small\.safetensors is damaged"):
        load(path)


def test_garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)
    with pytest.raises(WeightsError, match=r"small\.safetensors is damaged"):
        load(path)


def test_folder(path: Path) -> None:
    path.mkdir()
    with pytest.raises(WeightsError, match=r"small\.safetensors"):
        load(path)

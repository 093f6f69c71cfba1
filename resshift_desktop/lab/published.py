"""The published networks by their size alone: weights by rule, where the published ones are not at hand."""

import math
import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from resshift_desktop import paths
from resshift_desktop.core.diffusion.config import ModelConfig
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.convert import Network, Weights, layouts
from resshift_desktop.core.weights.installing import install


@contextmanager
def installed_by_rule(card: ModelCard) -> Iterator[None]:
    """Within it, this process and those it starts find a published model installed, its weights by rule."""
    networks: tuple[Network, ...] = ("unet", "codec")
    with data_folder_for_a_while():
        weights: dict[Network, Weights] = {n: weights_by_rule(card.config, n) for n in networks}
        install(card, weights, float32=False)
        del weights
        yield


@contextmanager
def data_folder_for_a_while() -> Iterator[None]:
    """Within it, the data folder of this process and those it starts is an empty one that will be deleted."""
    before = os.environ.get(paths.DATA_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[paths.DATA_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[paths.DATA_VARIABLE]
            else:
                os.environ[paths.DATA_VARIABLE] = before


def weights_by_rule(config: ModelConfig, network: Network) -> Weights:
    """The weights by rule of one network of a model, float32, as its checkpoint has them."""
    layout = layouts(config)[network]
    return {key: rule_weight(key, shape) for key, shape in layout.items()}


def load_by_rule(config: ModelConfig, device: torch.device, dtype: torch.dtype) -> ResShift:
    """The model of `config` with `rule_weight` for weights, ready for inference."""
    with torch.device("meta"):  # no time is spent on initial values that are about to be replaced
        model = ResShift(config)
    for network in (model.unet, model.codec):
        layout = {key: tensor.shape for key, tensor in network.state_dict().items()}
        weights = {key: rule_weight(key, shape).to(device, dtype) for key, shape in layout.items()}
        network.load_state_dict(weights, assign=True)
    model.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] (stubs lack it)
    return model.eval().requires_grad_(False)


def rule_weight(key: str, shape: Sequence[int]) -> Tensor:
    """The weight that the golden vectors give the published `key` (of the UNet or of the autoencoder).

    Normal numbers seeded by the key's CRC-32, scaled so that signals keep about their size. Returns
    float32 of `shape`.
    """
    r = torch.randn(tuple(shape), generator=torch.Generator().manual_seed(zlib.crc32(key.encode())))
    if len(shape) == 1:
        return 1 + 0.1 * r if key.endswith("weight") else 0.1 * r
    if key.endswith("relative_position_bias_table"):
        return 0.02 * r
    if key.endswith("quantize.embedding.weight"):
        return r
    return r / math.sqrt(math.prod(shape[1:]))

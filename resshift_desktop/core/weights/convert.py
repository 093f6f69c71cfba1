"""From published checkpoints, and safetensors files of others, to our weights.

A checkpoint is a zip with a pickle in it. It is read without running what the pickle may ask for, and its
networks are recognised by their keys and shapes alone.
"""

import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from resshift_desktop.core.diffusion.config import ModelConfig
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.errors import WeightsError

Network = Literal["unet", "codec"]
Weights = dict[str, Tensor]
"""state_dict key -> tensor, of one network."""

# What training with several devices, or compiled, puts before every key.
_PREFIXES = ("module.", "_orig_mod.")
# Follow from the network's shape and are computed here.
_CONSTANTS = ("relative_position_index", "attn_mask")
_NUMBERS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def read_checkpoint(path: Path) -> Weights:
    """The weights of the network in a checkpoint, mapped from the file: bare or under "state_dict".

    Raises:
        WeightsError: the file is no checkpoint, is damaged, or holds anything but weights.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            packed = any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist())
        if packed:  # torch never does, and unpacked it could be of any size
            raise _unreadable(path)
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except FileNotFoundError as error:
        raise _missing(path) from error
    except WeightsError:
        raise
    except Exception as error:  # what a damaged or hostile file makes the two readers say has no end
        raise _unreadable(path) from error
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    return _named_weights(content, path)


def read_safetensors(path: Path) -> list[Weights]:
    """The weights in a safetensors file, mapped from it: one network's or, where `save_weights` has written
    it, those of each of its networks.

    Raises:
        WeightsError: the file is none, or is damaged.
    """
    try:
        with safe_open(path, "pt") as file:
            content = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except FileNotFoundError as error:
        raise _missing(path) from error
    except Exception as error:  # as above
        raise _unreadable(path) from error
    weights = _named_weights(content, path)
    networks = [
        {name.removeprefix(prefix): tensor for name, tensor in weights.items() if name.startswith(prefix)}
        for prefix in ("unet.", "codec.")
    ]
    if sum(map(len, networks)) < len(weights):
        return [weights]
    return [network for network in networks if network]


def _named_weights(content: object, path: Path) -> Weights:
    """`content` without what training and packing add. Raises WeightsError: there is more than weights."""
    if not isinstance(content, Mapping) or not content:
        raise _unreadable(path)
    weights: Weights = {}
    for key, tensor in content.items():
        if not isinstance(key, str) or not isinstance(tensor, Tensor):
            raise _unreadable(path)
        name = _without_prefixes(key)
        if name in weights:
            raise WeightsError(
                f"{path.name} holds {name} twice.", "Get the file as its authors published it."
            )
        if not name.endswith(_CONSTANTS):
            weights[name] = tensor
    return weights


def difference(weights: Weights, config: ModelConfig, network: Network) -> str:
    """What keeps `weights` from being those of a model's network, in words; empty where nothing does."""
    layout = layouts(config)[network]
    missing = sorted(layout.keys() - weights.keys())
    if missing:
        return f"{len(missing)} of {len(layout)} entries are missing, first {missing[0]}"
    unknown = sorted(weights.keys() - layout.keys())
    if unknown:
        return f"{len(unknown)} entries do not belong there, first {unknown[0]}"
    for name, shape in layout.items():
        tensor = weights[name]
        if tensor.shape != shape:
            return f"{name} is {_times(tensor.shape)} numbers, not {_times(shape)}"
        if tensor.dtype not in _NUMBERS or tensor.layout != torch.strided:
            return f"{name} holds no plain numbers"
    return ""


def non_finite(weights: Weights) -> str:
    """The first entry that holds NaN or infinity; empty where none does."""
    return next((name for name, tensor in weights.items() if not tensor.isfinite().all()), "")


def common_entries(weights: Weights, config: ModelConfig, network: Network) -> int:
    """How many entries have the key and shape of one of the network's."""
    layout = layouts(config)[network]
    return sum(layout.get(name) == tensor.shape for name, tensor in weights.items())


def save_weights(networks: Mapping[Network, Weights], dtype: torch.dtype, path: Path) -> None:
    """Write the weights of a model's networks, which fit it, as one safetensors file.

    Raises:
        WeightsError: a number is not finite, or not in `dtype`.
        OSError: the file cannot be written.
    """
    converted: Weights = {}
    for network, weights in networks.items():
        for name, tensor in weights.items():
            converted[f"{network}.{name}"] = tensor.to(
                dtype, memory_format=torch.contiguous_format, copy=True
            )
    if broken := non_finite(converted):
        raise WeightsError(
            f"{broken} holds numbers that are not finite with {8 * dtype.itemsize} bits.",
            "Get the file as its authors published it, or keep 32 bits.",
            "full precision",
        )
    save_file(converted, path)


@cache
def layouts(config: ModelConfig) -> Mapping[Network, Mapping[str, torch.Size]]:
    """Every key and shape of a model's networks."""
    with torch.device("meta"):
        model = ResShift(config)
    return {
        "unet": {name: tensor.shape for name, tensor in model.unet.state_dict().items()},
        "codec": {name: tensor.shape for name, tensor in model.codec.state_dict().items()},
    }


def _without_prefixes(key: str) -> str:
    while key.startswith(_PREFIXES):
        key = key.partition(".")[2]
    return key


def _times(shape: torch.Size) -> str:
    return " x ".join(map(str, shape)) or "1"


def _missing(path: Path) -> WeightsError:
    return WeightsError(f"{path.name} does not exist.", "Check the name and the folder.")


def _unreadable(path: Path) -> WeightsError:
    return WeightsError(
        f"{path.name} is no checkpoint, is damaged, or holds more than weights; it was not used.",
        "Get the .pth file as its authors published it.",
    )

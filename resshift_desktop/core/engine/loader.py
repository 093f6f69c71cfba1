"""From weights on disk to a model ready to run."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from resshift_desktop.core.diffusion.config import ModelConfig
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.errors import WeightsError


def load_model(config: ModelConfig, path: Path, device: torch.device, dtype: torch.dtype) -> ResShift:
    """The model of `config` with the weights of the safetensors file at `path`, ready for inference.

    Every name and shape must be as the configuration says, every number finite.

    Raises:
        WeightsError: the file is missing, damaged, or holds another network's weights.
    """
    try:
        state_dict = load_file(path)
    except FileNotFoundError as error:
        raise WeightsError(
            f"The weights file {path.name} is missing.", "Reinstall the program or the model."
        ) from error
    except (OSError, SafetensorError) as error:
        raise WeightsError(
            f"The weights file {path.name} is damaged.", "Reinstall the program or the model."
        ) from error
    with torch.device("meta"):  # no time is spent on initial values that are about to be replaced
        model = ResShift(config)
    expected = {name: tensor.shape for name, tensor in model.state_dict().items()}
    found = {name: tensor.shape for name, tensor in state_dict.items()}
    if expected != found:
        odd = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        raise WeightsError(
            f"The weights file {path.name} belongs to another network "
            f"({len(odd)} entries differ, first {odd[0]}).",
            "Reinstall the program or the model.",
        )
    broken = [name for name, tensor in state_dict.items() if not tensor.isfinite().all()]
    if broken:
        raise WeightsError(
            f"The weights file {path.name} holds numbers that are not finite ({broken[0]}).",
            "Reinstall the program or the model.",
        )
    model.load_state_dict(
        {name: tensor.to(device, dtype) for name, tensor in state_dict.items()}, assign=True
    )
    model.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return model.eval().requires_grad_(False)

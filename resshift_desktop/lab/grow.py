"""A network begins as a smaller one that was trained before: it computes the same, and has room to learn."""

from collections.abc import Mapping

import torch
from torch import Tensor

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.diffusion.unet import SwinUNet, timestep_embedding
from resshift_desktop.errors import UsageError


def grow(smaller: ResShift, larger: ResShift) -> None:
    """Set the weights of `larger` so that its network gives what that of `smaller` gives.

    They may differ in `num_res_blocks`, of which `larger` has at least as many in each level, and in the
    chain. Added blocks pass on what they are given: their last convolution is zero and their shortcut the
    identity (Chen et al. 2016, "Net2Net"). A chain of a single step takes the last step of the longer one.

    Raises:
        UsageError: they differ in anything else.
    """
    old, new = smaller.config.unet.num_res_blocks, larger.config.unet.num_res_blocks
    names, weights = larger.unet.state_dict(), smaller.unet.state_dict()
    renamed = _renamed(old, new)
    grown = {_rename(name, renamed): value for name, value in weights.items()}
    fits = len(old) == len(new) and all(a <= b for a, b in zip(old, new, strict=True))
    if not fits or any(
        name not in names or names[name].shape != value.shape for name, value in grown.items()
    ):
        raise UsageError(
            "The network to begin from does not fit into the one to train.",
            "They may differ in the number of residual blocks and in the chain.",
        )
    added = {name: _passing_on(name, value) for name, value in names.items() if name not in grown}
    larger.unet.load_state_dict({**added, **grown})
    _take_step(larger.unet, larger.config.diffusion.num_steps, smaller.config.diffusion.num_steps)


def _places(blocks: tuple[int, ...]) -> dict[tuple[str, int, int], str]:
    """The names of a network's residual stages and changes of resolution by (way, level, number in it)."""
    last = len(blocks) - 1
    down = [(level, i) for level, count in enumerate(blocks) for i in range(count + (level < last))]
    up = [(level, i) for level in reversed(range(len(blocks))) for i in range(blocks[level] + 1)]
    # Number -1: what halves the sides on the way down, or ends the level (and doubles them) on the way up.
    return {
        **{
            ("down", level, i if i < blocks[level] else -1): f"input_blocks.{n}."
            for n, (level, i) in enumerate(down, start=1)
        },
        **{
            ("up", level, i if i < blocks[level] else -1): f"output_blocks.{n}."
            for n, (level, i) in enumerate(up)
        },
    }


def _renamed(old: tuple[int, ...], new: tuple[int, ...]) -> dict[str, str]:
    places = _places(new)
    return {name: places[place] for place, name in _places(old).items() if place in places}


def _rename(name: str, renamed: Mapping[str, str]) -> str:
    for old, new in renamed.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name


def _passing_on(name: str, value: Tensor) -> Tensor:
    """The initial weight of an added block."""
    if name.endswith("skip_connection.weight"):
        return torch.eye(*value.shape[:2]).to(value)[
            :, :, None, None
        ]  # of what came, nothing of what was kept
    if name.endswith(("skip_connection.bias", "out_layers.3.weight", "out_layers.3.bias")):
        return torch.zeros_like(value)
    return value


def _take_step(unet: SwinUNet, num_steps: int, earlier_steps: int) -> None:
    if num_steps != 1 or earlier_steps == 1:
        return
    _, _, last = unet.time_embed
    assert isinstance(last, torch.nn.Linear)
    with torch.no_grad():
        t = torch.tensor([0, earlier_steps - 1], device=last.bias.device)
        first, wanted = unet.time_embed(timestep_embedding(t, unet.config.model_channels))
        last.bias += wanted - first

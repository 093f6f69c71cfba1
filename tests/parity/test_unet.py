"""The UNet against the golden vectors and the layouts of the published checkpoints."""

from functools import cache

import pytest
import torch

from resshift_desktop.core.diffusion.unet import SwinUNet
from tests.parity import golden

TOLERANCE = 2e-4
PUBLISHED_CONSTANTS = ("relative_position_index", "attn_mask")


@cache
def reduced_unet(name: str) -> SwinUNet:
    reduced = golden.reduced_configs()[name]
    model = SwinUNet(golden.unet_config(reduced["unet_params"]))
    model.load_state_dict(golden.rule_weights(reduced["unet"]))
    return model.eval()


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("name", golden.VECTORS)
def test_golden_vectors(name: str, memory_format: torch.memory_format) -> None:
    vectors = golden.vectors(name)
    cond = [vectors[key] for key in ("unet_lq", "unet_mask") if key in vectors]
    x, lq = (t.contiguous(memory_format=memory_format) for t in (vectors["unet_x"], torch.cat(cond, dim=1)))
    model = reduced_unet(golden.VECTORS[name])
    model.to(memory_format=memory_format)  # pyright: ignore[reportCallIssue]
    with torch.inference_mode():
        out = model(x, vectors["unet_t"], lq)
    assert out.shape == vectors["unet_out"].shape
    assert (out - vectors["unet_out"]).abs().max().item() <= TOLERANCE


@pytest.mark.parametrize("task", golden.checkpoint_layouts())
def test_published_checkpoints_fit(task: str) -> None:
    published = golden.checkpoint_layouts()[task]
    with torch.device("meta"):
        model = SwinUNet(golden.unet_config(published["unet_params"]))
    ours = {key: [str(t.dtype), list(t.shape)] for key, t in model.state_dict().items()}
    assert ours == {
        key: [f"torch.{dtype}", shape]
        for key, (dtype, shape) in published["unet"].items()
        if not key.endswith(PUBLISHED_CONSTANTS)
    }


@pytest.mark.parametrize("task", golden.checkpoint_layouts())
def test_inputs_are_padded_as_published(task: str) -> None:
    published = golden.checkpoint_layouts()[task]
    assert golden.model_config(published).lq_multiple == published["unet_params"]["lq_size"]

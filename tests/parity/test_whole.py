"""The whole way of a published model, from the LQ picture and the noise to the SR picture."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.diffusion.sampler import sample
from tests.parity import golden


def reduced_model(name: str) -> ResShift:
    reduced = golden.reduced_configs()[name]
    model = ResShift(golden.model_config(reduced))
    model.unet.load_state_dict(golden.rule_weights(reduced["unet"]))
    model.codec.load_state_dict(golden.rule_weights(reduced["autoencoder"]))
    return model.eval()


def pad(image: Tensor, multiple: int) -> Tensor:
    height, width = image.shape[-2:]
    return F.pad(image, (0, -width % multiple, 0, -height % multiple), mode="reflect")


def upscale(model: ResShift, lq: Tensor, mask: Tensor | None, noise: Tensor, multiple: int) -> Tensor:
    """lq: (1, 3, h, w) in [-1, 1] -> sr: (1, 3, scale h, scale w) in [-1, 1]."""
    padded = pad(lq, multiple)
    cond = padded if mask is None else torch.cat([padded, pad(mask, multiple)], dim=1)
    y = model.encode(padded)
    latent = sample(
        lambda x_t, t: model.predict_x_0(x_t, torch.tensor([t]), y, cond),
        y,
        model.schedule,
        noise=lambda j: noise[j],
    )
    height, width = (model.config.scale * side for side in lq.shape[-2:])
    return model.decode(latent).clamp(-1, 1)[..., :height, :width]


@pytest.mark.parametrize("name", golden.VECTORS)
def test_golden_vectors(name: str) -> None:
    network = golden.VECTORS[name]
    # The small networks have fewer levels, but were padded for as the published ones are.
    multiple = golden.reduced_configs()[network]["unet_params"]["lq_size"]
    vectors = golden.vectors(name)
    with torch.inference_mode():
        sr = upscale(reduced_model(network), vectors["lq"], vectors.get("mask"), vectors["noise"], multiple)
    assert sr.shape == vectors["sr"].shape
    difference = (sr - vectors["sr"]).abs()
    # Not the largest: where two codes are equally near, the codebook search may pick the other.
    assert difference.mean().item() <= 1e-4
    assert (difference <= 1e-3).float().mean().item() >= 0.999

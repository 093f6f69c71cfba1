"""The published size is the published one, and its rule gives the golden vectors' weights."""

import torch

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.lab.published import PUBLISHED_X4, load_by_rule
from tests.parity import golden


def test_shape_is_that_of_the_published_checkpoint() -> None:
    assert golden.model_config(golden.checkpoint_layouts()["realsr_s4"]) == PUBLISHED_X4


def test_parameters() -> None:
    with torch.device("meta"):
        model = ResShift(PUBLISHED_X4)
    millions = [sum(p.numel() for p in part.parameters()) / 1e6 for part in (model.unet, model.codec)]
    assert [round(count, 1) for count in millions] == [118.6, 55.3]


def test_weights_by_rule_give_the_golden_vectors() -> None:
    config = golden.model_config(golden.reduced_configs()["sr"])
    model = load_by_rule(config, torch.device("cpu"), torch.float32)
    vectors = golden.vectors("sr_64x64")
    with torch.inference_mode():
        out = model.unet(vectors["unet_x"], vectors["unet_t"], vectors["unet_lq"])
        latent = model.codec.encode(vectors["ae_image"])
    assert (out - vectors["unet_out"]).abs().max().item() <= 2e-4
    assert (latent - vectors["ae_latent"]).abs().max().item() <= 2e-4

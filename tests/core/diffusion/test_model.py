"""ResShift's contract between picture, latent and network."""

from typing import Literal

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resshift_desktop.core.diffusion.config import DiffusionConfig, ModelConfig, SwinUNetConfig
from resshift_desktop.core.diffusion.model import ResShift


def config(scale: int, predicts: Literal["x_0", "x_0 - y"] = "x_0") -> ModelConfig:
    return ModelConfig(
        scale=scale,
        diffusion=DiffusionConfig(
            num_steps=4, kappa=2.0, min_noise_level=0.2, latent_variance=0.25, predicts=predicts
        ),
        unet=SwinUNetConfig(
            latent_channels=3 * scale**2,
            model_channels=32,
            channel_mult=(1, 1),
            num_res_blocks=(1, 1),
            attention_levels=(),
            swin_embed_dim=32,
        ),
    )


class Spy(nn.Module):
    """Stands for the network: keeps what it is given, and gives a constant."""

    def __init__(self, output: Tensor) -> None:
        super().__init__()
        self.output = output

    def forward(self, x_t: Tensor, t: Tensor, cond: Tensor) -> Tensor:
        self.x_t, self.t, self.cond = x_t, t, cond
        return self.output


def picture(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


@pytest.mark.parametrize("scale", [2, 4])
def test_encode_upscales_and_unshuffles(scale: int) -> None:
    lq = picture(2, 3, 5, 7)
    upscaled = F.interpolate(lq, size=(5 * scale, 7 * scale), mode="bicubic", align_corners=False)
    latent = ResShift(config(scale)).encode(lq)
    assert latent.shape == (2, 3 * scale**2, 5, 7)
    torch.testing.assert_close(latent, F.pixel_unshuffle(upscaled, scale))


def test_encode_does_not_resize_at_scale_1() -> None:
    lq = picture(1, 3, 5, 7)
    assert torch.equal(ResShift(config(1)).encode(lq), lq)


def test_decode_is_not_clamped() -> None:
    model, image = ResShift(config(4)), 3 * picture(1, 3, 8, 12)
    assert torch.equal(model.decode(F.pixel_unshuffle(image, 4)), image)


@pytest.mark.parametrize("predicts", ["x_0", "x_0 - y"])
def test_what_the_network_is_given_and_what_is_made_of_it(predicts: Literal["x_0", "x_0 - y"]) -> None:
    model = ResShift(config(4, predicts))
    x_t, y, output = (picture(4, 48, 2, 2, seed=seed) for seed in range(3))
    cond, t = picture(4, 3, 2, 2), torch.tensor([1, 2, 3, 4])
    model.unet = spy = Spy(output)  # pyright: ignore[reportAttributeAccessIssue]

    x_0 = model.predict_x_0(x_t, t, y, cond)

    etas = torch.from_numpy(model.schedule.etas)[:, None, None, None]
    torch.testing.assert_close(spy.x_t, (x_t / torch.sqrt(etas * 2.0**2 + 0.25)).float())
    assert spy.t.tolist() == [0, 1, 2, 3]
    assert torch.equal(spy.cond, cond)
    assert torch.equal(x_0, output + y if predicts == "x_0 - y" else output)


def test_the_input_scale_follows_the_type_of_x_t() -> None:
    model = ResShift(config(4)).bfloat16()
    model.unet = spy = Spy(torch.zeros(1, 48, 2, 2))  # pyright: ignore[reportAttributeAccessIssue]
    x_t = picture(1, 48, 2, 2).bfloat16()
    model.predict_x_0(x_t, torch.tensor([2]), x_t, picture(1, 3, 2, 2))
    assert spy.x_t.dtype == torch.bfloat16


def test_weights_are_the_networks_alone() -> None:
    model = ResShift(config(4))
    assert list(model.state_dict()) == [f"unet.{key}" for key in model.unet.state_dict()]


def test_predicts_from_a_real_picture() -> None:
    model, lq = ResShift(config(4)).eval(), picture(2, 3, 16, 32)
    with torch.inference_mode():
        y = model.encode(lq)
        x_0 = model.predict_x_0(y, torch.tensor([4, 4]), y, lq)
        assert model.decode(x_0).shape == (2, 3, 64, 128)
    assert x_0.isfinite().all()

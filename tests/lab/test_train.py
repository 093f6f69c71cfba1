"""Training: it learns, it goes on exactly where it stopped, and what it writes can be used."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from resshift_desktop.core.diffusion.config import DiffusionConfig, ModelConfig, SwinUNetConfig
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.weights.cards import config_from_json
from resshift_desktop.errors import UsageError, WeightsError
from resshift_desktop.lab.data import DegradationMix
from resshift_desktop.lab.losses import LossWeights
from resshift_desktop.lab.train import Progress, Trainer, TrainSettings

TINY = ModelConfig(
    scale=4,
    diffusion=DiffusionConfig(2, kappa=1.0, min_noise_level=0.1, latent_variance=0.25, predicts="x_0 - y"),
    unet=SwinUNetConfig(48, 16, (1,), (1,), (), 32, mlp_ratio=1, unshifted_from=0, norm="channel"),
)
SETTINGS = TrainSettings(
    TINY, steps=6, crop=32, batch=2, warmup_steps=1, rate=2e-3, losses=LossWeights(grid=0.0)
)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of stripes: what bicubic blurs and a network can learn to sharpen."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for i in range(40):
        y, x = np.mgrid[:256, :256]
        angle = rng.uniform(0, np.pi)
        stripes = np.sin((y * np.sin(angle) + x * np.cos(angle)) / 2.5) > 0
        Image.fromarray(np.repeat((stripes * 255).astype(np.uint8)[:, :, None], 3, 2)).save(
            folder / f"{i}.png"
        )
    return folder


def train(data: Path, folder: Path, settings: TrainSettings) -> list[Progress]:
    lines: list[Progress] = []
    trainer = Trainer(settings, folder, data, None, CPU)
    trainer.resume()
    trainer.run(lines.append)
    return lines


def test_a_run_that_was_interrupted_ends_with_the_same_weights(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(data, tmp_path / "whole", SETTINGS)
    step = Trainer._train_step

    def interrupted(self: Trainer, hr: torch.Tensor, lq: torch.Tensor) -> dict[str, float]:
        if self.step == 3:
            raise KeyboardInterrupt
        return step(self, hr, lq)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_train_step", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(data, tmp_path / "parts", SETTINGS)
    train(data, tmp_path / "parts", SETTINGS)
    whole, parts = (load_file(tmp_path / name / "weights.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_it_learns(data: Path, tmp_path: Path) -> None:
    losses = LossWeights(grid=0, critic=0)
    settings = replace(SETTINGS, steps=120, batch=4, mix=DegradationMix(real=0, mild=0), losses=losses)
    lines = train(data, tmp_path, settings)
    assert [line.step for line in lines] == [50, 100, 120]
    assert lines[-1].losses["l1"] < 0.95 * lines[0].losses["l1"]
    assert lines[-1].rate < 0.05 * settings.rate
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "psnr_y" in log[-1]["validation"]
    with Image.open(tmp_path / "validation-000120.png") as sheet:
        assert sheet.width == 3 * 256


def test_what_it_writes_loads_with_the_settings_it_saves(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path, SETTINGS)
    saved = json.loads((tmp_path / "settings.json").read_text(encoding="utf-8"))
    assert config_from_json(saved["model"]) == TINY
    model = load_model(TINY, tmp_path / "weights.safetensors", CPU, torch.float32)
    assert model.state_dict()["unet.out.2.weight"].abs().sum() > 0  # it started at zero
    assert not list(tmp_path.glob("*.part"))


def test_a_run_starts_from_a_smaller_network(data: Path, tmp_path: Path) -> None:
    trainer = Trainer(SETTINGS, tmp_path, data, None, CPU)
    smaller = ResShift(replace(TINY, unet=replace(TINY.unet, num_res_blocks=(0,))))
    trainer.start_from(smaller)
    x, lq, t = torch.randn(1, 48, 8, 8), torch.randn(1, 3, 8, 8), torch.tensor([1])
    for model in (trainer.model, trainer.ema):
        torch.testing.assert_close(model.unet(x, t, lq), smaller.unet(x, t, lq))


def test_training_sees_what_sampling_begins_with(data: Path, tmp_path: Path) -> None:
    one_step = replace(TINY, diffusion=replace(TINY.diffusion, num_steps=1, kappa=0.01))
    trainer = Trainer(replace(SETTINGS, model=one_step), tmp_path, data, None, CPU)
    seen: list[torch.Tensor] = []
    trainer.model.unet.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    lq = torch.rand(1, 3, 8, 8) * 2 - 1
    trainer._train_step(torch.ones(1, 3, 32, 32), lq)
    y = trainer.model.encode(lq) * trainer.model.get_buffer("input_scale")
    # Nothing of the white truth: only y, and noise of kappa times the scale, 2.
    assert (seen[0].float() - y).abs().max() < 0.01 * 2 * 6


def test_a_run_starts_from_the_bicubic_picture(data: Path, tmp_path: Path) -> None:
    trainer = Trainer(SETTINGS, tmp_path, data, None, CPU)
    y = torch.randn(1, 48, 8, 8)
    lq = torch.randn(1, 3, 8, 8)
    assert torch.equal(trainer.model.predict_x_0(torch.randn_like(y), torch.tensor([1]), y, lq), y)


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no pictures"):
        Trainer(SETTINGS, tmp_path / "run", tmp_path, None, CPU)


def test_another_run_or_a_damaged_one_is_not_gone_on_with(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path, SETTINGS)
    with pytest.raises(UsageError, match="another seed"):
        train(data, tmp_path, replace(SETTINGS, seed=3))
    (tmp_path / "checkpoint.pt").write_bytes(b"no zip file")
    with pytest.raises(WeightsError, match="damaged"):
        train(data, tmp_path, SETTINGS)

"""A small random model of the built-in kind, real pictures from it, and a cache folder of one's own."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from resshift_desktop import paths
from resshift_desktop.core.diffusion.config import DiffusionConfig, ModelConfig, SwinUNetConfig
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.device import Device
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.imaging.files import ImageFormat, read_image, write_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.weights.cards import ModelCard

OVERLAP, HALO = 16, 2

CPU = Device("cpu", 0, "the processor", "cpu", torch.float32)

SMALL = ModelConfig(
    scale=4,
    diffusion=DiffusionConfig(
        num_steps=4, kappa=1.0, min_noise_level=0.1, latent_variance=0.25, predicts="x_0 - y"
    ),
    unet=SwinUNetConfig(
        latent_channels=48,
        model_channels=16,
        channel_mult=(1, 2),
        num_res_blocks=(1, 1),
        attention_levels=(1,),
        swin_embed_dim=32,
        mlp_ratio=1,
        unshifted_from=0,
        norm="channel",
    ),
)
"""Tiles are multiples of 16 LQ pixels."""


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where work in progress goes, instead of the person's own folder."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("RESSHIFT_CACHE", str(folder))
    return folder


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On a busy machine, two threads that wait for each other take many times as long as one."""
    before = torch.get_num_threads()
    monkeypatch.setattr("resshift_desktop.core.engine.upscale.cpu_threads", lambda: 1)
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def small_model() -> ResShift:
    """Random weights, the last layer's small, so that the result is the bicubic picture and a little more."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = ResShift(SMALL)
    with torch.no_grad():
        for parameter in model.unet.out.parameters():
            parameter.mul_(0.2)
    return model.eval().requires_grad_(False)


@pytest.fixture
def load_small(small_model: ResShift) -> Callable[[torch.dtype], ResShift]:
    """The loader that TileUpscaler asks for, without a file."""

    def load(dtype: torch.dtype) -> ResShift:
        copy = ResShift(SMALL)
        copy.load_state_dict(small_model.state_dict())
        return copy.to(dtype).eval().requires_grad_(False)

    return load


def picture_like(height: int, width: int, bands: int = 3, depth: int = 8, seed: int = 0) -> np.ndarray:
    """(h, w, bands) uint8 or uint16: slopes, an edge and some grain, nowhere flat."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    planes = np.stack([0.3 + 0.4 * x, 0.7 - 0.4 * y, 0.2 + 0.3 * x + 0.3 * y, 0.3 + 0.5 * y], axis=2)
    planes = planes[:, :, :bands] + 0.15 * ((x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.1)[:, :, None]
    planes += np.random.default_rng(seed).uniform(-0.03, 0.03, planes.shape)
    return np.rint(planes.clip(0, 1) * (2**depth - 1)).astype(np.uint8 if depth == 8 else np.uint16)


Ask = Callable[..., UpscaleRequest]

CARD = ModelCard(
    name="builtin",
    title="Small",
    description="For tests.",
    licence="Apache-2.0",
    config=SMALL,
    weights_file="small.safetensors",
    weights_sha256="",
    tile_size=32,
    tile_overlap=OVERLAP,
    tile_halo=HALO,
    bytes_per_lq_pixel=1000,
)


@pytest.fixture
def models_folder(small_model: ResShift, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the small model is installed as the built-in one."""
    folder = tmp_path / "resources" / "models"
    folder.mkdir(parents=True)
    save_file(small_model.state_dict(), folder / CARD.weights_file)
    (folder / "builtin.json").write_text(json.dumps(asdict(CARD)), encoding="utf-8")
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path / "resources")
    return folder


@pytest.fixture
def engine(models_folder: Path) -> Engine:
    del models_folder
    return Engine()


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., UpscaleRequest]:
    """A request for a picture that is written as the input first."""

    def make(array: np.ndarray | None = None, **fields: object) -> UpscaleRequest:
        source = tmp_path / "in.png"
        if array is not None:
            write_image(source, PixelImage(array), ImageFormat.PNG, overwrite=True)
        request = UpscaleRequest(source, tmp_path / "out.png", ImageFormat.PNG, device="cpu")
        return replace(request, **fields)  # pyright: ignore[reportArgumentType]

    return make


def run(engine: Engine, request: UpscaleRequest) -> np.ndarray:
    """The pixels of the file that the engine wrote."""
    engine.upscale(request, lambda _progress: None, lambda: False)
    return read_image(request.output).array

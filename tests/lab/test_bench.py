"""The benchmark's arithmetic, with tiny networks. What it times is not judged here."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from resshift_desktop.core.diffusion.config import DiffusionConfig, ModelConfig, SwinUNetConfig
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.device import choose_device
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.weights.store import find_model
from resshift_desktop.lab.bench import (
    Machine,
    PictureTiming,
    Stage,
    TileTiming,
    count_gflop,
    photo_size,
    save_test_picture,
    time_picture,
    time_tile,
)
from resshift_desktop.lab.bench_report import BenchReport, MemoryPeak, to_dict, to_markdown
from resshift_desktop.lab.probe import Probe

CPU = choose_device("cpu")
MACHINE = Machine("A CPU", "cpu", "float32", 2, "2.13.0", "2026-11-23", peak_gflops=100.0)
TILE = TileTiming(
    size=50,
    scale=4,
    stages=(
        Stage("encode", times=1, seconds=0.5, gflop=0),
        Stage("UNet step", times=4, seconds=0.25, gflop=20),
        Stage("decode", times=1, seconds=2.0, gflop=150),
    ),
    seconds=3.2,
)
PICTURE = PictureTiming(width=500, height=250, scale=4, overhead=1.25, seconds=8.0)
REPORT = BenchReport(
    "tiny",
    parameters=2_500_000,
    machine=MACHINE,
    tiles=(TILE,),
    pictures=(PICTURE,),
    start_up=Probe(1.5, 0.25, 0.0, 300_000_000),
    memory=(
        MemoryPeak(1000, 500, 4, Probe(1.5, 0.25, 20.0, 2_000_000_000)),
        MemoryPeak(2000, 1000, 4, Probe(1.5, 0.25, 80.0, 2_300_000_000)),
    ),
)


def tiny_model() -> ResShift:
    unet = SwinUNetConfig(
        latent_channels=12,
        model_channels=8,
        channel_mult=(1,),
        num_res_blocks=(1,),
        attention_levels=(),
        swin_embed_dim=32,
        swin_depth=1,
        norm="channel",
    )
    chain = DiffusionConfig(num_steps=3, kappa=1.0, min_noise_level=0.1)
    return ResShift(ModelConfig(scale=2, diffusion=chain, unet=unet)).eval()


def test_rates() -> None:
    step = TILE.stages[1]
    assert (step.total_seconds, step.total_gflop, step.gflops) == (1.0, 80, 80)
    assert TILE.stages_seconds == 3.5
    assert TILE.gflop == 230
    assert TILE.megapixels_per_second == pytest.approx(0.0125)
    assert PICTURE.result_megapixels == 2.0
    assert PICTURE.megapixels_per_second == 0.25


@pytest.mark.parametrize(
    "row",
    [
        "| encode | 1 | 0.5000 | 0.500 |  |  |  |",
        "| UNet step | 4 | 0.2500 | 1.000 | 80.0 | 80 | 80% |",
        "| decode | 1 | 2.0000 | 2.000 | 150.0 | 75 | 75% |",
        "| **all stages** |  |  | 3.500 | 230 |  |  |",
        "| 500x250 | 2000x1000 | 2.0 | 1.25 | 8.00 | 0.250 |",
        "| import torch | 1.50 |",
        "| 1000x500 | 4000x2000 | 8 | 2.00 | 1.00 | 20 |",
        "| 2000x1000 | 8000x4000 | 32 | 2.30 | 1.15 | 80 |",
    ],
)
def test_markdown_rows(row: str) -> None:
    assert row in to_markdown(REPORT).splitlines()


def test_markdown_leaves_out_what_was_not_measured() -> None:
    text = to_markdown(BenchReport("tiny", 2_500_000, MACHINE))
    assert text.startswith("## tiny: 2.5 M parameters")
    assert "|" not in text


def test_json_holds_the_rates() -> None:
    fields = json.loads(json.dumps(to_dict(REPORT)))
    (tile,), (picture,) = fields["tiles"], fields["pictures"]
    assert [stage["gflops"] for stage in tile["stages"]] == [0, 80, 75]
    assert tile["megapixels_per_second"] == pytest.approx(0.0125)
    assert picture["megapixels_per_second"] == 0.25
    assert fields["machine"]["peak_gflops"] == 100
    assert fields["memory"][1]["probe"]["peak_bytes"] == 2_300_000_000


@pytest.mark.parametrize("bias", [None, torch.zeros(64, 64)])
def test_operations_of_attention(bias: torch.Tensor | None) -> None:
    q = torch.ones(2, 3, 64, 16)
    with torch.inference_mode():
        gflop = count_gflop(lambda: F.scaled_dot_product_attention(q, q, q, attn_mask=bias))
    assert gflop == pytest.approx(2 * 2 * (2 * 3 * 64 * 64 * 16) / 1e9)  # q k, and its product with v


def test_operations_of_a_matrix_product_and_a_convolution() -> None:
    a, image = torch.ones(30, 40), torch.ones(1, 3, 10, 12)
    conv = torch.nn.Conv2d(3, 5, 3, padding=1)
    with torch.inference_mode():
        assert count_gflop(lambda: a @ a.t()) == pytest.approx(2 * 30 * 40 * 30 / 1e9)
        assert count_gflop(lambda: conv(image)) == pytest.approx(2 * 10 * 12 * 3 * 5 * 9 / 1e9)


def test_tile_stages_are_the_work_of_one_tile() -> None:
    model = tiny_model()
    tile = time_tile(model, CPU, size=16, overlap=4, halo=1, repeats=1)
    assert [(stage.name, stage.times) for stage in tile.stages] == [
        ("encode", 1),
        ("UNet step", 3),
        ("decode", 1),
        ("draw noise", 3),
        ("blend and write", 1),
    ]
    assert (tile.size, tile.scale) == (16, 2)
    assert all(stage.seconds > 0 for stage in tile.stages)
    # Without an autoencoder, only the network computes: at least its 3x3 convolutions at full resolution.
    assert [stage.gflop > 0 for stage in tile.stages] == [False, True, False, False, False]
    assert tile.stages[1].gflop > 2 * 16 * 16 * 9 * (15 * 8 + 8 * 8 + 8 * 12) / 1e9


def test_picture_through_the_engine() -> None:
    card = find_model("builtin").card
    timing = time_picture(Engine(), card, CPU, width=40, height=24, tile_size=64, repeats=1)
    # Padded to the network's multiple, 32.
    assert timing.overhead == pytest.approx(64 * 32 / (40 * 24))
    assert timing.result_megapixels == pytest.approx(160 * 96 / 1e6)
    assert timing.seconds > 0


@pytest.mark.parametrize("megapixels", [1 / 16, 1.0, 4.0, 16.0])
def test_photos_are_3_to_2_and_as_large_as_asked(megapixels: float) -> None:
    width, height = photo_size(megapixels)
    assert width * height / 1e6 == pytest.approx(megapixels, rel=0.01)
    assert width / height == pytest.approx(1.5, rel=0.01)


def test_picture_is_nowhere_flat(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    save_test_picture(path, 96, 64)
    with Image.open(path) as image:
        assert image.size == (96, 64)
        pieces = [image.crop((x, y, x + 32, y + 32)) for x in (0, 32, 64) for y in (0, 32)]
    assert all(np.asarray(piece).std() > 1 for piece in pieces)

"""Holes are filled and nothing else changes; models of one size say so."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.hole import read_hole
from resshift_desktop.core.engine.request import PixelRequest, TargetSize, UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.imaging.files import ImageFormat, read_image, write_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.published import weights_by_rule
from tests.core.engine.conftest import CARD, picture_like, run
from tests.parity import golden

Ask = Callable[..., UpscaleRequest]


def install_small(folder: Path, task: str, **fields: object) -> None:
    """A small published network as a model of its own name in the resources."""
    config = golden.model_config(golden.reduced_configs()[task])
    card = replace(
        CARD, name=task, config=config, weights_file=f"{task}.safetensors", tile_overlap=0, tile_halo=0,
        tile_size=4 * config.lq_multiple, **fields,
    )  # fmt: skip  # pyright: ignore[reportArgumentType]
    weights = {
        f"{network}.{name}": tensor
        for network in ("unet", "codec")
        for name, tensor in weights_by_rule(config, network).items()
    }
    assert set(weights) == set(ResShift(config).state_dict())
    save_file(weights, folder / card.weights_file)
    (folder / f"{task}.json").write_text(json.dumps(asdict(card)), encoding="utf-8")


@pytest.fixture
def filler(models_folder: Path) -> Engine:
    """With a model that fills holes; its tiles are multiples of 64 pixels."""
    install_small(models_folder, "inpaint")
    return Engine()


@pytest.fixture
def restorer(models_folder: Path) -> Engine:
    install_small(models_folder, "face", input_side=512)
    return Engine()


@pytest.fixture
def mask(tmp_path: Path) -> Callable[[np.ndarray], Path]:
    def write(hole: np.ndarray) -> Path:
        path = tmp_path / "mask.png"
        array = np.where(hole, 255, 0).astype(np.uint8)[:, :, None]
        write_image(path, PixelImage(array), ImageFormat.PNG, overwrite=True)
        return path

    return write


def disc(height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    return (y - height / 2) ** 2 + (x - width / 2) ** 2 < 15**2


@pytest.mark.parametrize("bands", [1, 2, 3, 4])
@pytest.mark.parametrize("depth", [8, 16])
def test_known_pixels_are_bit_identical(
    filler: Engine, ask: Ask, mask: Callable[[np.ndarray], Path], bands: int, depth: int
) -> None:
    lq, hole = picture_like(70, 90, bands, depth), disc(70, 90)
    if bands in (2, 4):
        lq[:10, :, -1] = 0  # clear, with a colour that nobody sees
    filled = run(filler, ask(lq, model="inpaint", mask=mask(hole)))
    assert filled.dtype == lq.dtype
    np.testing.assert_array_equal(filled[~hole], lq[~hole])
    colours = 1 if bands < 3 else 3
    assert (filled[hole][:, :colours] != lq[hole][:, :colours]).mean() > 0.9
    np.testing.assert_array_equal(filled[..., colours:], lq[..., colours:])


@pytest.mark.parametrize("under", [0, 255, 90])
def test_what_lay_in_the_hole_makes_no_difference(
    filler: Engine, ask: Ask, mask: Callable[[np.ndarray], Path], under: int
) -> None:
    lq, hole = picture_like(64, 64), disc(64, 64)
    first = run(filler, ask(lq, model="inpaint", mask=mask(hole)))
    lq[hole] = under
    again = run(filler, ask(lq, model="inpaint", mask=mask(hole), overwrite=True))
    np.testing.assert_array_equal(first, again)
    assert np.ptp(again[hole], axis=0).min() > 0


def test_a_flat_picture_is_filled_too(filler: Engine, ask: Ask, mask: Callable[[np.ndarray], Path]) -> None:
    """A hole painted black all over must not come back as it was."""
    hole = np.ones((64, 64), bool)
    filled = run(filler, ask(np.zeros((64, 64, 3), np.uint8), model="inpaint", mask=mask(hole)))
    assert np.ptp(filled) > 0


def test_tiles_without_a_hole_are_not_given_to_the_network(
    filler: Engine, ask: Ask, mask: Callable[[np.ndarray], Path]
) -> None:
    lq, hole = picture_like(64, 640), np.zeros((64, 640), bool)
    hole[20:30, 20:30] = True
    asked = 0

    def cancel() -> bool:
        nonlocal asked
        asked += 1
        return False

    request = ask(lq, model="inpaint", mask=mask(hole), tile_size=64)
    before = asked
    filler.upscale(request, lambda _progress: None, cancel)
    steps = asked - before
    hole[20:30, ::64] = True
    filler.upscale(replace(request, mask=mask(hole), overwrite=True), lambda _progress: None, cancel)
    assert asked - before - steps >= steps + 9 * 4  # every one of ten tiles, where it was one


def test_a_hole_in_a_picture_of_a_host_program(
    filler: Engine, mask: Callable[[np.ndarray], Path], tmp_path: Path
) -> None:
    lq, hole = picture_like(64, 64), disc(64, 64)
    request = PixelRequest(model="inpaint", device="cpu", mask=mask(hole))
    filled = filler.upscale_pixels(
        PixelImage(lq), request, lambda _progress: None, lambda: False, tmp_path
    ).array
    np.testing.assert_array_equal(filled[~hole], lq[~hole])
    assert (filled[hole] != lq[hole]).any()


def test_a_changed_mask_is_other_work(
    filler: Engine, ask: Ask, mask: Callable[[np.ndarray], Path], tmp_path: Path
) -> None:
    lq = picture_like(64, 64)
    folder = tmp_path / "kept"
    request = ask(lq, model="inpaint", mask=mask(disc(64, 64)), overwrite=True)
    filler.upscale(request, lambda _progress: None, lambda: False, folder)
    (folder / "written.json").unlink()
    hole = np.zeros((64, 64), bool)
    hole[:5, :5] = True
    mask(hole)
    filler.upscale(request, lambda _progress: None, lambda: False, folder)
    filled = read_image(request.output).array
    np.testing.assert_array_equal(filled[~hole], lq[~hole])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model": "inpaint"}, "needs a mask"),
        ({"model": "inpaint", "mask": Path("mask.png"), "size": TargetSize(scale=2)}, "keeps the picture's"),
        ({"model": "inpaint", "mask": Path("mask.png"), "size": TargetSize(width=90)}, "keeps the picture's"),
        ({"mask": Path("mask.png")}, "does not fill"),
    ],
)
def test_requests_that_make_no_sense(filler: Engine, ask: Ask, fields: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        run(filler, ask(picture_like(64, 64), **fields))


def test_masks_that_do_not_fit(mask: Callable[[np.ndarray], Path]) -> None:
    picture = PixelImage(picture_like(30, 40))
    with pytest.raises(UsageError, match=r"mask\.png is 30 x 40 pixels, the picture 40 x 30"):
        read_hole(mask(np.ones((40, 30), bool)), picture)
    with pytest.raises(UsageError, match="no white part"):
        read_hole(mask(np.zeros((30, 40), bool)), picture)


@pytest.mark.parametrize(
    ("pixel", "white"),
    [((127,), False), ((128,), True), ((255, 0), False), ((255, 255), True), ((200, 190, 0), True),
     ((200, 60, 0), False), ((255, 255, 255, 0), False), ((255, 255, 255, 255), True)],
)  # fmt: skip
def test_what_is_white(tmp_path: Path, pixel: tuple[int, ...], white: bool) -> None:
    array = np.full((2, 3, len(pixel)), pixel, np.uint8)
    array[0, 0] = 255
    path = tmp_path / "mask.png"
    write_image(path, PixelImage(array), ImageFormat.PNG, overwrite=True)
    hole = read_hole(path, PixelImage(picture_like(2, 3)))
    assert hole[0, 0]
    assert hole[1, 2] == white


def test_a_face_of_the_right_size(restorer: Engine, ask: Ask) -> None:
    lq = picture_like(512, 512, 4)
    restored = run(restorer, ask(lq, model="face"))
    assert restored.shape == lq.shape
    assert (restored[..., :3] != lq[..., :3]).mean() > 0.5
    np.testing.assert_array_equal(restored[..., 3], lq[..., 3])


@pytest.mark.parametrize(("height", "width"), [(256, 256), (512, 511), (1024, 1024), (1, 1)])
def test_a_face_of_another_size(restorer: Engine, ask: Ask, height: int, width: int) -> None:
    with pytest.raises(UsageError, match=f"512 x 512 pixels; this is {width} x {height}") as caught:
        run(restorer, ask(picture_like(height, width), model="face"))
    assert "Cut out the face" in caught.value.hint

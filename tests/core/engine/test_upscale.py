"""From file to file. A small model stands in for the built-in one, in a resources folder of its own; the
last test runs the one that is shipped."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from resshift_desktop import paths
from resshift_desktop.core.engine import enlarge as enlarge_module
from resshift_desktop.core.engine import upscale as upscale_module
from resshift_desktop.core.engine.request import TargetSize, UpscaleProgress
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.imaging.files import ImageFormat
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.errors import Cancelled, ImageReadError, ImageWriteError, UsageError, WeightsError
from tests.core.engine.conftest import CARD, Ask, picture_like, run


def test_result_is_described(engine: Engine, ask: Ask) -> None:
    request = ask(picture_like(10, 14), seed=7)
    result = engine.upscale(request, lambda _progress: None, lambda: False)
    assert (result.output, result.width, result.height) == (request.output, 56, 40)
    assert (result.model, result.seed) == ("builtin", 7)
    assert result.seconds > 0
    assert result.device


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (TargetSize(), (56, 40)),
        (TargetSize(scale=1), (14, 10)),
        (TargetSize(scale=1.5), (21, 15)),
        (TargetSize(scale=2), (28, 20)),
        (TargetSize(scale=4), (56, 40)),
        (TargetSize(scale=5.3), (74, 53)),
        (TargetSize(width=57), (57, 41)),
        (TargetSize(height=33), (46, 33)),
    ],
)
def test_sizes(engine: Engine, ask: Ask, size: TargetSize, expected: tuple[int, int]) -> None:
    lq = picture_like(10, 14)
    sr = run(engine, ask(lq, size=size))
    assert (sr.shape[1], sr.shape[0]) == expected
    assert np.abs(sr.mean(axis=(0, 1)) - lq.mean(axis=(0, 1))).max() < 12


def test_largest_scale(engine: Engine, ask: Ask) -> None:
    assert run(engine, ask(picture_like(3, 2), size=TargetSize(scale=16))).shape == (48, 32, 3)


def test_size_over_the_limit(engine: Engine, ask: Ask) -> None:
    request = ask(picture_like(3, 2), size=TargetSize(width=33))
    with pytest.raises(UsageError, match="33"):
        run(engine, request)
    assert not request.output.exists()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 7), (3, 300)])
def test_tiny_and_narrow_pictures(engine: Engine, ask: Ask, height: int, width: int) -> None:
    assert run(engine, ask(picture_like(height, width))).shape == (4 * height, 4 * width, 3)


@pytest.mark.parametrize("bands", [1, 2, 4])
@pytest.mark.parametrize("depth", [8, 16])
def test_bands_and_depth_stay_in_the_file(engine: Engine, ask: Ask, bands: int, depth: int) -> None:
    sr = run(engine, ask(picture_like(9, 12, bands, depth), size=TargetSize(scale=3)))
    assert sr.shape == (27, 36, bands)
    assert sr.dtype == (np.uint8 if depth == 8 else np.uint16)
    if depth == 16:
        assert len(np.unique(sr)) > 500  # of 8 bits there are 256


@pytest.mark.parametrize("scale", [3, 4, 5])
@pytest.mark.parametrize("depth", [8, 16])
def test_opaque_alpha_stays_opaque_at_every_size(engine: Engine, ask: Ask, scale: float, depth: int) -> None:
    lq = picture_like(8, 11, 4, depth)
    lq[:, :, 3] = 2**depth - 1
    sr = run(engine, ask(lq, size=TargetSize(scale=scale)))
    assert (sr[:, :, 3] == 2**depth - 1).all()


def disc(hidden: tuple[int, int, int]) -> np.ndarray:
    """A bright disc on nothing, whose unseen pixels have a colour of their own."""
    y, x = np.mgrid[:32, :32]
    inside = (y - 15.5) ** 2 + (x - 15.5) ** 2 < 100
    lq = np.zeros((32, 32, 4), np.uint8)
    lq[:, :, :3] = np.where(inside[:, :, None], (250, 220, 200), hidden)
    lq[:, :, 3] = 255 * inside
    return lq


def test_hidden_colours_do_not_show(engine: Engine, ask: Ask) -> None:
    on_black = run(engine, ask(disc((0, 0, 0))))
    on_green = run(engine, ask(disc((0, 255, 0)), overwrite=True))
    np.testing.assert_array_equal(on_black, on_green)
    visible = on_black[on_black[:, :, 3] > 16][:, :3].astype(int)
    assert len(visible) > 4000
    assert np.abs(visible - (250, 220, 200)).max() <= 1


def test_same_seed_gives_the_same_file(engine: Engine, ask: Ask, tmp_path: Path) -> None:
    first = ask(picture_like(12, 12), seed=3)
    again = replace(first, output=tmp_path / "again.png")
    other = replace(first, output=tmp_path / "other.png", seed=4)
    for request in (first, again, other):
        run(engine, request)
    assert first.output.read_bytes() == again.output.read_bytes()
    assert first.output.read_bytes() != other.output.read_bytes()


def test_batches_change_nothing(
    engine: Engine, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ask(picture_like(20, 100, depth=16))
    single = run(engine, request).astype(float)
    monkeypatch.setattr(upscale_module, "batch_size", lambda *_: 4)
    batched = run(engine, replace(request, output=tmp_path / "batched.png")).astype(float)
    np.testing.assert_allclose(batched, single, atol=1.01, rtol=0)  # 1e-5 and the rounding


def test_tile_size_can_be_asked_for(engine: Engine, ask: Ask) -> None:
    told: list[UpscaleProgress] = []
    engine.upscale(ask(picture_like(16, 64), tile_size=64), told.append, lambda: False)
    assert {progress.tiles_total for progress in told} == {1}


def test_tile_size_that_is_too_small(engine: Engine, ask: Ask) -> None:
    with pytest.raises(UsageError, match="tile size of 16"):
        run(engine, ask(picture_like(16, 64), tile_size=16))


def test_progress_over_two_passes_with_alpha(engine: Engine, ask: Ask) -> None:
    told: list[UpscaleProgress] = []
    request = ask(picture_like(5, 10, 4), size=TargetSize(scale=5))
    engine.upscale(request, told.append, lambda: False)
    fractions = [progress.fraction for progress in told]
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < fractions[-1] == 1
    # 5 x 10 is one tile; before the last pass it is 7 x 13, one tile, too; twice for alpha.
    assert {progress.tiles_total for progress in told} == {2 * (1 + 1)}
    assert sorted({progress.tiles_done for progress in told}) == list(range(5))
    assert len(told) == 4 * (4 + 1) + 1  # and once when the file is there
    assert all(progress.seconds_left is not None and progress.seconds_left >= 0 for progress in told)
    assert told[-1].seconds_left == 0


def leftovers(cache: Path) -> list[Path]:
    work = cache / "work"
    return list(work.iterdir()) if work.exists() else []


@pytest.mark.parametrize("step", [0, 1, 2, 5, 13, 30, 60, 90])
def test_cancel_at_any_layer_leaves_nothing(engine: Engine, ask: Ask, cache_folder: Path, step: int) -> None:
    """Two tiles of four steps."""
    calls = 0

    def cancel() -> bool:
        nonlocal calls
        calls += 1
        assert step == 0 or leftovers(cache_folder)
        return calls > step

    request = ask(picture_like(10, 40))
    with pytest.raises(Cancelled):
        engine.upscale(request, lambda _progress: None, cancel)
    assert calls == step + 1
    assert sorted(path.name for path in request.output.parent.glob("*.p*")) == ["in.png"]
    assert leftovers(cache_folder) == []


def test_cancel_is_asked_within_a_step(engine: Engine, ask: Ask) -> None:
    """A step of a large tile takes seconds on a processor."""
    asked, steps = 0, 0

    def cancel() -> bool:
        nonlocal asked
        asked += 1
        return False

    def on_progress(_progress: UpscaleProgress) -> None:
        nonlocal steps
        steps += 1

    engine.upscale(ask(picture_like(10, 40)), on_progress, cancel)
    assert asked > 5 * steps


def test_engine_goes_on_after_a_cancel(engine: Engine, ask: Ask) -> None:
    request = ask(picture_like(4, 4))
    with pytest.raises(Cancelled):
        engine.upscale(request, lambda _progress: None, lambda: True)
    assert run(engine, request).shape == (16, 16, 3)


def test_existing_output_is_kept_and_no_work_is_done(engine: Engine, ask: Ask) -> None:
    request = ask(picture_like(4, 4))
    request.output.write_bytes(b"mine")
    told: list[UpscaleProgress] = []
    with pytest.raises(ImageWriteError, match=r"out\.png exists"):
        engine.upscale(request, told.append, lambda: False)
    assert request.output.read_bytes() == b"mine"
    assert told == []


def test_existing_output_is_replaced_when_asked(engine: Engine, ask: Ask) -> None:
    request = ask(picture_like(4, 4), overwrite=True)
    request.output.write_bytes(b"mine")
    assert run(engine, request).shape == (16, 16, 3)


def test_input_is_left_as_it_is(engine: Engine, ask: Ask) -> None:
    request = ask(disc((0, 0, 0)))
    before = request.input.read_bytes()
    run(engine, request)
    assert request.input.read_bytes() == before


def test_work_is_done_in_the_cache_folder_and_cleared_away(
    engine: Engine, ask: Ask, cache_folder: Path
) -> None:
    seen: list[list[Path]] = []
    engine.upscale(
        ask(picture_like(4, 4)), lambda _progress: seen.append(leftovers(cache_folder)), lambda: False
    )
    assert all(len(folders) == 1 for folders in seen)
    assert leftovers(cache_folder) == []


def test_disk_too_full_for_the_work(
    engine: Engine, ask: Ask, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def usage(path: Path) -> SimpleNamespace:
        asked.append(Path(path))
        return SimpleNamespace(free=40 * 40 * 3)  # less than the result takes

    monkeypatch.setattr(shutil, "disk_usage", usage)
    request = ask(picture_like(10, 10))
    told: list[UpscaleProgress] = []
    with pytest.raises(ImageWriteError, match="lacks room") as caught:
        engine.upscale(request, told.append, lambda: False)
    assert "RESSHIFT_CACHE" in caught.value.hint
    assert asked == [cache_folder / "work"]
    assert told == []
    assert leftovers(cache_folder) == []
    assert not request.output.exists()


@pytest.mark.parametrize(("bands", "scale"), [(3, 4), (4, 4), (3, 15.9), (4, 15.9)])
def test_room_asked_for_covers_what_the_work_takes(
    engine: Engine, ask: Ask, cache_folder: Path, monkeypatch: pytest.MonkeyPatch, bands: int, scale: float
) -> None:
    """The files of the work take most room once alpha has been joined, or the result resized."""
    taken: list[int] = []

    def measured(step: Callable[..., object]) -> Callable[..., object]:
        def do(*args: object) -> object:
            result = step(*args)
            taken.append(sum(file.stat().st_size for file in cache_folder.rglob("*") if file.is_file()))
            return result

        return do

    monkeypatch.setattr(upscale_module, "resize", measured(upscale_module.resize))
    monkeypatch.setattr(enlarge_module, "interleave", measured(enlarge_module.interleave))
    request = ask(picture_like(1, 12, bands), size=TargetSize(scale=scale))
    run(engine, request)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=max(taken) - 1))
    with pytest.raises(ImageWriteError, match="lacks room"):
        run(engine, replace(request, overwrite=True))


def test_cache_folder_that_cannot_be_made(
    engine: Engine, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("RESSHIFT_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ImageWriteError) as caught:
        run(engine, ask(picture_like(4, 4)))
    assert "RESSHIFT_CACHE" in caught.value.hint


def test_unknown_model_and_mask(engine: Engine, ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gigapixel"):
        run(engine, ask(picture_like(4, 4), model="gigapixel"))
    with pytest.raises(UsageError, match="mask"):
        run(engine, ask(picture_like(4, 4), mask=tmp_path / "mask.png"))


def test_input_that_is_no_picture(engine: Engine, ask: Ask) -> None:
    request = ask()
    request.input.write_bytes(b"not a picture")
    with pytest.raises(ImageReadError, match=r"in\.png"):
        run(engine, request)


def test_model_is_loaded_once(engine: Engine, ask: Ask, models_folder: Path) -> None:
    engine.prepare("builtin", "cpu")
    (models_folder / CARD.weights_file).unlink()
    run(engine, ask(picture_like(4, 4)))
    with pytest.raises(WeightsError, match=r"small\.safetensors is missing"):
        Engine().prepare("builtin", "cpu")


def test_shipped_model(ask: Ask) -> None:
    lq = picture_like(20, 28)
    sr = run(Engine(), ask(lq))
    assert sr.shape == (80, 112, 3)
    assert np.abs(sr.reshape(20, 4, 28, 4, 3).mean(axis=(1, 3)) - lq).mean() < 16


def test_the_last_pass_ends_at_the_target(engine: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    enlarge = upscale_module.enlarge

    def watched(picture: PixelImage, *rest: Any) -> PixelImage:
        seen.append((picture.width, picture.height))
        return enlarge(picture, *rest)

    monkeypatch.setattr(upscale_module, "enlarge", watched)
    assert run(engine, ask(picture_like(6, 10), size=TargetSize(width=52))).shape == (31, 52, 3)
    assert seen == [(10, 6), (13, 8)]


def test_a_side_the_format_cannot_hold_is_told_before_the_work(engine: Engine, ask: Ask) -> None:
    request = replace(ask(picture_like(2, 5000)), image_format=ImageFormat.WEBP)
    told: list[UpscaleProgress] = []
    with pytest.raises(ImageWriteError, match="16383"):
        engine.upscale(request, told.append, lambda: False)
    assert not told


def test_folders_of_killed_processes_are_removed(engine: Engine, ask: Ask) -> None:
    work = paths.cache_folder() / "work"
    dead, alive = work / "999999999-x", work / f"{os.getppid()}-x"
    for folder in (dead, alive):
        folder.mkdir(parents=True)
        (folder / "colour.raw").write_bytes(b"0")
    run(engine, ask(picture_like(4, 4)))
    assert not dead.exists()
    assert alive.exists()

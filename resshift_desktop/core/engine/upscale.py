"""The whole pipeline, from a picture file to an upscaled, checked picture file."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import torch

from resshift_desktop import __version__
from resshift_desktop.core.engine.budget import batch_size, plan_picture, tile_size
from resshift_desktop.core.engine.device import (
    Device,
    choose_device,
    cpu_threads,
    give_back_memory,
    keep_freed_memory,
)
from resshift_desktop.core.engine.enlarge import Watch, enlarge, ignore
from resshift_desktop.core.engine.hole import read_hole
from resshift_desktop.core.engine.kept_work import file_facts, note_written, take_up, written_before
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.preview import preview
from resshift_desktop.core.engine.progress import ProgressCounter
from resshift_desktop.core.engine.request import (
    Cancel,
    OnProgress,
    OnTile,
    PixelRequest,
    UpscaleRequest,
    UpscaleResult,
    check_picture,
    check_request,
)
from resshift_desktop.core.engine.tiles import TileUpscaler
from resshift_desktop.core.engine.tiling import TilePlan
from resshift_desktop.core.engine.workspace import check_room, work_folder
from resshift_desktop.core.imaging.alpha import fill_clear
from resshift_desktop.core.imaging.files import check_sides, part_beside, read_image, write_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.resize import resize
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.store import InstalledModel, find_model
from resshift_desktop.errors import ImageWriteError


class Engine:
    """Upscales pictures one after the other and keeps the models it has loaded."""

    def __init__(self) -> None:
        torch.set_num_threads(cpu_threads())
        keep_freed_memory()
        self._upscalers: dict[tuple[str, str, str], TileUpscaler] = {}

    def prepare(self, model: str, device: str) -> str:
        """Load a model onto a device ahead of the first picture; the device's name for people.

        Raises:
            UsageError: there is no such model.
            DeviceError: there is no such device.
            WeightsError: the model's weights cannot be used.
        """
        return self._upscaler(find_model(model), choose_device(device)).device.name

    def upscale(
        self, request: UpscaleRequest, on_progress: OnProgress, cancel: Cancel,
        folder: Path | None = None, on_tile: OnTile | None = None,
    ) -> UpscaleResult:  # fmt: skip
        """Do what `request` says; the result is on disk, read back and checked, when this returns.

        `cancel` is asked before every layer of the network, and while resizing and writing. What is
        finished is kept in `folder`, if one is given, whatever ends the work: a later call with the same
        request and folder goes on from there and ends with the identical file. The folder is the caller's
        to delete.
        `on_tile` is given each tile of the picture's colour that is finished.

        Raises:
            Cancelled: `cancel` said so; nothing is left behind but what is in `folder`.
            ResShiftError: anything else that went wrong, in words for people.
        """
        started = time.monotonic()
        if folder is not None and (written := written_before(folder, request.output)) is not None:
            return UpscaleResult(output=request.output, **written)
        if request.output.exists() and not request.overwrite:
            raise ImageWriteError(
                f"{request.output.name} exists already.",
                "Choose another name, or have it replaced.",
                "overwrite",
            )
        installed, device = find_model(request.model), choose_device(request.device)
        check_request(request, installed.card)
        picture = read_image(request.input)
        check_picture(installed.card, picture.width, picture.height)
        width, height = request.size.resolve(picture.width, picture.height, installed.card.scale)
        check_sides(request.output, width, height, request.image_format)
        upscaler = self._upscaler(installed, device)
        choices = _choose(request, picture, installed.card, device)
        if folder is not None:
            choices = _take_up(folder, request, installed.card, device, choices)
        hole = None if request.mask is None else read_hole(request.mask, picture)
        task = _Task(picture, hole, upscaler, installed.card, width, height, choices, request.seed)
        counter = task.counter(on_progress, cancel)
        with _work_place(folder, task.bytes_on_disk) as place:
            sr = task.run(place, counter, cancel, on_tile, keep_tiles=folder is not None)
            result = UpscaleResult(
                output=request.output,
                width=width,
                height=height,
                seconds=time.monotonic() - started,
                model=request.model,
                device=device.name,
                seed=request.seed,
            )
            write_image(
                request.output, sr, request.image_format, request.quality, request.overwrite, cancel,
                part=request.output.with_name(choices.part),
                on_verified=partial(_note, folder, result),
            )  # fmt: skip
            counter.on_written()
            del sr, picture, task  # their files are about to go
        return replace(result, seconds=time.monotonic() - started)

    def upscale_pixels(
        self,
        picture: PixelImage,
        request: PixelRequest,
        on_progress: OnProgress,
        cancel: Cancel,
        folder: Path,
    ) -> PixelImage:
        """Upscale a picture that is no file; the result is mapped from a file in `folder`, the caller's.

        Raises:
            Cancelled: `cancel`, which is asked before every layer of the network and while resizing, said so.
            ResShiftError: anything else that went wrong, in words for people.
        """
        installed, device = find_model(request.model), choose_device(request.device)
        check_request(request, installed.card)
        check_picture(installed.card, picture.width, picture.height)
        width, height = request.size.resolve(picture.width, picture.height, installed.card.scale)
        upscaler = self._upscaler(installed, device)
        choices = _choose(request, picture, installed.card, device)
        hole = None if request.mask is None else read_hole(request.mask, picture)
        task = _Task(picture, hole, upscaler, installed.card, width, height, choices, request.seed)
        counter = task.counter(on_progress, cancel)
        check_room(folder, task.bytes_on_disk)
        sr = task.run(folder, counter, cancel, None, keep_tiles=False)
        counter.on_written()
        return sr

    def release(self) -> None:
        """Give back the memory of models and of finished work; the next picture loads what it needs."""
        self._upscalers.clear()
        give_back_memory()

    def _upscaler(self, installed: InstalledModel, device: Device) -> TileUpscaler:
        card = installed.card
        key = (card.name, card.weights_sha256, device.torch_device)
        if key not in self._upscalers:
            load = partial(load_model, card.config, installed.weights_path, torch.device(device.torch_device))
            self._upscalers[key] = TileUpscaler(load, device, card.tile_overlap, card.tile_halo)
        return self._upscalers[key]


@dataclass(frozen=True)
class _Choices:
    """What depends on the moment: free memory decides the first two, `part` is the unfinished file's name."""

    tile_size: int
    batch: int
    part: str


def _choose(
    request: UpscaleRequest | PixelRequest, picture: PixelImage, card: ModelCard, device: Device
) -> _Choices:
    tile = request.tile_size or tile_size(card, device)
    batch = batch_size(plan_picture(card, picture.height, picture.width, tile), card, device)
    output = request.output if isinstance(request, UpscaleRequest) else Path("pixels")
    return _Choices(tile, batch, part_beside(output).name)


def _take_up(
    folder: Path, request: UpscaleRequest, card: ModelCard, device: Device, choices: _Choices
) -> _Choices:
    """The choices of the same work begun earlier, whose unfinished file is removed, or else `choices`."""
    identity = {
        "request": repr(request),
        "input": file_facts(request.input),
        "mask": None if request.mask is None else file_facts(request.mask),
        "weights": card.weights_sha256,
        "device": device.name,
        "program": __version__,
    }
    choices = _Choices(**take_up(folder, identity, asdict(choices)))
    request.output.with_name(choices.part).unlink(missing_ok=True)
    return choices


@dataclass(frozen=True, eq=False)
class _Task:
    """A picture, and how it becomes `width` x `height` pixels; `hole` as for `enlarge`."""

    picture: PixelImage
    hole: np.ndarray | None
    upscaler: TileUpscaler
    card: ModelCard
    width: int
    height: int
    choices: _Choices
    seed: int

    @cached_property
    def plans(self) -> list[TilePlan]:
        """A plan for each time the model is applied: as often as it takes to reach the target size.

        Where one pass is not enough, the picture is resized before the last one, so that this one ends at
        the target and nothing is computed only to be thrown away.
        """
        card, tile = self.card, self.choices.tile_size
        w, h = self.picture.width, self.picture.height
        plans = [plan_picture(card, h, w, tile)]
        while card.scale > 1 and (w * card.scale < self.width or h * card.scale < self.height):
            # As large as one more pass needs it to be, at most as large as the last one made it.
            w = min(w * card.scale, math.ceil(self.width / card.scale))
            h = min(h * card.scale, math.ceil(self.height / card.scale))
            plans.append(plan_picture(card, h, w, tile))
        return plans

    @property
    def bytes_on_disk(self) -> int:
        """The last pass twice, for what is joined or resized from it, smaller passes, and a row of tiles."""
        last, area = self.plans[-1], self.card.scale**2
        row = max(span.size for span in last.rows) * last.padded_width * area * 3 * 4
        return int(last.height * last.width * area * self.picture.array.strides[1] * 2.1) + row

    def counter(self, on_progress: OnProgress, cancel: Cancel) -> ProgressCounter:
        layers = 1 if self.picture.alpha_channel is None else 2
        return ProgressCounter(self.plans, layers, self.card.config.diffusion.num_calls, on_progress, cancel)

    def run(
        self, folder: Path, counter: ProgressCounter, cancel: Cancel, on_tile: OnTile | None, keep_tiles: bool
    ) -> PixelImage:
        """The model once for each plan, with a resize wherever the sizes differ; on disk in `folder`."""
        noise = NoiseField(self.seed)
        # Where a hole is filled, all else stays as it is, colour that nobody sees included.
        picture = _fill_clear(self.picture) if self.hole is None else self.picture
        tiles_before = 0
        for number, plan in enumerate(self.plans):
            place = folder / str(number)
            place.mkdir(exist_ok=True)
            picture = resize(picture, plan.width, plan.height, place / "resized.raw", cancel)
            show = ignore if on_tile is None else partial(_show, on_tile, plan, tiles_before, picture.profile)
            watch = Watch(counter.on_layer, counter.on_step, counter.on_tiles, counter.on_restored, show)
            picture = enlarge(
                picture, self.upscaler, plan, self.choices.batch, noise, place, watch, keep_tiles, self.hole
            )
            tiles_before += len(plan.rows) * len(plan.columns)
        return resize(picture, self.width, self.height, folder / "resized.raw", cancel)


@contextmanager
def _work_place(folder: Path | None, needed: int) -> Iterator[Path]:
    if folder is None:
        with work_folder(needed) as place:
            yield place
    else:
        check_room(folder, needed)
        yield folder


def _show(
    on_tile: OnTile, plan: TilePlan, tiles_before: int, profile: bytes | None,
    row: int, column: int, result: np.ndarray,
) -> None:  # fmt: skip
    number = tiles_before + row * len(plan.columns) + column
    on_tile(preview(result, plan, row, column, number, profile))


def _note(folder: Path | None, result: UpscaleResult, part: Path) -> None:
    if folder is not None:
        facts = {name: value for name, value in asdict(result).items() if name != "output"}
        note_written(folder, part, facts)


def _fill_clear(picture: PixelImage) -> PixelImage:
    alpha = picture.alpha_channel
    if alpha is None or (alpha != 0).all():
        return picture
    picture.array[..., :-1] = fill_clear(picture.colour, alpha)
    return picture

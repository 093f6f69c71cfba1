"""The whole pipeline, from a picture file to an upscaled, checked picture file."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import torch

from resshift_desktop import paths
from resshift_desktop.core.engine.device import (
    Device,
    choose_device,
    cpu_threads,
    free_memory,
    tile_size_for,
)
from resshift_desktop.core.engine.enlarge import Watch, enlarge
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.request import UpscaleProgress, UpscaleRequest, UpscaleResult
from resshift_desktop.core.engine.tiles import TileUpscaler
from resshift_desktop.core.engine.tiling import TilePlan, plan_tiles
from resshift_desktop.core.imaging.alpha import fill_clear
from resshift_desktop.core.imaging.files import read_image, write_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.resize import resize
from resshift_desktop.core.weights.store import InstalledModel, find_model
from resshift_desktop.errors import Cancelled, ImageWriteError, UsageError

OnProgress = Callable[[UpscaleProgress], None]
Cancel = Callable[[], bool]


class Engine:
    """Upscales pictures one after the other and keeps the models it has loaded."""

    def __init__(self) -> None:
        torch.set_num_threads(cpu_threads())
        self._upscalers: dict[tuple[str, str], TileUpscaler] = {}

    def prepare(self, model: str, device: str) -> None:
        """Load a model onto a device ahead of the first picture.

        Raises:
            UsageError: there is no such model.
            DeviceError: there is no such device.
            WeightsError: the model's weights cannot be used.
        """
        self._upscaler(find_model(model), choose_device(device))

    def upscale(self, request: UpscaleRequest, on_progress: OnProgress, cancel: Cancel) -> UpscaleResult:
        """Do what `request` says; the result is on disk, read back and checked, when this returns.

        `cancel` is asked after every sampling step.

        Raises:
            Cancelled: `cancel` said so; nothing is left behind.
            ResShiftError: anything else that went wrong, in words for people.
        """
        started = time.monotonic()
        if request.output.exists() and not request.overwrite:
            raise ImageWriteError(
                f"{request.output.name} exists already.", "Choose another name, or --overwrite."
            )
        installed = find_model(request.model)
        _check_mask(request, installed)
        picture = read_image(request.input)
        width, height = request.size.resolve(picture.width, picture.height, installed.card.scale)
        device = choose_device(request.device)
        upscaler = self._upscaler(installed, device)
        plans = _plan_passes(picture, width, height, installed, device, request.tile_size)
        batch = _batch_size(plans[0], installed, device)
        noise = NoiseField(request.seed)
        layers = 1 if picture.alpha_channel is None else 2
        num_steps = installed.card.config.diffusion.num_steps
        report = _Report(plans, layers, num_steps, on_progress, cancel)
        picture = _fill_clear(picture)
        with _work_folder(plans[-1], picture, installed.card.scale) as folder:
            for number, plan in enumerate(plans):
                pass_folder = folder / str(number)
                pass_folder.mkdir()
                watch = Watch(report.on_step, report.on_tiles)
                picture = enlarge(picture, upscaler, plan, batch, noise, pass_folder, watch)
            picture = resize(picture, width, height, folder / "resized.raw")
            write_image(request.output, picture, request.image_format, request.quality, request.overwrite)
            del picture  # its file is about to go
        return UpscaleResult(
            output=request.output,
            width=width,
            height=height,
            seconds=time.monotonic() - started,
            model=request.model,
            device=device.name,
            seed=request.seed,
        )

    def _upscaler(self, installed: InstalledModel, device: Device) -> TileUpscaler:
        card = installed.card
        key = (card.name, device.torch_device)
        if key not in self._upscalers:
            load = partial(load_model, card.config, installed.weights_path, torch.device(device.torch_device))
            self._upscalers[key] = TileUpscaler(load, device, card.tile_overlap, card.tile_halo)
        return self._upscalers[key]


def _check_mask(request: UpscaleRequest, installed: InstalledModel) -> None:
    if request.mask is not None and not installed.card.config.takes_mask:
        raise UsageError(
            f"The model “{request.model}” does not fill masked parts.",
            "Leave out the mask, or choose another model.",
        )


def _plan_passes(
    picture: PixelImage,
    width: int,
    height: int,
    installed: InstalledModel,
    device: Device,
    tile_size: int | None,
) -> list[TilePlan]:
    """A plan for each time the model is applied: as often as it takes to reach the target size."""
    card = installed.card
    if tile_size is None:
        tile_size = _tile_size(installed, device)
    w, h = picture.width, picture.height
    plans = [plan_tiles(h, w, tile_size, card.tile_overlap, card.config.lq_multiple)]
    while card.scale > 1 and (w * card.scale < width or h * card.scale < height):
        w, h = w * card.scale, h * card.scale
        plans.append(plan_tiles(h, w, tile_size, card.tile_overlap, card.config.lq_multiple))
    return plans


def _tile_size(installed: InstalledModel, device: Device) -> int:
    """What is fastest on a CPU, what memory allows on a GPU."""
    card = installed.card
    multiple = card.config.lq_multiple
    return tile_size_for(
        free_memory(device),
        _bytes_per_pixel(installed, device),
        fixed_bytes=0,
        multiple=multiple,
        largest=card.tile_size if device.kind == "cpu" else 512,
        smallest=max(multiple, 2 * -(-card.tile_overlap // multiple) * multiple),
    )


def _batch_size(plan: TilePlan, installed: InstalledModel, device: Device) -> int:
    """Tiles at a time: one on a CPU, where a batch gains nothing; on a GPU as many as memory takes."""
    if device.kind == "cpu":
        return 1
    tile_bytes = plan.rows[0].size * plan.columns[0].size * _bytes_per_pixel(installed, device)
    return max(1, min(16, int(0.6 * free_memory(device) / tile_bytes)))


def _bytes_per_pixel(installed: InstalledModel, device: Device) -> int:
    return installed.card.bytes_per_lq_pixel * device.dtype.itemsize // torch.float32.itemsize


def _fill_clear(picture: PixelImage) -> PixelImage:
    alpha = picture.alpha_channel
    if alpha is None or (alpha != 0).all():
        return picture
    picture.array[..., :-1] = fill_clear(picture.colour, alpha)
    return picture


@contextmanager
def _work_folder(last: TilePlan, picture: PixelImage, scale: int) -> Iterator[Path]:
    """A folder for the work in progress, gone afterwards; refuses where the disk cannot hold it."""
    parent = paths.cache_folder() / "work"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        # The last pass twice, for what is joined or resized from it, and the smaller passes before it.
        needed = int(last.height * last.width * scale**2 * picture.array.strides[1] * 2.1)
        if shutil.disk_usage(parent).free < needed:
            raise ImageWriteError(
                f"The disk lacks room for the work in progress ({needed / 1e9:.1f} GB).",
                "Make room, or move the folder with the environment variable RESSHIFT_CACHE.",
            )
        folder = tempfile.TemporaryDirectory(prefix="upscale-", dir=parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise ImageWriteError(
            f"The folder for work in progress cannot be used: {error.strerror}.",
            "Move it with the environment variable RESSHIFT_CACHE.",
        ) from error
    with folder as name:
        yield Path(name)


class _Report:
    """Counts finished tiles and, for the tile in work, sampling steps; asks whether to stop."""

    def __init__(
        self, plans: list[TilePlan], layers: int, num_steps: int, on_progress: OnProgress, cancel: Cancel
    ) -> None:
        self._tiles_total = layers * sum(len(plan.rows) * len(plan.columns) for plan in plans)
        self._tiles_done = 0
        self._steps_done, self._steps_in_tile = 0, num_steps + 1  # decoding counts as a step
        self._started = time.monotonic()
        self._on_progress, self._cancel = on_progress, cancel

    def on_step(self) -> None:
        self._steps_done += 1
        self._tell()

    def on_tiles(self, count: int) -> None:
        self._tiles_done += count
        self._steps_done = 0
        self._tell()

    def _tell(self) -> None:
        if self._cancel():
            raise Cancelled
        in_work = min(self._steps_done / self._steps_in_tile, 1)
        fraction = min((self._tiles_done + in_work) / self._tiles_total, 1)
        elapsed = time.monotonic() - self._started
        left = elapsed * (1 - fraction) / fraction if fraction > 0 else None
        self._on_progress(UpscaleProgress(fraction, left, self._tiles_done, self._tiles_total))

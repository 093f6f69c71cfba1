"""The whole pipeline, from a picture file to an upscaled, checked picture file."""

import math
import time
from functools import partial

import torch

from resshift_desktop.core.engine.budget import batch_size, plan_picture, tile_size
from resshift_desktop.core.engine.device import Device, choose_device, cpu_threads, keep_freed_memory
from resshift_desktop.core.engine.enlarge import Watch, enlarge
from resshift_desktop.core.engine.loader import load_model
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.progress import Cancel, OnProgress, ProgressCounter
from resshift_desktop.core.engine.request import UpscaleRequest, UpscaleResult, check_request
from resshift_desktop.core.engine.tiles import TileUpscaler
from resshift_desktop.core.engine.tiling import TilePlan
from resshift_desktop.core.engine.workspace import work_folder
from resshift_desktop.core.imaging.alpha import fill_clear
from resshift_desktop.core.imaging.files import check_sides, read_image, write_image
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

        `cancel` is asked after every sampling step, and while resizing and writing.

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
        card = installed.card
        check_request(request, card)
        picture = read_image(request.input)
        width, height = request.size.resolve(picture.width, picture.height, card.scale)
        check_sides(request.output, width, height, request.image_format)
        device = choose_device(request.device)
        upscaler = self._upscaler(installed, device)
        plans = _plan_passes(picture, width, height, card, request.tile_size or tile_size(card, device))
        batch = batch_size(plans[0], card, device)
        noise = NoiseField(request.seed)
        layers = 1 if picture.alpha_channel is None else 2
        counter = ProgressCounter(plans, layers, card.config.diffusion.num_steps, on_progress, cancel)
        watch = Watch(counter.on_step, counter.on_tiles)
        picture = _fill_clear(picture)
        with work_folder(_bytes_on_disk(plans[-1], picture, card.scale)) as folder:
            for number, plan in enumerate(plans):
                pass_folder = folder / str(number)
                pass_folder.mkdir()
                picture = resize(picture, plan.width, plan.height, pass_folder / "resized.raw", cancel)
                picture = enlarge(picture, upscaler, plan, batch, noise, pass_folder, watch)
            picture = resize(picture, width, height, folder / "resized.raw", cancel)
            write_image(
                request.output, picture, request.image_format, request.quality, request.overwrite, cancel
            )
            counter.on_written()
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


def _plan_passes(picture: PixelImage, width: int, height: int, card: ModelCard, tile: int) -> list[TilePlan]:
    """A plan for each time the model is applied: as often as it takes to reach the target size.

    Where one pass is not enough, the picture is resized before the last one, so that this one ends at
    the target and nothing is computed only to be thrown away.
    """
    w, h = picture.width, picture.height
    plans = [plan_picture(card, h, w, tile)]
    while card.scale > 1 and (w * card.scale < width or h * card.scale < height):
        # As large as one more pass needs it to be, at most as large as the last one made it.
        w = min(w * card.scale, math.ceil(width / card.scale))
        h = min(h * card.scale, math.ceil(height / card.scale))
        plans.append(plan_picture(card, h, w, tile))
    return plans


def _bytes_on_disk(last: TilePlan, picture: PixelImage, scale: int) -> int:
    """The last pass twice, for what is joined or resized from it, and the smaller passes before it."""
    return int(last.height * last.width * scale**2 * picture.array.strides[1] * 2.1)


def _fill_clear(picture: PixelImage) -> PixelImage:
    alpha = picture.alpha_channel
    if alpha is None or (alpha != 0).all():
        return picture
    picture.array[..., :-1] = fill_clear(picture.colour, alpha)
    return picture

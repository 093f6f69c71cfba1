"""The model run on tiles: encode, sample, decode, with what to do when memory or precision gives out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.blend import crossfade
from resshift_desktop.core.engine.device import Device, is_out_of_memory
from resshift_desktop.core.engine.noise import NoiseField
from resshift_desktop.core.engine.tiling import Span, plan_tiles, smallest_tile
from resshift_desktop.errors import MemoryLimitError, NonFiniteError

OnStep = Callable[[], None]


@dataclass(frozen=True, eq=False)
class LqTile:
    """A piece of the padded input: `pixels` (h, w, 3) float32 in [-1, 1], its corner at (y, x) LQ pixels.

    `hole` (h, w) bool says which pixels are to be filled, for a model that does.
    """

    y: int
    x: int
    pixels: np.ndarray
    hole: np.ndarray | None = None

    def part(self, rows: slice, columns: slice) -> "LqTile":
        hole = None if self.hole is None else self.hole[rows, columns]
        return LqTile(self.y + rows.start, self.x + columns.start, self.pixels[rows, columns], hole)


class TileUpscaler:
    """One model on one device. `load` gives the model in a type: float32 is loaded only when needed."""

    def __init__(
        self, load: Callable[[torch.dtype], ResShift], device: Device, overlap: int, halo: int
    ) -> None:
        self._load = load
        self._models: dict[torch.dtype, ResShift] = {}
        self._on_layer: OnStep = _nothing
        self._too_many_pixels: dict[torch.dtype, int] = {}  # of LQ, for which memory ran out
        self.device, self.overlap, self.halo = device, overlap, halo
        self.config = self._model(device.dtype).config

    def upscale(
        self, tiles: Sequence[LqTile], noise: NoiseField, on_step: OnStep, on_layer: OnStep | None = None
    ) -> list[np.ndarray]:
        """Upscale tiles of one size: each (h, w, 3) -> (h s, w s, 3) float32 in [0, 1].

        When memory runs out the batch is halved, and a single tile is cut into smaller ones. A tile
        with a number that is not finite is done again in float32. `on_step` is called after each
        sampling step of each batch, `on_layer` before each convolution; what they raise stops the work.

        Raises:
            MemoryLimitError: not even the smallest tile fits.
            NonFiniteError: float32 did not help.
        """
        self._on_layer = on_layer or _nothing
        return self._upscale(tiles, noise, on_step, self.device.dtype)

    def _upscale(
        self, tiles: Sequence[LqTile], noise: NoiseField, on_step: OnStep, dtype: torch.dtype
    ) -> list[np.ndarray]:
        results = self._run_if_it_fits(tiles, noise, on_step, dtype)
        if results is None:
            if len(tiles) > 1:
                half = len(tiles) // 2
                first = self._upscale(tiles[:half], noise, on_step, dtype)
                return first + self._upscale(tiles[half:], noise, on_step, dtype)
            return [self._upscale_in_parts(tiles[0], noise, on_step, dtype)]
        return [
            result.clip(0, 1) if _is_sound(result) else self._redo_in_float32(tile, noise, on_step, dtype)
            for tile, result in zip(tiles, results, strict=True)
        ]

    def _run_if_it_fits(
        self, tiles: Sequence[LqTile], noise: NoiseField, on_step: OnStep, dtype: torch.dtype
    ) -> list[np.ndarray] | None:
        """What `_run` gives; None where memory runs out, or has run out for as much before."""
        pixels = sum(tile.pixels[..., 0].size for tile in tiles)
        if pixels >= self._too_many_pixels.get(dtype, pixels + 1):
            return None
        try:
            return self._run(tiles, noise, on_step, dtype)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        # Outside the handler, whose traceback would hold on to the memory.
        self._too_many_pixels[dtype] = pixels
        self._free_memory()
        return None

    def _run(
        self, tiles: Sequence[LqTile], noise: NoiseField, on_step: OnStep, dtype: torch.dtype
    ) -> list[np.ndarray]:
        """Results as `upscale` gives them but not clamped, which would pass infinity off as white."""
        model = self._model(dtype)
        channels = self.config.unet.latent_channels
        down, scale = self.config.latent_downscale, self.config.scale

        def draw(j: int) -> Tensor:
            h, w = (side * scale // down for side in tiles[0].pixels.shape[:2])
            fields = [noise.crop(j, t.y * scale // down, t.x * scale // down, h, w, channels) for t in tiles]
            return self._to_device(np.stack(fields), dtype)

        with torch.inference_mode():
            cond = self._to_device(np.stack([_condition(tile) for tile in tiles]), dtype)
            lq = cond[:, :3]
            sound = torch.ones(len(tiles), dtype=torch.bool, device=cond.device)

            def after_step(_t: int, x: Tensor) -> None:
                # A codebook makes a picture of anything, so that the result would not show it.
                sound.logical_and_(x.isfinite().flatten(1).all(dim=1))
                on_step()

            latent = model.sample(model.encode(lq), cond, draw, after_step)
            sr = model.decode(latent).float().add(1).div_(2)
            sr[~sound] = torch.nan
            return list(sr.permute(0, 2, 3, 1).contiguous().cpu().numpy())

    def _model(self, dtype: torch.dtype) -> ResShift:
        if dtype not in self._models:
            model = self._models[dtype] = self._load(dtype)
            # A step of a large tile takes seconds on a processor; who cancels waits for a layer only.
            for module in model.modules():
                if isinstance(module, nn.Conv2d):
                    module.register_forward_pre_hook(lambda *_: self._on_layer())
        return self._models[dtype]

    def _to_device(self, array: np.ndarray, dtype: torch.dtype) -> Tensor:
        tensor = torch.from_numpy(np.ascontiguousarray(array))
        return tensor.to(self.device.torch_device, dtype, memory_format=torch.channels_last)

    def _redo_in_float32(
        self, tile: LqTile, noise: NoiseField, on_step: OnStep, dtype: torch.dtype
    ) -> np.ndarray:
        if dtype == torch.float32:
            raise NonFiniteError(
                "The model gave numbers that make no picture.",
                "Choose the processor as the device, or install the model anew.",
                "another device",
            )
        (result,) = self._upscale([tile], noise, on_step, torch.float32)
        return result

    def _upscale_in_parts(
        self, tile: LqTile, noise: NoiseField, on_step: OnStep, dtype: torch.dtype
    ) -> np.ndarray:
        """Cut one tile into overlapping parts of about half its size and blend those."""
        height, width = tile.pixels.shape[:2]
        scale, multiple = self.config.scale, self.config.lq_multiple
        smallest = smallest_tile(self.overlap, multiple)
        if max(height, width) <= smallest:
            raise MemoryLimitError(
                f"There is not enough memory on {self.device.name} even for a small tile.",
                "Close other programs, or choose another device.",
                "another device",
            )
        plan = plan_tiles(height, width, max(max(height, width) // 2, smallest), self.overlap, multiple)
        row_weights = _feather(plan.rows, plan.overlap * scale, self.halo * scale, scale)
        column_weights = _feather(plan.columns, plan.overlap * scale, self.halo * scale, scale)
        result = np.zeros((height * scale, width * scale, 3), np.float32)
        for row, wy in zip(plan.rows, row_weights, strict=True):
            for column, wx in zip(plan.columns, column_weights, strict=True):
                part = tile.part(slice(row.start, row.end), slice(column.start, column.end))
                (sr,) = self._upscale([part], noise, on_step, dtype)
                target = result[
                    row.start * scale : row.end * scale, column.start * scale : column.end * scale
                ]
                target += sr * (wy[:, None, None] * wx[:, None])
        return result

    def _free_memory(self) -> None:
        if self.device.kind == "cuda":
            torch.cuda.empty_cache()
        elif self.device.kind == "mps":
            torch.mps.empty_cache()


def _condition(tile: LqTile) -> np.ndarray:
    """What the network is told: (3, h, w), and with a hole a fourth channel that is 1 there and -1 elsewhere.

    The hole itself is mid-grey, as in the golden vectors, whatever the person left there.
    """
    pixels = tile.pixels.transpose(2, 0, 1)
    if tile.hole is None:
        return pixels
    mask = np.where(tile.hole, np.float32(1), np.float32(-1))[None]
    return np.concatenate([np.where(tile.hole, np.float32(0), pixels), mask])


def _nothing() -> None:
    pass


def _is_sound(result: np.ndarray) -> bool:
    """Finite, and not of one value to the last bit, which no network gives for a tile that is not flat."""
    return bool(np.isfinite(result).all()) and bool((result != result.flat[0]).any())


def _feather(spans: Sequence[Span], shared: int, halo: int, scale: int) -> list[np.ndarray]:
    """Weights along an axis for each span; they sum to one at every position."""
    weights = [np.ones(span.size * scale, np.float32) for span in spans]
    if len(spans) > 1:
        rising = crossfade(shared, halo)
        for first, second in pairwise(weights):
            first[len(first) - shared :] = 1 - rising
            second[:shared] = rising
    return weights

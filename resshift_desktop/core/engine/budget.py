"""How much to compute at a time: what is fastest on a CPU, what memory allows on a GPU."""

import torch

from resshift_desktop.core.engine.device import USABLE_SHARE, Device, free_memory, tile_size_for
from resshift_desktop.core.engine.tiling import TilePlan, plan_tiles, smallest_tile
from resshift_desktop.core.weights.cards import ModelCard

_LARGEST_GPU_TILE = 512
_LARGEST_BATCH = 16


def tile_size(card: ModelCard, device: Device) -> int:
    """The tile side for a model on a device, in LQ pixels."""
    multiple = card.config.lq_multiple
    return tile_size_for(
        free_memory(device),
        _bytes_per_pixel(card, device),
        fixed_bytes=0,
        multiple=multiple,
        largest=card.tile_size if device.kind == "cpu" else _LARGEST_GPU_TILE,
        smallest=smallest_tile(card.tile_overlap, multiple),
    )


def plan_picture(card: ModelCard, height: int, width: int, tile: int) -> TilePlan:
    """The tiles of one pass of a model over a picture; `tile` as plan_tiles' `tile_size`.

    Raises:
        UsageError: the tiles are too small for the model.
    """
    return plan_tiles(height, width, tile, card.tile_overlap, card.config.lq_multiple)


def batch_size(plan: TilePlan, card: ModelCard, device: Device) -> int:
    """Tiles at a time: one on a CPU, where a batch gains nothing; on a GPU as many as memory takes."""
    if device.kind == "cpu":
        return 1
    tile_bytes = plan.rows[0].size * plan.columns[0].size * _bytes_per_pixel(card, device)
    return max(1, min(_LARGEST_BATCH, int(USABLE_SHARE * free_memory(device) / tile_bytes)))


def _bytes_per_pixel(card: ModelCard, device: Device) -> int:
    return card.bytes_per_lq_pixel * device.dtype.itemsize // torch.float32.itemsize

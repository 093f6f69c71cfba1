"""Finished tiles, made small to be looked at while the rest is computed."""

import numpy as np

from resshift_desktop.core.engine.request import TilePreview
from resshift_desktop.core.engine.tiling import TilePlan

MAX_SIDE = 512
"""Pixels a side of a preview, at most."""


def preview(
    result: np.ndarray, plan: TilePlan, row: int, column: int, number: int, profile: bytes | None
) -> TilePreview:
    """A tile (h, w, bands) float32 in [0, 1] as the means of whole blocks, without the plan's padding."""
    rows, columns = plan.rows[row], plan.columns[column]
    scale = result.shape[0] // rows.size
    height, width = min(rows.end, plan.height) - rows.start, min(columns.end, plan.width) - columns.start
    visible = result[: height * scale, : width * scale]
    block = -(-max(visible.shape[:2]) // MAX_SIDE)
    # Sums over rows, then over columns: reduceat takes what is left over at the edges, too.
    edges = [np.arange(0, side, block) for side in visible.shape[:2]]
    sums = np.add.reduceat(np.add.reduceat(visible, edges[0], axis=0), edges[1], axis=1)
    counts = [np.diff(edge, append=side) for edge, side in zip(edges, visible.shape[:2], strict=True)]
    means = sums / (counts[0][:, None] * counts[1])[:, :, None]
    return TilePreview(
        number=number,
        left=columns.start / plan.width,
        top=rows.start / plan.height,
        width=width / plan.width,
        height=height / plan.height,
        pixels=np.rint(means * 255).clip(0, 255).astype(np.uint8),
        profile=profile,
    )

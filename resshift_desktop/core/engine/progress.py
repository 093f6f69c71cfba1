"""How far a picture is, and how long it will take."""

import time
from collections.abc import Sequence

from resshift_desktop.core.engine.request import Cancel, OnProgress, UpscaleProgress
from resshift_desktop.core.engine.tiling import TilePlan
from resshift_desktop.errors import Cancelled

# The rest is for writing the result and reading it back.
_TILES_SHARE = 0.97


class ProgressCounter:
    """Counts finished tiles and, for the tile in work, sampling steps; asks whether to stop."""

    def __init__(
        self, plans: Sequence[TilePlan], layers: int, num_steps: int, on_progress: OnProgress, cancel: Cancel
    ) -> None:
        self._tiles_total = layers * sum(len(plan.rows) * len(plan.columns) for plan in plans)
        self._tiles_done = 0
        self._steps_done, self._steps_in_tile = 0, num_steps + 1  # decoding counts as a step
        self._tiles_restored = 0
        self._started = time.monotonic()
        self._on_progress, self._cancel = on_progress, cancel

    def on_layer(self) -> None:
        """Raise Cancelled where `cancel` says so."""
        if self._cancel():
            raise Cancelled

    def on_step(self) -> None:
        self._steps_done += 1
        self._tell()

    def on_tiles(self, count: int) -> None:
        self._tiles_done += count
        self._steps_done = 0
        self._tell()

    def on_restored(self, count: int) -> None:
        """Tiles that were finished before this process began: they say nothing about its speed."""
        self._tiles_restored += count
        self.on_tiles(count)

    def on_written(self) -> None:
        self._report(1.0)

    def _tell(self) -> None:
        self.on_layer()
        in_work = min(self._steps_done / self._steps_in_tile, 1)
        self._report(_TILES_SHARE * min((self._tiles_done + in_work) / self._tiles_total, 1))

    def _report(self, fraction: float) -> None:
        elapsed = time.monotonic() - self._started
        begun_at = _TILES_SHARE * self._tiles_restored / self._tiles_total
        left = elapsed * (1 - fraction) / (fraction - begun_at) if fraction > begun_at else None
        self._on_progress(UpscaleProgress(fraction, left, self._tiles_done, self._tiles_total))

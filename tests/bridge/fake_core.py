"""A core whose engine computes nothing; run as a program. A picture named "endless" is never done."""

import sys
import time
from pathlib import Path

from resshift_desktop.bridge.core_process import run_core
from resshift_desktop.core.engine.request import Cancel, OnProgress, OnTile, UpscaleRequest, UpscaleResult
from resshift_desktop.errors import Cancelled
from resshift_desktop.lab.no_op_core import NoOpEngine


class FakeEngine(NoOpEngine):
    def upscale(
        self, request: UpscaleRequest, on_progress: OnProgress, cancel: Cancel,
        folder: Path | None = None, on_tile: OnTile | None = None,
    ) -> UpscaleResult:  # fmt: skip
        while request.input.stem == "endless":
            if cancel():
                raise Cancelled
            time.sleep(0.01)
        return super().upscale(request, on_progress, cancel, folder, on_tile)


if __name__ == "__main__":
    sys.exit(run_core(FakeEngine))

"""`python -m tests.hosts.waiting_core`: a core that repeats pixels, in place of a model.

With pictures of more than 64 pixels across it stops half way, until the home has a file go-on or it is
cancelled: what a test does meanwhile is neither too early nor too late, on the slowest machine.
"""

# ruff: noqa: ARG002 - an engine has to take what it does not use

import sys
import time
from pathlib import Path

from resshift_desktop.bridge.core_process import run_core
from resshift_desktop.core.engine.request import Cancel, OnProgress, PixelRequest, UpscaleProgress
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.errors import Cancelled
from resshift_desktop.lab.no_op_core import NoOpEngine

_AT_ONCE = 64


class WaitingEngine(NoOpEngine):
    def upscale_pixels(
        self,
        picture: PixelImage,
        request: PixelRequest,
        on_progress: OnProgress,
        cancel: Cancel,
        folder: Path,
    ) -> PixelImage:
        while picture.width > _AT_ONCE and not (Path.home() / "go-on").exists():
            if cancel():
                raise Cancelled
            on_progress(UpscaleProgress(0.5, 1.0, 1, 2))
            time.sleep(0.05)
        factor = int(request.size.scale or 1)
        return PixelImage(picture.array.repeat(factor, 0).repeat(factor, 1), picture.profile)


if __name__ == "__main__":
    sys.exit(run_core(WaitingEngine))

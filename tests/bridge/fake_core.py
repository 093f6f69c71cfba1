"""A core whose engine computes nothing; run as a program. A picture named "endless" is never done."""

# ruff: noqa: ARG002 - an engine has to take what it does not use

import sys
import time
from pathlib import Path

from resshift_desktop.bridge.core_process import run_core
from resshift_desktop.core.engine.request import (
    Cancel,
    OnProgress,
    OnTile,
    PixelRequest,
    UpscaleRequest,
    UpscaleResult,
)
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.errors import Cancelled


class FakeEngine:
    def prepare(self, model: str, device: str) -> str:
        return "Nothing"

    def upscale(
        self,
        request: UpscaleRequest,
        on_progress: OnProgress,
        cancel: Cancel,
        folder: Path | None = None,
        on_tile: OnTile | None = None,
    ) -> UpscaleResult:
        while request.input.stem == "endless":
            if cancel():
                raise Cancelled
            time.sleep(0.01)
        return UpscaleResult(request.output, 4, 4, 0.0, request.model, "Nothing", request.seed)

    def upscale_pixels(
        self,
        picture: PixelImage,
        request: PixelRequest,
        on_progress: OnProgress,
        cancel: Cancel,
        folder: Path,
    ) -> PixelImage:
        return picture

    def release(self) -> None:
        pass


if __name__ == "__main__":
    sys.exit(run_core(FakeEngine))

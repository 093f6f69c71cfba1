"""`python -m resshift_desktop.lab.no_op_core`: a core that computes nothing, to measure what is around it."""

# ruff: noqa: ARG002 - an engine has to take what it does not use

import sys
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


class NoOpEngine:
    """Gives back the picture as it came, and writes no file."""

    def prepare(self, model: str, device: str) -> str:
        return "Nothing"

    def upscale(
        self, request: UpscaleRequest, on_progress: OnProgress, cancel: Cancel,
        folder: Path | None = None, on_tile: OnTile | None = None,
    ) -> UpscaleResult:  # fmt: skip
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
    sys.exit(run_core(NoOpEngine))

"""What has been streamed is let go at once: on Windows a file that is mapped cannot be deleted."""

import gc
import sys
from pathlib import Path

import numpy as np

from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.vips import as_vips, streaming


def test_a_streamed_picture_is_let_go_without_a_garbage_collection(tmp_path: Path) -> None:
    array = np.random.default_rng(0).integers(0, 255, (300, 200, 3)).astype(np.uint8)
    picture = PixelImage(array)
    before = sys.getrefcount(array)
    gc.disable()
    try:
        with streaming(as_vips(picture), picture) as rows:
            rows.rawsave(str(tmp_path / "picture.raw"))
        del rows
        assert sys.getrefcount(array) == before
    finally:
        gc.enable()
    np.testing.assert_array_equal(np.fromfile(tmp_path / "picture.raw", np.uint8).reshape(array.shape), array)

"""libvips, set up once for this program; imported from here only.

Its cache of operations is off: it would hand out a file's old pixels after the file has changed,
and hold pictures in memory that nobody uses.
"""

import mmap

import numpy as np
import pyvips

from resshift_desktop.core.imaging.pixels import PixelImage

pyvips.cache_set_max(0)

__all__ = ["as_vips", "pyvips"]


def as_vips(image: PixelImage) -> pyvips.Image:
    """The pixels as libvips sees them, without copying; a memory-mapped raw file is streamed from disk."""
    array = image.array
    layout = {
        "format": "uchar" if image.depth == 8 else "ushort",
        "interpretation": {8: ("srgb", "b-w"), 16: ("rgb16", "grey16")}[image.depth][image.is_grey],
    }
    height, width, bands = array.shape
    if isinstance(array, np.memmap) and isinstance(array.base, mmap.mmap) and array.mode != "c":
        # The whole of a raw file: libvips walks through it and keeps only a window in memory.
        if array.mode != "r":
            array.flush()
        return pyvips.Image.rawload(str(array.filename), width, height, bands, offset=array.offset, **layout)
    pixels = np.ascontiguousarray(array)
    picture = pyvips.Image.new_from_memory(pixels, width, height, bands, layout["format"])
    return picture.copy(interpretation=layout["interpretation"])

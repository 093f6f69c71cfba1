"""libvips, set up once for this program; imported from here only.

Its cache of operations is off: it would hand out a file's old pixels after the file has changed,
and hold pictures in memory that nobody uses. Its threads are few, because each holds a strip of the
picture: on a machine of 64 cores memory would be several times as much.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

# Read when the library is loaded.
os.environ.setdefault("VIPS_CONCURRENCY", str(min(4, os.cpu_count() or 1)))

import pyvips

from resshift_desktop.core.imaging.mapped import give_back_pages
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.errors import Cancelled

pyvips.cache_set_max(0)

__all__ = ["as_vips", "get_blob", "get_number", "pyvips", "set_blob", "streaming"]


def as_vips(image: PixelImage) -> pyvips.Image:
    """The pixels as libvips sees them, without copying."""
    array = np.ascontiguousarray(image.array)
    height, width, bands = array.shape
    number_format = "uchar" if image.depth == 8 else "ushort"
    interpretation = {8: ("srgb", "b-w"), 16: ("rgb16", "grey16")}[image.depth][image.is_grey]
    picture = pyvips.Image.new_from_memory(array.data, width, height, bands, number_format)
    return picture.copy(interpretation=interpretation)


@contextmanager
def streaming(
    picture: pyvips.Image, image: PixelImage | None, cancel: Callable[[], bool] = lambda: False
) -> Iterator[pyvips.Image]:
    """`picture`, computed from `image` (None: a file), to be written or measured within the `with` block.

    Where the image is a memory-mapped file, its pages are given back row by row, so that memory in use
    does not grow with its size. `cancel` is asked meanwhile.

    Raises:
        Cancelled: `cancel` said so.
    """
    watched = picture.copy()  # pyvips calls back through this object: it must outlive the computation
    cancelled = False

    # Through `watched` itself it would be held, and the file it is mapped from, until a garbage collection.
    def on_eval(evaluated: pyvips.Image, _progress: object) -> None:
        nonlocal cancelled
        if image is not None:
            give_back_pages(image.array)
        if cancel():
            cancelled = True
            evaluated.set_kill(True)

    watched.set_progress(True)
    watched.signal_connect("eval", on_eval)
    try:
        yield watched
    except pyvips.Error as error:
        if cancelled:
            raise Cancelled from error
        raise


def get_blob(image: pyvips.Image, name: str) -> bytes | None:
    """A metadata block of the picture; None where it has none of that name."""
    value = image.get(name) if image.get_typeof(name) else None
    return value if isinstance(value, bytes) else None


def set_blob(image: pyvips.Image, name: str, block: bytes) -> None:
    """Attach a metadata block; the picture must be a copy of one's own."""
    image.set_type(pyvips.GValue.blob_type, name, block)  # pyright: ignore[reportArgumentType]


def get_number(image: pyvips.Image, name: str, default: int) -> int:
    """A whole number from the picture's header."""
    value = image.get(name) if image.get_typeof(name) else default
    return value if isinstance(value, int) else default

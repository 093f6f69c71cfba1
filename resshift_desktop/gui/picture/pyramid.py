"""Making pyramids, for worker threads. Imports libvips and numpy: not to be imported while a window opens."""

import io
import mmap
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from resshift_desktop.core.imaging.vips import pyvips
from resshift_desktop.errors import Cancelled, ImageReadError, ResShiftError
from resshift_desktop.gui.picture.display import open_for_display
from resshift_desktop.gui.picture.levels import OVERVIEW_SIDE, BufferLevel, Pyramid
from resshift_desktop.paths import cache_folder

IN_MEMORY_BYTES = 64 * 2**20
"""Levels above this size lie in files, which the system may drop from memory and read again."""

_CHUNKS_KEPT = 256
"""Memory through which a mapped level is read is given back after so many chunks (of 32 KiB) of the next."""


def build_pyramid(path: Path, screen_profile: Path | None, cancel: Callable[[], bool]) -> Pyramid:
    """Read a picture and make all its levels.

    Levels are averages of 2 x 2 pixels as stored, without linearising: a picture then does not change its
    contrast while it is zoomed, and it is what other viewers show. Level files have no name in the cache
    folder, or vanish when closed: a crash leaves nothing behind.

    Args:
        screen_profile: file with the screen's ICC profile; None means sRGB.
        cancel: asked meanwhile.

    Raises:
        ImageReadError: the file is no complete picture of a supported kind, or too large.
        ResShiftError: there is no room for the levels.
        Cancelled: `cancel` said so.
    """
    source = open_for_display(path, screen_profile)
    image_format = (
        QImage.Format.Format_ARGB32_Premultiplied if source.is_transparent else QImage.Format.Format_RGB32
    )
    levels: list[BufferLevel] = []
    image = source.image
    try:
        while True:
            levels.append(_keep(image, image_format, levels[-1] if levels else None, cancel))
            last = levels[-1]
            if max(last.width, last.height) <= OVERVIEW_SIDE:
                break
            image = pyvips.Image.new_from_memory(last.pixels, last.width, last.height, 4, "uchar")
            image = image.shrink(2, 2, ceil=True)
    except pyvips.Error as error:
        raise ImageReadError(
            f"{path.name} is damaged or incomplete.", "Copy or download it again."
        ) from error
    except OSError as error:
        raise ResShiftError(
            "There is no room to show this picture.", "Free space on the disk with the cache folder."
        ) from error
    overview = last.region(QRect(0, 0, last.width, last.height)).copy()
    return Pyramid(levels, source.is_transparent, overview)


def _keep(
    image: pyvips.Image, image_format: QImage.Format, finer: BufferLevel | None, cancel: Callable[[], bool]
) -> BufferLevel:
    """A level of the pixels of `image`, which is computed from the level `finer`."""
    size = 4 * image.width * image.height
    if size <= IN_MEMORY_BYTES:
        memory = io.BytesIO()
        _write(image, memory, finer, cancel)
        return BufferLevel(image.width, image.height, memory.getbuffer(), image_format)
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        _write(image, file, finer, cancel)
        file.flush()
        mapped = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    return BufferLevel(image.width, image.height, memoryview(mapped), image_format)


def _write(
    image: pyvips.Image, file: IO[bytes], finer: BufferLevel | None, cancel: Callable[[], bool]
) -> None:
    """Compute the pixels of `image` row by row. Raises OSError, pyvips.Error, Cancelled."""
    failure: Exception | None = None
    chunks = 0

    def write(chunk: bytes | bytearray | memoryview) -> int:
        nonlocal failure, chunks
        chunks += 1
        if finer is not None and chunks % _CHUNKS_KEPT == 0:
            finer.give_back_pages()
        try:
            if cancel():
                raise Cancelled
            return file.write(chunk)
        except (OSError, Cancelled) as error:  # must not cross libvips, which is C
            failure = error
            return -1

    target = pyvips.TargetCustom()
    target.on_write(write)
    try:
        image.rawsave_target(target)
    except pyvips.Error:
        if failure is not None:
            raise failure from None
        raise
    finally:
        if finer is not None:
            finer.give_back_pages()

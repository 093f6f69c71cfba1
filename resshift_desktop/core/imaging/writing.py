"""Writing a PixelImage to a file: to a temporary name, read back, then renamed."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from resshift_desktop.core.imaging.encoding import encodable, encode, is_lossless
from resshift_desktop.core.imaging.formats import MAX_SIDE, ImageFormat
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.verify import verify
from resshift_desktop.core.imaging.vips import streaming
from resshift_desktop.core.imaging.write_errors import told_to_people
from resshift_desktop.errors import ImageWriteError


def write_image(
    path: Path,
    image: PixelImage,
    image_format: ImageFormat,
    quality: int = 90,
    overwrite: bool = False,
    cancel: Callable[[], bool] = lambda: False,
    part: Path | None = None,
    on_verified: Callable[[Path], None] = lambda _part: None,
) -> None:
    """Write `image` to `path`, which appears only once it is complete and has been read back.

    quality: 1 to 100 for JPEG and WebP; WebP is lossless at 100. Both hold 8 bits per channel, and
    JPEG shows transparent parts on white. Memory in use does not grow with a `np.memmap`. `part` is the
    temporary file beside it, where the caller wants to know its name, as to remove it after a crash;
    `on_verified` is called with it just before it gets its name.

    Raises:
        ImageWriteError: the file exists (unless `overwrite`), cannot be written, or does not read back as
            what was written; nothing is left behind.
        Cancelled: `cancel`, which is asked while writing and reading back, said so; nothing is left behind.
    """
    check_sides(path, image.width, image.height, image_format)
    part = part or part_beside(path)
    with told_to_people(path):
        if not overwrite:
            _check_absent(path)
        part.open("xb").close()
        try:
            with streaming(encodable(image, image_format), image, cancel) as picture:
                encode(picture, part, image, image_format, quality)
                _sync(part)
                verify(part, picture, is_lossless(image_format, quality), cancel)
            on_verified(part)
            _publish(part, path, overwrite)
        finally:
            part.unlink(missing_ok=True)


def part_beside(path: Path) -> Path:
    """A temporary name in the folder of `path`: short, because the name itself may be at the limit."""
    return path.with_name(f".resshift-{uuid4().hex}.part")


def _sync(part: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _publish(part: Path, path: Path, overwrite: bool) -> None:
    """Give the finished file its name at once, in a race too."""
    if overwrite:
        part.replace(path)
        return
    try:
        path.hardlink_to(part)  # fails where the name is taken
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: take the name first, then fill it
        path.open("xb").close()
        part.replace(path)


def _check_absent(path: Path) -> None:
    try:
        path.lstat()
    except FileNotFoundError:
        return
    raise FileExistsError(errno.EEXIST, "exists")


def check_sides(path: Path, width: int, height: int, image_format: ImageFormat) -> None:
    """Raise ImageWriteError where the format cannot hold a picture of `width` x `height` pixels."""
    limit = MAX_SIDE.get(image_format)
    if limit and max(width, height) > limit:
        raise ImageWriteError(
            f"{path.name} cannot be {image_format.upper()}: {width} × {height} is more than "
            f"{limit} pixels a side.",
            "Write it as PNG or TIFF.",
        )

"""Reading a finished file back: users of upscalers get black or missing pictures reported as done."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from resshift_desktop.core.imaging.vips import pyvips, streaming
from resshift_desktop.errors import ImageWriteError

_MIN, _MAX, _SUM, _MEAN, _DEVIATION = 0, 1, 2, 4, 5  # columns of vips_stats


def verify(
    path: Path, expected: pyvips.Image, lossless: bool, cancel: Callable[[], bool] = lambda: False
) -> None:
    """Decode the whole file, strip by strip, and compare it with the picture it was made from.

    Lossless: least, greatest and summed value of each band are the same. Lossy: the mean of each
    band is within a quarter of the range, and the file is not of one colour unless `expected` nearly is.

    Raises:
        ImageWriteError: it is not so.
        Cancelled: `cancel`, which is asked meanwhile, said so.
    """
    try:
        source = pyvips.Source.new_from_file(str(path))
        written = pyvips.Image.new_from_source(source, "", access="sequential", fail_on="error")
        with streaming(written, None, cancel) as watched:
            if not _matches(watched, expected, lossless):
                raise _wrong()
    except pyvips.Error as error:
        raise _wrong() from error


def _matches(written: pyvips.Image, expected: pyvips.Image, lossless: bool) -> bool:
    if (written.width, written.height, written.format) != (expected.width, expected.height, expected.format):
        return False
    found, wanted = _band_statistics(written), _band_statistics(expected)
    top = 255 if expected.format == "uchar" else 65535
    if written.bands != expected.bands:
        # libwebp leaves out an alpha channel that is opaque everywhere.
        dropped = wanted[written.bands :]
        if len(dropped) != 1 or dropped[0, _MIN] != top:
            return False
        wanted = wanted[: written.bands]
    if lossless:
        return bool(np.array_equal(found[:, [_MIN, _MAX, _SUM]], wanted[:, [_MIN, _MAX, _SUM]]))
    close = np.abs(found[:, _MEAN] - wanted[:, _MEAN]) <= top / 4
    is_constant = bool((found[:, _MIN] == found[:, _MAX]).all())
    should_vary = bool((wanted[:, _DEVIATION] > top / 8).any())
    return bool(close.all()) and not (is_constant and should_vary)


def _band_statistics(image: pyvips.Image) -> np.ndarray:
    """(bands, 10) float64, the rows of vips_stats without the one for all bands together."""
    return image.stats().numpy()[1:]


def _wrong() -> ImageWriteError:
    return ImageWriteError(
        "The file written does not read back as the result.", "The disk may be failing: try another folder."
    )

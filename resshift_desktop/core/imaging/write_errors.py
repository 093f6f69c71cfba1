"""What the system and the libraries say when a file cannot be written, in words for people."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resshift_desktop.core.imaging.vips import pyvips
from resshift_desktop.errors import ImageWriteError

_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def told_to_people(path: Path) -> Iterator[None]:
    """Turn OSError and pyvips.Error into ImageWriteError, for a result meant for `path`."""
    try:
        yield
    except OSError as error:
        raise _write_error(path, error.errno, str(error.strerror or error)) from error
    except pyvips.Error as error:
        detail = str(error.detail)
        code = next((code for code in _DISK_ERRORS if os.strerror(code) in detail), None)
        if code is None and "webpsave: unable to encode" in detail:  # 512 kB for what is known of all blocks
            raise ImageWriteError(
                f"{path.name} is too large or too detailed for lossy WebP.", "Write it as JPEG or PNG."
            ) from error
        raise _write_error(path, code, detail.strip().splitlines()[0] if detail.strip() else "") from error


def _write_error(path: Path, code: int | None, reason: str) -> ImageWriteError:
    name, folder = path.name[:80], path.parent
    if code == errno.EEXIST:
        return ImageWriteError(
            f"{name} exists already.", "Choose another name, or have it replaced.", "overwrite"
        )
    match code:
        case errno.ENOSPC | errno.EDQUOT:
            title, hint = f"The disk is full: {name} was not written.", "Make room, or choose another disk."
        case errno.EFBIG:
            title, hint = f"{name} is larger than this disk allows.", "Choose another disk or format."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            title, hint = f"The folder {folder} may not be written to.", "Choose another folder."
        case errno.ENOENT | errno.ENOTDIR:
            title, hint = f"The folder {folder} does not exist.", "Make it first, or choose another folder."
        case errno.EISDIR:
            title, hint = f"{name} is a folder.", "Choose another name."
        case errno.ENAMETOOLONG:
            title, hint = f"The name {path.name[:40]}… is too long.", "Choose a shorter name."
        case _:
            title, hint = f"{name} could not be written: {reason}.", "Choose another folder or format."
    return ImageWriteError(title, hint)

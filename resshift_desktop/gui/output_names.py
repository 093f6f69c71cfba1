"""Where results go, and what they are called. Touches the disk: for worker threads."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.errors import UsageError
from resshift_desktop.gui.job_item import JobRequest
from resshift_desktop.gui.options import Options

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # by Windows, the strictest
_LONGEST_NAME = 200


def plan_jobs(
    pictures: Iterable[Path], options: Options, taken: Collection[Path], model_scale: int, pasted: Path
) -> list[JobRequest]:
    """What to ask of the core: each picture with a name for its result that is free.

    Args:
        taken: names that other jobs will write or have yet to read.
        model_scale: the model's own factor, for the name.
        pasted: the folder with pictures from the clipboard. Results do not go there with "beside the
            input", but into `result_folder_of_pasted`.
    """
    used = {_folded(path) for path in taken}
    jobs = []
    for picture in pictures:
        folder = options.folder or (pictures_folder() if picture.parent == pasted else picture.parent)
        wanted = folder / result_name(picture, options, model_scale)
        output = free_name(wanted, used)
        used.add(_folded(output))
        jobs.append(
            JobRequest(
                input=picture,
                output=output,
                format=options.image_format,
                model=options.model,
                scale=options.scale,
                width=options.width,
                height=options.height,
                seed=options.seed,
                device=options.device,
                tile_size=options.tile_size,
                quality=options.quality,
            )
        )
    return jobs


def result_name(picture: Path, options: Options, model_scale: int) -> str:
    """The result's file name by the pattern, in which {name}, {scale} and {model} stand for themselves."""
    if options.width is not None:
        scale = f"{options.width}w"
    elif options.height is not None:
        scale = f"{options.height}h"
    else:
        scale = f"{options.scale or model_scale:g}"
    stem = options.name_pattern
    for field, value in (("{scale}", scale), ("{model}", options.model), ("{name}", picture.stem)):
        stem = stem.replace(field, value)
    stem = _FORBIDDEN.sub("-", stem).strip(" .")[:_LONGEST_NAME] or picture.stem
    return stem + _suffix(picture, options.image_format)


def free_name(wanted: Path, used: Collection[str] = ()) -> Path:
    """`wanted`, or with a number the first name that no file has and `used` (case-folded) does not hold."""
    path, number = wanted, 1
    while _folded(path) in used or path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
    return path


def pictures_folder() -> Path:
    """The person's own folder for pictures."""
    from PySide6.QtCore import QStandardPaths

    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))


def _suffix(picture: Path, image_format: str | None) -> str:
    if image_format is not None:
        return ImageFormat(image_format).suffix
    try:
        ImageFormat.from_suffix(picture)
        return picture.suffix
    except UsageError:  # a kind that is only read
        return ImageFormat.PNG.suffix


def _folded(path: Path) -> str:
    return str(path).casefold()  # many file systems take a.png and A.png for one

"""Which files a list of inputs means, and where each result goes. Torch-free."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from resshift_desktop.core.imaging.formats import READABLE_SUFFIXES, ImageFormat
from resshift_desktop.errors import UsageError


@dataclass(frozen=True)
class FilePair:
    """One picture and where its result goes."""

    input: Path
    output: Path
    image_format: ImageFormat


@dataclass(frozen=True)
class _Found:
    path: Path
    folder: Path  # below the output folder


def pair_files(
    inputs: Sequence[Path], out: Path, image_format: ImageFormat | None, recursive: bool
) -> list[FilePair]:
    """The pictures meant by `inputs`, in order and each once, with their outputs.

    An input folder means the pictures in it, with `recursive` also those in folders below, whose
    structure is kept; other and hidden files there (desktop.ini, ._photo.jpg) are passed over. A file
    named outright is always taken, so that whoever named it hears what is wrong with it. `out` is a file
    for a single input file, else a folder. The format is `image_format`, else what `out` is named, else
    the input's own, else PNG.

    Raises:
        UsageError: no pictures, or several pictures for one output file.
    """
    by_place: dict[str, _Found] = {}
    for item in _find(inputs, recursive):
        by_place.setdefault(os.path.realpath(item.path), item)
    found = list(by_place.values())
    if not found:
        raise UsageError(
            "There are no pictures in what was given.",
            "Name files or folders with pictures; folders below them can be included.",
            "folders below",
        )
    one_file = len(inputs) == 1 and not _is_folder(inputs[0])
    if one_file and not _is_folder(out) and out.suffix:
        named = ImageFormat.from_suffix(out)
        if image_format not in (None, named):
            raise UsageError(
                f"{out.name} is not named as a {image_format} file.",
                "Change one of the two.",
            )
        return [FilePair(inputs[0], out, named)]
    if out.is_file():
        raise UsageError(
            f"{out.name} is a file, and there are several results.", "Give a folder for the results."
        )
    return list(_into_folder(found, out, image_format))


def _is_folder(path: Path) -> bool:
    """False also where the system does not even take the name: whoever opens the file will say so."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _find(inputs: Iterable[Path], recursive: bool) -> Iterator[_Found]:
    for given in inputs:
        if not _is_folder(given):
            yield _Found(given, Path())
            continue
        for path in sorted(given.rglob("*") if recursive else given.iterdir()):
            place = path.relative_to(given)
            hidden = any(part.startswith(".") for part in place.parts)
            if not hidden and path.suffix.lower() in READABLE_SUFFIXES and path.is_file():
                yield _Found(path, place.parent)


def _into_folder(found: list[_Found], out: Path, image_format: ImageFormat | None) -> Iterator[FilePair]:
    """Outputs named after their inputs; where two would have one name, the later ones get a number."""
    taken: set[str] = set()
    for item in found:
        target = image_format or _own_format(item.path)
        stem, number = item.path.stem, 1
        while True:
            output = out / item.folder / f"{stem}{'' if number == 1 else f' ({number})'}{target.suffix}"
            if str(output).casefold() not in taken:  # many file systems take a.png and A.png for one
                break
            number += 1
        taken.add(str(output).casefold())
        yield FilePair(item.path, output, target)


def _own_format(path: Path) -> ImageFormat:
    try:
        return ImageFormat.from_suffix(path)
    except UsageError:
        return ImageFormat.PNG

"""What the person has chosen for the next pictures, and keeping it between starts."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

_GROUP = "options"
MAX_SEED = 2**63 - 1


@dataclass(frozen=True)
class Options:
    """How pictures are upscaled and where results go.

    At most one of `scale` (a factor, 1 to 16), `width` and `height` (pixels of the result) is given; with
    none, the model's own factor applies. `folder` None: beside the input. `image_format` (png, jpeg, webp,
    tiff) None: as the input. `quality`: 1 to 100. `tile_size` in input pixels; None leaves it to the core.
    """

    model: str = "builtin"
    scale: float | None = None
    width: int | None = None
    height: int | None = None
    folder: Path | None = None
    name_pattern: str = "{name}_x{scale}"
    image_format: str | None = None
    quality: int = 90
    seed: int = 0
    device: str = "auto"
    tile_size: int | None = None


def load_options(settings: QSettings) -> Options:
    """The options as saved; the defaults for what is missing or makes no sense."""
    given = {}
    for field in fields(Options):
        text = settings.value(f"{_GROUP}/{field.name}")
        if isinstance(text, str) and text:
            value = _parse(field.name, text)
            if value is not None:
                given[field.name] = value
    if sum(name in given for name in ("scale", "width", "height")) > 1:
        given = {name: value for name, value in given.items() if name not in ("scale", "width", "height")}
    return Options(**given)


def save_options(settings: QSettings, options: Options) -> None:
    """Keep the options. They are on disk when `settings` is next synchronised."""
    for name, value in asdict(options).items():
        settings.setValue(f"{_GROUP}/{name}", "" if value is None else str(value))


def _parse(name: str, text: str) -> Any:
    """The value of a field; None where the text makes no sense."""
    match name:
        case "scale":
            return _number(text, float, 1, 16)
        case "width" | "height":
            return _number(text, int, 1, 1_000_000)
        case "quality":
            return _number(text, int, 1, 100)
        case "seed":
            return _number(text, int, 0, MAX_SEED)
        case "tile_size":
            return _number(text, int, 1, 1_000_000)
        case "folder":
            return Path(text)
        case "image_format":
            return text if text in ("png", "jpeg", "webp", "tiff") else None
        case _:
            return text


def _number(text: str, kind: type[int] | type[float], least: float, most: float) -> int | float | None:
    try:
        value = kind(text)
    except ValueError:
        return None
    return value if least <= value <= most else None

"""What the person has set, kept in the data folder."""

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from resshift_desktop.json_file import write_json
from resshift_desktop.paths import data_folder

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """How the core behaves towards the rest of the computer.

    `idle_minutes`: how long it stays without work, above 0. `keep_awake`: no sleep while it works.
    `low_priority`: other programs go first.
    """

    idle_minutes: float = 10
    keep_awake: bool = True
    low_priority: bool = True


def load_settings() -> Settings:
    """The settings; the defaults for what is missing or makes no sense, which the log then tells of."""
    try:
        values = json.loads(_path().read_text("utf-8"))
        given = {name: values[name] for name in _NAMES if name in values}
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        _log.warning("The settings cannot be read (%s).", type(error).__name__)
        return Settings()
    for name in [name for name, value in given.items() if not _makes_sense(name, value)]:
        _log.warning("The setting %s makes no sense.", name)
        del given[name]
    return Settings(**given)


def save_settings(settings: Settings) -> None:
    """Keep the settings. Raises OSError; the earlier ones then stay."""
    write_json(_path(), asdict(settings))


def _makes_sense(name: str, value: Any) -> bool:
    if name == "idle_minutes":
        return type(value) in (int, float) and 0 < value < float("inf")
    return type(value) is bool


def _path() -> Path:
    return data_folder() / "settings.json"


_NAMES = [field.name for field in fields(Settings)]

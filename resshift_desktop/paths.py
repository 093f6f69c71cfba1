"""Where this program keeps things. Each folder can be moved by an environment variable."""

import os
from pathlib import Path

import platformdirs

DATA_VARIABLE = "RESSHIFT_DATA"

_APP = "ResShift"


def resources_folder() -> Path:
    """What ships with the program: beside the code when installed, in the source tree otherwise."""
    package = Path(__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def data_folder() -> Path:
    """Downloaded models and what else is worth keeping; RESSHIFT_DATA moves it."""
    return _folder(DATA_VARIABLE, platformdirs.user_data_path(_APP, appauthor=False))


def cache_folder() -> Path:
    """Work in progress, which may be deleted when nothing runs; RESSHIFT_CACHE moves it."""
    return _folder("RESSHIFT_CACHE", platformdirs.user_cache_path(_APP, appauthor=False))


def logs_folder() -> Path:
    """What the program writes down about its work, without names of pictures; RESSHIFT_LOGS moves it."""
    return _folder("RESSHIFT_LOGS", platformdirs.user_log_path(_APP, appauthor=False))


def _folder(variable: str, default: Path) -> Path:
    moved = os.environ.get(variable)
    return Path(moved) if moved else default

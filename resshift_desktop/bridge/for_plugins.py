"""What the plugins of GIMP and Krita have in common: which models there are, and how far the work is.

Plugins carry a copy of this file: standard library only, Python 3.9.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from .client import Client, bridge_errors
from .protocol import connection_path

_MASK_CHANNELS = 4  # RGB and the mask: core/diffusion/config.py, ModelConfig.takes_mask


@dataclass(frozen=True)
class PluginModel:
    """A model that can be used now: its name, what people read, its own factor, whether it fills masks."""

    name: str
    title: str
    scale: float
    takes_mask: bool


def list_models(client: Client, takes_mask: bool = False) -> list[PluginModel]:
    """The models that are here, the built-in one first; those that fill masks, or those that do not.

    Raises:
        BridgeError: the core cannot be reached or gives an answer that makes no sense.
    """
    with bridge_errors():
        answers = client.call("GET", "/v1/models")["models"]
        models = [
            PluginModel(answer["name"], answer["title"], answer["scale"], answer["takes_mask"])
            for answer in answers
            if answer["installed"]
        ]
    return [model for model in models if model.takes_mask == takes_mask]


def has_mask_model() -> bool:
    """Whether a model that fills masks is on this machine; asks the folder of models, and no core."""
    for path in (connection_path().parent / "models").glob("*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            if json.loads(path.read_text("utf-8"))["config"]["unet"]["cond_channels"] == _MASK_CHANNELS:
                return True
    return False


def progress_words(fraction: float, seconds_left: float | None) -> str:
    """Such as "42 %, about 2 minutes left"."""
    percent = f"{int(fraction * 100)} %"
    if seconds_left is None:
        return percent
    if seconds_left < 1.5:
        return f"{percent}, about 1 second left"
    for length, unit in ((3600, "hours"), (60, "minutes"), (1, "seconds")):
        if seconds_left >= 1.5 * length:
            return f"{percent}, about {seconds_left / length:.0f} {unit} left"
    raise AssertionError

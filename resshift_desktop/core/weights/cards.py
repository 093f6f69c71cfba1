"""Model cards: what each model is, in words for people and in numbers for the engine. Torch-free."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from resshift_desktop.core.diffusion.config import (
    AutoencoderConfig,
    DiffusionConfig,
    ModelConfig,
    SwinUNetConfig,
)
from resshift_desktop.errors import WeightsError


@dataclass(frozen=True)
class Checkpoint:
    """A published file with the weights of one network of a model.

    `num_bytes` is exact where `sha256` is known, and about right where that is None.
    """

    network: Literal["unet", "codec"]
    file: str
    url: str
    num_bytes: int
    sha256: str | None = None


@dataclass(frozen=True)
class ModelCard:
    """One model. `title` and `description` are plain words for people.

    `tile_overlap` is the least number of LQ pixels that neighbouring tiles share, of which the
    `tile_halo` nearest a tile's cut edge are thrown away. `tile_size` is the tile side that is fastest on a
    CPU. `bytes_per_lq_pixel` is the working memory of one pass in float32, measured. `input_side` is the
    side of the square pictures that the model is for, where it takes no others. `checkpoints` are the files
    that the weights come from; a model of this project has none.
    """

    name: str
    title: str
    description: str
    licence: str
    config: ModelConfig
    weights_file: str
    weights_sha256: str
    tile_size: int
    tile_overlap: int
    tile_halo: int
    bytes_per_lq_pixel: int
    input_side: int | None = None
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def scale(self) -> int:
        return self.config.scale


def read_card(path: Path) -> ModelCard:
    """The card in the JSON file at `path`.

    Raises:
        WeightsError: the file cannot be read, or is no model card.
    """
    try:
        return _card(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise WeightsError(
            f"The model card {path.name} cannot be used ({error}).", "Reinstall the program or the model."
        ) from error


def _card(fields: dict[str, Any]) -> ModelCard:
    checkpoints = tuple(Checkpoint(**checkpoint) for checkpoint in fields.get("checkpoints", ()))
    config = config_from_json(fields["config"])
    return ModelCard(**{**fields, "config": config, "checkpoints": checkpoints})


def write_card(card: ModelCard, path: Path) -> None:
    """Write what `read_card` reads. Raises OSError."""
    path.write_text(json.dumps(asdict(card), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def config_from_json(fields: dict[str, Any]) -> ModelConfig:
    """The inverse of `dataclasses.asdict` after a trip through JSON.

    Raises KeyError, TypeError or AttributeError for missing or unknown fields.
    """
    codec = fields["codec"]
    parts = {
        "diffusion": DiffusionConfig(**_with_tuples(fields["diffusion"])),
        "unet": SwinUNetConfig(**_with_tuples(fields["unet"])),
        "codec": codec if codec == "pixel-unshuffle" else AutoencoderConfig(**_with_tuples(codec)),
    }
    return ModelConfig(**{**fields, **parts})


def _with_tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}

"""A model as the app shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from resshift_desktop.paths import resources_folder

# What the cards of known models say, so that it can be said in the person's language.
CARD_TEXTS = (
    QT_TRANSLATE_NOOP("ModelItem", "Built-in, fast"),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "x4 for photographs, paintings, drawings and screens. Works at once, also without a graphics card.",
    ),
)


@dataclass(frozen=True)
class ModelItem:
    """One model, as the core tells of it.

    `title` and `description` are plain words for people; `scale` is the model's own factor; `size_bytes` is
    what it takes on disk. `built_in`: part of the program, cannot be removed. `takes_mask`: fills masked
    parts. `installed`: its weights are here.
    """

    name: str
    title: str
    description: str
    scale: int
    licence: str
    size_bytes: int
    built_in: bool
    takes_mask: bool
    installed: bool

    @classmethod
    def from_wire(cls, fields: Mapping[str, Any]) -> "ModelItem":
        """The item for a model of `GET /v1/models`, in the app's language where its texts are known.

        A core that tells of no state has the model here.

        Raises:
            KeyError: a field is missing.
        """
        names = ("name", "scale", "licence", "size_bytes", "built_in", "takes_mask")
        return cls(
            **{name: fields[name] for name in names},
            title=QCoreApplication.translate("ModelItem", fields["title"]),
            description=QCoreApplication.translate("ModelItem", fields["description"]),
            installed=fields.get("installed", True),
        )


def built_in_model() -> ModelItem:
    """The model that is part of the program, to be shown until the core tells of all."""
    card = json.loads((resources_folder() / "models" / "builtin.json").read_text("utf-8"))
    facts = {"scale": card["config"]["scale"], "size_bytes": 0, "built_in": True, "takes_mask": False}
    return ModelItem.from_wire({**card, **facts})


def file_size(num_bytes: int) -> str:
    """A file's size for people: 6 MB, 1.2 GB."""
    places = 1 if num_bytes >= 1_000_000_000 else 0
    return QLocale().formattedDataSize(num_bytes, places, QLocale.DataSizeFormat.DataSizeSIFormat)

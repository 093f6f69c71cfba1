"""A model as the app shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from resshift_desktop.paths import resources_folder

# What the cards of known models and their licences say, so that it can be said in the person's language.
CARD_TEXTS = (
    QT_TRANSLATE_NOOP("ModelItem", "Built-in, fast"),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "x4 for photographs, paintings, drawings and screens. Works at once, also without a graphics card.",
    ),
    QT_TRANSLATE_NOOP("ModelItem", "ResShift x4, v3"),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "x4 for photographs. The paper's best quality in 4 steps; for a GPU with about 2 GB of "
        "memory, or much patience.",
    ),
    QT_TRANSLATE_NOOP("ModelItem", "ResShift x4, v2"),
    QT_TRANSLATE_NOOP(
        "ModelItem", "x4 for photographs in 15 steps, as in the paper's second version; slower than v3."
    ),
    QT_TRANSLATE_NOOP("ModelItem", "ResShift x4, v1"),
    QT_TRANSLATE_NOOP(
        "ModelItem", "x4 for photographs in 15 steps, as in the paper's first version; slower than v3."
    ),
    QT_TRANSLATE_NOOP("ModelItem", "ResShift x4, clean pictures"),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "x4 for clean pictures that were only made smaller: no noise, no JPEG. 4 steps; needs what v3 needs.",
    ),
    QT_TRANSLATE_NOOP("ModelItem", "SinSR x4, v1"),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "x4 for photographs in a single step: faster than ResShift, with less detail. For a GPU with "
        "about 2 GB of memory, or patience.",
    ),
    QT_TRANSLATE_NOOP("ModelItem", "SinSR x4, v2"),
    QT_TRANSLATE_NOOP("ModelItem", "ResShift inpainting, photographs"),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "Fills the white parts of a mask; all else stays as it is. 4 steps; for a GPU with about 3 GB "
        "of memory, or patience.",
    ),
    QT_TRANSLATE_NOOP("ModelItem", "ResShift inpainting, faces"),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "Fills the white parts of a mask in an upright face that fills the picture, best at 256 x 256 "
        "pixels. 4 steps; for a GPU with about 3 GB of memory, or patience.",
    ),
    QT_TRANSLATE_NOOP("ModelItem", "ResShift face restoration"),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "Restores an upright face that fills a picture of 512 x 512 pixels. 4 steps; for a GPU with "
        "about 2 GB of memory, or patience.",
    ),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "For non-commercial use only; for any other, ask the authors. Who passes the files on passes "
        "their licence on with them.",
    ),
    QT_TRANSLATE_NOOP(
        "ModelItem",
        "For non-commercial use only. Who passes the files on, changed or not, names the authors and "
        "keeps their licences. The second licence is for the autoencoder, which is ResShift's.",
    ),
)


@dataclass(frozen=True)
class ModelItem:
    """One model, as the core tells of it.

    `title` and `description` are plain words for people; `scale` is the model's own factor; `size_bytes` is
    what it takes on disk. `built_in`: part of the program, cannot be removed. `takes_mask`: fills masked
    parts. `installed`: its weights are here. `licence` is a name; `licence_summary` what it comes to and
    `licence_urls` where its text is, both empty where there is nothing to accept.
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
    licence_summary: str = ""
    licence_urls: tuple[str, ...] = ()
    licence_accepted: bool = True

    @classmethod
    def from_wire(cls, fields: Mapping[str, Any]) -> "ModelItem":
        """The item for a model of `GET /v1/models`, in the app's language where its texts are known.

        Models of which no state and no terms are told are here, and ask for nothing.

        Raises:
            KeyError: a field is missing.
        """
        names = ("name", "scale", "licence", "size_bytes", "built_in", "takes_mask")
        return cls(
            **{name: fields[name] for name in names},
            title=QCoreApplication.translate("ModelItem", fields["title"]),
            description=QCoreApplication.translate("ModelItem", fields["description"]),
            installed=fields.get("installed", True),
            licence_summary=QCoreApplication.translate("ModelItem", fields.get("licence_summary", "")),
            licence_urls=tuple(fields.get("licence_urls", ())),
            licence_accepted=fields.get("licence_accepted", True),
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

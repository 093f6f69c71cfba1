"""The licences of the published models, and which of them the person has accepted. Torch-free."""

import json
from dataclasses import dataclass
from pathlib import Path

from resshift_desktop import paths
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.errors import LicenceError
from resshift_desktop.json_file import write_json

S_LAB = "S-Lab License 1.0 (non-commercial)"
S_LAB_AND_CC = "CC BY-NC-SA 4.0 and S-Lab License 1.0 (non-commercial)"


@dataclass(frozen=True)
class Licence:
    """What a card's `licence` allows, in plain words, and where its text is."""

    name: str
    summary: str
    urls: tuple[str, ...]


_S_LAB_URL = "https://github.com/zsyOAOA/ResShift/blob/master/LICENSE"
_LICENCES = {
    S_LAB: Licence(
        S_LAB,
        "For non-commercial use only; for any other, ask the authors. Who passes the files on passes their "
        "licence on with them.",
        (_S_LAB_URL,),
    ),
    S_LAB_AND_CC: Licence(
        S_LAB_AND_CC,
        "For non-commercial use only. Who passes the files on, changed or not, names the authors and keeps "
        "their licences. The second licence is for the autoencoder, which is ResShift's.",
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", _S_LAB_URL),
    ),
}


def licence_of(card: ModelCard) -> Licence | None:
    """The licence of a published model; None for models that ask for nothing to be accepted."""
    return _LICENCES.get(card.licence)


def is_accepted(card: ModelCard) -> bool:
    """Whether the person has accepted a model's licence, for this model or another."""
    return card.licence in _accepted()


def accept(card: ModelCard) -> None:
    """Remember that the person has accepted a model's licence. Raises OSError."""
    write_json(_path(), {"accepted": sorted({*_accepted(), card.licence})})


def check_accepted(card: ModelCard) -> None:
    """Raise LicenceError where a model's licence has to be accepted and was not."""
    licence = licence_of(card)
    if licence is not None and not is_accepted(card):
        raise LicenceError(
            f"The licence of “{card.name}” has not been accepted: {licence.name}.",
            f"Read {' and '.join(licence.urls)}, then accept it.",
            "accept the licence",
        )


def _accepted() -> list[str]:
    try:
        return json.loads(_path().read_text(encoding="utf-8"))["accepted"]
    except (OSError, ValueError, TypeError, KeyError):  # not there, or damaged: then it is asked again
        return []


def _path() -> Path:
    return paths.data_folder() / "licences.json"

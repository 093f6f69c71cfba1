"""What the threads that talk to the core tell the GUI thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from resshift_desktop.gui.job_item import JobItem, Problem
from resshift_desktop.gui.model_item import ModelItem


@dataclass(frozen=True)
class Health:
    """The core answers. `device`: the one it works on, "" until its engine has loaded; `problem`: why it
    cannot work."""

    version: str
    device: str
    problem: Problem | None

    @classmethod
    def from_wire(cls, fields: Mapping[str, Any]) -> "Health":
        problem = fields["problem"]
        return cls(fields["version"], fields["device"] or "", Problem.from_wire(problem) if problem else None)


@dataclass(frozen=True)
class Lost:
    """The core is gone, and is being started again; `text` says so in one line."""

    text: str


@dataclass(frozen=True)
class GaveUp:
    """There is no core, and no further attempt to get one until somebody asks for it."""

    problem: Problem


@dataclass(frozen=True)
class QueueState:
    """`held`: the whole queue is paused. `seconds_left`: for all that waits; None until it can be told.
    `problem`: why the core cannot go on at present."""

    held: bool
    seconds_left: float | None
    problem: Problem | None = None

    @classmethod
    def from_wire(cls, fields: Mapping[str, Any]) -> "QueueState":
        problem = fields.get("problem")
        return cls(fields["held"], fields["seconds_left"], Problem.from_wire(problem) if problem else None)


@dataclass(frozen=True)
class Listed:
    """All jobs, anew."""

    jobs: tuple[JobItem, ...]


@dataclass(frozen=True)
class Changed:
    """A job is new or has changed."""

    job: JobItem


@dataclass(frozen=True)
class Removed:
    """A job is forgotten."""

    id: int


@dataclass(frozen=True)
class Progress:
    """How far the job in work is: `fraction` in [0, 1]; seconds are None until they can be told."""

    id: int
    fraction: float
    seconds_left: float | None
    queue_seconds_left: float | None


@dataclass(frozen=True)
class TileNews:
    """A tile of a job is finished, and can be fetched."""

    id: int
    number: int
    place: QRectF


@dataclass(frozen=True, eq=False)
class Tile:
    """A finished tile, to be looked at: `place` in [0, 1] of the picture, `image` small and in sRGB. Of two
    that overlap, that of the greater number lies above."""

    id: int
    number: int
    place: QRectF
    image: QImage


@dataclass(frozen=True)
class Started:
    """Pictures of the list have become jobs, each the one in the same place."""

    new_ids: tuple[int, ...]
    jobs: tuple[JobItem, ...]


@dataclass(frozen=True)
class NotStarted:
    """Pictures of the list could not become jobs."""

    new_ids: tuple[int, ...]
    problem: Problem


@dataclass(frozen=True)
class Models:
    """All models."""

    models: tuple[ModelItem, ...]


@dataclass(frozen=True)
class ModelProgress:
    """How much of a model is here, in [0, 1]."""

    name: str
    fraction: float


@dataclass(frozen=True)
class ModelFailed:
    """What was asked for about a model did not work; `name` "" for a file that is not a model yet."""

    name: str
    problem: Problem


@dataclass(frozen=True)
class Failed:
    """Something that was asked for did not work. `id`: the job it concerns; None: no single one."""

    problem: Problem
    id: int | None = None


Message = (
    Health | Lost | GaveUp | QueueState | Listed | Changed | Removed | Progress | TileNews | Tile
    | Started | NotStarted | Models | ModelProgress | ModelFailed | Failed
)  # fmt: skip

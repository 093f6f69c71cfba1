"""A picture in the list: one that is yet to be started, or a job as the core tells of it.

There are thousands of these: with slots the garbage collector, which stops all threads, has half as much to
look through.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication


class State(StrEnum):
    """How a picture stands. NEW: listed here only; all others are those of the core."""

    NEW = "new"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


WAITING = (State.QUEUED, State.RUNNING)
FINISHED = (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong (`title`), what to do about it (`hint`), and a word for programs (`kind`)."""

    title: str
    hint: str
    kind: str

    @classmethod
    def from_wire(cls, fields: Mapping[str, Any]) -> "Problem":
        return cls(fields["title"], fields["hint"], fields["kind"])


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What is asked of the core for one picture; see `POST /v1/jobs` in docs/bridge.md."""

    input: Path
    output: Path
    format: str | None = None
    model: str = "builtin"
    scale: float | None = None
    width: int | None = None
    height: int | None = None
    seed: int = 0
    device: str = "auto"
    tile_size: int | None = None
    mask: Path | None = None
    quality: int = 90

    @classmethod
    def from_wire(cls, fields: Mapping[str, Any]) -> "JobRequest":
        values = {name: fields[name] for name in cls.__dataclass_fields__}
        for name in ("input", "output", "mask"):
            values[name] = None if values[name] is None else Path(values[name])
        return cls(**values)

    def to_wire(self) -> dict[str, object]:
        return {
            name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class JobItem:
    """One picture of the list.

    id: the core's number of the job; below 0 for a picture that is yet to be started. position: what is
    lower comes first. fraction: done, in [0, 1]. request: None while NEW. result_size: (width, height) in
    pixels of a finished result. device: what computed it, by its name for people.
    """

    id: int
    input: Path
    state: State
    position: float
    fraction: float = 0.0
    seconds_left: float | None = None
    problem: Problem | None = None
    request: JobRequest | None = None
    result_size: tuple[int, int] | None = None
    device: str = ""

    @classmethod
    def from_wire(cls, job: Mapping[str, Any]) -> "JobItem":
        """The item for a job as docs/bridge.md describes it. Raises KeyError, ValueError where it is none."""
        result = job["result"]
        return cls(
            id=job["id"],
            input=Path(job["input"]),
            state=State(job["state"]),
            position=job["position"],
            fraction=job["fraction"],
            seconds_left=job["seconds_left"],
            problem=Problem.from_wire(job["problem"]) if job["problem"] else None,
            request=JobRequest.from_wire(job),
            result_size=(result["width"], result["height"]) if result else None,
            device=result["device"] if result else "",
        )

    @property
    def result(self) -> Path | None:
        """The finished result's file."""
        return self.request.output if self.request and self.state is State.DONE else None

    def with_progress(self, fraction: float, seconds_left: float | None) -> "JobItem":
        return replace(self, fraction=fraction, seconds_left=seconds_left)


def state_in_words(item: JobItem) -> str:
    """One short line on how the picture stands; "" while it is new."""
    match item.state:
        case State.NEW:
            return ""
        case State.QUEUED:
            return (
                QCoreApplication.translate("JobItem", "Waiting")
                if item.fraction == 0
                else QCoreApplication.translate("JobItem", "Waiting, {percent} done").format(
                    percent=percent(item.fraction)
                )
            )
        case State.RUNNING:
            left = time_left(item.seconds_left)
            return f"{percent(item.fraction)} · {left}" if left else percent(item.fraction)
        case State.PAUSED:
            return QCoreApplication.translate("JobItem", "Paused at {percent}").format(
                percent=percent(item.fraction)
            )
        case State.DONE:
            return QCoreApplication.translate("JobItem", "Done")
        case State.FAILED:
            return item.problem.title if item.problem else QCoreApplication.translate("JobItem", "Failed")
        case State.CANCELLED:
            return QCoreApplication.translate("JobItem", "Cancelled")


def percent(fraction: float) -> str:
    """A share for people; 100 % only when all is done."""
    return QCoreApplication.translate("JobItem", "{number} %").format(number=int(100 * fraction))


def time_left(seconds: float | None) -> str:
    """How long something will take, as people would say it; "" where it cannot be told."""
    if seconds is None:
        return ""
    if seconds < 10:
        return QCoreApplication.translate("JobItem", "a few seconds left")
    if seconds < 55:
        return QCoreApplication.translate("JobItem", "{seconds} s left").format(
            seconds=round(seconds / 5) * 5
        )
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return QCoreApplication.translate("JobItem", "{minutes} min left").format(minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 10 and minutes:
        return QCoreApplication.translate("JobItem", "{hours} h {minutes} min left").format(
            hours=hours, minutes=minutes
        )
    return QCoreApplication.translate("JobItem", "{hours} h left").format(hours=hours)

"""A job as it lies in the journal: what people see of it, and what only queue and worker need."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from resshift_desktop.core.engine.request import TargetSize, UpscaleRequest, UpscaleResult
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.jobs.job import Job, JobState, Problem


@dataclass(frozen=True)
class JobRecord:
    """One row. Fields as in Job, and:

    pixels: how many the model will compute (see workload); None where that is not known.
    tiles_done: as last told by the engine.
    deaths: how often the process died in this job since a tile was last finished; work in progress counts
        as one until it has ended otherwise.
    """

    id: int
    request: UpscaleRequest
    state: JobState
    position: float
    added_at: float
    fraction: float = 0.0
    seconds: float = 0.0
    pixels: int | None = None
    tiles_done: int = 0
    deaths: int = 0
    problem: Problem | None = None
    result: UpscaleResult | None = None
    finished_at: float | None = None

    @property
    def rate_key(self) -> tuple[str, str]:
        """(model, device as asked for): what decides how fast a pixel is computed."""
        return self.request.model, self.request.device

    @property
    def pixels_left(self) -> int | None:
        return None if self.pixels is None else round(self.pixels * (1 - self.fraction))

    def job(self, seconds_left: float | None) -> Job:
        return Job(
            id=self.id,
            request=self.request,
            state=self.state,
            position=self.position,
            fraction=self.fraction,
            problem=self.problem,
            result=self.result,
            seconds=self.seconds,
            seconds_left=seconds_left,
            added_at=self.added_at,
            finished_at=self.finished_at,
        )


def to_json(value: UpscaleRequest | UpscaleResult | Problem | None) -> str | None:
    """In ASCII, so that file names which are no valid Unicode survive."""
    return None if value is None else json.dumps(asdict(value), default=str)


def request_from_json(text: str) -> UpscaleRequest:
    fields = json.loads(text)
    return UpscaleRequest(
        **{
            **_with_paths(fields, "input", "output", "mask"),
            "size": TargetSize(**fields["size"]),
            "image_format": ImageFormat(fields["image_format"]),
        }
    )


def result_from_json(text: str | None) -> UpscaleResult | None:
    return None if text is None else UpscaleResult(**_with_paths(json.loads(text), "output"))


def problem_from_json(text: str | None) -> Problem | None:
    return None if text is None else Problem(**json.loads(text))


def _with_paths(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {
        name: Path(value) if name in names and value is not None else value for name, value in fields.items()
    }

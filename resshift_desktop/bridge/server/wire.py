"""Jobs and events as they are told over the bridge."""

from typing import Any

import msgspec

from resshift_desktop.bridge.server.messages import JobResult, Problem, WireJob
from resshift_desktop.core.jobs import job as jobs
from resshift_desktop.core.jobs.events import Event


def to_wire(job: jobs.Job) -> WireJob:
    request = job.request
    return WireJob(
        id=job.id,
        input=str(request.input),
        output=str(request.output),
        format=request.image_format.value,
        model=request.model,
        scale=request.size.scale,
        width=request.size.width,
        height=request.size.height,
        seed=request.seed,
        device=request.device,
        tile_size=request.tile_size,
        mask=str(request.mask) if request.mask is not None else None,
        quality=request.quality,
        overwrite=request.overwrite,
        state=job.state.value,
        position=job.position,
        fraction=job.fraction,
        seconds=job.seconds,
        seconds_left=job.seconds_left,
        problem=wire_problem(job.problem),
        result=_wire_result(job),
        added_at=job.added_at,
        finished_at=job.finished_at,
    )


def wire_problem(problem: jobs.Problem | None) -> Problem | None:
    return Problem(problem.kind, problem.title, problem.hint) if problem is not None else None


def _wire_result(job: jobs.Job) -> JobResult | None:
    result = job.result
    if result is None:
        return None
    return JobResult(str(result.output), result.width, result.height, result.seconds, result.device)


def encode_event(event: Event) -> bytes:
    """As a server-sent event (WHATWG HTML, 9.2.6)."""
    data = {name: _wire_value(value) for name, value in event.data.items()}
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.seq, event.kind.encode(), msgspec.json.encode(data))


def encode_reset(seq: int) -> bytes:
    """That events were missed: list the jobs anew."""
    return b"id: %d\nevent: reset\ndata: {}\n\n" % seq


def _wire_value(value: Any) -> Any:
    if isinstance(value, jobs.Job):
        return to_wire(value)
    return wire_problem(value) if isinstance(value, jobs.Problem) else value

"""/v1/jobs and /v1/queue: picture files by path."""

from collections.abc import Callable
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from resshift_desktop.bridge.server.answers import Refusal, bad_request, json_answer, not_found
from resshift_desktop.bridge.server.messages import (
    JobIds,
    JobPage,
    Jobs,
    JobsQuery,
    Move,
    NewJob,
    NewJobs,
    NoQuery,
    QueueState,
    Tile,
    Tiles,
)
from resshift_desktop.bridge.server.requests import read_json, read_query
from resshift_desktop.bridge.server.wire import to_wire
from resshift_desktop.core.engine.request import TargetSize, UpscaleRequest, check_request
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.jobs.job import Job, JobState
from resshift_desktop.core.jobs.preview import Previews
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.core.jobs.worker import Worker
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.store import list_models
from resshift_desktop.errors import UsageError


class JobsApi:
    """Endpoints. What waits for the disk runs in threads."""

    def __init__(self, queue: JobQueue, worker: Worker) -> None:
        self._queue = queue
        self._worker = worker

    async def add(self, request: Request) -> Response:
        read_query(request.scope, NoQuery)
        new = await read_json(request.scope, request.receive, NewJobs)
        return json_answer(await to_thread.run_sync(self._add, new.jobs), 201)

    async def page(self, request: Request) -> Response:
        query = read_query(request.scope, JobsQuery)
        return json_answer(await to_thread.run_sync(self._page, query))

    async def get(self, request: Request) -> Response:
        return await self._act(request, lambda job: job)

    async def remove(self, request: Request) -> Response:
        def forget(job: Job) -> Job:
            self._queue.remove(job.id)
            return job

        await self._act(request, forget)
        return Response(status_code=204)

    async def remove_all(self, request: Request) -> Response:
        jobs = await read_json(request.scope, request.receive, JobIds)
        return await self._act_on_all(request, lambda: self._queue.remove_all(jobs.ids))

    async def pause(self, request: Request) -> Response:
        return await self._act(request, lambda job: self._queue.pause(job.id))

    async def resume(self, request: Request) -> Response:
        return await self._act(request, lambda job: self._queue.resume(job.id))

    async def cancel(self, request: Request) -> Response:
        return await self._act(request, lambda job: self._queue.cancel(job.id))

    async def retry(self, request: Request) -> Response:
        return await self._act(request, lambda job: self._queue.retry(job.id))

    async def move(self, request: Request) -> Response:
        move = await read_json(request.scope, request.receive, Move)
        return await self._act(request, lambda job: self._queue.move(job.id, move.before))

    async def tiles(self, request: Request) -> Response:
        read_query(request.scope, NoQuery)
        return json_answer(await to_thread.run_sync(self._tiles, _number(request, "id")))

    async def tile(self, request: Request) -> Response:
        read_query(request.scope, NoQuery)
        numbers = _number(request, "id"), _number(request, "number")
        return Response(await to_thread.run_sync(self._tile, *numbers), media_type="image/jpeg")

    async def hold(self, request: Request) -> Response:
        return await self._act_on_all(request, self._queue.hold)

    async def release(self, request: Request) -> Response:
        return await self._act_on_all(request, self._queue.release_hold)

    async def clear(self, request: Request) -> Response:
        return await self._act_on_all(request, self._queue.clear_finished)

    async def _act(self, request: Request, action: Callable[[Job], Job]) -> Response:
        read_query(request.scope, NoQuery)
        job = await to_thread.run_sync(self._act_on, _number(request, "id"), action)
        return json_answer(to_wire(job))

    def _act_on(self, job_id: int, action: Callable[[Job], Job]) -> Job:
        job = self._find(job_id)
        try:
            return action(job)
        except UsageError as error:
            raise Refusal(409, "UsageError", error.title, error.hint) from error

    def _find(self, job_id: int) -> Job:
        try:
            return self._queue.get(job_id)
        except UsageError as error:
            raise not_found(error.title, error.hint) from error

    async def _act_on_all(self, request: Request, action: Callable[[], object]) -> Response:
        read_query(request.scope, NoQuery)
        await to_thread.run_sync(action)
        queue = self._queue
        return json_answer(QueueState(queue.held, _counts(queue), queue.seconds_left()))

    def _add(self, new: list[NewJob]) -> Jobs:
        cards = {model.card.name: model.card for model in list_models()}
        requests = [_upscale_request(job, cards) for job in new]
        return Jobs([to_wire(job) for job in self._queue.add(requests)])

    def _page(self, query: JobsQuery) -> JobPage:
        queue = self._queue
        seq = queue.events.last_seq  # before the jobs: what happens meanwhile is told once more
        jobs = queue.page(query.after, query.limit, [JobState(query.state)] if query.state else None)
        return JobPage(
            jobs=[to_wire(job) for job in jobs],
            next=jobs[-1].id if len(jobs) == query.limit else None,
            seq=seq,
            held=queue.held,
            counts=_counts(queue),
            seconds_left=queue.seconds_left(),
        )

    def _tiles(self, job_id: int) -> Tiles:
        previews = self._previews(job_id)
        return Tiles(
            [Tile(tile.number, tile.left, tile.top, tile.width, tile.height) for tile in previews.places()]
        )

    def _tile(self, job_id: int, number: int) -> bytes:
        jpeg = self._previews(job_id).jpeg(number)
        if jpeg is None:
            raise not_found("There is no such tile.", "They go when the job is over.")
        return jpeg

    def _previews(self, job_id: int) -> Previews:
        return self._worker.previews(self._find(job_id).id)


def _number(request: Request, name: str) -> int:
    """A number of the address, which the database can hold."""
    digits = request.path_params[name]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise not_found("There is no such number.", "See docs/bridge.md.")
    return int(digits)


def _upscale_request(job: NewJob, cards: dict[str, ModelCard]) -> UpscaleRequest:
    """What is asked for, as the engine takes it.

    Raises:
        UsageError, Refusal: it is not possible.
    """
    if job.model not in cards:
        raise UsageError(f"There is no model called “{job.model}”.", f"Choose one of: {', '.join(cards)}.")
    output = _absolute(job.output)
    request = UpscaleRequest(
        input=_absolute(job.input),
        output=output,
        image_format=ImageFormat(job.format) if job.format else ImageFormat.from_suffix(output),
        model=job.model,
        size=TargetSize(job.scale, job.width, job.height),
        seed=job.seed,
        device=job.device,
        tile_size=job.tile_size,
        mask=_absolute(job.mask) if job.mask is not None else None,
        quality=job.quality,
        overwrite=job.overwrite,
    )
    check_request(request, cards[job.model])
    return request


def _absolute(name: str) -> Path:
    path = Path(name)
    if "\0" in name or not path.is_absolute():
        raise bad_request(f"“{name[:80]!r}” is not an absolute path.", "Name files by their whole path.")
    return path


def _counts(queue: JobQueue) -> dict[str, int]:
    return {state.value: count for state, count in queue.counts().items()}

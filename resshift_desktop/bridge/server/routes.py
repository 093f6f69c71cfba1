"""The core's answers to each address."""

import os
from collections.abc import Callable

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from resshift_desktop import __version__
from resshift_desktop.bridge.protocol import PROTOCOL_VERSION
from resshift_desktop.bridge.server import answers
from resshift_desktop.bridge.server.activity import Activity, CountActivity
from resshift_desktop.bridge.server.events import EventStreams
from resshift_desktop.bridge.server.jobs import JobsApi
from resshift_desktop.bridge.server.messages import Health, NoQuery
from resshift_desktop.bridge.server.model_download import DownloadModel
from resshift_desktop.bridge.server.models import get_models, import_model, remove_model
from resshift_desktop.bridge.server.pixels import UpscalePixels
from resshift_desktop.bridge.server.requests import Dropped, read_query
from resshift_desktop.bridge.server.security import Guard
from resshift_desktop.bridge.server.wire import wire_problem
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.core.jobs.worker import Worker
from resshift_desktop.core.weights.store import list_models
from resshift_desktop.errors import ResShiftError


def create_app(
    queue: JobQueue,
    worker: Worker,
    token: str,
    port: int,
    activity: Activity,
    stop: Callable[[], None],
    stopping: Callable[[], bool],
) -> Starlette:
    """The app that serves `queue` and `worker` on 127.0.0.1:`port` to those who know `token`.

    `stop` is called when a client asks the core to leave; once `stopping` says so, streams end.
    """
    jobs = JobsApi(queue, worker)

    async def health(request: Request) -> Response:
        read_query(request.scope, NoQuery)
        return answers.json_answer(await to_thread.run_sync(_health, queue, worker))

    async def shut_down(request: Request) -> Response:
        read_query(request.scope, NoQuery)
        stop()
        return Response(status_code=202)

    routes = [
        Route("/v1/health", health, methods=["GET"]),
        Route("/v1/shutdown", shut_down, methods=["POST"]),
        Route("/v1/upscale", UpscalePixels(worker, stopping), methods=["POST"]),
        Route("/v1/events", EventStreams(queue.events, stopping), methods=["GET"]),
        Route("/v1/jobs", jobs.page, methods=["GET"]),
        Route("/v1/jobs", jobs.add, methods=["POST"]),
        Route("/v1/jobs/remove", jobs.remove_all, methods=["POST"]),
        Route("/v1/jobs/{id}", jobs.get, methods=["GET"]),
        Route("/v1/jobs/{id}", jobs.remove, methods=["DELETE"]),
        Route("/v1/jobs/{id}/pause", jobs.pause, methods=["POST"]),
        Route("/v1/jobs/{id}/resume", jobs.resume, methods=["POST"]),
        Route("/v1/jobs/{id}/cancel", jobs.cancel, methods=["POST"]),
        Route("/v1/jobs/{id}/retry", jobs.retry, methods=["POST"]),
        Route("/v1/jobs/{id}/move", jobs.move, methods=["POST"]),
        Route("/v1/jobs/{id}/tiles", jobs.tiles, methods=["GET"]),
        Route("/v1/jobs/{id}/tiles/{number}", jobs.tile, methods=["GET"]),
        Route("/v1/queue/pause", jobs.hold, methods=["POST"]),
        Route("/v1/queue/resume", jobs.release, methods=["POST"]),
        Route("/v1/queue/clear", jobs.clear, methods=["POST"]),
        Route("/v1/models", get_models, methods=["GET"]),
        Route("/v1/models/import", import_model, methods=["POST"]),
        Route("/v1/models/{name}", remove_model, methods=["DELETE"]),
        Route("/v1/models/{name}/download", DownloadModel(stopping), methods=["POST"]),
    ]
    for route in routes:
        assert route.methods is not None
        route.methods.discard("HEAD")  # which Starlette adds; of a stream without a body there is no end
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, token, port), Middleware(CountActivity, activity)],
        exception_handlers={
            answers.Refusal: answers.refused,
            ResShiftError: answers.told_in_words,
            HTTPException: answers.routing_failed,
            Dropped: answers.to_nobody,
            Exception: answers.unforeseen,
        },
    )
    app.router.redirect_slashes = False
    return app


def _health(queue: JobQueue, worker: Worker) -> Health:
    return Health(
        protocol=PROTOCOL_VERSION,
        version=__version__,
        pid=os.getpid(),
        ready=worker.ready.is_set(),
        problem=wire_problem(queue.problem),
        device=worker.device,
        models=[model.card.name for model in list_models()],
        busy=worker.busy,
    )

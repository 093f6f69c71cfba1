"""The server itself: uvicorn on a socket that is bound already."""

import socket

import uvicorn

from resshift_desktop.bridge.server.activity import Activity
from resshift_desktop.bridge.server.limits import LimitedProtocol
from resshift_desktop.bridge.server.routes import create_app
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.core.jobs.worker import Worker

_GOODBYE_SECONDS = 3
"""How long the streams have to end when the server stops."""


class BridgeServer:
    """Serves `queue` and `worker` on `sock`, bound to 127.0.0.1, to those who know `token`."""

    def __init__(self, queue: JobQueue, worker: Worker, token: str, sock: socket.socket) -> None:
        self._sock = sock
        self._activity = Activity()
        app = create_app(
            queue,
            worker,
            token,
            port=sock.getsockname()[1],
            activity=self._activity,
            stop=self.stop,
            stopping=lambda: self._server.should_exit,
        )
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http=LimitedProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=_GOODBYE_SECONDS,
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until `stop`, or SIGINT or SIGTERM where this is the main thread. Closes the socket."""
        self._server.run([self._sock])

    def stop(self) -> None:
        """Have `run` return; from any thread."""
        self._server.should_exit = True

    @property
    def active(self) -> int:
        """Requests in progress, streams of events among them."""
        return self._activity.active

    @property
    def last_activity(self) -> float:
        """When a request last began or ended, in monotonic seconds."""
        return self._activity.last

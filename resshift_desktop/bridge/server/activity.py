"""Whether anybody uses the core."""

import time

from starlette.types import ASGIApp, Receive, Scope, Send


class Activity:
    """`active`: requests in progress, streams of events among them. `last`: when one last began or ended, in
    monotonic seconds. Written in the event loop's thread, read in any."""

    def __init__(self) -> None:
        self.active = 0
        self.last = time.monotonic()


class CountActivity:
    """ASGI middleware, for requests that the guard has let through."""

    def __init__(self, app: ASGIApp, activity: Activity) -> None:
        self._app = app
        self._activity = activity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        activity = self._activity
        activity.active += 1
        activity.last = time.monotonic()
        try:
            await self._app(scope, receive, send)
        finally:
            activity.active -= 1
            activity.last = time.monotonic()

"""The answer to POST /v1/upscale, as it is written."""

import asyncio
import time
from collections.abc import Callable

from anyio import to_thread
from starlette.types import Send

from resshift_desktop.bridge.protocol import STREAM_TYPE
from resshift_desktop.bridge.server.limits import UNREAD_SECONDS
from resshift_desktop.bridge.server.messages import (
    Failed,
    Heartbeat,
    Progress,
    Result,
    StreamLine,
    Waiting,
    encode_line,
)
from resshift_desktop.bridge.server.pixel_run import PixelRun
from resshift_desktop.bridge.server.requests import Dropped
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.samples import Excess, SampleFormat, to_host
from resshift_desktop.errors import ResShiftError

_HEARTBEAT_SECONDS = 0.4  # half a second is promised
_POLL_SECONDS = 0.1


class PixelStream:
    """The answer: lines, at least one every half second, and in the end the pixels."""

    def __init__(
        self, send: Send, client: asyncio.Task[None], run: PixelRun, stopping: Callable[[], bool]
    ) -> None:
        self._send = send
        self._client = client
        self._run = run
        self._stopping = stopping
        self._told = run.progress
        self._spoke_at = 0.0

    async def begin(self) -> None:
        headers = [(b"content-type", STREAM_TYPE.encode()), (b"cache-control", b"no-store")]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._say(Waiting())

    async def wait_for(self, work: asyncio.Future) -> None:
        """Until `work` is done, say how it goes.

        Raises:
            Dropped: the client left.
            ResShiftError: the core is about to leave.
        """
        while not work.done():
            await asyncio.wait({work, self._client}, timeout=_POLL_SECONDS, return_when="FIRST_COMPLETED")
            self._check_client()
            if self._stopping():
                raise ResShiftError("ResShift is being closed.", "Start it again, then try again.")
            progress = self._run.progress
            if progress is not None and progress is not self._told:
                self._told = progress
                await self._say(Progress(progress.fraction, progress.seconds_left))
            elif time.monotonic() - self._spoke_at >= _HEARTBEAT_SECONDS:
                await self._say(Heartbeat())

    async def send_result(
        self, line: Result, picture: PixelImage, layout: SampleFormat, excess: Excess | None
    ) -> None:
        await self._say(line)
        blocks = to_host(picture, layout, excess)
        while (block := await to_thread.run_sync(next, blocks, None)) is not None:
            self._check_client()
            await self._write(block)
        await self._write(b"", more=False)

    async def end(self, line: Failed) -> None:
        await self._say(line)
        await self._write(b"", more=False)

    async def _say(self, line: StreamLine) -> None:
        self._spoke_at = time.monotonic()
        await self._write(encode_line(line))

    async def _write(self, data: bytes | memoryview, more: bool = True) -> None:
        try:
            async with asyncio.timeout(UNREAD_SECONDS):
                await self._send({"type": "http.response.body", "body": data, "more_body": more})
        except TimeoutError as error:
            raise Dropped from error

    def _check_client(self) -> None:
        if self._client.done():
            raise Dropped

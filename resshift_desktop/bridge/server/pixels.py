"""POST /v1/upscale: a host's pixels in, progress lines and the result's pixels out."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from anyio import to_thread
from starlette.types import Receive, Scope, Send

from resshift_desktop.bridge.server.messages import Failed, Result
from resshift_desktop.bridge.server.pixel_run import PixelRun
from resshift_desktop.bridge.server.pixel_stream import PixelStream
from resshift_desktop.bridge.server.pixel_upload import PixelUpload, read_upload
from resshift_desktop.bridge.server.requests import Dropped, until_gone
from resshift_desktop.core.engine.workspace import work_folder
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.samples import Excess, resize_excess
from resshift_desktop.core.jobs.worker import Worker
from resshift_desktop.errors import ResShiftError


class UpscalePixels:
    """The endpoint, an ASGI app of its own: it reads and writes as it goes, and sees the client leave."""

    def __init__(self, worker: Worker, stopping: Callable[[], bool]) -> None:
        self._worker = worker
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        upload = await read_upload(scope)
        started = time.monotonic()
        async with _work_folder(upload.room) as folder:
            picture, excess = await upload.take_in(receive, folder)
            client = asyncio.create_task(until_gone(receive))
            run = PixelRun(picture, upload.request_in(folder), folder, cancelled=client.done)
            del picture
            stream = PixelStream(send, client, run, self._stopping)
            try:
                self._worker.submit(run.task())
                await stream.begin()
                await stream.wait_for(run.done)
                sr = run.done.result()
                if excess is not None:
                    grown = asyncio.create_task(_grow(excess, sr, folder, client.done))
                    await stream.wait_for(grown)
                    excess = grown.result()
                line = self._result_line(upload, sr, time.monotonic() - started)
                await stream.send_result(line, sr, upload.layout, excess)
                del sr  # its file is about to go
            except Dropped:
                return  # without an end: the connection is closed
            except ResShiftError as error:
                await stream.end(Failed(type(error).__name__, error.title, error.hint))
            finally:
                client.cancel()
                await run.let_go()

    def _result_line(self, upload: PixelUpload, sr: PixelImage, seconds: float) -> Result:
        return Result(
            width=sr.width,
            height=sr.height,
            channels=upload.layout.channels,
            sample=upload.layout.sample,
            bytes=sr.width * sr.height * upload.layout.bytes_per_pixel,
            seconds=seconds,
            device=self._worker.device or upload.request.device,
            model=upload.request.model,
            seed=upload.request.seed,
        )


@asynccontextmanager
async def _work_folder(needed: int) -> AsyncIterator[Path]:
    """workspace.work_folder, made and deleted in a thread: deleting gigabytes takes a while."""
    with ExitStack() as stack:
        folder = await to_thread.run_sync(stack.enter_context, work_folder(needed))
        try:
            yield folder
        finally:
            await asyncio.shield(to_thread.run_sync(stack.pop_all().close))


async def _grow(excess: Excess, sr: PixelImage, folder: Path, cancel: Callable[[], bool]) -> Excess:
    path = folder / "grown.raw"
    return await to_thread.run_sync(resize_excess, excess, sr.width, sr.height, path, cancel)

"""One picture of a host on its way through the worker."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from resshift_desktop.core.engine.request import PixelRequest, UpscaleProgress
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.jobs.worker import PixelTask
from resshift_desktop.errors import Cancelled, ResShiftError


class PixelRun:
    """Awaited in the event loop, called back in the worker's thread.

    done: the result, or the ResShiftError. progress: the latest.
    """

    def __init__(
        self, picture: PixelImage, request: PixelRequest, folder: Path, cancelled: Callable[[], bool]
    ) -> None:
        self.done: asyncio.Future[PixelImage] = asyncio.get_running_loop().create_future()
        self.progress: UpscaleProgress | None = None
        self._picture: PixelImage | None = picture
        self._request = request
        self._folder = folder
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._begun = False
        self._let_go = False

    def task(self) -> PixelTask:
        return PixelTask(
            request=self._request,
            load=self._load,
            on_progress=self._on_progress,
            cancel=lambda: self._let_go or self._cancelled(),
            on_done=self._on_done,
            on_failed=self._on_failed,
            folder=self._folder,
        )

    async def let_go(self) -> None:
        """Have the worker stop; when this returns it does not, and will not, touch the folder."""
        with self._lock:
            self._let_go = True
            begun = self._begun
        if begun and not self.done.done():
            await asyncio.wait({self.done})
        if self.done.done() and not self.done.cancelled():
            self.done.exception()  # which nobody may have asked for
        self._picture = None

    def _load(self) -> PixelImage:
        with self._lock:
            if self._let_go or self._picture is None:
                raise Cancelled
            self._begun = True
            return self._picture

    def _on_progress(self, progress: UpscaleProgress) -> None:
        self.progress = progress

    def _on_done(self, result: PixelImage) -> None:
        self._in_loop(lambda: self.done.done() or self.done.set_result(result))

    def _on_failed(self, error: ResShiftError) -> None:
        self._in_loop(lambda: self.done.done() or self.done.set_exception(error))

    def _in_loop(self, callback: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the server has stopped meanwhile
            self.done.get_loop().call_soon_threadsafe(callback)

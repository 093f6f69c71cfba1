"""Calls to the core for programs whose own thread has to go on meanwhile.

Plugins carry a copy of this file: standard library only, Python 3.9.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from .client import Result
from .for_plugins import PluginModel, list_models, progress_words
from .launcher import connect
from .protocol import BridgeError
from .samples import fade, swap_red_and_blue

Tell = Callable[..., None]
"""Called with words for people and, where it is known, how much is done: a fraction in [0, 1]."""
IsCancelled = Callable[[], bool]


class Work:
    """Runs `function(tell, is_cancelled)` in a thread of its own; another thread hears of it in `hear`.

    Args:
        on_told: gets what the function tells.
        on_done: gets what it returns.
        on_failed: gets the words of what it raises.
    """

    def __init__(
        self,
        function: Callable[[Tell, IsCancelled], Any],
        on_told: Callable[..., object],
        on_done: Callable[[Any], object],
        on_failed: Callable[[str], object],
    ) -> None:
        self._news: SimpleQueue[tuple[Callable[..., object], tuple[Any, ...]]] = SimpleQueue()
        self._cancelled = threading.Event()

        def tell(*told: Any) -> None:
            if self._cancelled.is_set():
                raise BridgeError("Cancelled.", "", "Cancelled")
            self._news.put((on_told, told))

        def run() -> None:
            try:
                self._news.put((on_done, (function(tell, self._cancelled.is_set),)))
            except Exception as error:  # whatever it is: the other thread would wait for ever
                self._news.put((on_failed, (str(error) or repr(error),)))

        threading.Thread(target=run, daemon=True).start()

    def hear(self) -> None:
        """Make the calls that are due, in this thread; to be called from time to time. None after cancel."""
        while not (self._cancelled.is_set() or self._news.empty()):
            call, values = self._news.get()
            call(*values)

    def cancel(self) -> None:
        """Have the function end at its next step."""
        self._cancelled.set()


def find_models(tell: Tell, _is_cancelled: IsCancelled) -> list[PluginModel]:
    """The models that can be used, of a core that is started if there is none. Raises BridgeError."""
    return list_models(connect(on_waiting=lambda: tell("Starting ResShift...")))


def upscale(
    pixels: bytearray,
    tell: Tell,
    is_cancelled: IsCancelled,
    *,
    channels: int,
    sample: str,
    opacity: bytes | None = None,
    is_blue_first: bool = False,
    **facts: Any,
) -> Result:
    """What Client.upscale makes of `pixels`; the core is started if there is none.

    Args:
        pixels: with an alpha channel; they are changed on the way.
        opacity: a byte for each pixel, by which its alpha is multiplied before.
        is_blue_first: the pixels are BGRA, and so are the result's.
        facts: all else that Client.upscale wants to know.

    Raises:
        BridgeError: as connect and Client.upscale do.
    """
    if opacity:
        fade(pixels, opacity, channels, sample)
    if is_blue_first:
        swap_red_and_blue(pixels, sample)
    client = connect(on_waiting=lambda: tell("Starting ResShift..."))
    tell("Waiting for ResShift to be free...")

    def on_progress(fraction: float, seconds_left: float | None) -> None:
        tell(progress_words(fraction, seconds_left), fraction)

    form = {"channels": channels, "sample": sample, "on_progress": on_progress, "cancel": is_cancelled}
    sr = client.upscale(pixels, **form, **facts)
    if is_blue_first:
        swap_red_and_blue(sr.pixels, sample)
    return sr

"""The calls to ResShift, in threads of their own. Only Krita's thread may touch Krita and its windows."""

from __future__ import annotations

import queue
import struct
import threading
from collections.abc import Callable
from typing import Any

from .bridge.client import Result
from .bridge.for_plugins import PluginModel, list_models, progress_words
from .bridge.launcher import connect
from .bridge.protocol import BridgeError
from .picture import Source
from .qt import QtCore

_STARTING = "Starting ResShift..."
_BLOCK = 1 << 20


class Work(QtCore.QTimer):
    """Runs `function(tell, is_cancelled)` in a thread, and has Krita's hear of it.

    `on_told` gets what it tells, then `on_done` what it returns, or `on_failed` its error in words; none is
    called after `cancel`.
    """

    def __init__(
        self, parent: QtCore.QObject, function: Callable[..., Any], **calls: Callable[..., object]
    ) -> None:
        super().__init__(parent)
        news: queue.SimpleQueue[tuple[str, tuple]] = queue.SimpleQueue()
        cancelled = threading.Event()

        def tell(*told: object) -> None:
            if cancelled.is_set():
                raise BridgeError("Cancelled.", "", "Cancelled")
            news.put(("on_told", told))

        def run() -> None:
            try:
                news.put(("on_done", (function(tell, cancelled.is_set),)))
            except Exception as error:
                news.put(("on_failed", (str(error) or repr(error),)))

        def hear() -> None:
            while not (cancelled.is_set() or news.empty()):
                kind, arguments = news.get()
                calls[kind](*arguments)

        self.cancel = cancelled.set
        self.destroyed.connect(lambda: cancelled.set())  # with Krita's window, for instance
        self.timeout.connect(hear)
        self.start(50)
        threading.Thread(target=run, daemon=True).start()


def find_models(tell: Callable[..., None], _: Callable[[], bool]) -> list[PluginModel]:
    return list_models(connect(on_waiting=lambda: tell(_STARTING)))


def upscale(
    source: Source, options: dict[str, Any], tell: Callable[..., None], is_cancelled: Callable[[], bool]
) -> Result:
    """The result, its pixels as Krita has them; tells how far it is in words, and the fraction."""
    pixels, layout = bytearray(source.pixels), source.layout()
    is_blue_first = layout["channels"] == 4 and layout["sample"] in ("u8", "u16")
    if source.opacity:
        _fade(pixels, source.opacity, layout["channels"], layout["sample"])
    if is_blue_first:
        _swap_red_and_blue(pixels, layout["sample"])
    client = connect(on_waiting=lambda: tell(_STARTING))
    tell("Waiting for ResShift to be free...")

    def on_progress(fraction: float, seconds_left: float | None) -> None:
        tell(progress_words(fraction, seconds_left), fraction)

    sr = client.upscale(pixels, on_progress=on_progress, cancel=is_cancelled, **layout, **options)
    if is_blue_first:
        _swap_red_and_blue(sr.pixels, layout["sample"])
    return sr


def _fade(pixels: bytearray, opacity: bytes, channels: int, sample: str) -> None:
    """Multiply the alpha, the last channel, by the opacity."""
    alpha = struct.Struct({"u8": "<B", "u16": "<H", "f16": "<e", "f32": "<f"}[sample])
    for pixel, level in enumerate(opacity):
        if level < 255:
            place = ((pixel + 1) * channels - 1) * alpha.size
            faded = alpha.unpack_from(pixels, place)[0] * level / 255
            alpha.pack_into(pixels, place, round(faded) if sample[0] == "u" else faded)


def _swap_red_and_blue(pixels: bytearray, sample: str) -> None:
    """In place, and in blocks: while it copies bytes Python lets no other thread run, not Krita's either."""
    num_bytes = 1 if sample == "u8" else 2
    for start in range(0, len(pixels), _BLOCK):
        block = pixels[start : start + _BLOCK]
        for byte in range(num_bytes):
            blue, red = (slice(byte + channel * num_bytes, None, 4 * num_bytes) for channel in (0, 2))
            block[blue], block[red] = block[red], block[blue]
        pixels[start : start + _BLOCK] = block

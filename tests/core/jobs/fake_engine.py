"""An engine that computes nothing: tiles are finished as fast as asked, or when a test lets them."""

import json
import queue
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from resshift_desktop.core.engine.request import (
    Cancel,
    OnProgress,
    OnTile,
    PixelRequest,
    TilePreview,
    UpscaleProgress,
    UpscaleRequest,
    UpscaleResult,
)
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.errors import Cancelled, ImageWriteError

DEVICE = "Fake device"
SCALE = 4


@dataclass
class FakeEngine:
    """Behaves as core.engine.upscale.Engine does: keeps tiles in its folder, goes on from them, notes
    what it has written.

    gate: a tile is finished only while it is set; cancel is asked meanwhile, unless `deaf`, as it would
        be in a long step.
    failures: what to raise for an input of that name, after its first tile.
    on_tile_computed: called for each tile, e.g. to move a fake clock.
    entered: gets the input's name, or "pixels", when work on it begins. computed: (name, tile) of all tiles.
    """

    tiles: int = 4
    deaf: bool = False
    failures: dict[str, BaseException] = field(default_factory=dict)
    on_tile_computed: Callable[[Path], None] = lambda _input: None
    gate: threading.Event = field(default_factory=threading.Event)
    entered: "queue.Queue[str]" = field(default_factory=queue.Queue)
    computed: list[tuple[str, int]] = field(default_factory=list)
    prepared: list[tuple[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def prepare(self, model: str, device: str) -> str:
        self.prepared.append((model, device))
        return DEVICE

    def release(self) -> None:
        self.released.set()

    def upscale(
        self, request: UpscaleRequest, on_progress: OnProgress, cancel: Cancel,
        folder: Path | None = None, on_tile: OnTile | None = None,
    ) -> UpscaleResult:  # fmt: skip
        assert folder is not None
        self.entered.put(request.input.name)
        result = UpscaleResult(request.output, SCALE, SCALE, 0.0, request.model, DEVICE, request.seed)
        note, tiles = folder / "written.json", folder / "tiles"
        if note.exists() and request.output.exists():
            return result
        if request.output.exists() and not request.overwrite:
            raise ImageWriteError(f"{request.output.name} exists already.", "Choose another name.")
        folder.mkdir(parents=True, exist_ok=True)
        done = len(tiles.read_bytes()) if tiles.exists() else 0
        for tile in range(done, self.tiles):
            on_progress(UpscaleProgress(tile / self.tiles, None, tile, self.tiles))
            self._wait_for_gate(cancel)
            self.computed.append((request.input.name, tile))
            self.on_tile_computed(request.input)
            with tiles.open("ab") as file:
                file.write(b"x")
            on_progress(UpscaleProgress((tile + 1) / self.tiles, None, tile + 1, self.tiles))
            if on_tile is not None:
                pixels = np.full((4, 4, 3), 50 * tile % 256, np.uint8)
                on_tile(TilePreview(tile, tile / self.tiles, 0.0, 1 / self.tiles, 1.0, pixels, None))
            if request.input.name in self.failures:
                raise self.failures[request.input.name]
        part = request.output.with_name(f"{request.output.name}.part")
        Image.new("RGB", (SCALE, SCALE), (request.seed % 256, 128, 0)).save(part, "PNG")
        note.write_text(json.dumps(asdict(result), default=str))
        part.replace(request.output)
        return result

    def upscale_pixels(
        self,
        picture: PixelImage,
        request: PixelRequest,
        on_progress: OnProgress,
        cancel: Cancel,
        folder: Path,
    ) -> PixelImage:
        """The nearest pixel each."""
        self.entered.put("pixels")
        for tile in range(self.tiles):
            self._wait_for_gate(cancel)
            on_progress(UpscaleProgress((tile + 1) / self.tiles, None, tile + 1, self.tiles))
        width, height = request.size.resolve(picture.width, picture.height, SCALE)
        rows = np.arange(height) * picture.height // height
        large = picture.array[rows[:, None], np.arange(width) * picture.width // width]
        array = np.memmap(folder / "result.raw", large.dtype, "w+", shape=large.shape)
        array[:] = large
        return PixelImage(array, picture.profile)

    def _wait_for_gate(self, cancel: Cancel) -> None:
        if self.deaf:
            self.gate.wait()
        else:
            while not self.gate.wait(0.005):
                if cancel():
                    raise Cancelled
            if cancel():
                raise Cancelled

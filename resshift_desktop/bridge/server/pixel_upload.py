"""What POST /v1/upscale is sent: the query, checked, and the pixels, written to disk."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from anyio import to_thread
from starlette.types import Receive, Scope

from resshift_desktop.bridge.server.answers import Refusal, bad_request
from resshift_desktop.bridge.server.messages import UpscaleQuery
from resshift_desktop.bridge.server.requests import content_length, read_query, receive_chunk, stall_limit
from resshift_desktop.core.engine.request import PixelRequest, TargetSize, check_picture, check_request
from resshift_desktop.core.imaging.files import ImageFormat, write_image
from resshift_desktop.core.imaging.pixels import PixelImage
from resshift_desktop.core.imaging.reading import MAX_PIXELS
from resshift_desktop.core.imaging.samples import BLOCK_BYTES, Excess, PixelIntake, SampleFormat
from resshift_desktop.core.weights.store import find_model


@dataclass(frozen=True)
class PixelUpload:
    """A picture that is about to come, in pixels."""

    width: int
    height: int
    layout: SampleFormat
    request: PixelRequest

    @property
    def num_bytes(self) -> int:
        """Of the body: the pixels, then the mask if there is one, a byte for each pixel."""
        return self.width * self.height * (self.layout.bytes_per_pixel + (self.request.mask is not None))

    def request_in(self, folder: Path) -> PixelRequest:
        """The request, once the mask has been taken in there."""
        mask = self.request.mask
        return replace(self.request, mask=None if mask is None else folder / mask)

    @property
    def room(self) -> int:
        """Bytes on disk for what comes in; the engine sees to the room for its result."""
        layout = self.layout
        per_pixel = layout.channels * layout.stored_dtype.itemsize + (
            4 * layout.colours if layout.is_float else 0
        )
        return self.width * self.height * (per_pixel + 2 * (self.request.mask is not None))

    async def take_in(self, receive: Receive, folder: Path) -> tuple[PixelImage, Excess | None]:
        """Write the body to disk, a block at a time, however it is cut in pieces on its way.

        Raises:
            Refusal: 408, the client is too slow.
            Dropped: the client left.
            ImageReadError: there is something else than numbers among the samples.
            ImageWriteError: the disk is full.
        """
        intake = await to_thread.run_sync(PixelIntake, self.layout, self.width, self.height, folder)
        mask = bytearray()
        left = self.width * self.height * self.layout.bytes_per_pixel
        pieces: list[bytes | memoryview] = []
        more = True
        while more:
            num_bytes = sum(map(len, pieces))
            async with stall_limit():
                while more and num_bytes < BLOCK_BYTES:
                    piece, more = await receive_chunk(receive)
                    pieces.append(piece)
                    num_bytes += len(piece)
            block = memoryview(b"".join(pieces))
            pixels, rest = block[:left], block[left:]
            mask += rest
            whole = len(pixels) - len(pixels) % self.layout.bytes_per_pixel
            pieces = [pixels[whole:]]
            left -= whole
            await to_thread.run_sync(intake.write, pixels[:whole])
        if self.request.mask is not None:
            await to_thread.run_sync(self._write_mask, mask, folder / self.request.mask)
        return intake.finish()

    def _write_mask(self, mask: bytearray, path: Path) -> None:
        array = np.frombuffer(mask, np.uint8).reshape(self.height, self.width, 1)
        write_image(path, PixelImage(array), ImageFormat.PNG)


async def read_upload(scope: Scope) -> PixelUpload:
    """What the address asks for, checked before a byte of the body is read.

    Raises:
        Refusal, UsageError: it makes no sense, or the announced length is not that of the pixels.
    """
    query = read_query(scope, UpscaleQuery)
    layout = SampleFormat(query.sample, query.transfer, query.channels)
    if query.width * query.height > MAX_PIXELS:
        title = f"At most {MAX_PIXELS / 1e6:g} million pixels are taken."
        raise Refusal(413, "TooLarge", title, "Send the picture in parts.")
    request = _pixel_request(query)
    await to_thread.run_sync(_check_model, query, request)
    upload = PixelUpload(query.width, query.height, layout, request)
    if (announced := content_length(scope)) != upload.num_bytes:
        raise bad_request(
            f"The request announces {announced} bytes; its address says {upload.num_bytes}.",
            "Content-Length is width × height × channels × bytes per sample, and width × height for a mask.",
        )
    return upload


def _pixel_request(query: UpscaleQuery) -> PixelRequest:
    return PixelRequest(
        model=query.model,
        size=TargetSize(query.scale, query.target_width, query.target_height),
        seed=query.seed,
        device=query.device,
        tile_size=query.tile_size,
        mask=Path("mask.png") if query.mask else None,
    )


def _check_model(query: UpscaleQuery, request: PixelRequest) -> None:
    """Raise UsageError where it is clear already that there will be no result."""
    card = find_model(request.model).card
    request.size.resolve(query.width, query.height, card.scale)
    check_request(request, card)
    check_picture(card, query.width, query.height)

"""Finished tiles of a job, small, on disk: to be looked at while the rest is computed."""

import io
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from resshift_desktop.core.engine.request import TilePreview

_log = logging.getLogger(__name__)

_QUALITY = 85


@dataclass(frozen=True)
class TilePlace:
    """Where a tile lies, in [0, 1] of the picture; a tile of a higher number lies above the others."""

    number: int
    left: float
    top: float
    width: float
    height: float


class Previews:
    """The tiles of one job in `folder`, which is made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, tile: TilePreview) -> TilePlace | None:
        """Keep a tile; None where that is not possible, as no picture must fail for want of its preview."""
        place = TilePlace(tile.number, tile.left, tile.top, tile.width, tile.height)
        jpeg = io.BytesIO()
        pixels = tile.pixels[:, :, 0] if tile.pixels.shape[2] == 1 else tile.pixels
        Image.fromarray(pixels).save(jpeg, "JPEG", quality=_QUALITY, icc_profile=tile.profile)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{tile.number}.part"
            part.write_bytes(jpeg.getvalue())
            part.replace(self._jpeg_path(tile.number))
            with self._list_path.open("a", encoding="ascii") as places:
                places.write("\n" + json.dumps(asdict(place)))
        except OSError as error:
            _log.warning("A preview was not kept: %s", type(error).__name__)
            return None
        return place

    def places(self) -> list[TilePlace]:
        """The tiles there are, by number; a line cut short by the end of the process is left out."""
        try:
            lines = self._list_path.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return []
        places: dict[int, TilePlace] = {}
        for line in lines:
            try:
                place = TilePlace(**json.loads(line))
            except (ValueError, TypeError):
                continue
            places[place.number] = place
        return [places[number] for number in sorted(places)]

    def jpeg(self, number: int) -> bytes | None:
        """A tile as a JPEG file, its colour profile embedded; None where there is none."""
        try:
            return self._jpeg_path(number).read_bytes()
        except OSError:
            return None

    @property
    def _list_path(self) -> Path:
        return self._folder / "tiles.jsonl"

    def _jpeg_path(self, number: int) -> Path:
        return self._folder / f"{number:d}.jpg"

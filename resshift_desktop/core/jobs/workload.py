"""How many pixels the model will have to compute, known from the picture's header alone."""

import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.imaging import with_pillow
from resshift_desktop.core.imaging.vips import get_number, pyvips
from resshift_desktop.core.weights.store import find_model


def pixels_to_compute(requests: Iterable[UpscaleRequest], patience: float) -> list[int | None]:
    """For each: the result's pixels, or those of the model's last pass where it makes more of them.

    None where the input or the model cannot be read (the job itself will say why), and for the rest when
    `patience` in seconds is used up: ten thousand pictures on a slow disk are queued as soon as ten.
    """
    scale_of = cache(lambda model: find_model(model).card.scale)
    until = time.monotonic() + patience

    def pixels(request: UpscaleRequest) -> int | None:
        if time.monotonic() > until:
            return None
        try:
            scale = scale_of(request.model)
            width, height = _read_size(request.input)
            result_width, result_height = request.size.resolve(width, height, scale)
        except Exception:  # damaged headers make libraries fail in many ways
            return None
        return max(result_width * result_height, width * height * scale**2)

    return [pixels(request) for request in requests]


def _read_size(path: Path) -> tuple[int, int]:
    """(width, height) of the upright picture."""
    with path.open("rb") as file:
        head = file.read(32)
        file.seek(0)
        if picture := with_pillow.open_header(file, head):
            return picture.size
    image = pyvips.Image.new_from_source(pyvips.Source.new_from_file(str(path)), "", access="sequential")
    if get_number(image, "orientation", 1) > 4:
        return image.height, image.width
    return image.width, image.height

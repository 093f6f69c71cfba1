"""What is asked of the engine and what it answers. Torch-free, so that every process can speak it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resshift_desktop.core.engine.tiling import smallest_tile
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.errors import UsageError

if TYPE_CHECKING:
    import numpy as np

MAX_SCALE = 16


@dataclass(frozen=True)
class TargetSize:
    """How large the result is to be: by a factor, or by a width or a height in pixels.

    At most one is given; with none, the model's own factor applies. The proportions always stay.
    """

    scale: float | None = None
    width: int | None = None
    height: int | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.scale, self.width, self.height) if value is not None]
        if len(given) > 1:
            raise UsageError(
                "There is more than one size.", "Give a scale, a width or a height, one of them."
            )
        if given and not given[0] > 0:
            raise UsageError(f"A size of {given[0]:g} makes no picture.", "Give a number above 0.")
        if self.scale is not None and not 1 <= self.scale <= MAX_SCALE:
            raise UsageError(
                f"A scale of {self.scale:g} is not possible.", f"Give a number from 1 to {MAX_SCALE}."
            )

    def resolve(self, width: int, height: int, default_scale: int) -> tuple[int, int]:
        """(width, height) in pixels of the result for an input of `width` x `height`.

        Raises:
            UsageError: the result would be smaller than the input, or over MAX_SCALE times its size.
        """
        if self.width is not None:
            scale = self.width / width
        elif self.height is not None:
            scale = self.height / height
        else:
            scale = self.scale if self.scale is not None else float(default_scale)
        if not 1 <= scale <= MAX_SCALE:
            raise UsageError(
                f"{self._wish()} is {scale:.3g} times the input of {width} x {height} pixels.",
                f"Results are 1 to {MAX_SCALE} times as large as their input.",
            )
        if self.width is not None:
            return self.width, max(1, round(height * scale))
        if self.height is not None:
            return max(1, round(width * scale)), self.height
        return round(width * scale), round(height * scale)

    def _wish(self) -> str:
        return f"A width of {self.width}" if self.width is not None else f"A height of {self.height}"


@dataclass(frozen=True)
class UpscaleRequest:
    """One picture to upscale. `tile_size` is in input pixels; None leaves it to the engine."""

    input: Path
    output: Path
    image_format: ImageFormat
    model: str = "builtin"
    size: TargetSize = TargetSize()
    seed: int = 0
    device: str = "auto"
    tile_size: int | None = None
    mask: Path | None = None
    quality: int = 90
    overwrite: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**63:
            raise UsageError(
                f"The seed {self.seed} is out of range.", "Give a whole number from 0 to 2^63 - 1."
            )
        if not 1 <= self.quality <= 100:
            raise UsageError(f"A quality of {self.quality} is out of range.", "Give a number from 1 to 100.")


@dataclass(frozen=True)
class PixelRequest:
    """What to make of a picture that a host program has open. Fields as in UpscaleRequest."""

    model: str = "builtin"
    size: TargetSize = TargetSize()
    seed: int = 0
    device: str = "auto"
    tile_size: int | None = None
    mask: Path | None = None


def check_request(request: UpscaleRequest | PixelRequest, card: ModelCard) -> None:
    """Check what does not depend on the picture.

    Raises:
        UsageError: the model cannot do what is asked for.
    """
    if request.mask is not None and not card.config.takes_mask:
        raise UsageError(
            f"The model “{card.name}” does not fill masked parts.",
            "Leave out the mask, or choose another model.",
        )
    if request.mask is None and card.config.takes_mask:
        raise UsageError(
            f"The model “{card.name}” needs a mask.",
            "Say what it is to fill: the white parts of a mask.",
            "mask",
        )
    if card.scale == 1 and request.size not in (TargetSize(), TargetSize(scale=1)):
        raise UsageError(f"The model “{card.name}” keeps the picture's size.", "Leave out the size.")
    smallest = smallest_tile(card.tile_overlap, card.config.lq_multiple)
    if request.tile_size is not None and request.tile_size < smallest:
        raise UsageError(
            f"A tile size of {request.tile_size} is too small.", f"Use at least {smallest} for this model."
        )


def check_picture(card: ModelCard, width: int, height: int) -> None:
    """Raise UsageError where a model takes pictures of one size only, and this is another."""
    side = card.input_side
    if side is not None and (width, height) != (side, side):
        raise UsageError(
            f"The model “{card.name}” takes a face of {side} x {side} pixels; this is {width} x {height}.",
            f"Cut out the face, upright and filling the picture, at {side} x {side} pixels. "
            "For a whole photograph use a model that upscales.",
        )


@dataclass(frozen=True)
class UpscaleProgress:
    """How far one picture is: `fraction` in [0, 1]; `seconds_left` None until it can be told."""

    fraction: float
    seconds_left: float | None
    tiles_done: int
    tiles_total: int


@dataclass(frozen=True)
class UpscaleResult:
    """A written and verified result. `width` and `height` in pixels; `device` by its name for people."""

    output: Path
    width: int
    height: int
    seconds: float
    model: str
    device: str
    seed: int


@dataclass(frozen=True, eq=False)
class TilePreview:
    """A finished tile, small, to be looked at.

    number: the same tile has the same number when the work is gone on with; where tiles overlap, that of
        the greater number lies above.
    left, top, width, height: in [0, 1] of the picture.
    pixels: (h, w, 1 or 3) uint8, at most 512 pixels a side.
    profile: ICC profile of the pixels; None means sRGB (or its grey curve).
    """

    number: int
    left: float
    top: float
    width: float
    height: float
    pixels: "np.ndarray"
    profile: bytes | None


OnProgress = Callable[[UpscaleProgress], None]
OnTile = Callable[[TilePreview], None]
Cancel = Callable[[], bool]

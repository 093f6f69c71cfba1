"""A picture in memory: its pixels, their colour profile, and the metadata that travels with them."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Metadata:
    """What travels with the pixels, as raw blocks; None where the file had none.

    exif: TIFF-structured block without the "Exif\\0\\0" prefix; its orientation tag is 1.
    xmp: XMP packet (RDF/XML, UTF-8). dpi: pixels per inch (x, y).
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class PixelImage:
    """Pixels as stored in files.

    array: (h, w, bands) uint8 or uint16, full range; bands are 1 grey, 2 grey + alpha, 3 RGB,
        4 RGB + alpha, alpha straight (not premultiplied). A `np.memmap` of a raw file is written
        without being loaded.
    profile: ICC profile of the colour bands, grey for grey; None means sRGB (or its grey curve).
    """

    array: np.ndarray
    profile: bytes | None = None
    metadata: Metadata = field(default_factory=Metadata)

    def __post_init__(self) -> None:
        shape, dtype = self.array.shape, self.array.dtype
        if len(shape) != 3 or shape[2] not in (1, 2, 3, 4) or 0 in shape:
            raise ValueError(f"array must be (h, w, 1 to 4 bands), not {shape}")
        if dtype not in (np.uint8, np.uint16):
            raise ValueError(f"array must be uint8 or uint16, not {dtype}")

    @property
    def height(self) -> int:
        return self.array.shape[0]

    @property
    def width(self) -> int:
        return self.array.shape[1]

    @property
    def depth(self) -> int:
        """Bits per channel, 8 or 16."""
        return 8 * self.array.dtype.itemsize

    @property
    def is_grey(self) -> bool:
        return self.array.shape[2] < 3

    @property
    def colour(self) -> np.ndarray:
        """View (h, w, 1 or 3) of the colour bands."""
        return self.array[:, :, : 1 if self.is_grey else 3]

    @property
    def alpha_channel(self) -> np.ndarray | None:
        """View (h, w) of the opacity, 0 clear to full range opaque; None where there is none."""
        return self.array[:, :, -1] if self.array.shape[2] in (2, 4) else None

"""Training pairs: random crops of good pictures, each degraded at random."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

from resshift_desktop.core.imaging.files import READABLE_SUFFIXES, read_image
from resshift_desktop.errors import UsageError
from resshift_desktop.lab.degrade import MILD, degrade_bicubic, degrade_real

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class DegradationMix:
    """Shares of the degradations; the rest, up to 1, is clean bicubic."""

    real: float = 0.7
    mild: float = 0.1


def list_pictures(folder: Path) -> list[Path]:
    """The pictures below `folder`, sorted by path."""
    return sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in READABLE_SUFFIXES and path.is_file()
    )


def split_validation(paths: list[Path], every: int = 40) -> tuple[list[Path], list[Path]]:
    """(training, validation): every 40th source goes to validation, with fewer the last one.

    Crops of one source, named SOURCE--PICTURE-0, SOURCE--PICTURE-1, ..., stay together, so that
    validation shows nothing that training saw; other names are a source each.
    """
    sources = list({_source(path): None for path in paths})
    held_out = set(sources[every - 1 :: every] or sources[1:][-1:])
    training = [path for path in paths if _source(path) not in held_out]
    return training, [path for path in paths if _source(path) in held_out]


def _source(path: Path) -> str:
    stem, dash, number = path.stem.rpartition("-")
    return stem if "--" in stem and dash and number.isdigit() else path.stem


def load_picture(path: Path) -> Picture:
    """(h, w, 3) uint8 RGB, upright. Raises ImageReadError."""
    picture = read_image(path)
    colour = picture.colour if picture.depth == 8 else np.rint(picture.colour / 257).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(colour, (*colour.shape[:2], 3)))


class CropDataset(Dataset[tuple[Tensor, Tensor]]):
    """Pairs (hr, lq): item i is a pure function of (seed, i), so a resumed run sees the same items.

    hr: (3, crop, crop), lq: (3, crop / scale, crop / scale), float32 in [-1, 1]. Pictures are kept
    in memory decoded: about 0.8 MB for each 512-pixel crop. Smaller pictures than `crop` are left out.
    """

    def __init__(
        self, pictures: list[Picture], crop: int, length: int, scale: int = 4, seed: int = 0,
        mix: DegradationMix = DegradationMix(),
    ) -> None:  # fmt: skip
        self.pictures = [picture for picture in pictures if min(picture.shape[:2]) >= crop]
        if not self.pictures:
            raise UsageError(
                f"No picture has both sides of {crop} pixels or more.",
                "Give larger ones, or a smaller --crop.",
            )
        self.crop, self.length, self.scale, self.seed, self.mix = crop, length, scale, seed, mix

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng((self.seed, index))
        hr = random_crop(self.pictures[rng.integers(len(self.pictures))], self.crop, rng)
        kind = rng.random()
        if kind < self.mix.real:
            lq = degrade_real(hr, rng, self.scale)
        elif kind < self.mix.real + self.mix.mild:
            lq = degrade_real(hr, rng, self.scale, MILD)
        else:
            lq = degrade_bicubic(hr, self.scale)
        return to_tensor(hr), to_tensor(lq)


def random_crop(picture: Picture, crop: int, rng: np.random.Generator) -> Picture:
    """A (crop, crop, 3) piece in one of 8 orientations; half of them shrunk, by up to 2, from a larger piece.

    Shrinking makes soft pictures crisp and shows the network the same things at other sizes.
    """
    height, width = picture.shape[:2]
    side = crop
    if rng.random() < 0.5:
        side = int(min(height, width, crop * rng.uniform(1, 2)))
    top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
    piece = picture[top : top + side, left : left + side]
    if side != crop:
        piece = np.asarray(Image.fromarray(piece).resize((crop, crop), Image.Resampling.LANCZOS))
    piece = np.rot90(piece, int(rng.integers(4)))
    return np.ascontiguousarray(piece[:, ::-1] if rng.random() < 0.5 else piece)


def to_tensor(picture: Picture) -> Tensor:
    """(h, w, 3) uint8 -> (3, h, w) float32 in [-1, 1]."""
    return torch.from_numpy(picture.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1)

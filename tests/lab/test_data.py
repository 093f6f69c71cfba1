"""Training pairs: what they hold, and that a resumed run would see the same ones."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from resshift_desktop.errors import UsageError
from resshift_desktop.lab.data import (
    CropDataset,
    DegradationMix,
    list_pictures,
    load_picture,
    random_crop,
    split_validation,
)
from resshift_desktop.lab.degrade import degrade_bicubic


def picture(seed: int, height: int = 96, width: int = 80) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_an_item_depends_on_seed_and_index_only() -> None:
    pictures = [picture(i) for i in range(4)]
    one, other = (CropDataset(pictures, 32, 100, seed=3) for _ in range(2))
    _ = [one[i] for i in range(5)]  # what was drawn before must not matter
    for index in (0, 7, 99):
        assert all(torch.equal(a, b) for a, b in zip(one[index], other[index], strict=True))
    assert not torch.equal(one[0][0], one[1][0])
    assert not torch.equal(one[0][0], CropDataset(pictures, 32, 100, seed=4)[0][0])


def test_shapes_and_range() -> None:
    hr, lq = CropDataset([picture(0)], 64, 1)[0]
    assert hr.shape == (3, 64, 64)
    assert lq.shape == (3, 16, 16)
    assert hr.dtype == lq.dtype == torch.float32
    assert -1 <= hr.min() < -0.9
    assert 0.9 < hr.max() <= 1


def test_without_other_degradations_the_input_is_the_bicubic_one() -> None:
    hr, lq = CropDataset([picture(0)], 64, 1, mix=DegradationMix(real=0, mild=0))[0]
    pixels = ((hr + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    expected = degrade_bicubic(pixels, 4)
    assert np.array_equal(((lq + 1) * 127.5).round().byte().permute(1, 2, 0).numpy(), expected)


def test_pictures_smaller_than_the_crop_are_left_out() -> None:
    assert len(CropDataset([picture(0, 31, 90), picture(1)], 32, 1).pictures) == 1
    with pytest.raises(UsageError, match="32 pixels"):
        CropDataset([picture(0, 31, 90)], 32, 1)


def test_crops_come_in_all_eight_orientations() -> None:
    corners = np.zeros((32, 32, 3), np.uint8)
    corners[0, 0], corners[0, -1], corners[-1, 0] = 1, 2, 3  # the four corners tell the orientation
    seen = set()
    for seed in range(300):
        piece = random_crop(corners, 32, np.random.default_rng(seed))
        seen.add((piece[0, 0, 0], piece[0, -1, 0], piece[-1, 0, 0]))
    assert len(seen) == 8


def test_half_of_the_crops_are_shrunk_from_a_larger_piece() -> None:
    noise = picture(0, 256, 256)
    deviations = [random_crop(noise, 64, np.random.default_rng(i)).std() for i in range(400)]
    unshrunk = sum(
        deviation > 72 for deviation in deviations
    )  # noise keeps its deviation of 74 only unshrunk
    assert 150 < unshrunk < 250


def test_pieces_of_one_source_stay_on_one_side_of_the_split() -> None:
    paths = [Path(f"book--picture-{source}-{piece}.webp") for source in range(100) for piece in range(3)]
    training, validation = split_validation(paths, every=40)
    assert {path.stem.rsplit("-", 1)[0] for path in validation} == {"book--picture-39", "book--picture-79"}
    assert len(validation) == 6
    assert sorted(training + validation) == sorted(paths)


def test_ordinary_names_are_a_source_each_and_one_is_always_held_out() -> None:
    camera = [Path(f"IMG-{number:04}.jpg") for number in range(80)]
    assert split_validation(camera)[1] == [camera[39], camera[79]]
    assert split_validation(camera[:5])[1] == [camera[4]]
    assert split_validation(camera[:1]) == (camera[:1], [])


def test_sixteen_bits_are_scaled_and_grey_becomes_three_bands(tmp_path: Path) -> None:
    ramp = np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    loaded = load_picture(tmp_path / "deep.png")
    assert loaded.shape == (16, 16, 3)
    assert np.array_equal(loaded[:, :, 1], np.arange(256).reshape(16, 16))


def test_folders_are_searched_and_other_files_passed_over(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    Image.fromarray(picture(0)).save(tmp_path / "below" / "a.png")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert list_pictures(tmp_path) == [tmp_path / "below" / "a.png"]
    assert np.array_equal(load_picture(tmp_path / "below" / "a.png"), picture(0))

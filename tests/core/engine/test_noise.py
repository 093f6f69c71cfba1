import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.core.engine.noise import NoiseField


@given(
    seed=st.integers(0, 2**63 - 1),
    step=st.integers(0, 15),
    origin=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
    offset=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
)
def test_crops_agree_where_they_overlap(
    seed: int, step: int, origin: tuple[int, int], offset: tuple[int, int], size: tuple[int, int]
) -> None:
    large = NoiseField(seed).crop(step, *origin, 80, 80, channels=3)
    y, x = offset
    height, width = size
    small = NoiseField(seed).crop(step, origin[0] + y, origin[1] + x, height, width, channels=3)
    assert small.shape == (3, height, width)
    np.testing.assert_array_equal(small, large[:, y : y + height, x : x + width])


def test_a_channel_does_not_depend_on_how_many_are_asked_for() -> None:
    field = NoiseField(5)
    many = field.crop(1, 3, 7, 20, 50, channels=48)
    np.testing.assert_array_equal(field.crop(1, 3, 7, 20, 50, channels=2), many[:2])


def test_values_are_standard_normal() -> None:
    noise = NoiseField(42).crop(0, 0, 0, 256, 256, channels=16).astype(np.float64)
    # About a million values: the standard errors are 0.001, 0.0014 and 0.005.
    assert abs(noise.mean()) < 0.005
    assert abs(noise.var() - 1) < 0.007
    assert abs((noise**4).mean() - 3) < 0.03
    assert abs((np.abs(noise) < 1).mean() - 0.6827) < 0.003


@pytest.mark.parametrize(
    ("seed", "step", "y", "x"),
    [
        (1, 0, 0, 0),
        (2**63 - 1, 0, 0, 0),
        (0, 1, 0, 0),
        (1, 1, 0, 0),
        (0, 0, 128, 0),
        (0, 0, 0, 128),
        (0, 0, 1, 0),
        (0, 0, 0, 1),
        (0, 0, 16, 16),
    ],
)
def test_other_seeds_steps_and_places_are_uncorrelated(seed: int, step: int, y: int, x: int) -> None:
    here = NoiseField(0).crop(0, 0, 0, 128, 128, channels=4)
    there = NoiseField(seed).crop(step, y, x, 128, 128, channels=4)
    # 65536 pairs: the standard error is 0.004.
    assert abs(np.corrcoef(here.ravel(), there.ravel())[0, 1]) < 0.02


def test_channels_and_blocks_are_uncorrelated() -> None:
    noise = NoiseField(9).crop(0, 0, 0, 256, 256, channels=8)
    between_channels = np.corrcoef(noise.reshape(8, -1)) - np.eye(8)
    assert np.abs(between_channels).max() < 0.02
    blocks = noise.reshape(8, 16, 16, 16, 16).transpose(1, 3, 0, 2, 4).reshape(256, -1)
    between_blocks = np.corrcoef(blocks) - np.eye(256)
    # 2048 values a block: the standard error is 0.022, and the largest of 32640 pairs is near 4 of them.
    assert np.abs(between_blocks).max() < 0.15


GOLDEN = [
    # seed, step, channel, y, x, value
    (0, 0, 0, 0, 0, 0.059911035001277924),
    (0, 0, 47, 0, 0, 0.18130159378051758),
    (0, 4, 2, 15, 16, -0.7880949378013611),
    (42, 1, 0, 1000, 3, 0.24891358613967896),
    (2**63 - 1, 15, 3, 7, 100000, -0.16294856369495392),
]


@pytest.mark.parametrize(("seed", "step", "channel", "y", "x", "value"), GOLDEN)
def test_values_stay_what_they_were(seed: int, step: int, channel: int, y: int, x: int, value: float) -> None:
    # The same seed must give the same picture after an update, of numpy above all.
    noise = NoiseField(seed).crop(step, y, x, 1, 1, channels=channel + 1)
    assert noise[channel, 0, 0] == np.float32(value)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_seeds_out_of_range_are_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="seed"):
        NoiseField(seed)

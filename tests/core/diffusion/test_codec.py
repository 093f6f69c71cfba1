"""The pixel-unshuffle codec: exact both ways, one latent pixel for a block of picture pixels."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from resshift_desktop.core.diffusion.codec import PixelUnshuffle


@settings(deadline=None)
@given(
    downscale=st.integers(1, 5), batch=st.integers(1, 2), rows=st.integers(1, 4), columns=st.integers(1, 4)
)
def test_roundtrip_is_exact(downscale: int, batch: int, rows: int, columns: int) -> None:
    codec = PixelUnshuffle(downscale)
    image = torch.randn(
        batch, 3, rows * downscale, columns * downscale, generator=torch.Generator().manual_seed(rows)
    )
    latent = codec.encode(image)
    assert latent.shape == (batch, codec.latent_channels, rows, columns)
    assert torch.equal(codec.decode(latent), image)


@pytest.mark.parametrize(("downscale", "channels"), [(1, 3), (2, 12), (4, 48)])
def test_channel_count(downscale: int, channels: int) -> None:
    codec = PixelUnshuffle(downscale)
    assert codec.latent_channels == channels
    assert not codec.state_dict()


def test_a_latent_pixel_is_the_block_of_the_picture() -> None:
    image = torch.arange(3 * 8 * 12.0).view(1, 3, 8, 12)
    latent = PixelUnshuffle(4).encode(image)
    assert torch.equal(latent[0, :, 1, 2], image[0, :, 4:8, 8:12].flatten())

"""How much a GPU is given at a time. Its free memory is a number of the test's; no GPU computes."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.core.engine import budget
from resshift_desktop.core.engine.device import Device
from resshift_desktop.core.engine.tiling import smallest_tile
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.published import published_cards
from resshift_desktop.core.weights.store import find_model
from tests.core.engine.conftest import CPU

GIB = 2**30
GPU = Device("cuda", 0, "a GPU", "cuda:0", torch.float16)
CARDS = [find_model("builtin").card, *published_cards()]


@given(st.sampled_from(CARDS), st.integers(0, 80 * GIB), st.integers(1, 5000), st.integers(1, 5000))
def test_tiles_and_batches_fit_the_free_memory(card: ModelCard, free: int, height: int, width: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "free_memory", lambda _device: free)
        side = budget.tile_size(card, GPU)
        plan = budget.plan_picture(card, height, width, side)
        count = budget.batch_size(plan, card, GPU)
    multiple = card.config.lq_multiple
    smallest = smallest_tile(card.tile_overlap, multiple)
    assert side % multiple == 0
    assert smallest <= side <= max(512, smallest)
    tile_bytes = plan.rows[0].size * plan.columns[0].size * card.bytes_per_lq_pixel / 2  # of 16 bits
    assert 1 <= count <= 16
    assert count == 1 or count * tile_bytes <= 0.6 * free
    assert count == 16 or (count + 1) * tile_bytes > 0.6 * free


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_a_cpu_takes_the_cards_tile_and_one_at_a_time(
    card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "free_memory", lambda _device: 1000 * GIB)
    side = budget.tile_size(card, CPU)
    assert side == card.tile_size
    assert budget.batch_size(budget.plan_picture(card, 4000, 4000, side), card, CPU) == 1

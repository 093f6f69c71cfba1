"""The reverse chain with a predictor that knows x_0, for which the supplement says every distribution."""

import math

import pytest
import torch
from torch import Tensor

from resshift_desktop.core.diffusion.config import DiffusionConfig
from resshift_desktop.core.diffusion.sampler import sample, sample_deterministically
from resshift_desktop.core.diffusion.schedule import Schedule, make_schedule

SCHEDULES = {
    "T=1": make_schedule(DiffusionConfig(num_steps=1, kappa=2.0, min_noise_level=0.2)),
    "T=4": make_schedule(DiffusionConfig(num_steps=4, kappa=2.0, min_noise_level=0.2)),
    "T=15": make_schedule(DiffusionConfig(num_steps=15, kappa=2.0, min_noise_level=0.04)),
}
SHAPE = (2, 3, 4, 5)
each_schedule = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)


def normal(*shape: int, seed: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@each_schedule
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_knowing_x_0_the_chain_ends_there_exactly(schedule: Schedule, dtype: torch.dtype) -> None:
    x_0, y = (normal(*SHAPE, seed=seed).to(dtype) for seed in (1, 2))
    result = sample(lambda _x_t, _t: x_0, y, schedule, lambda j: normal(*SHAPE, seed=10 + j).to(dtype))
    assert result.dtype == dtype
    assert torch.equal(result, x_0)


@each_schedule
def test_states_are_distributed_as_the_marginal(schedule: Schedule) -> None:
    """Knowing x_0, and from an x_T drawn by A.3, every x_t is a draw by A.3.

    A Monte-Carlo estimate, within five standard errors of mean and variance.
    """
    pixels, x_0, e_0 = 100_000, 0.7, -1.1
    y = torch.full((1, 1, 1, pixels), x_0 + e_0, dtype=torch.float64)
    # The prior is around y, and A.3 at T around x_0 + eta_T e_0: move the prior's noise by what lies between.
    offset = (schedule.etas[-1] - 1) * e_0 / schedule.prior_std
    states: dict[int, Tensor] = {}

    def predict(x_t: Tensor, t: int) -> Tensor:
        states[t] = x_t
        return torch.full_like(x_t, x_0)

    sample(predict, y, schedule, lambda j: normal(*y.shape, seed=j) + (offset if j == 0 else 0))
    for t, x_t in states.items():
        variance = schedule.kappa**2 * schedule.etas[t - 1]
        assert abs(x_t.mean() - (x_0 + schedule.etas[t - 1] * e_0)) < 5 * math.sqrt(variance / pixels)
        assert abs(x_t.var() / variance - 1) < 5 * math.sqrt(2 / pixels)
    assert sorted(states) == list(range(1, schedule.num_steps + 1))


@each_schedule
def test_neighbouring_states_are_correlated_as_the_forward_chain(schedule: Schedule) -> None:
    """By A.1 x_t is x_{t-1} and fresh noise, so their covariance is the variance of x_{t-1}."""
    y = torch.zeros(1, 1, 1, 100_000, dtype=torch.float64)
    states: dict[int, Tensor] = {}

    def predict(x_t: Tensor, t: int) -> Tensor:
        states[t] = x_t
        return torch.zeros_like(x_t)

    result = sample(predict, y, schedule, lambda j: normal(*y.shape, seed=j))
    states[0] = result
    for t in range(1, schedule.num_steps + 1):
        covariance = torch.mean(states[t] * states[t - 1]).item()
        variances = schedule.kappa**2 * schedule.etas[t - 1], schedule.kappa**2 * schedule.etas_before[t - 1]
        assert abs(covariance - variances[1]) <= 8 * math.sqrt(variances[0] * variances[1] / y.numel())


@each_schedule
def test_without_noise_the_residual_shrinks_as_eta(schedule: Schedule) -> None:
    """A.7's mean is linear: x_{t-1} - x_0 = eta_{t-1} / eta_t (x_t - x_0)."""
    x_0, y = normal(*SHAPE, seed=1), normal(*SHAPE, seed=2)
    states: dict[int, Tensor] = {}

    def keep(t: int, x: Tensor) -> None:
        states[t - 1] = x

    sample(lambda _x_t, _t: x_0, y, schedule, lambda _j: torch.zeros(SHAPE, dtype=torch.float64), keep)
    for t in range(schedule.num_steps):
        shrunk = schedule.etas_before[t] / schedule.etas[-1] * (y - x_0)
        torch.testing.assert_close(states[t], x_0 + shrunk, rtol=0, atol=1e-12)


@each_schedule
def test_the_calls_and_their_order(schedule: Schedule) -> None:
    calls: list[tuple[str, int]] = []

    def predict(x_t: Tensor, t: int) -> Tensor:
        calls.append(("predict", t))
        return x_t

    def noise(j: int) -> Tensor:
        calls.append(("noise", j))
        return torch.zeros(SHAPE)

    sample(predict, torch.zeros(SHAPE), schedule, noise, lambda t, _x: calls.append(("on_step", t)))
    num_steps = schedule.num_steps
    expected = [("noise", 0)]
    for j in range(1, num_steps + 1):
        t = num_steps + 1 - j
        expected += [("predict", t), ("noise", j), ("on_step", t)]
    expected.remove(("noise", num_steps))
    assert calls == expected


@each_schedule
def test_on_step_sees_the_new_state_and_the_last_is_the_result(schedule: Schedule) -> None:
    seen: list[Tensor] = []
    inputs: list[Tensor] = []

    def predict(x_t: Tensor, _t: int) -> Tensor:
        inputs.append(x_t)
        return x_t / 2

    y = normal(*SHAPE, seed=2)
    result = sample(predict, y, schedule, lambda j: normal(*SHAPE, seed=j), lambda _t, x: seen.append(x))
    assert len(seen) == schedule.num_steps
    for state, x_t in zip(seen, [*inputs[1:], result], strict=True):
        assert torch.equal(state, x_t)


class StoppedError(Exception):
    pass


def test_an_exception_in_on_step_stops_the_chain() -> None:
    predicted: list[int] = []

    def predict(x_t: Tensor, t: int) -> Tensor:
        predicted.append(t)
        return x_t

    def stop_after_two(t: int, _x: Tensor) -> None:
        if t == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        sample(predict, torch.zeros(SHAPE), SCHEDULES["T=4"], lambda _j: torch.zeros(SHAPE), stop_after_two)
    assert predicted == [4, 3]


def test_the_inputs_are_left_as_they_were() -> None:
    y, draws = normal(*SHAPE, seed=2), [normal(*SHAPE, seed=j) for j in range(4)]
    before = [y.clone(), *(draw.clone() for draw in draws)]
    sample(lambda x_t, _t: x_t, y, SCHEDULES["T=4"], draws.__getitem__)
    for now, then in zip([y, *draws], before, strict=True):
        assert torch.equal(now, then)


@pytest.mark.parametrize("visits", [(15,), (15, 8, 3), tuple(range(15, 0, -1))])
def test_deterministic_states_keep_their_noise(visits: tuple[int, ...]) -> None:
    """Knowing x_0, every state is x_0 + eta e_0 + kappa sqrt(eta) xi (A.3) with the one xi of the prior."""
    schedule = SCHEDULES["T=15"]
    x_0, y, xi = (normal(*SHAPE, seed=seed) for seed in (1, 2, 3))
    # The prior is around y, and A.3 at T around x_0 + eta_T e_0.
    offset = (schedule.etas[-1] - 1) * (y - x_0) / schedule.prior_std
    states: dict[int, Tensor] = {}

    def predict(x_t: Tensor, t: int) -> Tensor:
        states[t] = x_t
        return x_0

    draws: list[int] = []
    steps: list[int] = []

    def draw(j: int) -> Tensor:
        draws.append(j)
        return xi + offset

    result = sample_deterministically(predict, y, schedule, visits, draw, lambda t, _x: steps.append(t))
    assert torch.equal(result, x_0)
    assert (draws, steps, list(states)) == ([0], list(visits), list(visits))
    for t, x_t in states.items():
        eta = schedule.etas[t - 1]
        torch.testing.assert_close(x_t, x_0 + eta * (y - x_0) + schedule.kappa * eta**0.5 * xi)


@pytest.mark.parametrize("visits", [(14,), (15, 15), (15, 0), (15, 3, 4), (16,)])
def test_visits_fall_from_the_last_step(visits: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="visits"):
        DiffusionConfig(num_steps=15, kappa=2.0, min_noise_level=0.04, visits=visits)

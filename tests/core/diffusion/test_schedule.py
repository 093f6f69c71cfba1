"""The schedule against the supplement's derivations: the chain composed, and the posterior by Bayes' rule."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from resshift_desktop.core.diffusion.config import DiffusionConfig
from resshift_desktop.core.diffusion.schedule import make_schedule
from tests.parity import golden

S4 = DiffusionConfig(num_steps=4, kappa=2.0, min_noise_level=0.2)
S15 = DiffusionConfig(num_steps=15, kappa=2.0, min_noise_level=0.04)

CONFIGS = st.builds(
    DiffusionConfig,
    num_steps=st.integers(1, 20),
    kappa=st.floats(0.1, 5.0),
    min_noise_level=st.floats(0.01, 0.5),
    power=st.floats(0.1, 2.0),
    etas_end=st.floats(0.6, 1.0),
    latent_variance=st.floats(0.1, 2.0),
)

# One pixel; the chain treats each alike and alone.
X_0, Y, X_T = 0.7, -0.4, 1.9
E_0 = Y - X_0


@settings(deadline=None)
@given(CONFIGS)
@example(S4)
@example(S15)
def test_one_step_transitions_compose_to_the_marginal(config: DiffusionConfig) -> None:
    """A.1, x_t = x_{t-1} + alpha_t e_0 + kappa sqrt(alpha_t) xi, from x_0 on, gives A.3 at every t."""
    schedule = make_schedule(config)
    mean, variance = X_0, 0.0
    for t in range(1, config.num_steps + 1):
        alpha = schedule.alphas[t - 1]
        mean, variance = mean + alpha * E_0, variance + config.kappa**2 * alpha
        sqrt_eta = schedule.sqrt_etas[t - 1]
        assert math.isclose(mean, X_0 + sqrt_eta**2 * E_0, abs_tol=1e-12)
        assert math.isclose(variance, (config.kappa * sqrt_eta) ** 2, rel_tol=1e-10)
        assert math.isclose(schedule.etas[t - 1], sqrt_eta**2, rel_tol=1e-14)
    assert math.isclose(variance, schedule.prior_std**2, rel_tol=1e-10)


@settings(deadline=None)
@given(CONFIGS)
@example(S4)
@example(S15)
def test_bayes_rule_gives_the_posterior(config: DiffusionConfig) -> None:
    """A.5: q(x_{t-1} | x_t, x_0, y) is q(x_t | x_{t-1}) q(x_{t-1} | x_0, y), normalised in x_{t-1}.

    Both are Gaussians in x_{t-1}: by A.1 around x_t - alpha_t e_0, by A.3 around x_0 + eta_{t-1} e_0.
    Of their product the precision is the sum of theirs, the mean theirs weighted by it.
    """
    schedule = make_schedule(config)
    for t in range(2, config.num_steps + 1):
        alpha, eta_before = schedule.alphas[t - 1], schedule.etas[t - 2]
        likelihood_mean, likelihood_precision = X_T - alpha * E_0, 1 / (config.kappa**2 * alpha)
        marginal_mean, marginal_precision = X_0 + eta_before * E_0, 1 / (config.kappa**2 * eta_before)
        precision = likelihood_precision + marginal_precision
        mean = (likelihood_precision * likelihood_mean + marginal_precision * marginal_mean) / precision

        ours = schedule.posterior_mean_x_t[t - 1] * X_T + schedule.posterior_mean_x_0[t - 1] * X_0
        assert math.isclose(ours, mean, rel_tol=1e-9, abs_tol=1e-12)
        assert math.isclose(schedule.posterior_std[t - 1] ** 2, 1 / precision, rel_tol=1e-9)


@settings(deadline=None)
@given(CONFIGS)
@example(S4)
@example(S15)
def test_the_last_step_is_x_0_without_noise(config: DiffusionConfig) -> None:
    schedule = make_schedule(config)
    assert schedule.posterior_mean_x_t[0] == 0
    assert schedule.posterior_mean_x_0[0] == 1
    assert schedule.posterior_std[0] == 0


@settings(deadline=None)
@given(CONFIGS)
@example(S4)
@example(S15)
def test_etas_rise_and_alphas_are_their_steps(config: DiffusionConfig) -> None:
    schedule = make_schedule(config)
    assert schedule.num_steps == config.num_steps
    assert schedule.sqrt_etas[0] > 0
    assert (np.diff(schedule.sqrt_etas) > 0).all()
    assert math.isclose(schedule.sqrt_etas[-1], config.etas_end)
    assert (schedule.alphas > 0).all()
    assert math.isclose(schedule.alphas.sum(), schedule.etas[-1])
    assert (schedule.etas_before[1:] == schedule.etas[:-1]).all()
    assert schedule.etas_before[0] == 0


@settings(deadline=None)
@given(CONFIGS.filter(lambda config: config.num_steps > 1))
@example(S4)
@example(S15)
def test_progress_to_the_end_is_a_power_of_time(config: DiffusionConfig) -> None:
    """Section 3.3: on a logarithmic axis sqrt(eta) goes from s to e as ((t - 1) / (T - 1))^p."""
    schedule = make_schedule(config)
    s = config.min_noise_level / max(config.kappa, 1)
    log_sqrt_etas = np.log(schedule.sqrt_etas)
    progress = (log_sqrt_etas - math.log(s)) / (math.log(config.etas_end) - math.log(s))
    steps = np.arange(config.num_steps)
    np.testing.assert_allclose(progress, (steps / steps[-1]) ** config.power, atol=1e-12)


@settings(deadline=None)
@given(CONFIGS)
def test_the_network_sees_unit_variance(config: DiffusionConfig) -> None:
    """x_t of latents with `latent_variance` around their mean, by A.3 with e_0 left aside."""
    schedule = make_schedule(config)
    variance = config.latent_variance + config.kappa**2 * schedule.etas
    np.testing.assert_allclose(schedule.input_scale**2 * variance, 1)


@pytest.mark.parametrize("end", [0.5, 0.99, 1.0])
def test_a_single_step_jumps_from_the_prior_to_x_0(end: float) -> None:
    schedule = make_schedule(replace(S4, num_steps=1, etas_end=end))
    assert schedule.sqrt_etas.tolist() == [end]
    assert schedule.alphas.tolist() == [end**2]
    assert schedule.prior_std == S4.kappa * end


@pytest.mark.parametrize(("name", "config"), [("schedule_s4", S4), ("schedule_s15", S15)])
def test_golden_tables(name: str, config: DiffusionConfig) -> None:
    schedule = make_schedule(config)
    ours = {
        "sqrt_etas": schedule.sqrt_etas,
        "etas": schedule.etas,
        "alpha": schedule.alphas,
        "posterior_mean_coef1": schedule.posterior_mean_x_t,
        "posterior_mean_coef2": schedule.posterior_mean_x_0,
        "posterior_variance": schedule.posterior_std**2,
        "scale_input_std": 1 / schedule.input_scale,
    }
    with np.load(golden.DATA / f"{name}.npz") as tables:
        assert set(ours) == set(tables)
        for key, table in tables.items():
            np.testing.assert_allclose(ours[key], table, rtol=0, atol=1e-12, err_msg=key)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"num_steps": 0}, "num_steps"),
        ({"num_steps": -1}, "num_steps"),
        ({"kappa": 0.0}, "kappa"),
        ({"kappa": -1.0}, "kappa"),
        ({"power": -0.5}, "power"),
        ({"min_noise_level": 3.0}, "grow"),
        ({"etas_end": 1.1}, "grow"),
        ({"etas_end": 0.1}, "grow"),
    ],
)
def test_a_chain_that_cannot_be_is_refused(change: dict[str, float], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        replace(S4, **change)

"""The shifting schedule eta_1 < ... < eta_T, in float64, and what follows from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resshift_desktop.core.diffusion.config import DiffusionConfig

Table = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Schedule:
    """Tables of T float64 values; entry t - 1 belongs to step t of the paper.

    `input_scale[t-1]` is what x_t is multiplied with before the network sees it: 1 over the
    standard deviation of x_t.
    """

    kappa: float
    sqrt_etas: Table
    etas: Table
    alphas: Table
    input_scale: Table

    @property
    def num_steps(self) -> int:
        return len(self.etas)

    @property
    def etas_before(self) -> Table:
        """eta_{t-1}, with eta_0 = 0."""
        return np.concatenate([[0.0], self.etas[:-1]])

    @property
    def posterior_mean_x_t(self) -> Table:
        """The factor of x_t in the posterior's mean, eta_{t-1} / eta_t (supplement A.7)."""
        return self.etas_before / self.etas

    @property
    def posterior_mean_x_0(self) -> Table:
        """The factor of x_0 in the posterior's mean, alpha_t / eta_t (supplement A.7)."""
        return self.alphas / self.etas

    @property
    def posterior_std(self) -> Table:
        """The posterior's standard deviation, kappa sqrt(eta_{t-1} alpha_t / eta_t) (supplement A.7)."""
        return self.kappa * np.sqrt(self.etas_before * self.alphas / self.etas)

    @property
    def prior_std(self) -> float:
        """The standard deviation of x_T around y, kappa sqrt(eta_T)."""
        return float(self.kappa * self.sqrt_etas[-1])


def make_schedule(config: DiffusionConfig) -> Schedule:
    """The paper's non-uniform geometric schedule (section 3.3).

        sqrt(eta_t) = s (e / s)^(((t - 1) / (T - 1))^p),  s = min(min_noise_level / kappa, min_noise_level)

    where e is `etas_end` (it bounds the square root of eta, as in the published configurations)
    and p is `power`. With a single step (T = 1) the chain is one jump: sqrt(eta_1) = e.
    """
    start = min(config.min_noise_level / config.kappa, config.min_noise_level)
    if config.num_steps == 1:
        sqrt_etas = np.array([config.etas_end])
    else:
        exponents = np.linspace(0.0, 1.0, config.num_steps) ** config.power
        sqrt_etas = start * (config.etas_end / start) ** exponents
    etas = sqrt_etas**2
    return Schedule(
        kappa=config.kappa,
        sqrt_etas=sqrt_etas,
        etas=etas,
        alphas=np.diff(etas, prepend=0.0),
        input_scale=1 / np.sqrt(etas * config.kappa**2 + config.latent_variance),
    )

"""The schedule against the supplement's derivations: the chain composed, and the posterior by Bayes' rule."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.core.diffusion.config import DiffusionConfig
from resshift_desktop.core.diffusion.schedule import make_schedule
from tests.parity import golden

S4 = DiffusionConfig(num_steps=4, kappa=2.0, min_noise_level=0.2)
S15 = DiffusionConfig(num_steps=15, kappa=2.0, min_noise_level=0.04)
PUBLISHED = {"schedule_s4": S4, "schedule_s15": S15}

# One pixel each; what holds for it holds for all, as every pixel goes its own way.
X_0, Y, X_T = 0.7, -0.4, 1.9
E_0 = Y - X_0

CONFIGS = st.builds(
    DiffusionConfig,
    num_steps=st.integers(1, 20),
    kappa=st.floats(0.1, 5.0),
    min_noise_level=st.floats(0.01, 0.5),
    power=st.floats(0.1, 2.0),
    etas_end=st.floats(0.6, 1.0),
    latent_variance=st.floats(0.1, 2.0),
)


def both_and_any(test):
    """Run on both published schedules, and on others."""
    return pytest.mark.parametrize("name", PUBLISHED)(test)

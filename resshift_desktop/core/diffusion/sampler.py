"""The reverse chain, from the LQ picture's latent to the SR picture's."""

from collections.abc import Callable, Sequence

from torch import Tensor

from resshift_desktop.core.diffusion.schedule import Schedule


def sample(
    predict_x_0: Callable[[Tensor, int], Tensor],
    y: Tensor,
    schedule: Schedule,
    noise: Callable[[int], Tensor],
    on_step: Callable[[int, Tensor], None] = lambda _t, _x: None,
) -> Tensor:
    """Draw x_0 given y (ResShift paper, algorithm of section 3; supplement A.7).

    `predict_x_0(x_t, t)` is the network, called with t = T ... 1 and x_t as it is (unscaled).
    `y`: (b, c, h, w), the latent of the upscaled LQ picture. `noise(j)` gives standard normal
    numbers shaped like y: j = 0 for the prior, j = 1 ... T - 1 for the reverse steps in order.
    `on_step(t, x)` is called after each step with the new x_{t-1}; it may raise to stop.
    Returns x_0, shaped like y.
    """
    num_steps = schedule.num_steps
    mean_x_t, mean_x_0, std = (
        table.tolist()
        for table in (schedule.posterior_mean_x_t, schedule.posterior_mean_x_0, schedule.posterior_std)
    )
    # Prior: x_T = y + kappa sqrt(eta_T) xi
    x_t = y + schedule.prior_std * noise(0)
    for j, t in enumerate(range(num_steps, 0, -1), start=1):
        x_0 = predict_x_0(x_t, t)
        # A.7: x_{t-1} ~ N(eta_{t-1}/eta_t x_t + alpha_t/eta_t x_0, kappa^2 eta_{t-1}/eta_t alpha_t I)
        x_t = mean_x_t[t - 1] * x_t + mean_x_0[t - 1] * x_0
        if t > 1:
            x_t = x_t + std[t - 1] * noise(j)
        on_step(t, x_t)
    return x_t


def sample_deterministically(
    predict_x_0: Callable[[Tensor, int], Tensor],
    y: Tensor,
    schedule: Schedule,
    visits: Sequence[int],
    noise: Callable[[int], Tensor],
    on_step: Callable[[int, Tensor], None] = lambda _t, _x: None,
) -> Tensor:
    """As `sample`, but from each of `visits` (T first) straight to the next, the last one to x_0.

    Only the prior draws noise. The step of SinSR (Wang et al., CVPR 2024):
    x_s = k x_0 + m x_t + j y with m = sqrt(eta_s / eta_t), j = eta_s - sqrt(eta_s eta_t), k = 1 - m - j.
    """
    etas = [0.0, *schedule.etas.tolist()]
    x_t = y + schedule.prior_std * noise(0)
    for t, s in zip(visits, [*visits[1:], 0], strict=True):
        x_0 = predict_x_0(x_t, t)
        m = (etas[s] / etas[t]) ** 0.5
        j = etas[s] - (etas[s] * etas[t]) ** 0.5
        x_t = (1 - m - j) * x_0 + m * x_t + j * y
        on_step(t, x_t)
    return x_t

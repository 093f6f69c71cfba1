"""CLIPIQA, MUSIQ and NIQE: metrics without a truth, from the optional package pyiqa."""

from resshift_desktop.errors import UsageError, WeightsError
from resshift_desktop.lab.evaluate import Metric

NAMES = ("clipiqa", "musiq", "niqe")


def load_no_reference() -> dict[str, Metric]:
    """The three metrics by name; NIQE is better when lower, the others when higher. pyiqa fetches weights.

    Raises:
        UsageError: pyiqa is not installed.
        WeightsError: a metric's weights cannot be fetched.
    """
    try:
        import pyiqa  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise UsageError(
            "CLIPIQA, MUSIQ and NIQE need the package pyiqa.",
            "Install it: pip install 'resshift-desktop[metrics]'.",
        ) from error
    metrics: dict[str, Metric] = {}
    for name in NAMES:
        try:
            metrics[name] = pyiqa.create_metric(name, device="cpu")
        except Exception as error:  # whatever its downloader says
            raise WeightsError(
                f"The weights of {name.upper()} cannot be fetched ({error}).",
                "Connect to the internet once, or leave out --no-reference.",
            ) from error
    return metrics

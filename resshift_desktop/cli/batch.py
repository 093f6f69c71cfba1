"""Many pictures, one after the other: one that fails does not stop the rest."""

from collections.abc import Callable, Sequence

from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.errors import Cancelled, ImageWriteError, ResShiftError
from resshift_desktop.cli.report import Report


def run_batch(
    requests: Sequence[UpscaleRequest], model: str, device: str, report: Report, cancel: Callable[[], bool]
) -> int:
    """Upscale each with the same model and device, tell `report`; the number that failed.

    Raises:
        Cancelled: `cancel` said so.
        UsageError, DeviceError, WeightsError: the model or the device cannot be had, for no picture.
    """
    engine = Engine()
    engine.prepare(model, device)
    failed = 0
    for request in requests:
        if cancel():
            raise Cancelled
        report.started(request)
        try:
            _prepare_output(request)
            result = engine.upscale(request, report.progress, cancel)
        except Cancelled:
            raise
        except ResShiftError as error:
            failed += 1
            report.failed(request, error)
        else:
            report.done(request, result)
    return failed


def _prepare_output(request: UpscaleRequest) -> None:
    """Make the output's folder; refuse an output that is its own input."""
    if request.output.exists() and request.input.exists() and request.output.samefile(request.input):
        raise ImageWriteError(f"{request.input.name} would replace itself.", "Choose another folder or name.")
    try:
        request.output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImageWriteError(
            f"The folder {request.output.parent} cannot be made: {error.strerror}.", "Choose another folder."
        ) from error

"""Many pictures, one after the other: one that fails does not stop the rest."""

from collections.abc import Callable, Sequence

from resshift_desktop.cli.report import Report
from resshift_desktop.core.engine.outputs import file_ids, output_folder
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.errors import Cancelled
from resshift_desktop.foreign_errors import in_words


def run_batch(
    engine: Engine, requests: Sequence[UpscaleRequest], report: Report, cancel: Callable[[], bool]
) -> int:
    """Upscale each picture and tell `report`; the number that failed.

    Raises:
        Cancelled: `cancel` said so.
    """
    inputs = file_ids(request.input for request in requests)
    failed = 0
    for request in requests:
        if cancel():
            raise Cancelled
        report.started(request)
        try:
            with output_folder(request.output, inputs):
                result = engine.upscale(request, report.progress, cancel)
        except (Cancelled, BrokenPipeError):
            raise
        except Exception as error:  # whatever is wrong with this picture, the next may be fine
            failed += 1
            report.failed(request, in_words(error))
        else:
            report.done(request, result)
    return failed

"""How large a result becomes."""

from resshift_desktop.core.engine.request import TargetSize
from resshift_desktop.errors import UsageError
from resshift_desktop.gui.options import Options

_Size = tuple[int, int]


def result_size(options: Options, picture: _Size, model_scale: int) -> _Size | None:
    """(width, height) in pixels of the result; None where `picture` cannot have the size in `options`."""
    try:
        return TargetSize(options.scale, options.width, options.height).resolve(*picture, model_scale)
    except UsageError:
        return None

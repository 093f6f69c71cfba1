"""How large a result becomes, without loading what computes it (core.engine.request needs numpy)."""

from resshift_desktop.gui.options import Options

MAX_SCALE = 16
MAX_SIDE = {"jpeg": 65535, "webp": 16383}
"""The most pixels a side that a format holds, of those that have a limit."""

_Size = tuple[int, int]


def result_size(options: Options, picture: _Size, model_scale: int) -> _Size | None:
    """(width, height) in pixels of the result; None where it would be under 1 or over 16 times `picture`.

    As core.engine.request.TargetSize.resolve.
    """
    width, height = picture
    if options.width is not None:
        scale = options.width / width
    elif options.height is not None:
        scale = options.height / height
    else:
        scale = options.scale if options.scale is not None else float(model_scale)
    if not 1 <= scale <= MAX_SCALE:
        return None
    if options.width is not None:
        return options.width, max(1, round(height * scale))
    if options.height is not None:
        return max(1, round(width * scale)), options.height
    return round(width * scale), round(height * scale)

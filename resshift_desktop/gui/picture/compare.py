"""The ways to compare input and result, and where in the view each of the two then is."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRect


class Compare(Enum):
    """What the view shows of a picture that has a result."""

    SLIDER = "slider"
    SIDE_BY_SIDE = "side-by-side"
    RESULT = "result"
    INPUT = "input"


class Side(Enum):
    """One of the two pictures that are compared."""

    INPUT = "input"
    RESULT = "result"


@dataclass(frozen=True)
class Pane:
    """Where one side is seen: the picture is placed in `area` and cut off at `clip`; device pixels."""

    side: Side
    area: QRect
    clip: QRect


def panes(compare: Compare, width: int, height: int, divider: int, gap: int, mirrored: bool) -> list[Pane]:
    """The panes of a view of `width` x `height` device pixels, that of the input first.

    divider: device pixels from the left, for SLIDER. gap: between two panes, for SIDE_BY_SIDE.
    mirrored: right-to-left, where the input comes first on the right.
    """
    whole = QRect(0, 0, width, height)
    if compare in (Compare.INPUT, Compare.RESULT):
        return [Pane(Side.INPUT if compare is Compare.INPUT else Side.RESULT, whole, whole)]
    if compare is Compare.SLIDER:
        left, right = QRect(0, 0, divider, height), QRect(divider, 0, width - divider, height)
        first, second = (right, left) if mirrored else (left, right)
        return [Pane(Side.INPUT, whole, first), Pane(Side.RESULT, whole, second)]
    half = max(1, (width - gap) // 2)
    left, right = QRect(0, 0, half, height), QRect(width - half, 0, half, height)
    first, second = (right, left) if mirrored else (left, right)
    return [Pane(Side.INPUT, first, first), Pane(Side.RESULT, second, second)]

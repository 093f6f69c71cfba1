"""Colour under transparency."""

import numpy as np


def fill_clear(colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Give fully transparent pixels the colour of what is visible around them.

    Their stored colour is seldom meant to be seen, often black, and upscaling would mix it into the
    visible edge. Pull-push over an image pyramid (Gortler et al. 1996, "The Lumigraph", section 3.4).

    Args:
        colour: (h, w, bands) uint8 or uint16.
        alpha: (h, w), 0 is clear.

    Returns:
        An array like `colour`, changed only where alpha is 0; `colour` itself where nothing changes.
    """
    visible = alpha != 0
    if visible.all() or not visible.any():
        return colour
    levels = [(colour * visible[:, :, None].astype(np.float32), visible.astype(np.float32))]
    while not levels[-1][1].all():
        values, weights = levels[-1]
        levels.append((_halve(values), _halve(weights[:, :, None])[:, :, 0]))
    values, weights = levels.pop()
    filled = values / weights[:, :, None]
    while levels:
        values, weights = levels.pop()
        height, width = weights.shape
        filled = filled.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
        np.divide(values, weights[:, :, None], out=filled, where=weights[:, :, None] > 0)
    return np.where(visible[:, :, None], colour, np.rint(filled).astype(colour.dtype))


def _halve(array: np.ndarray) -> np.ndarray:
    """Sums of 2 x 2 pixels; an odd side counts a row or column of zeros more."""
    height, width = array.shape[:2]
    array = np.pad(array, ((0, height % 2), (0, width % 2), (0, 0)))
    return array[::2, ::2] + array[1::2, ::2] + array[::2, 1::2] + array[1::2, 1::2]

"""Pictures in Krita as bytes for ResShift, and back. For Krita's thread only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from krita import Document, Krita, Node

from .bridge.client import Result
from .qt import QtCore

_LINEAR = ("RGBA", "F32", "sRGB-elle-V2-g10.icc")
"""Holds every other space's colours: what ResShift does not know, Krita converts to this and back."""
_CHANNELS = {"RGBA": 4, "GRAYA": 2}
_TRANSFERS = {
    "sRGB-elle-V2-srgbtrc.icc": "srgb",
    "sRGB built-in": "srgb",
    "Gray-D50-elle-V2-srgbtrc.icc": "srgb",
    "sRGB-elle-V2-g10.icc": "linear",
    "Gray-D50-elle-V2-g10.icc": "linear",
}

Space = tuple[str, str, str]
"""Colour model, depth and profile, as Krita names them."""


@dataclass(frozen=True)
class Picture:
    """Pixels in the space `sent`; where they come from the space is `own`."""

    pixels: QtCore.QByteArray
    width: int
    height: int
    sent: Space
    own: Space

    def layout(self) -> dict[str, Any]:
        """As Client.upscale wants it."""
        model, depth, profile = self.sent
        layout = {"channels": _CHANNELS[model], "sample": depth.lower(), "transfer": _TRANSFERS[profile]}
        return {"width": self.width, "height": self.height, **layout}

    def is_blue_first(self) -> bool:
        """Krita has integers in the order BGRA."""
        return self.sent[0] == "RGBA" and self.sent[1] in ("U8", "U16")

    def in_own_space(self, sr: Result) -> Any:
        """The result's pixels as `own` has them."""
        if self.sent == self.own:
            return QtCore.QByteArray(sr.pixels)
        document = make_document("", sr.width, sr.height, self.sent, sr.pixels)
        return _convert(document, self.own)


def read(document: Document, node: Node, rect: QtCore.QRect) -> Picture:
    """What is seen of `node` alone within `rect`; the document's selection becomes part of its alpha."""
    own = space_of(node)
    sent = own if own[0] in _CHANNELS and own[2] in _TRANSFERS else _LINEAR
    width, height = rect.width(), rect.height()
    pixels = node.projectionPixelData(*rect.getRect())
    selection = document.selection()
    if selection or sent != own:
        copy = make_document("", width, height, own, pixels)
        if selection:
            selection = selection.duplicate()
            selection.move(selection.x() - rect.x(), selection.y() - rect.y())
            mask = copy.createTransparencyMask("")
            copy.topLevelNodes()[0].addChildNode(mask, None)
            mask.setSelection(selection)
        pixels = _convert(copy, sent)
    return Picture(pixels, width, height, sent, own)


def make_document(name: str, width: int, height: int, space: Space, pixels: Any) -> Document:
    """A document of one layer that holds `pixels`."""
    document = Krita.instance().createDocument(width, height, name, *space, 300.0)
    document.topLevelNodes()[0].setPixelData(QtCore.QByteArray(pixels), 0, 0, width, height)
    return document


def space_of(node: Node) -> Space:
    return node.colorModel(), node.colorDepth(), node.colorProfile()


def _convert(document: Document, space: Space) -> QtCore.QByteArray:
    """The pixels of a document of one layer in another space; ends the document."""
    document.setColorSpace(*space)
    document.refreshProjection()
    document.waitForDone()
    pixels = document.topLevelNodes()[0].projectionPixelData(0, 0, document.width(), document.height())
    document.close()
    return pixels

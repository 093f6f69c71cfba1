"""What is upscaled, a layer or an image, and where the result goes. For Krita's thread only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from krita import Document, Krita, Node

from .bridge.client import Result
from .qt import QtCore, i18n

Space = tuple[str, str, str]
"""Colour model, depth and profile, as Krita names them."""

_CHANNELS = {"RGBA": 4, "GRAYA": 2}
_LINEAR: Space = ("RGBA", "F32", "sRGB-elle-V2-g10.icc")
"""What Krita converts all other models to, and back: it has a place for every colour."""
_BAND_BYTES = 1 << 24


class Refusal(Exception):
    """Why this cannot be upscaled, for people."""


class Source:
    """Pixels as they are now, so that the document can be worked on, or closed, before the result is here.

    pixels: what is seen of a layer alone, or of an image, as Krita has it in the space `sent`.
    opacity: a byte for each of them, how much it is selected; or None.
    places: where the result can go, by its name for people.
    """

    def __init__(self, document: Document | None, is_image: bool) -> None:
        """Raises Refusal."""
        node = document and (document.rootNode() if is_image else document.activeNode())
        if not node:
            raise Refusal(i18n("There is no layer. Open an image and choose one."))
        if any(part.animated() for part in (node, *node.findChildNodes("", True))):
            raise Refusal(i18n("Animations cannot be upscaled. Choose a layer without frames."))
        if node.type().endswith("mask") or node.type() == "filterlayer":
            raise Refusal(i18n("Masks and filters have no pixels of their own. Choose another layer."))
        if node.type() == "grouplayer" and node.passThroughMode():
            raise Refusal(i18n("A group that passes through has no pixels of its own. Turn that off first."))
        document.waitForDone()
        selection = document.selection()
        self.rect = document.bounds() if is_image else document.bounds() & node.bounds()
        if selection:
            self.rect &= QtCore.QRect(selection.x(), selection.y(), selection.width(), selection.height())
        if self.rect.isEmpty():
            raise Refusal(i18n("There is nothing here to upscale. Choose another layer or selection."))
        self._document, self._id, self._dpi = document, node.uniqueId(), float(document.resolution())
        self.name = (document.name() or Path(document.fileName()).stem) if is_image else node.name()
        self.places = {"document": i18n("New document"), "enlarged": i18n("New layer, image enlarged")}
        if not is_image:
            self.places = {"above": i18n("New layer above"), "document": i18n("New document")}
        self._own = _space_of(node)
        self.sent = self._own if self._own[0] in _CHANNELS else _LINEAR
        self.opacity = selection and bytes(selection.pixelData(*self.rect.getRect()))
        pixels = node.projectionPixelData(*self.rect.getRect())
        self.pixels = _convert(document, pixels, self.rect.size(), self._own, self.sent)

    def layout(self) -> dict[str, Any]:
        """As Client.upscale wants it."""
        model, depth, profile = self.sent
        transfer = "linear" if "g10" in profile or "linear" in profile else "srgb"
        size = {"width": self.rect.width(), "height": self.rect.height()}
        return {**size, "channels": _CHANNELS[model], "sample": depth.lower(), "transfer": transfer}

    def place(self, sr: Result, place: str) -> Iterator[None]:
        """Show the result, in steps between which Krita goes on.

        Where the document was closed meanwhile, the result becomes a document of its own.
        """
        rect, name = self.rect, f"{self.name} ×{sr.width / self.rect.width():.3g}"
        if place != "document" and self._is_open():
            layer = self._document.createNode(name, "paintlayer")
            corner = rect.topLeft() - QtCore.QPoint(sr.width - rect.width(), sr.height - rect.height()) / 2
            if place == "enlarged":
                corner = QtCore.QPoint(
                    rect.x() * sr.width // rect.width(), rect.y() * sr.height // rect.height()
                )
            yield from self._fill(self._document, layer, sr, corner)
            if self._is_open():
                if place == "enlarged":
                    self._enlarge(sr.width / rect.width(), sr.height / rect.height())
                return self._add(layer)
        document = Krita.instance().createDocument(sr.width, sr.height, name, *self._own, self._dpi)
        yield from self._fill(document, document.topLevelNodes()[0], sr, QtCore.QPoint(0, 0))
        Krita.instance().activeWindow().addView(document)

    def _is_open(self) -> bool:
        return self._document in Krita.instance().documents()

    def _fill(self, document: Document, layer: Node, sr: Result, corner: QtCore.QPoint) -> Iterator[None]:
        """Give a layer the result's pixels, some rows at a time."""
        if _space_of(layer) != self._own:
            layer.setColorSpace(*self._own)
        row_bytes = len(sr.pixels) // sr.height
        rows = max(1, _BAND_BYTES // row_bytes)
        for top in range(0, sr.height, rows):
            band = sr.pixels[top * row_bytes : (top + rows) * row_bytes]
            size = QtCore.QSize(sr.width, len(band) // row_bytes)
            own = _convert(document, band, size, self.sent, self._own)
            layer.setPixelData(own, corner.x(), corner.y() + top, size.width(), size.height())
            yield

    def _enlarge(self, across: float, down: float) -> None:
        document, dpi = self._document, self._document.resolution()
        document.waitForDone()
        width, height = round(document.width() * across), round(document.height() * down)
        document.scaleImage(width, height, dpi, dpi, "Bicubic")
        document.waitForDone()

    def _add(self, layer: Node) -> None:
        """Above what was upscaled, looking as that does; on top where that is all, or not there any more."""
        below = self._document.nodeByUniqueID(self._id)
        parent = below and below.parentNode()
        if parent:
            layer.setOpacity(below.opacity())
            layer.setBlendingMode(below.blendingMode())
            parent.addChildNode(layer, below)
        else:
            self._document.rootNode().addChildNode(layer, None)
        self._document.refreshProjection()


def _space_of(node: Node) -> Space:
    return node.colorModel(), node.colorDepth(), node.colorProfile()


def _convert(document: Document, pixels: Any, size: QtCore.QSize, space: Space, wanted: Space) -> Any:
    """Pixels from one space to another, by way of a layer that the document never gets to see."""
    if space == wanted:
        return QtCore.QByteArray(pixels)
    layer, rect = document.createNode("", "paintlayer"), (0, 0, size.width(), size.height())
    layer.setColorSpace(*space)
    layer.setPixelData(QtCore.QByteArray(pixels), *rect)
    layer.setColorSpace(*wanted)
    return layer.pixelData(*rect)

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
_BAND_PIXELS = 1 << 18
"""So few that nobody feels Krita stop while it converts them."""


class Refusal(Exception):
    """Why this cannot be upscaled, for people."""


class Source:
    """Pixels as they are now, so that the document can be worked on, or closed, before the result is here.

    rect: where in the image they are.
    places: where the result can go, with the words for it.
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
        self._sent = self._own if self._own[0] in _CHANNELS else _LINEAR
        self._opacity = selection and bytes(selection.pixelData(*self.rect.getRect()))
        self._pixels = node.projectionPixelData(*self.rect.getRect())

    def read(self, pixels: bytearray) -> Iterator[None]:
        """Append the pixels as they are sent, in steps between which Krita goes on."""
        for _, band in _bands(self._pixels, self.rect.size(), self._own, self._sent):
            pixels += bytes(band)  # Qt would make a new array of a sum
            yield

    def facts(self) -> dict[str, Any]:
        """How these pixels are laid out, for background.upscale."""
        model, depth, profile = self._sent
        transfer = "linear" if "g10" in profile or "linear" in profile else "srgb"
        size = {"width": self.rect.width(), "height": self.rect.height(), "channels": _CHANNELS[model]}
        order = {"is_blue_first": model == "RGBA" and depth[0] == "U", "opacity": self._opacity}
        return {**size, **order, "sample": depth.lower(), "transfer": transfer}

    def place(self, sr: Result, place: str) -> Iterator[None]:
        """Show the result, in steps between which Krita goes on.

        Where the document was closed meanwhile, the result becomes a document of its own.
        """
        rect, name = self.rect, f"{self.name} ×{sr.width / self.rect.width():.3g}"
        if place != "document" and self._is_open():
            layer = self._document.createNode(name, "paintlayer")
            corner = rect.topLeft() - QtCore.QPoint(sr.width - rect.width(), sr.height - rect.height()) / 2
            if place == "enlarged":
                x, y = rect.x() * sr.width // rect.width(), rect.y() * sr.height // rect.height()
                corner = QtCore.QPoint(x, y)
            yield from self._fill(layer, sr, corner)
            if self._is_open():
                if place == "enlarged":
                    self._enlarge(sr.width / rect.width(), sr.height / rect.height())
                return self._add(layer)
        document = Krita.instance().createDocument(sr.width, sr.height, name, *self._own, self._dpi)
        yield from self._fill(document.topLevelNodes()[0], sr, QtCore.QPoint(0, 0))
        Krita.instance().activeWindow().addView(document)

    def _is_open(self) -> bool:
        return self._document in Krita.instance().documents()

    def _fill(self, layer: Node, sr: Result, corner: QtCore.QPoint) -> Iterator[None]:
        if _space_of(layer) != self._own:
            layer.setColorSpace(*self._own)
        for rect, band in _bands(sr.pixels, QtCore.QSize(sr.width, sr.height), self._sent, self._own):
            layer.setPixelData(band, *rect.translated(corner).getRect())
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
        (parent or self._document.rootNode()).addChildNode(layer, parent and below)


def _space_of(node: Node) -> Space:
    return node.colorModel(), node.colorDepth(), node.colorProfile()


def _bands(
    pixels: Any, size: QtCore.QSize, space: Space, wanted: Space
) -> Iterator[tuple[QtCore.QRect, QtCore.QByteArray]]:
    """Pixels in another space, some rows at a time; Krita converts them in a layer that is never shown."""
    row_bytes, rows = len(pixels) // size.height(), max(1, _BAND_PIXELS // size.width())
    scratch = None if space == wanted else Krita.instance().createDocument(1, 1, "", *space, 72.0)
    try:
        for top in range(0, size.height(), rows):
            band = QtCore.QByteArray(pixels[top * row_bytes : (top + rows) * row_bytes])
            rect = QtCore.QRect(0, top, size.width(), len(band) // row_bytes)
            if scratch:
                layer = scratch.createNode("", "paintlayer")
                layer.setPixelData(band, *rect.getRect())
                layer.setColorSpace(*wanted)
                band = layer.pixelData(*rect.getRect())
            yield rect, band
    finally:
        if scratch:
            scratch.close()

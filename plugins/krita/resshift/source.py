"""What is upscaled, a layer or a whole image, and where the result goes. For Krita's thread only."""

from __future__ import annotations

from typing import Any

from krita import Document, Krita, Node

from .bridge.client import Result
from .pixels import Picture, make_document, read, space_of
from .qt import QtCore

ABOVE, ENLARGED, DOCUMENT = "layer_above", "layer_in_enlarged_image", "new_document"


class Refusal(Exception):
    """Why this cannot be upscaled, for people."""


class Source:
    """Raises Refusal where there are no still pixels to upscale."""

    def __init__(self, document: Document, node: Node, name: str, area: QtCore.QRect, places: Any) -> None:
        if any(part.animated() for part in (node, *node.findChildNodes("", True))):
            raise Refusal(i18n("Animations cannot be upscaled. Choose a layer that is not animated."))
        self.places = places
        self._document, self._node, self._name = document, node, name
        self.rect = area & document.bounds()
        if selection := document.selection():
            left, top, width, height = selection.x(), selection.y(), selection.width(), selection.height()
            self.rect &= QtCore.QRect(left, top, width, height)
        if self.rect.isEmpty():
            raise Refusal(
                i18n("There is nothing to upscale. Choose a layer or a selection with something in it.")
            )

    @classmethod
    def of_layer(cls, document: Document | None) -> Source:
        node = document and document.activeNode()
        if not node:
            raise Refusal(i18n("No layer is chosen. Open an image and choose one."))
        if node.type().endswith("mask") or node.type() == "filterlayer":
            raise Refusal(i18n("Masks and filters have no picture of their own. Choose another layer."))
        if node.type() == "grouplayer" and node.passThroughMode():
            raise Refusal(i18n("A group that passes through has no picture of its own. Turn that off first."))
        document.waitForDone()
        places = {ABOVE: i18n("New layer above"), DOCUMENT: i18n("New document")}
        return cls(document, node, node.name(), node.bounds(), places)

    @classmethod
    def of_image(cls, document: Document | None) -> Source:
        if not document:
            raise Refusal(i18n("No image is open. Open one first."))
        document.waitForDone()
        name = document.name() or i18n("Image")
        places = {DOCUMENT: i18n("New document"), ENLARGED: i18n("New layer in the enlarged image")}
        return cls(document, document.rootNode(), name, document.bounds(), places)

    def read(self) -> Picture:
        return read(self._document, self._node, self.rect)

    def place(self, sr: Result, picture: Picture, place: str) -> None:
        """Show the result. Where the document was closed meanwhile, it becomes a document of its own."""
        factor = sr.width / self.rect.width()
        name = f"{self._name} ×{factor:.3g}"
        if place == DOCUMENT or self._document not in Krita.instance().documents():
            document = make_document(name, sr.width, sr.height, picture.sent, sr.pixels)
            document.setColorSpace(*picture.own)
            Krita.instance().activeWindow().addView(document)
            return
        left, top = self.rect.x(), self.rect.y()
        if place == ENLARGED:
            self._enlarge(factor, sr.height / self.rect.height())
            left, top = round(left * factor), round(top * sr.height / self.rect.height())
        else:
            left -= (sr.width - self.rect.width()) // 2
            top -= (sr.height - self.rect.height()) // 2
        self._add(name, picture, sr, left, top)

    def _enlarge(self, across: float, down: float) -> None:
        document, dpi = self._document, self._document.resolution()
        document.waitForDone()
        document.scaleImage(
            round(document.width() * across), round(document.height() * down), dpi, dpi, "Bicubic"
        )
        document.waitForDone()

    def _add(self, name: str, picture: Picture, sr: Result, left: int, top: int) -> None:
        """A new layer above what was upscaled, or on top where that has no layer beside it (any more)."""
        document = self._document
        layer = document.createNode(name, "paintlayer")
        if space_of(layer) != picture.own:
            layer.setColorSpace(*picture.own)
        layer.setPixelData(picture.in_own_space(sr), left, top, sr.width, sr.height)
        below = document.nodeByUniqueID(self._node.uniqueId())
        parent = below and below.parentNode()
        if parent:
            layer.setOpacity(below.opacity())
            layer.setBlendingMode(below.blendingMode())
            parent.addChildNode(layer, below)
        else:
            document.rootNode().addChildNode(layer, None)
        document.setActiveNode(layer)
        document.refreshProjection()

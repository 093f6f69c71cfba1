"""ResShift in Krita: Layer > Upscale Layer (ResShift)... and Image > Upscale Image (ResShift)..."""

from __future__ import annotations

from typing import Any

from krita import Extension, Krita, Window

from .dialog import OptionsDialog
from .progress import show_message
from .source import Refusal, Source


class ResShift(Extension):
    def setup(self) -> None:
        """Nothing; Krita calls it."""

    def createActions(self, window: Window) -> None:  # noqa: N802 - Krita's name
        layer = window.createAction("resshift_upscale_layer", i18n("Upscale Layer (ResShift)..."), "layer")
        image = window.createAction("resshift_upscale_image", i18n("Upscale Image (ResShift)..."), "image")
        layer.triggered.connect(lambda *_: _ask(Source.of_layer, layer.text()))
        image.triggered.connect(lambda *_: _ask(Source.of_image, image.text()))


def _ask(make_source: Any, title: str) -> None:
    parent = Krita.instance().activeWindow().qwindow()
    try:
        OptionsDialog(make_source(Krita.instance().activeDocument()), title.replace("&", ""), parent).open()
    except Refusal as refusal:
        show_message(parent, str(refusal))


Krita.instance().addExtension(ResShift(Krita.instance()))

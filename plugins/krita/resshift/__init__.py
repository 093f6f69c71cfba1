"""ResShift in Krita: Layer > Upscale Layer (ResShift)... and Image > Upscale Image (ResShift)..."""

from krita import Extension, Krita, Window

from .dialog import UpscaleDialog
from .picture import Refusal, Source
from .qt import QtWidgets, i18n


class ResShift(Extension):
    def setup(self) -> None:
        """Nothing; Krita calls it."""

    def createActions(self, window: Window) -> None:  # noqa: N802 - Krita's name
        layer = window.createAction("resshift_upscale_layer", i18n("Upscale Layer (ResShift)..."), "layer")
        image = window.createAction("resshift_upscale_image", i18n("Upscale Image (ResShift)..."), "image")
        layer.triggered.connect(lambda: ask(is_image=False))
        image.triggered.connect(lambda: ask(is_image=True))


def ask(is_image: bool) -> None:
    window = Krita.instance().activeWindow().qwindow()
    try:
        UpscaleDialog(Source(Krita.instance().activeDocument(), is_image), window).show()
    except Refusal as refusal:
        QtWidgets.QMessageBox.information(window, "ResShift", str(refusal))


Krita.instance().addExtension(ResShift(Krita.instance()))

"""What scenes in Krita do again and again: pictures made, the plugin called, its windows found."""

import json
import os
from pathlib import Path

from krita import Krita
from PyQt5.QtCore import QByteArray
from PyQt5.QtWidgets import QApplication

SRGB = "sRGB-elle-V2-srgbtrc.icc"


def folder():
    """Which the test outside has too."""
    return Path(os.environ["FOLDER"])


def new_document(width, height, space=("RGBA", "U8", SRGB), pixels=None):
    """A document of one layer, shown, and the layer; `pixels` as Krita has them in `space`."""
    krita = Krita.instance()
    document = krita.createDocument(width, height, "Test", *space, 300.0)
    layer = document.topLevelNodes()[0]
    if pixels is not None:
        layer.setPixelData(QByteArray(pixels), 0, 0, width, height)
    document.refreshProjection()
    krita.activeWindow().addView(document)
    yield lambda: krita.activeDocument() == document and document.activeNode()
    return document, layer


def close_all():
    for document in Krita.instance().documents():
        document.setModified(False)
        document.close()
    yield lambda: not Krita.instance().documents()


def window(kind):
    """The plugin's newest visible window of this class, or None."""
    found = [widget for widget in QApplication.topLevelWidgets() if type(widget).__name__ == kind]
    return next((widget for widget in reversed(found) if widget.isVisible()), None)


def open_options(what="layer"):
    """Choose the menu's item; returns the dialog once models are offered in it."""
    yield from call(what)
    yield lambda: window("OptionsDialog")
    dialog = window("OptionsDialog")
    yield dialog.start.isEnabled
    return dialog


def call(what):
    action = Krita.instance().action(f"resshift_upscale_{what}")
    yield action.isEnabled
    action.trigger()


def upscale(what="layer", **wishes):
    """From the menu to the end; `wishes` are values for the dialog's boxes."""
    dialog = yield from open_options(what)
    choose(dialog, **wishes)
    dialog.start.click()
    yield lambda: window("OptionsDialog") is None and window("UpscaleProgress") is None
    assert message() is None, message()


def choose(dialog, place=None, **values):
    if place is not None:
        dialog.place.setCurrentIndex(dialog.place.findData(place))
        assert dialog.place.currentData() == place
    for name, value in values.items():
        getattr(dialog, name).setValue(value)


def message():
    """What the plugin's message box says; it is closed."""
    box = window("QMessageBox")
    if box is None:
        return None
    text = box.text()
    box.close()
    return text


def refusal():
    yield lambda: window("QMessageBox")
    return message()


def pixels(node, document=None):
    bounds = node.bounds() if document is None else document.bounds()
    return bytes(node.pixelData(*bounds.getRect()))


def given(name):
    return (folder() / name).read_bytes()


def note(name, value):
    (folder() / name).write_text(json.dumps(value), "utf-8")

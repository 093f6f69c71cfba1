"""What scenes in Krita do again and again: pictures made, the plugin called, its windows found."""

import os
from array import array
from pathlib import Path

from krita import Krita, Selection
from PyQt5.QtCore import QByteArray, QTimer
from PyQt5.QtWidgets import QApplication

SRGB = ("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
ITEMS = {"U8": "B", "U16": "H", "F16": "e", "F32": "f"}


def given(name):
    """A file that the test has made outside."""
    return (Path(os.environ["FOLDER"]) / name).read_bytes()


def new_document(width, height, space=SRGB, pixels=None):
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


def add(document, node, parent=None):
    """On top, and wait until Krita has it in its list of layers: there new layers are chosen."""
    (parent or document.rootNode()).addChildNode(node, None)
    yield lambda: document.activeNode() == node


def activate(document, node):
    document.setActiveNode(node)
    yield lambda: document.activeNode() == node


def select(document, width, height, levels):
    selection = Selection()
    selection.setPixelData(QByteArray(levels), 0, 0, width, height)
    document.setSelection(selection)


def trigger(name):
    """As from the menu; a message box that comes of it does not keep the scene from going on."""
    action = Krita.instance().action(name)
    yield action.isEnabled
    QTimer.singleShot(0, action.trigger)


def windows(kind):
    """The windows of this class that are seen."""
    found = [widget for widget in QApplication.topLevelWidgets() if type(widget).__name__ == kind]
    return [widget for widget in found if widget.isVisible()]


def open_dialog(what="layer", **wishes):
    """The plugin's dialog, once it offers models; `wishes` are values for its boxes."""
    before = windows("UpscaleDialog")
    yield from trigger(f"resshift_upscale_{what}")
    yield lambda: any(window not in before for window in windows("UpscaleDialog"))
    dialog = next(window for window in windows("UpscaleDialog") if window not in before)
    yield dialog.start.isEnabled
    assert dialog.model.count(), dialog.status.text()
    choose(dialog, **wishes)
    return dialog


def choose(dialog, place=None, **values):
    if place is not None:
        dialog.place.setCurrentIndex(dialog.place.findData(place))
        assert dialog.place.currentData() == place
    for name, value in values.items():
        getattr(dialog, name).setValue(value)


def upscale(what="layer", **wishes):
    """From the menu to the end."""
    dialog = yield from open_dialog(what, **wishes)
    dialog.start.click()
    yield from until_closed(dialog)


def until_closed(dialog):
    def is_closed():
        if dialog not in windows("UpscaleDialog"):
            return True
        assert not dialog.start.isEnabled(), dialog.status.text()
        return False

    yield is_closed


def refusal(what="layer"):
    """What is said instead of opening a dialog."""
    yield from trigger(f"resshift_upscale_{what}")
    yield lambda: windows("QMessageBox")
    (box,) = windows("QMessageBox")
    text = box.text()
    box.accept()
    yield lambda: not windows("QMessageBox")
    assert not windows("UpscaleDialog")
    return text


def pixels(node):
    return bytes(node.pixelData(*node.bounds().getRect()))


def samples(node):
    items = ITEMS[node.colorDepth()]
    assert items != "e"
    return array(items, pixels(node))


def space(node):
    return node.colorModel(), node.colorDepth(), node.colorProfile()


def undo_redo(document, before, after):
    """`before` and `after` are asked for as functions of the document."""
    yield from trigger("edit_undo")
    yield lambda: before(document)
    yield from trigger("edit_redo")
    yield lambda: after(document)

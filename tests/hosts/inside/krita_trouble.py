"""Scenes: what goes wrong, and what people do while ResShift works."""

import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from krita import Krita
from PyQt5.QtCore import QTimer

from . import hand

DATA = Path.home() / ".local" / "share" / "ResShift"
GO_ON = Path.home() / "go-on"
COLOUR = b"\x10\x20\x30\xff"
SIDE = 80


def begin():
    """Upscale the chosen layer four times; returns the dialog, once the core waits half way."""
    GO_ON.unlink(missing_ok=True)
    dialog = yield from hand.open_dialog(place="above", factor=4)
    dialog.start.click()
    yield lambda: dialog.bar.value() == 50
    return dialog


def begin_in_new_document():
    document, _ = yield from hand.new_document(SIDE, SIDE, pixels=COLOUR * SIDE**2)
    dialog = yield from begin()
    return document, dialog


def finish(dialog):
    GO_ON.touch()
    yield from hand.until_closed(dialog)


def scene_not_installed():
    """And once it is, the same dialog goes on."""
    core = os.environ.pop("RESSHIFT_CORE")
    document, _ = yield from hand.new_document(48, 40)
    yield from hand.trigger("resshift_upscale_layer")
    yield lambda: hand.windows("UpscaleDialog") and hand.windows("UpscaleDialog")[0].start.isEnabled()
    (dialog,) = hand.windows("UpscaleDialog")
    hint = "Install it and open it once, then try again."
    assert dialog.status.text() == f"ResShift was not found on this computer. {hint}"
    os.environ["RESSHIFT_CORE"] = core
    dialog.start.click()
    assert not dialog.start.isEnabled()
    yield dialog.start.isEnabled
    assert dialog.model.count() > 0, dialog.status.text()
    dialog.factor.setValue(2)
    dialog.start.click()
    yield from hand.until_closed(dialog)
    assert len(document.topLevelNodes()) == 2


def scene_another_version():
    """The running core speaks another version of the protocol."""

    class Newer(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"protocol": 2, "version": "9.0.0"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Newer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = DATA / "newer.json"
    values = {
        "protocol": 2,
        "port": server.server_port,
        "token": "x",
        "pid": 1,
        "version": "9",
        "started": 1.0,
    }
    connection.write_text(json.dumps(values), "utf-8")
    connection.chmod(0o600)
    os.environ["RESSHIFT_CONNECTION"] = str(connection)
    yield from hand.new_document(48, 40)
    yield from hand.trigger("resshift_upscale_layer")
    yield lambda: hand.windows("UpscaleDialog") and hand.windows("UpscaleDialog")[0].start.isEnabled()
    (dialog,) = hand.windows("UpscaleDialog")
    said = dialog.status.text()
    del os.environ["RESSHIFT_CONNECTION"]
    server.shutdown()
    assert said.startswith("ResShift is newer than this program that calls it. Update the plugin"), said


def scene_krita_goes_on_meanwhile():
    """Its events are served, a layer can be painted on, and the pixels from before are what is upscaled."""
    document, dialog = yield from begin_in_new_document()
    turns = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(0))
    timer.start(10)
    yield lambda: len(turns) > 5
    timer.stop()
    layer = document.topLevelNodes()[0]
    layer.setPixelData(bytes(4 * SIDE**2), 0, 0, SIDE, SIDE)
    yield from finish(dialog)
    assert hand.pixels(document.topLevelNodes()[1]) == COLOUR * (4 * SIDE) ** 2
    assert not any(hand.pixels(layer))


def scene_cancel_half_way():
    """The core is free again at once."""
    document, dialog = yield from begin_in_new_document()
    assert dialog.status.text() == "50 %, about 1 second left"
    dialog.reject()
    small, _ = yield from hand.new_document(16, 16)
    yield from hand.upscale(factor=2, place="above")
    assert len(small.topLevelNodes()) == 2
    assert [layer.name() for layer in document.topLevelNodes()] == ["Background"]


def scene_core_killed_in_the_middle():
    """It is said; and the same dialog starts ResShift again."""
    document, dialog = yield from begin_in_new_document()
    os.kill(json.loads((DATA / "connection.json").read_text("utf-8"))["pid"], signal.SIGKILL)
    yield dialog.start.isEnabled
    said = dialog.status.text()
    assert said.startswith("ResShift stopped in the middle of the work. Try again"), said
    assert len(document.topLevelNodes()) == 1
    dialog.start.click()
    yield from finish(dialog)
    assert len(document.topLevelNodes()) == 2


def scene_document_closed_meanwhile():
    """The result is not lost: it becomes a document."""
    document, dialog = yield from begin_in_new_document()
    document.setModified(False)
    document.close()
    yield from finish(dialog)
    (made,) = Krita.instance().documents()
    assert (made.name(), made.width(), made.height()) == ("Background ×4", 4 * SIDE, 4 * SIDE)


def scene_layer_deleted_meanwhile():
    """The result is on top of those that are left."""
    document, layer = yield from hand.new_document(SIDE, SIDE, pixels=COLOUR * SIDE**2)
    yield from hand.add(document, document.createNode("Another", "paintlayer"))
    yield from hand.activate(document, layer)
    dialog = yield from begin()
    layer.remove()
    yield from finish(dialog)
    names = [node.name() for node in document.topLevelNodes()]
    assert names == ["Another", "Background ×4"], names


def scene_two_at_once():
    """The second says that it waits; both are done."""
    large, first = yield from begin_in_new_document()
    small, _ = yield from hand.new_document(48, 40)
    second = yield from hand.open_dialog(place="above", factor=2)
    second.start.click()
    yield lambda: second.status.text() == "Waiting for ResShift to be free..."
    assert first.bar.value() == 50
    yield from finish(first)
    yield from finish(second)
    assert len(large.topLevelNodes()) == len(small.topLevelNodes()) == 2


def scene_a_picture_that_cannot_be():
    """What the core itself refuses is said, and everything stays."""
    space = ("RGBA", "F32", "sRGB-elle-V2-g10.icc")
    document, _ = yield from hand.new_document(16, 16, space, b"\x00\x00\xc0\x7f" * 1024)
    dialog = yield from hand.open_dialog(place="above")
    dialog.start.click()
    yield dialog.start.isEnabled
    assert dialog.status.text().startswith("The picture holds samples that are no numbers"), (
        dialog.status.text()
    )
    assert len(document.topLevelNodes()) == 1

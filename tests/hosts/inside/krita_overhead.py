"""How much time the plugin takes beside the model: for a layer, with a core that computes nothing."""

import threading

from resshift.bridge.background import find_models, upscale
from resshift.picture import Source

from . import hand
from .laps import SIDE, Laps, write

SPACES = (
    (hand.SRGB, bytes(range(64)) * (SIDE**2 // 16)),
    (("RGBA", "U16", "sRGB-elle-V2-srgbtrc.icc"), bytes(range(64)) * (SIDE**2 // 8)),
    (("RGBA", "F32", "sRGB-elle-V2-g10.icc"), b"\x00\x00\x00\x3f" * (SIDE**2 * 4)),
    (("CMYKA", "U8", "Chemical proof"), b"\x20\x40\x60\x10\xff" * SIDE**2),
)


def scene_overhead():
    find_models(lambda *_: None, lambda: False)  # which starts the core
    rows = []
    for space, pixels in SPACES:
        for _ in range(3):
            document, _ = yield from hand.new_document(SIDE, SIDE, space, pixels)
            document.waitForDone()
            seconds = yield from measure(document)
            rows.append((" ".join(space[:2]), seconds))
            document.waitForDone()
            document.setModified(False)
            document.close()
    write("krita", rows)


def measure(document):
    laps, samples, done = Laps(), bytearray(), []
    source = Source(document, False)
    for _ in source.read(samples):
        pass
    laps.end("read")

    def work():
        facts = {**source.facts(), "allocate": laps.allocate}
        done.append(upscale(samples, lambda *_: None, lambda: False, **facts))
        laps.end("receive")

    thread = threading.Thread(target=work)
    thread.start()
    yield lambda: not thread.is_alive()
    for _ in source.place(done[0], "above"):
        laps.end("write")
    document.waitForDone()
    laps.end("show")  # the last step adds the layer, of which Krita makes the image that is seen
    return laps.seconds

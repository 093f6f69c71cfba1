"""Scenes: layers and images of all kinds, and what becomes of them."""

from krita import InfoObject, Krita
from PyQt5.QtCore import QByteArray

from . import hand

LINEAR = ("RGBA", "F32", "sRGB-elle-V2-g10.icc")
# Those of RGB and grey go as they are, the others are converted.
SPACES = (
    ("RGBA", "U8", "ClayRGB-elle-V2-g22.icc"),
    ("RGBA", "U8", "sRGB-elle-V2-g10.icc"),
    ("RGBA", "U16", "sRGB-elle-V2-srgbtrc.icc"),
    ("RGBA", "U16", "LargeRGB-elle-V2-g22.icc"),
    ("RGBA", "F16", "sRGB-elle-V2-g10.icc"),
    ("RGBA", "F16", "Rec2020-elle-V4-g10.icc"),
    ("RGBA", "F32", "sRGB-elle-V2-g10.icc"),
    ("RGBA", "F32", "sRGB-elle-V2-srgbtrc.icc"),
    ("RGBA", "F32", "ACEScg-elle-V4-g10.icc"),
    ("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc"),
    ("GRAYA", "U16", "gray built-in"),
    ("GRAYA", "F32", "Gray-D50-elle-V2-g10.icc"),
    ("CMYKA", "U8", "Chemical proof"),
    ("CMYKA", "U16", "Artifex CMYK SWOP Profile"),
    ("CMYKA", "F32", "Chemical proof"),
    ("LABA", "U16", "Lab identity built-in"),
    ("LABA", "F32", "Lab identity built-in"),
    ("XYZA", "F32", "XYZ identity built-in"),
    ("YCbCrA", "U8", "ITU-R BT.709-6 YCbCr ICC V2 profile"),
)


def scene_layer_above():
    document, layer = yield from hand.new_document(48, 40, pixels=hand.given("bgra"))
    layer.setOpacity(100)
    layer.setBlendingMode("multiply")
    yield from hand.upscale(place="above", factor=4, seed=7)
    below, above = document.topLevelNodes()
    assert (below, hand.pixels(below)) == (layer, hand.given("bgra"))
    assert (above.name(), above.opacity(), above.blendingMode()) == ("Background ×4", 100, "multiply")
    assert above.bounds().getRect() == (-72, -60, 192, 160)
    assert hand.pixels(above) == hand.given("bgra4")
    assert (document.width(), document.height()) == (48, 40)
    document.waitForDone()
    seen = bytes(document.pixelData(0, 0, 48, 40))
    document.refreshProjection()
    assert bytes(document.pixelData(0, 0, 48, 40)) == seen != hand.given("bgra")
    yield lambda: document.activeNode() == above
    yield from hand.undo_redo(
        document, lambda it: len(it.topLevelNodes()) == 1, lambda it: len(it.topLevelNodes()) == 2
    )
    assert hand.pixels(document.topLevelNodes()[1]) == hand.given("bgra4")


def scene_new_document():
    document, _ = yield from hand.new_document(48, 40, pixels=hand.given("bgra"))
    yield from hand.upscale(place="document", factor=4, seed=7)
    made = Krita.instance().activeDocument()
    assert made != document
    assert len(document.topLevelNodes()) == 1
    assert (made.name(), made.width(), made.height()) == ("Background ×4", 192, 160)
    assert hand.pixels(made.topLevelNodes()[0]) == hand.given("bgra4")


def scene_last_values_are_offered_again():
    yield from hand.new_document(48, 40)
    dialog = yield from hand.open_dialog(place="document", factor=2.5, seed=11)
    dialog.start.click()
    yield from hand.until_closed(dialog)
    yield from hand.new_document(48, 40)
    dialog = yield from hand.open_dialog()
    assert (dialog.place.currentData(), dialog.factor.value(), dialog.seed.value()) == ("document", 2.5, 11)
    assert (dialog.across.value(), dialog.down.value()) == (120, 100)
    dialog.reject()


def scene_size_by_width_or_height():
    for box, value, size in (("across", 101, (101, 84)), ("down", 91, (109, 91)), ("factor", 1.5, (72, 60))):
        yield from hand.new_document(48, 40)
        dialog = yield from hand.open_dialog(place="document", **{box: value})
        assert (dialog.across.value(), dialog.down.value()) == size
        dialog.start.click()
        yield from hand.until_closed(dialog)
        made = Krita.instance().activeDocument()
        assert (made.width(), made.height()) == size


def scene_every_space_keeps_its_colours():
    """One colour stays exactly what it is, also out of sRGB."""
    for space in SPACES:
        document, layer = yield from hand.new_document(16, 16, space)
        assert hand.space(layer) == space, hand.space(layer)
        wanted = document.createNode("", "paintlayer")
        wanted.setColorSpace(*LINEAR)
        colour = [0.6, 0.3, 0.2, 1.0] if space[0] in ("CMYKA", "YCbCrA") else [1.4, 0.3, -0.1, 1.0]
        wanted.setPixelData(QByteArray(hand.array("f", colour * 256).tobytes()), 0, 0, 16, 16)
        wanted.setColorSpace(*space)
        layer.setPixelData(hand.pixels(wanted), 0, 0, 16, 16)
        if space[0] not in ("RGBA", "GRAYA"):
            wanted.setColorSpace(*LINEAR)  # which is not the same after it: CMYK has a colour several times
            wanted.setColorSpace(*space)
        yield from hand.upscale(place="above", factor=2)
        assert Krita.instance().documents() == [document]
        above = document.topLevelNodes()[1]
        assert hand.space(above) == space, space
        assert above.bounds().getRect() == (-8, -8, 32, 32), space
        for node in (wanted, above):
            node.setColorSpace(space[0], "F32", space[2])
        worst = max(
            abs(a - b) for a, b in zip(hand.samples(above), list(hand.samples(wanted)) * 4, strict=True)
        )
        most = {"U8": 0.7 / 255, "U16": 2 / 65535, "F16": 2e-3, "F32": 1e-4}[space[1]]
        assert worst <= most * (100 if space[0] in ("LABA", "CMYKA") else 1), (space, worst)
        document.setModified(False)
        document.close()


def scene_as_the_command_line_in_other_spaces():
    """Pixels of RGB and grey go as they are, whatever their profile: as the command line has them."""
    for name, space in (
        ("bgra16", ("RGBA", "U16", "sRGB-elle-V2-srgbtrc.icc")),
        ("bgra", ("RGBA", "U8", "ClayRGB-elle-V2-g22.icc")),
        ("grey", ("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc")),
    ):
        document, _ = yield from hand.new_document(48, 40, space, hand.given(name))
        yield from hand.upscale(place="above", factor=4, seed=7)
        assert hand.pixels(document.topLevelNodes()[1]) == hand.given(f"{name}4"), name


def scene_layer_in_another_space_than_its_image():
    document, _ = yield from hand.new_document(48, 40)
    layer = document.createNode("Other", "paintlayer")
    layer.setColorSpace("RGBA", "U16", "LargeRGB-elle-V2-g22.icc")
    layer.setPixelData(QByteArray(b"\x12\x34\x56\x78\x9a\xbc\xff\xff" * 100), 5, 5, 10, 10)
    yield from hand.add(document, layer)
    yield from hand.activate(document, layer)
    yield from hand.upscale(place="above", factor=2)
    above = document.topLevelNodes()[2]
    assert hand.space(above) == hand.space(layer)
    assert above.bounds().getRect() == (0, 0, 20, 20)
    assert hand.pixels(above) == b"\x12\x34\x56\x78\x9a\xbc\xff\xff" * 400


def scene_selection_with_a_soft_shape():
    document, layer = yield from hand.new_document(48, 40, pixels=hand.given("bgra"))
    hand.select(document, 48, 40, hand.given("selected"))
    for what, place in (("layer", "above"), ("layer", "document"), ("image", "document")):
        yield from hand.upscale(what, place=place, factor=4, seed=7)
        if place == "above":
            made = document.topLevelNodes()[1]
            assert made.bounds().getRect() == (-36, -22, 100, 68), made.bounds()
            made.remove()
        else:
            other = Krita.instance().activeDocument()
            assert (other.width(), other.height()) == (100, 68)
            made = other.topLevelNodes()[0]
            other.setModified(False)
        box = made.bounds().getRect() if place == "above" else (0, 0, 100, 68)
        assert bytes(made.pixelData(*box)) == hand.given("selected4"), (what, place)
        if place == "document":
            other.close()
            yield lambda: Krita.instance().activeDocument() == document
        document.refreshProjection()
    assert hand.pixels(layer) == hand.given("bgra")


def scene_selection_in_half_floats():
    space = ("RGBA", "F16", "sRGB-elle-V2-g10.icc")
    document, _ = yield from hand.new_document(16, 16, space, b"\x00\x38\x00\x34\x00\x30\x00\x3c" * 256)
    hand.select(document, 16, 16, bytes([128]) * 256)
    yield from hand.upscale(place="above", factor=2)
    above = document.topLevelNodes()[1]
    assert hand.space(above) == space
    assert hand.pixels(above) == b"\x00\x38\x00\x34\x00\x30\x04\x38" * 1024, hand.pixels(above)[:8].hex()


def scene_image():
    document, layer = yield from hand.new_document(48, 40, pixels=hand.given("bgra"))
    yield from hand.upscale("image", place="document", factor=4, seed=7)
    made = Krita.instance().activeDocument()
    assert (made.name(), made.width(), made.height()) == ("Test ×4", 192, 160)
    assert hand.pixels(made.topLevelNodes()[0]) == hand.given("bgra4")
    made.setModified(False)
    made.close()
    yield lambda: Krita.instance().activeDocument() == document
    yield from hand.upscale("image", place="enlarged", factor=4, seed=7)
    assert (document.width(), document.height(), document.resolution()) == (192, 160, 300)
    below, above = document.topLevelNodes()
    assert below.bounds().getRect() == above.bounds().getRect() == (0, 0, 192, 160)
    assert hand.pixels(above) == hand.given("bgra4")
    assert bytes(document.pixelData(0, 0, 192, 160)) == hand.given("bgra4")
    yield from hand.trigger("edit_undo")
    yield lambda: len(document.topLevelNodes()) == 1
    yield from hand.trigger("edit_undo")
    yield lambda: document.width() == 48
    document.waitForDone()
    assert hand.pixels(layer) == hand.given("bgra")


def scene_group_by_what_is_seen_of_it():
    document, _ = yield from hand.new_document(48, 40)
    group = document.createGroupLayer("Group")
    seen, hidden = document.createNode("seen", "paintlayer"), document.createNode("hidden", "paintlayer")
    seen.setPixelData(QByteArray(hand.given("bgra")), 0, 0, 48, 40)
    hidden.setPixelData(QByteArray(b"\xff" * 48 * 40 * 4), 0, 0, 48, 40)
    yield from hand.add(document, group)
    yield from hand.add(document, seen, group)
    yield from hand.add(document, hidden, group)
    hidden.setVisible(False)
    group.setOpacity(128)
    document.refreshProjection()
    yield from hand.activate(document, group)
    yield from hand.upscale(place="above", factor=4, seed=7)
    above = document.topLevelNodes()[2]
    assert (above.name(), above.type(), above.opacity()) == ("Group ×4", "paintlayer", 128)
    assert hand.pixels(above) == hand.given("bgra4")


def scene_layer_with_a_mask():
    """What the mask hides is not there."""
    document, layer = yield from hand.new_document(48, 40, pixels=hand.given("bgra"))
    mask = document.createTransparencyMask("mask")
    yield from hand.add(document, mask, layer)
    hand.select(document, 48, 40, hand.given("selected"))
    mask.setSelection(document.selection())
    document.setSelection(None)
    document.refreshProjection()
    yield from hand.activate(document, layer)
    yield from hand.upscale(place="above", factor=4, seed=7)
    above = document.topLevelNodes()[1]
    alpha = bytes(above.pixelData(-72, -60, 192, 160))[3::4]
    assert alpha[0] == 0
    assert max(alpha) > 200


def scene_vector_and_other_layers():
    document, _ = yield from hand.new_document(48, 40)
    vector = document.createVectorLayer("Vector")
    yield from hand.add(document, vector)
    vector.addShapesFromSvg(
        '<svg xmlns="http://www.w3.org/2000/svg"><rect x="2" y="2" width="5" height="5" fill="#f00"/></svg>'
    )
    document.waitForDone()
    everything = hand.Selection()
    everything.select(0, 0, 48, 40, 255)
    fill = document.createFillLayer("Fill", "color", InfoObject(), everything)
    yield from hand.add(document, fill)
    document.refreshProjection()
    for layer, width in ((vector, None), (fill, 96)):
        yield lambda layer=layer: not layer.bounds().isEmpty()  # Krita draws what they show later
        yield from hand.activate(document, layer)
        yield from hand.upscale(place="above", factor=2)
        yield lambda layer=layer: document.activeNode() != layer
        above = document.activeNode()
        assert (above.name(), above.type()) == (f"{layer.name()} ×2", "paintlayer")
        assert above.bounds().width() == (width or 2 * vector.bounds().width())
        above.remove()


def scene_refusals():
    document, layer = yield from hand.new_document(48, 40)
    group = document.createGroupLayer("Group")
    yield from hand.add(document, group)
    group.setPassThroughMode(True)
    empty = document.createNode("Empty", "paintlayer")
    yield from hand.add(document, empty)
    animated = document.createNode("Animated", "paintlayer")
    yield from hand.add(document, animated)
    animated.enableAnimation()
    mask = document.createTransparencyMask("Mask")
    yield from hand.add(document, mask, layer)
    filter_layer = document.createFilterLayer("Filter", Krita.instance().filter("blur"), hand.Selection())
    yield from hand.add(document, filter_layer)
    document.refreshProjection()
    for node, words in (
        (group, "A group that passes through has no pixels of its own. Turn that off first."),
        (empty, "There is nothing here to upscale. Choose another layer or selection."),
        (animated, "Animations cannot be upscaled. Choose a layer without frames."),
        (mask, "Masks and filters have no pixels of their own. Choose another layer."),
        (filter_layer, "Masks and filters have no pixels of their own. Choose another layer."),
    ):
        yield from hand.activate(document, node)
        said = yield from hand.refusal()
        assert said == words, (node.type(), said)
    said = yield from hand.refusal("image")
    assert said.startswith("Animations")
    assert len(document.topLevelNodes()) == 5


def scene_without_an_image_there_is_nothing_to_choose():
    for what in ("layer", "image"):
        action = Krita.instance().action(f"resshift_upscale_{what}")
        yield lambda action=action: not action.isEnabled()

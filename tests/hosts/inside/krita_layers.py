"""Scenes: a layer, an image, and what becomes of them."""

from . import hand


def scene_layer_above_is_what_the_command_line_makes():
    document, layer = yield from hand.new_document(48, 40, pixels=hand.given("bgra"))
    yield from hand.upscale(place="layer_above", factor=4, seed=7)
    below, above = document.topLevelNodes()
    assert below == layer
    assert hand.pixels(below) == hand.given("bgra")
    assert above.name() == "Background ×4"
    assert above.bounds().getRect() == (-72, -60, 192, 160), above.bounds()
    assert hand.pixels(above) == hand.given("bgra4")
    yield from hand.close_all()

"""How much time the plugin takes beside the model: for a layer, with a core that computes nothing."""

from bridge.launcher import connect
from gi.repository import Gimp
from gimp_hand import paint
from laps import SIDE, Laps, write
from pictures import Picture, put_into_image

P, T = Gimp.Precision, Gimp.ImageBaseType
KINDS = (
    ("R'G'B'A u8", P.U8_NON_LINEAR, bytes(range(64)) * (SIDE**2 // 16)),
    ("R'G'B'A u16", P.U16_NON_LINEAR, bytes(range(64)) * (SIDE**2 // 8)),
    ("RGBA float", P.FLOAT_LINEAR, b"\x00\x00\x00\x3f" * (SIDE**2 * 4)),
)


def scene_overhead():
    client, rows = connect(), []
    for format_name, precision, samples in KINDS:
        for _ in range(3):
            image = Gimp.Image.new_with_precision(SIDE, SIDE, T.RGB, precision)
            layer = Gimp.Layer.new(
                image, "", SIDE, SIDE, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL
            )
            image.insert_layer(layer, None, 0)
            paint(layer, format_name, samples)
            laps = Laps()
            picture = Picture.of(layer)
            pixels = picture.pixels()
            laps.end("read")
            result = client.upscale(pixels, allocate=laps.allocate, **picture.facts)
            laps.end("receive")
            put_into_image(picture, result)
            laps.end("write")
            rows.append((format_name, laps.seconds))
            image.delete()
    write("gimp", rows)

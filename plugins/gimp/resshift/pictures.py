"""A layer's pixels as they are sent to ResShift, and what comes back as a layer of an image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bridge.client import Result
from bridge.protocol import BridgeError
from gi.repository import Gegl, Gimp, GLib

_ = partial(GLib.dgettext, "resshift")
_SAMPLES = {"u8": "u8", "u16": "u16", "half": "f16", "float": "f32"}  # GIMP's names, the bridge's names
_GREY = "Y float"


@dataclass(frozen=True)
class Picture:
    """A part of a layer. `facts` tell the bridge how its pixels are stored, `format` tells it GIMP.

    `raw`: as the image stores them, whatever its colour profile, so that nothing is lost; palettes and odd
    depths are converted to sRGB. `selection` and `mask`, grey or None, tell how much of each pixel is meant.
    """

    layer: Gimp.Layer
    area: Gegl.Rectangle
    facts: dict[str, int | str]
    format: str
    raw: bool
    selection: bytes | None
    mask: bytes | None

    @classmethod
    def of(cls, layer: Gimp.Layer, whole: bool = False) -> Picture:
        """What is selected of a layer, all of it where nothing is.

        `whole`: all of it in any case, as sRGB, and the selection is white where it is not quite black.
        """
        image, mask, (meets, *bounds) = layer.get_image(), layer.get_mask(), layer.mask_intersect()
        if not meets or (whole and Gimp.Selection.is_empty(image)):
            raise BridgeError(_("Nothing of the layer is selected."), _("Select a part of it."), "UsageError")
        x, y, width, height = (0, 0, layer.get_width(), layer.get_height()) if whole else bounds
        area, (_ok, left, top) = Gegl.Rectangle.new(x, y, width, height), layer.get_offsets()
        moved, grey = Gegl.Rectangle.new(x + left, y + top, width, height), "Y u8" if whole else _GREY
        selection = None if Gimp.Selection.is_empty(image) else _read(image.get_selection(), moved, grey)
        if whole:
            selection = selection.translate(bytes(1) + b"\xff" * 255)
        depth, _dash, light = image.get_precision().value_nick.partition("-")
        raw, sample = depth in _SAMPLES and not layer.is_indexed(), depth if depth in _SAMPLES else "float"
        transfer, encoded = ("linear", "") if light == "linear" else ("srgb", "'")
        channels = (1 if layer.is_gray() else 3) + layer.has_alpha()
        facts = {"width": width, "height": height, "channels": channels, "transfer": transfer}
        colour = encoded.join("Y" if layer.is_gray() else "RGB") + encoded + "A" * layer.has_alpha()
        mask = _read(mask, area, _GREY) if mask else None
        facts["sample"], form = _SAMPLES[sample], f"{colour} {sample}"  # such as R'G'B'A u8
        return cls(layer, area, facts, form, raw and not whole, selection, mask)

    def pixels(self) -> bytes:
        """To be read before the core is called: of a palette, it takes GIMP seconds."""
        layer = self.layer
        if layer.get_filters() and not layer.is_group():  # a group's pixels have its effects already
            layer = layer.copy()
            layer.merge_filters()
        return _read(layer, self.area, None if self.raw else self.format)


def new_image(picture: Picture, result: Result) -> Gimp.Image:
    """An image like the picture's, with the result in the shape of what is selected."""
    old, source, size = picture.layer, picture.layer.get_image(), (result.width, result.height)
    grey, alpha = "Y" in picture.format, "A" in picture.format
    image = Gimp.Image.new_with_precision(*size, Gimp.ImageBaseType(grey), source.get_precision())
    image.undo_disable()
    image.set_resolution(*(dots * size[0] / picture.area.width for dots in source.get_resolution()[1:]))
    mode, kind = old.get_mode(), Gimp.ImageType(2 * grey + alpha)
    mode = Gimp.LayerMode.NORMAL if mode == Gimp.LayerMode.PASS_THROUGH else mode  # which only groups have
    layer = Gimp.Layer.new(image, old.get_name(), *size, kind, old.get_opacity(), mode)
    image.insert_layer(layer, None, 0)
    _write(layer.get_buffer(), size, picture.format, result.pixels)
    if picture.raw and source.get_color_profile():
        image.set_color_profile(source.get_color_profile())
    if picture.selection:
        _add_mask(layer, picture, picture.selection)
        layer.remove_mask(Gimp.MaskApplyMode.APPLY)
    if picture.mask:
        _add_mask(layer, picture, picture.mask)
    image.undo_enable()
    return image


def put_into_image(picture: Picture, result: Result) -> None:
    """The result in the picture's image, as one step of undo.

    The image grows and the result takes the layer's place (a group stays, hidden); what is selected becomes
    a larger layer above, with the same middle, and the image keeps its size.
    """
    old, image, area = picture.layer, picture.layer.get_image(), picture.area
    made = new_image(picture, result)
    parent, position, name = old.get_parent(), image.get_item_position(old), old.get_name()
    _ok, left, top = old.get_offsets()
    made.get_layers()[0].set_visible(old.get_visible())
    image.undo_group_start()
    if old.is_indexed():
        image.convert_rgb()
    if picture.selection:
        left += area.x + (area.width - result.width) // 2
        top += area.y + (area.height - result.height) // 2
    else:
        old.set_visible(False) if old.is_group() else image.remove_layer(old)
        across, down = result.width / area.width, result.height / area.height
        image.scale(round(image.get_width() * across), round(image.get_height() * down))
        left, top = round(left * across), round(top * down)
    new = Gimp.Layer.new_from_drawable(made.get_layers()[0], image)
    image.insert_layer(new, parent, position)
    new.set_name(name)
    new.set_offsets(left, top)
    image.set_selected_layers([new])
    image.undo_group_end()
    made.delete()


def fill_selection(picture: Picture, result: Result) -> None:
    """The result in the picture's layer as far as it is selected; all else stays as it is."""
    layer, size = picture.layer, (result.width, result.height)
    _write(layer.get_shadow_buffer(), size, picture.format, result.pixels)
    layer.merge_shadow(True)
    layer.update(0, 0, *size)


def _add_mask(layer: Gimp.Layer, picture: Picture, grey: bytes) -> None:
    """Give the layer a mask that is as grey as the picture's pixels are, enlarged by GIMP."""
    precision, size = layer.get_image().get_precision(), (picture.area.width, picture.area.height)
    image = Gimp.Image.new_with_precision(*size, Gimp.ImageBaseType.GRAY, precision)
    channel = Gimp.Channel.new(image, "", *size, 100, Gegl.Color())
    image.insert_channel(channel, None, 0)
    _write(channel.get_buffer(), size, _GREY, grey)
    image.scale(layer.get_width(), layer.get_height())
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    area = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    channel.get_buffer().copy(area, Gegl.AbyssPolicy.NONE, mask.get_buffer(), area)
    mask.get_buffer().flush()
    image.delete()


def _read(drawable: Gimp.Drawable, area: Gegl.Rectangle, format_name: str | None) -> bytes:
    return drawable.get_buffer().get(area, 1.0, format_name, Gegl.AbyssPolicy.NONE)


def _write(buffer: Gegl.Buffer, size: tuple[int, int], format_name: str, samples: bytes | bytearray) -> None:
    rest, row, height = memoryview(samples), len(samples) // size[1], 256
    for top in range(0, size[1], height):
        band = Gegl.Rectangle.new(0, top, size[0], min(height, size[1] - top))
        buffer.set(band, format_name, bytes(rest[row * top : row * (top + height)]))
    buffer.flush()

"""A layer's pixels as they are sent to ResShift, and what comes back as a layer of an image."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Optional

from bridge.client import Result
from bridge.protocol import BridgeError
from gi.repository import Gegl, Gimp

_BAND = 256  # rows that are copied at a time
_SAMPLES = {"u8": "u8", "u16": "u16", "half": "f16", "float": "f32"}  # GIMP's names, the bridge's names
_TYPES = (None, *map(Gimp.ImageType, (2, 3, 0, 1)))  # by channels: grey, grey and alpha, RGB, RGB and alpha
_LOOK = ("opacity", "visible", "blend_space", "composite_space", "composite_mode", "color_tag")


@dataclass(frozen=True)
class Picture:
    """A part of a layer. `shape` (how much of each pixel is selected) and `mask` (the layer's) are grey samples.

    `sample` is GIMP's type of a channel, `encoded`: no linear light. `raw`: as the image stores its pixels,
    whatever its colour profile, so that nothing is lost; palettes and odd depths have to be converted.
    """

    layer: Gimp.Layer
    area: Gegl.Rectangle
    channels: int
    sample: str
    encoded: bool
    raw: bool
    shape: Optional[bytes] = None
    mask: Optional[bytes] = None

    @classmethod
    def of(cls, layer: Gimp.Layer, whole: bool = False) -> "Picture":
        """What is selected of a layer, all of it when nothing is. `whole`: all of it, without the masks."""
        image, (meets, *bounds) = layer.get_image(), layer.mask_intersect()
        if not meets:
            raise BridgeError("The selection is outside of the layer.", "Select a part of it.", "UsageError")
        depth, _, light = image.get_precision().value_nick.partition("-")
        sample, raw = (depth, not layer.is_indexed()) if depth in _SAMPLES else ("float", False)
        form = ((1 if layer.is_gray() else 3) + layer.has_alpha(), sample, light != "linear", raw)
        if whole:
            return cls(layer, Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height()), *form)
        area, mask, grey = Gegl.Rectangle.new(*bounds), layer.get_mask(), f"Y {sample}"
        shape = None if Gimp.Selection.is_empty(image) else read_selection(layer, area, grey)
        return cls(layer, area, *form, shape, mask and _read(mask, area, grey))

    @property
    def facts(self) -> dict[str, Any]:
        """What the bridge has to know to read the pixels."""
        sizes = {"width": self.area.width, "height": self.area.height, "channels": self.channels}
        return {**sizes, "sample": _SAMPLES[self.sample], "transfer": "srgb" if self.encoded else "linear"}

    @property
    def format(self) -> str:
        """GIMP's name for how an image without a profile stores such pixels."""
        colour = ("Y", "RGB", "Y'", "R'G'B'")[2 * self.encoded + (self.channels > 2)]
        return f"{colour}{'' if self.channels % 2 else 'A'} {self.sample}"

    def bands(self) -> Iterator[bytes]:
        """The pixels, some rows at a time."""
        with _with_effects(self.layer) as layer:
            for band in _bands(self.area):
                yield _read(layer, band, None if self.raw else self.format)


def read_selection(layer: Gimp.Layer, area: Gegl.Rectangle, grey: str) -> bytes:
    """How much of each pixel of a layer's area is selected."""
    _, left, top = layer.get_offsets()
    moved = Gegl.Rectangle.new(area.x + left, area.y + top, area.width, area.height)
    return _read(layer.get_image().get_selection(), moved, grey)


def new_image(picture: Picture, result: Result) -> Gimp.Image:
    """An image with the result, of the same kind as the picture's, in the shape of what is selected."""
    source, width, height = picture.layer.get_image(), picture.area.width, picture.area.height
    image, profile = _image_like(source, width, height), source.get_color_profile()
    image.undo_disable()
    _, across, down = source.get_resolution()
    image.set_resolution(across * result.width / width, down * result.height / height)
    shape, mask = (_add_channel(image, grey, f"Y {picture.sample}") for grey in (picture.shape, picture.mask))
    image.scale(result.width, result.height)
    size, type_, mode = (result.width, result.height), _TYPES[picture.channels], Gimp.LayerMode.NORMAL
    layer = Gimp.Layer.new(image, picture.layer.get_name(), *size, type_, 100, mode)
    image.insert_layer(layer, None, 0)
    if profile and not picture.raw:
        image.set_color_profile(profile)
    buffer, pixels, row = layer.get_buffer(), memoryview(result.pixels), len(result.pixels) // result.height
    for band in _bands(Gegl.Rectangle.new(0, 0, *size)):
        buffer.set(band, picture.format, bytes(pixels[band.y * row : (band.y + band.height) * row]))
    buffer.flush()
    if profile and picture.raw:
        image.set_color_profile(profile)
    if shape:
        _add_mask(layer, shape)
        layer.remove_mask(Gimp.MaskApplyMode.APPLY)
    if mask:
        _add_mask(layer, mask)
    image.undo_enable()
    return image


def put_into_image(picture: Picture, result: Result) -> None:
    """The result in the picture's image, as one step of undo.

    The image grows and the result takes the layer's place (a group stays, hidden); what is selected becomes
    a larger layer above, with the same middle, and the image keeps its size.
    """
    old, image, made = picture.layer, picture.layer.get_image(), new_image(picture, result)
    parent, position, name, mode = old.get_parent(), image.get_item_position(old), old.get_name(), old.get_mode()
    look = {name: getattr(old, f"get_{name}")() for name in _LOOK}
    _, left, top = old.get_offsets()
    image.undo_group_start()
    if image.get_base_type() == Gimp.ImageBaseType.INDEXED:
        image.convert_rgb()
    if picture.shape:
        left += picture.area.x + (picture.area.width - result.width) // 2
        top += picture.area.y + (picture.area.height - result.height) // 2
    else:
        old.set_visible(False) if old.is_group() else image.remove_layer(old)
        across, down = result.width / picture.area.width, result.height / picture.area.height
        image.scale(round(image.get_width() * across), round(image.get_height() * down))
        left, top = round(left * across), round(top * down)
    new = Gimp.Layer.new_from_drawable(made.get_layers()[0], image)
    image.insert_layer(new, parent, position)
    new.set_name(name)
    new.set_offsets(left, top)
    new.set_mode(Gimp.LayerMode.NORMAL if mode == Gimp.LayerMode.PASS_THROUGH else mode)
    for name, value in look.items():
        getattr(new, f"set_{name}")(value)
    image.set_selected_layers([new])
    image.undo_group_end()
    made.delete()


def fill_selection(picture: Picture, result: Result) -> None:
    """The result in the picture's layer as far as it is selected; all else stays as it is."""
    layer, made = picture.layer, new_image(picture, result)
    shadow, area = layer.get_shadow_buffer(), picture.area
    made.get_layers()[0].get_buffer().copy(area, Gegl.AbyssPolicy.NONE, shadow, area)
    shadow.flush()
    layer.merge_shadow(True)
    layer.update(0, 0, result.width, result.height)
    made.delete()


def _read(drawable: Gimp.Drawable, area: Gegl.Rectangle, format_name: Optional[str]) -> bytes:
    return drawable.get_buffer().get(area, 1.0, format_name, Gegl.AbyssPolicy.NONE)


def _bands(area: Gegl.Rectangle) -> Iterator[Gegl.Rectangle]:
    for top in range(0, area.height, _BAND):
        yield Gegl.Rectangle.new(area.x, area.y + top, area.width, min(_BAND, area.height - top))


@contextmanager
def _with_effects(layer: Gimp.Layer) -> Iterator[Gimp.Layer]:
    """The layer, or where there are effects on it, a copy that has them in its pixels."""
    if layer.is_group() or not layer.get_filters():
        yield layer
        return
    image = _image_like(layer.get_image(), layer.get_width(), layer.get_height())
    if profile := layer.get_image().get_color_profile():
        image.set_color_profile(profile)
    copy = Gimp.Layer.new_from_drawable(layer, image)
    image.insert_layer(copy, None, 0)
    copy.merge_filters()
    yield copy
    image.delete()


def _image_like(image: Gimp.Image, width: int, height: int) -> Gimp.Image:
    """Without layers and profile; RGB also where the other has a palette."""
    grey = image.get_base_type() == Gimp.ImageBaseType.GRAY
    kind = Gimp.ImageBaseType.GRAY if grey else Gimp.ImageBaseType.RGB
    return Gimp.Image.new_with_precision(width, height, kind, image.get_precision())


def _add_channel(image: Gimp.Image, grey: Optional[bytes], format_name: str) -> Optional[Gimp.Channel]:
    """Grey samples, as a channel that grows with the image."""
    if grey is None:
        return None
    width, height = image.get_width(), image.get_height()
    channel = Gimp.Channel.new(image, "", width, height, 100, Gegl.Color.new("black"))
    image.insert_channel(channel, None, 0)
    buffer = channel.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), format_name, grey)
    buffer.flush()
    return channel


def _add_mask(layer: Gimp.Layer, channel: Gimp.Channel) -> None:
    """Makes the channel the layer's mask."""
    image = layer.get_image()
    image.set_selected_channels([channel])
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.CHANNEL))
    image.remove_channel(channel)

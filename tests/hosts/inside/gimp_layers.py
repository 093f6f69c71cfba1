"""Layers of every kind: the pixels are those of the command line, and all that is around them stays."""

from array import array

from gi.repository import Gegl, Gimp
from gimp_hand import (
    INPAINT,
    add_mask,
    call,
    close_all,
    expected,
    load,
    paint,
    pixels,
    problem,
    spread,
    upscale,
)

P = Gimp.Precision
GREY8, RGB16 = "Y u8", "R'G'B' u16"


def result_of(image):
    (layer,) = image.get_layers()
    return layer


def same_as_command_line(name):
    image, layer = load(name)
    made = upscale(layer)
    assert pixels(result_of(made)) == expected(name)
    assert made.get_precision() == image.get_precision()
    assert made.get_base_type() == image.get_base_type()
    return image, made


def scene_rgb():
    same_as_command_line("rgb")


def scene_rgb_alpha():
    same_as_command_line("rgba")


def scene_grey():
    same_as_command_line("grey")


def scene_grey_alpha():
    same_as_command_line("grey_alpha")


def scene_16_bits():
    same_as_command_line("rgb16")


def scene_16_bits_grey_alpha():
    same_as_command_line("grey_alpha16")


def scene_another_profile():
    """Pixels are worked on as they are, as the command line does it; none is converted."""
    profile = Gimp.ColorProfile.new_rgb_adobe()
    for name in ("rgb", "rgb16"):
        image, layer = load(name)
        image.set_color_profile(profile)
        made = upscale(layer)
        upscale(layer, result="this-image")
        for each in (made, image):
            assert pixels(result_of(each)) == expected(name)
            assert each.get_color_profile().is_equal(profile)


def scene_another_profile_and_palette():
    image, layer = load("palette")
    image.set_color_profile(Gimp.ColorProfile.new_rgb_adobe())
    upscale(layer, result="this-image", scale=1.0)
    made = pixels(result_of(image))
    image, layer = load("rgb")
    assert image.get_color_profile() is None
    assert len(made) == len(pixels(layer))


def scene_palette():
    image, layer = load("palette")
    assert layer.is_indexed()
    made = upscale(layer)
    assert pixels(result_of(made)) == expected("palette")
    upscale(layer, result="this-image")
    assert image.get_base_type() == Gimp.ImageBaseType.RGB
    assert pixels(result_of(image)) == expected("palette")


def in_precision(name, precision, bound):
    """Within `bound` of 65535 from the result of 16 bits."""
    image, layer = load(name)
    image.convert_precision(precision)
    made = upscale(layer)
    assert made.get_precision() == precision
    far = spread(pixels(result_of(made), RGB16), expected(name))
    assert far <= bound, far


def scene_float():
    in_precision("rgb16", P.FLOAT_NON_LINEAR, 1)


def scene_float_linear():
    in_precision("rgb16", P.FLOAT_LINEAR, 1)


def scene_half():
    in_precision("rgb16", P.HALF_NON_LINEAR, 64)  # 11 bits: its steps below 1 are up to 32


def scene_half_linear():
    in_precision("rgb16", P.HALF_LINEAR, 128)


def scene_16_bits_linear():
    in_precision("rgb16", P.U16_LINEAR, 600)  # in the darkest tones its steps are that coarse


def scene_32_bits():
    in_precision("rgb16", P.U32_NON_LINEAR, 1)


def scene_double_linear():
    in_precision("rgb16", P.DOUBLE_LINEAR, 1)


def scene_light_beyond_white():
    image, layer = load("rgb16")
    image.convert_precision(P.FLOAT_LINEAR)
    count = layer.get_width() * layer.get_height()
    paint(layer, "RGB float", array("f", [4.0, 0.5, -0.25] * count).tobytes())
    made = memoryview(pixels(result_of(upscale(layer)), "RGB float")).cast("f")
    assert all(abs(a - b) < 0.01 for a, b in zip(made[:3], (4.0, 0.5, -0.25), strict=True)), list(made[:3])


def scene_in_this_image_all_stays_around_it():
    image, layer = load("rgba")
    image.resize(60, 50, 3, 4)
    below = Gimp.Layer.new(image, "below", 60, 50, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(below, None, 1)
    above = Gimp.Layer.new(image, "above", 10, 10, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(above, None, 0)
    layer.set_name("lighthouse")
    layer.set_opacity(40)
    layer.set_mode(Gimp.LayerMode.MULTIPLY)
    layer.set_visible(False)
    assert upscale(layer, result="this-image") == image
    assert (image.get_width(), image.get_height()) == (120, 100)
    names = [(it.get_name(), it.get_width(), it.get_height()) for it in image.get_layers()]
    size = (layer.get_width(), layer.get_height()) if layer.is_valid() else (96, 80)
    assert names == [("above", 20, 20), ("lighthouse", *size), ("below", 120, 100)]
    new = image.get_layers()[1]
    assert pixels(new) == expected("rgba")
    assert tuple(new.get_offsets())[1:] == (6, 8)
    assert (new.get_opacity(), new.get_mode(), new.get_visible()) == (40, Gimp.LayerMode.MULTIPLY, False)
    assert image.get_selected_layers() == [new]


def scene_mask():
    for place in ("new-image", "this-image"):
        _image, layer = load("rgb")
        count = layer.get_width() * layer.get_height()
        add_mask(layer, bytes([10]) * (count // 2) + bytes([250]) * (count - count // 2))
        new = result_of(upscale(layer, result=place))
        assert pixels(new, "R'G'B' u8") == expected("rgb")
        grey = pixels(new.get_mask(), GREY8)
        assert len(grey) == 4 * count
        assert (grey[0], grey[-1]) == (10, 250)
        assert set(grey[:count]) <= set(range(20)), set(grey[:count])
        assert set(grey[-count:]) <= set(range(240, 256))


def scene_the_mask_is_chosen():
    _image, layer = load("rgb")
    add_mask(layer, bytes([99]) * (layer.get_width() * layer.get_height()))
    layer.set_edit_mask(True)
    assert pixels(result_of(upscale(layer.get_mask())), "R'G'B' u8") == expected("rgb")


def scene_group():
    image, layer = load("rgba")
    group = Gimp.GroupLayer.new(image, "both")
    image.insert_layer(group, None, 0)
    image.reorder_item(layer, group, 0)
    group.set_opacity(70)
    assert pixels(result_of(upscale(group))) == expected("rgba")
    upscale(group, result="this-image")
    new, old = image.get_layers()
    assert pixels(new) == expected("rgba")
    assert new.get_opacity() == 70
    assert old.is_group_layer()
    assert not old.get_visible()


def scene_layer_in_a_group():
    image, layer = load("rgba")
    group = Gimp.GroupLayer.new(image, "both")
    image.insert_layer(group, None, 0)
    image.reorder_item(layer, group, 0)
    upscale(layer, result="this-image")
    assert image.get_layers() == [group]
    assert pixels(group.get_children()[0]) == expected("rgba")


def scene_effects_are_seen():
    _image, layer = load("rgb")
    plain = pixels(layer)
    layer.append_filter(Gimp.DrawableFilter.new(layer, "gegl:invert-gamma", "inverted"))
    made = result_of(upscale(layer, scale=1.0))
    near = spread(pixels(made), bytes(255 - value for value in plain), "B")
    assert near < 128, near  # else it would not be inverted
    mean = sum(pixels(made)) / len(plain)
    assert abs(mean + sum(plain) / len(plain) - 255) < 2, mean
    assert pixels(layer) == plain


def scene_ellipse_with_soft_edge():
    """The colours are those of the whole rectangle, the shape is in the alpha channel."""
    for place in ("new-image", "this-image"):
        image, layer = load("rgb")
        image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 8, 24, 20)
        Gimp.Selection.feather(image, 3)
        _ok, _some, left, top, right, bottom = Gimp.Selection.bounds(image)
        area = Gegl.Rectangle.new(left, top, right - left, bottom - top)
        soft = image.get_selection().get_buffer().get(area, 1.0, GREY8, Gegl.AbyssPolicy.NONE)
        size, before = (image.get_width(), image.get_height()), pixels(layer)
        upscale(layer, result=place)
        made = Gimp.get_images()[0]
        new = made.get_layers()[0]
        assert (new.get_width(), new.get_height()) == (2 * area.width, 2 * area.height)
        alpha = pixels(new, "R'G'B'A u8")[3::4]
        assert set(soft) >= {0, 255} or max(soft) > 250
        for row in range(area.height):
            for column in range(area.width):
                mean = sum(
                    alpha[2 * (2 * row + y) * area.width + 2 * column + x] for y in (0, 1) for x in (0, 1)
                )
                assert abs(mean / 4 - soft[row * area.width + column]) < 24
        if place == "this-image":
            assert (image.get_width(), image.get_height()) == size
            assert pixels(image.get_layers()[1]) == before
            _ok, across, down = new.get_offsets()
            assert (across + area.width, down + area.height) == (
                left + area.width // 2,
                top + area.height // 2,
            )
        close_all()


def scene_rectangle():
    """Its pixels are what the command line makes of the cut-out picture."""
    image, layer = load("rgb")
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 4, 6, 30, 20)
    new = result_of(upscale(layer))
    assert pixels(new, "R'G'B' u8") == expected("cut_out")
    assert set(pixels(new, "R'G'B'A u8")[3::4]) == {255}


def scene_selection_and_mask():
    image, layer = load("rgb")
    add_mask(layer, bytes([77]) * (layer.get_width() * layer.get_height()))
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 4, 6, 30, 20)
    new = result_of(upscale(layer))
    assert set(pixels(new.get_mask(), GREY8)) == {77}
    alpha = pixels(new, "R'G'B'A u8")[3::4]
    assert (alpha[0], max(alpha)) == (0, 255)


def scene_what_cannot_be_done_is_told():
    image, layer = load("rgb")
    layer.set_offsets(20, 20)
    image.resize(100, 100, 0, 0)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 10, 10)
    assert "Nothing of the layer is selected. Select a part of it." in problem(layer)
    Gimp.Selection.none(image)
    assert "There is no model called “nope”. Choose one of" in problem(layer, model="nope")
    channel = Gimp.Channel.new(image, "red", 100, 100, 100, Gegl.Color())
    image.insert_channel(channel, None, 0)
    assert "This needs one layer." in problem(channel)
    other = Gimp.Layer.new(image, "other", 9, 9, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(other, None, 0)
    assert "This needs one layer." in problem(layer, other)


def scene_printed_size_stays():
    image, layer = load("rgb")
    image.set_resolution(100, 150)
    made = upscale(layer, scale=3.0)
    assert tuple(made.get_resolution())[1:] == (300, 450)


def scene_not_whole_factors():
    image, layer = load("rgb")
    made = upscale(layer, scale=2.51)
    assert (made.get_width(), made.get_height()) == (round(48 * 2.51), round(40 * 2.51))
    upscale(layer, scale=2.51, result="this-image")
    assert (image.get_width(), image.get_height()) == (made.get_width(), made.get_height())
    assert pixels(result_of(image)) == pixels(result_of(made))


def scene_script_fu():
    image, layer = load("rgb")
    before = len(Gimp.get_images())
    code = (
        f"(plug-in-resshift-upscale #:run-mode RUN-NONINTERACTIVE #:image {image.get_id()}"
        f" #:drawables (vector {layer.get_id()}) #:scale 2.0 #:seed 7)"
    )
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-script-fu-eval")
    config = procedure.create_config()
    config.set_property("script", code)
    values = procedure.run(config)
    assert values.index(0) == Gimp.PDBStatusType.SUCCESS, Gimp.get_pdb().get_last_error()
    assert len(Gimp.get_images()) == before + 1
    assert pixels(result_of(Gimp.get_images()[0])) == expected("rgb")


def scene_inpaint():
    image, layer = load("rgb")
    before = pixels(layer)
    width = layer.get_width()
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 8, 24, 20)
    chosen = (
        image.get_selection()
        .get_buffer()
        .get(Gegl.Rectangle.new(0, 0, width, layer.get_height()), 1.0, GREY8, Gegl.AbyssPolicy.NONE)
    )
    call(INPAINT, image, [layer], seed=7)
    after = pixels(layer)
    changed = {n for n in range(len(chosen)) if before[3 * n : 3 * n + 3] != after[3 * n : 3 * n + 3]}
    assert changed <= {n for n, much in enumerate(chosen) if much}
    assert len(changed) > 200
    Gimp.Selection.none(image)
    assert "Nothing of the layer is selected." in problem(layer, procedure=INPAINT)

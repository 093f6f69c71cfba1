"""What scenes do with GIMP, in words."""

import os
from pathlib import Path

from gi.repository import Gegl, Gimp, Gio, GLib

FOLDER = Path(os.environ["FOLDER"])
UPSCALE, INPAINT = "plug-in-resshift-upscale", "plug-in-resshift-inpaint"
SEED = 7


def load(name):
    """An image of the test's pictures, and its one layer."""
    file = Gio.File.new_for_path(str(FOLDER / "pictures" / f"{name}.png"))
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    return image, image.get_layers()[0]


def expected(name):
    """What the command line makes of that picture: rows of interleaved samples."""
    return (FOLDER / "expected" / name).read_bytes()


def pixels(drawable, format_name=None):
    """All samples of a drawable, as it stores them or in another format."""
    area = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return drawable.get_buffer().get(area, 1.0, format_name, Gegl.AbyssPolicy.NONE)


def paint(drawable, format_name, samples):
    area = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    buffer = drawable.get_buffer()
    buffer.set(area, format_name, samples)
    buffer.flush()
    drawable.update(area.x, area.y, area.width, area.height)


def add_mask(layer, samples):
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    paint(mask, "Y u8", samples)


def call(name, image, drawables, **options):
    """Run a procedure without asking; returns its values, raises AssertionError with what GIMP would show."""
    procedure = Gimp.get_pdb().lookup_procedure(name)
    assert procedure, f"There is no {name}."
    config = procedure.create_config()
    config.set_property("image", image)
    config.set_core_object_array("drawables", drawables)
    for option, value in options.items():
        config.set_property(option, value)
    values = procedure.run(config)
    if values.index(0) != Gimp.PDBStatusType.SUCCESS:
        raise AssertionError(Gimp.get_pdb().get_last_error())
    return values


def upscale(*drawables, scale=2.0, seed=SEED, **options):
    """The image that has the result."""
    image = drawables[0].get_image()
    return call(UPSCALE, image, list(drawables), scale=scale, seed=seed, **options).index(1)


def problem(*drawables, procedure=UPSCALE, **options):
    """What a person is told, after which the image must be as it was."""
    image = drawables[0].get_image()
    before, number = state(image), len(Gimp.get_images())
    try:
        call(procedure, image, list(drawables), **options)
    except AssertionError as error:
        told = str(error)
    else:
        raise AssertionError("It went well.")
    assert state(image) == before
    assert len(Gimp.get_images()) == number
    return told


def state(image):
    """All of an image that a test may want to be unchanged."""
    layers = [
        (layer.get_id(), layer.get_name(), layer.get_offsets()[1:], layer.get_visible(), pixels(layer))
        for layer in image.get_layers()
    ]
    return image.get_width(), image.get_height(), image.get_base_type(), image.is_dirty(), layers


def close_all():
    for image in Gimp.get_images():
        image.delete()


def spread(first, second, kind="H"):
    """How far the samples of two pictures are from each other at most."""
    first, second = (memoryview(samples).cast(kind) for samples in (first, second))
    assert len(first) == len(second), (len(first), len(second))
    return max(abs(a - b) for a, b in zip(first, second, strict=True))


def wait(seconds):
    GLib.usleep(int(seconds * 1e6))

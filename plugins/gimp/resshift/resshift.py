#!/usr/bin/env python3
"""Filters > Upscale (ResShift)... and Inpaint Selection (ResShift)...; the work is done by ResShift's core."""

import sys

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")

from bridge.client import Result
from bridge.for_plugins import PluginModel, has_mask_model, list_models, progress_words
from bridge.launcher import connect
from bridge.protocol import BridgeError
from gi.repository import Gimp, GLib, GObject
from pictures import Picture, fill_selection, new_image, put_into_image, read_selection

UPSCALE, INPAINT = "plug-in-resshift-upscale", "plug-in-resshift-inpaint"
FLAGS = GObject.ParamFlags.READWRITE


def _(text: str) -> str:
    return GLib.dgettext("resshift", text)


class ResShift(Gimp.PlugIn):
    def do_set_i18n(self, _name: str) -> bool:
        return False

    def do_query_procedures(self) -> list[str]:
        return [UPSCALE]

    def do_init_procedures(self) -> list[str]:
        return [INPAINT] if has_mask_model() else []

    def do_create_procedure(self, name: str) -> Gimp.Procedure:
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        procedure.set_image_types("*")
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
        procedure.set_attribution("ResShift Desktop", "Apache-2.0", "2026")
        model, seed = _("A model that ResShift has; empty: the first"), _("The same seed gives the same pixels")
        procedure.add_string_argument("model", _("_Model"), model, "", FLAGS)
        procedure.add_int_argument("seed", _("_Seed"), seed, 0, GLib.MAXINT32, 0, FLAGS)
        (_describe_upscale if name == UPSCALE else _describe_inpaint)(procedure)
        procedure.add_menu_path("<Image>/Filters")
        return procedure


def _describe_upscale(procedure: Gimp.Procedure) -> None:
    procedure.set_menu_label(_("_Upscale (ResShift)..."))
    procedure.set_documentation(
        _("Enlarge a layer, or what is selected of it, and give it detail"),
        _(
            "A diffusion model, which runs on this computer, makes a layer or what is selected of it larger. The "
            "result is a new image, or takes the layer's place, and the image grows with it; of a selection it "
            "becomes a larger layer above. Nothing changes before the whole result is there."
        ),
        None,
    )
    scale, result = _("How many times as wide and as high"), _("Where the result goes")
    places = Gimp.Choice.new()
    places.add("new-image", 0, _("New image"), _("An image with one layer"))
    places.add("this-image", 1, _("This image"), _("In the layer's place; of a selection: as a layer above"))
    procedure.add_double_argument("scale", _("_Factor"), scale, 1, 16, 4, FLAGS)
    procedure.add_choice_argument("result", _("_Result"), result, places, "new-image", FLAGS)
    procedure.add_image_return_value("image", _("Image"), _("The image that has the result"), False, FLAGS)


def _describe_inpaint(procedure: Gimp.Procedure) -> None:
    procedure.set_menu_label(_("_Inpaint Selection (ResShift)..."))
    procedure.set_documentation(
        _("Fill what is selected of a layer so that it goes with what is around it"),
        _("A diffusion model, which runs on this computer, fills it. All that is not selected stays as it is."),
        None,
    )


def run(procedure, run_mode, image, drawables, config, _data) -> Gimp.ValueArray:
    """What GIMP calls: ask where a person can be asked, work, and only then change anything."""
    fills = procedure.get_name() == INPAINT
    try:
        layer = _layer(drawables)
        picture = Picture.of(layer, whole=fills)
        models = _models(fills)
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from dialog import Dialog  # it needs a display

            if not Dialog(procedure, config, models, None if fills else picture.area).run():
                return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
            picture = Picture.of(layer, whole=fills)  # what is selected by now
        options = {"model": config.get_property("model") or models[0].name, "seed": config.get_property("seed")}
        if fills:
            hole = read_selection(layer, picture.area, "Y u8").translate(bytes(1) + b"\xff" * 255)
            fill_selection(picture, _result(picture, mask=hole, **options))
            return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
        result = _result(picture, scale=config.get_property("scale"), **options)
        if not layer.is_valid():
            raise BridgeError(_("The layer is gone."), _("Keep it until the result is there."), "UsageError")
        if config.get_property("result") == "this-image":
            put_into_image(picture, result)
        else:
            image = new_image(picture, result)
            if run_mode != Gimp.RunMode.NONINTERACTIVE:
                Gimp.Display.new(image)
        Gimp.displays_flush()
    except BridgeError as error:
        problem = GLib.Error.new_literal(Gimp.PlugIn.error_quark(), str(error), 0)
        return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, problem)
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    values.remove(1)
    values.insert(1, GObject.Value(Gimp.Image, image))
    return values


def _layer(drawables: list[Gimp.Drawable]) -> Gimp.Layer:
    """The one that is meant; of a mask its layer."""
    layers = [Gimp.Layer.from_mask(d) if d.is_layer_mask() else d for d in drawables]
    if len(layers) != 1 or not layers[0].is_layer() or layers[0].is_floating_sel():
        raise BridgeError(_("This needs one layer."), _("Choose a layer, and no channel."), "UsageError")
    return layers[0]


def _models(takes_mask: bool) -> list[PluginModel]:
    """The models to choose from, of a core that is started if need be."""
    Gimp.progress_init(_("Starting ResShift…"))
    models = list_models(connect(on_waiting=Gimp.progress_pulse), takes_mask)
    if not models:
        raise BridgeError(_("ResShift has no model for this."), _("Get one in its window."), "UsageError")
    return models


def _result(picture: Picture, **options: object) -> Result:
    """The whole result. Who cancels ends this process, which the core notices."""
    Gimp.progress_init(_("Waiting for ResShift to be free…"))
    return connect().upscale(
        picture.bands(), on_progress=_show_progress, **picture.facts, **options
    )


def _show_progress(fraction: float, seconds_left: float | None) -> None:
    Gimp.progress_set_text(progress_words(fraction, seconds_left))
    Gimp.progress_update(fraction)


Gimp.main(ResShift.__gtype__, sys.argv)

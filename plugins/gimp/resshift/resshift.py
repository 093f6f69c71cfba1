#!/usr/bin/env python3
# ruff: noqa: E402 - which versions are wanted has to be said before the imports
"""Filters > Upscale (ResShift)... and Inpaint Selection (ResShift)...; ResShift's core does the work."""

import sys

import gi

gi.require_versions({"Gegl": "0.4", "Gimp": "3.0"})

from bridge.for_plugins import has_mask_model, list_models, progress_words
from bridge.launcher import connect
from bridge.protocol import BridgeError
from gi.repository import Gimp, GLib, GObject
from pictures import Picture, _, fill_selection, new_image, put_into_image

UPSCALE, INPAINT = "plug-in-resshift-upscale", "plug-in-resshift-inpaint"
RW = GObject.ParamFlags.READWRITE


class ResShift(Gimp.PlugIn):
    """What GIMP asks a plug-in for; its procedures can also be called by Script-Fu and Python."""

    def do_set_i18n(self, _name: str) -> bool:
        return False

    def do_query_procedures(self) -> list[str]:
        return [UPSCALE]

    def do_init_procedures(self) -> list[str]:
        return [INPAINT] if has_mask_model() else []

    def do_create_procedure(self, name: str) -> Gimp.Procedure:
        it = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        it.set_image_types("*")
        it.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
        it.set_attribution("ResShift Desktop", "ResShift Desktop", "2026")
        label, what = _("_Upscale (ResShift)..."), _("Enlarge a layer, or what is selected, with detail")
        if name == INPAINT:
            label, what = _("_Inpaint Selection (ResShift)..."), _("Fill what is selected of a layer anew")
        how = _("A diffusion model does it, on this computer. Nothing changes before all of it is done.")
        it.set_documentation(what, how, None)
        it.set_menu_label(label)
        it.add_menu_path("<Image>/Filters")
        it.add_string_argument("model", _("_Model"), _("Its name; empty: ResShift's first"), "", RW)
        it.add_int_argument("seed", _("_Seed"), _("Same seed, same pixels"), 0, GLib.MAXINT32, 0, RW)
        if name == UPSCALE:
            places, where = Gimp.Choice.new(), _("This image grows with the layer")
            places.add("new-image", 0, _("New image"), "")
            places.add("this-image", 1, _("This image"), "")
            it.add_double_argument("scale", _("_Factor"), _("Times as wide and high"), 1, 16, 4, RW)
            it.add_choice_argument("result", _("_Result"), where, places, "new-image", RW)
        it.add_image_return_value("image", _("Image"), _("It has the result"), False, RW)
        return it


def run(procedure, run_mode, image, drawables, config, _data) -> Gimp.ValueArray:
    """What GIMP calls: ask where there is a person, work, and only then change anything."""
    fills = procedure.get_name() == INPAINT
    try:
        layers = [Gimp.Layer.from_mask(it) if it.is_layer_mask() else it for it in drawables]
        if len(layers) != 1 or not layers[0].is_layer() or image.get_floating_sel():
            raise BridgeError(_("This needs one layer."), _("Choose one; anchor what floats."), "UsageError")
        picture = Picture.of(layers[0], whole=fills)
        Gimp.progress_init(_("Starting ResShift…"))
        models = list_models(connect(on_waiting=Gimp.progress_pulse), takes_mask=fills)
        Gimp.progress_end()
        if not models:
            raise BridgeError(_("ResShift has no model for this."), _("Get one in its window."), "UsageError")
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from dialog import ask  # which needs a display

            if not ask(procedure, config, models, picture.area):
                return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
            picture = Picture.of(layers[0], whole=fills)  # more may be selected by now
        model, seed = config.get_property("model") or models[0].name, config.get_property("seed")
        options = {"model": model, "seed": seed}
        options |= {"mask": picture.selection} if fills else {"scale": config.get_property("scale")}
        client = connect()
        busy = client.health().get("busy")
        Gimp.progress_init(_("Waiting for ResShift to be free…") if busy else _("ResShift begins…"))
        # To cancel, GIMP ends this process, which the core notices.
        result = client.upscale(picture.pixels(), on_progress=_show, **picture.facts, **options)
        if not layers[0].is_valid():
            raise BridgeError(_("The layer is gone."), _("Keep it until the result is there."), "UsageError")
        if fills:
            fill_selection(picture, result)
        elif config.get_property("result") == "this-image":
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


def _show(fraction: float, seconds_left: "float | None") -> None:
    Gimp.progress_set_text(progress_words(fraction, seconds_left))
    Gimp.progress_update(fraction)


Gimp.main(ResShift.__gtype__, sys.argv)

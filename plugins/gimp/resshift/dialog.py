"""What a person is asked before the work."""
# ruff: noqa: E402 - which versions are wanted has to be said before the imports

import gi

gi.require_versions({"GimpUi": "3.0", "Gtk": "3.0"})

from bridge.for_plugins import PluginModel
from gi.repository import Gegl, Gimp, GimpUi, GObject, Gtk
from pictures import _

_BOTH_WAYS = GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE


def ask(procedure, config, models: list[PluginModel], area: Gegl.Rectangle) -> bool:
    """Let the person change `config`; False: no work. `area`: what is to be worked on."""
    GimpUi.init("resshift")
    if config.get_property("model") not in [model.name for model in models]:
        config.set_property("model", models[0].name)
    titles = Gtk.ListStore(str, str)
    for model in models:
        titles.append([model.name, model.title])
    rows = [(_("_Model"), GimpUi.prop_string_combo_box_new(config, "model", titles, 0, 1))]
    if config.find_property("scale"):
        width, height = (_spin(config, side, 0) for side in (area.width, area.height))
        rows += [
            (_("_Factor"), _spin(config, 1, 2), *(_button(config, factor) for factor in (2, 3, 4, 8))),
            (_("_Size"), width, Gtk.Label(label="×"), height, Gtk.Label(label=_("pixels"))),
            (_("Resul_t"), GimpUi.prop_choice_combo_box_new(config, "result")),
        ]
    rows.append((_("See_d"), GimpUi.prop_spin_button_new(config, "seed", 1, 10, 0)))
    grid = Gtk.Grid(row_spacing=8, column_spacing=12, border_width=12)
    for number, (text, *widgets) in enumerate(rows):
        box = Gtk.Box(spacing=6)
        for widget in widgets:
            box.pack_start(widget, len(widgets) == 1, True, 0)
        label = Gtk.Label(label=text, use_underline=True, xalign=0, mnemonic_widget=widgets[0])
        grid.attach(label, 0, number, 1, 1)
        grid.attach(box, 1, number, 1, 1)
    dialog = GimpUi.ProcedureDialog.new(procedure, config, procedure.get_menu_label().strip("_."))
    dialog.set_ok_label(_("_Upscale") if config.find_property("scale") else _("_Inpaint"))
    dialog.get_content_area().pack_start(grid, True, True, 0)
    grid.show_all()
    agreed = dialog.run()
    dialog.destroy()
    return agreed


def _spin(config: Gimp.ProcedureConfig, side: int, digits: int) -> Gtk.SpinButton:
    """It shows and changes how long a side becomes by the factor."""

    def shown(_binding: GObject.Binding, scale: float) -> float:
        return round(scale * side, digits)

    def meant(_binding: GObject.Binding, length: float) -> float:
        scale = config.get_property("scale")  # which stays exact when the rounded length is only looked at
        return scale if round(scale * side, digits) == round(length, digits) else length / side

    spin = Gtk.SpinButton.new_with_range(side, 16 * side, 10**-digits)
    config.bind_property("scale", spin, "value", _BOTH_WAYS, shown, meant)
    return spin


def _button(config: Gimp.ProcedureConfig, factor: int) -> Gtk.Button:
    button = Gtk.Button(label=f"{factor} ×")
    button.connect("clicked", lambda _button: config.set_property("scale", factor))
    return button

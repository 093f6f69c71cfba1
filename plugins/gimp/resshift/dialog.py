"""What the person is asked before the work."""

from typing import Optional

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")

from bridge.for_plugins import PluginModel
from gi.repository import Gegl, Gimp, GimpUi, GLib, GObject, Gtk


def _(text: str) -> str:
    return GLib.dgettext("resshift", text)


class Dialog:
    """Lets a person change a procedure's `config`. `area`: what is to be enlarged."""

    def __init__(
        self,
        procedure: Gimp.Procedure,
        config: Gimp.ProcedureConfig,
        models: list[PluginModel],
        area: Optional[Gegl.Rectangle],
    ) -> None:
        GimpUi.init("resshift")
        title = procedure.get_menu_label().replace("_", "").rstrip(".")
        self._dialog = GimpUi.ProcedureDialog.new(procedure, config, title)
        self._config, self._grid, self._rows = config, Gtk.Grid(row_spacing=8, column_spacing=12, border_width=12), 0
        self._dialog.get_content_area().pack_start(self._grid, True, True, 0)
        titles = Gtk.ListStore(str, str)
        for model in models:
            titles.append([model.name, model.title])
        if config.get_property("model") not in [model.name for model in models]:
            config.set_property("model", models[0].name)
        self._add_row(_("_Model"), GimpUi.prop_string_combo_box_new(config, "model", titles, 0, 1))
        if area:
            self._add_row(_("_Factor"), self._spin(1, 2), *map(self._factor_button, (2, 3, 4, 8)))
            across, down = (self._spin(side, 0) for side in (area.width, area.height))
            self._add_row(_("_Size"), across, Gtk.Label(label="×"), down, Gtk.Label(label=_("pixels")))
            self._add_row(_("Resul_t"), GimpUi.prop_choice_combo_box_new(config, "result"))
        self._add_row(_("See_d"), GimpUi.prop_spin_button_new(config, "seed", 1, 10, 0))
        self._dialog.set_ok_label(_("_Upscale") if area else _("_Fill"))
        self._grid.show_all()

    def run(self) -> bool:
        """Whether the person wants the work to be done."""
        try:
            return self._dialog.run()
        finally:
            self._dialog.destroy()

    def _add_row(self, text: str, *widgets: Gtk.Widget) -> None:
        label = Gtk.Label(label=text, use_underline=True, xalign=0, mnemonic_widget=widgets[0])
        box = Gtk.Box(spacing=6)
        for widget in widgets:
            box.pack_start(widget, len(widgets) == 1, True, 0)
        self._grid.attach(label, 0, self._rows, 1, 1)
        self._grid.attach(box, 1, self._rows, 1, 1)
        self._rows += 1

    def _spin(self, side: int, digits: int) -> Gtk.SpinButton:
        """It shows and changes how long a side becomes by the factor."""
        spin = Gtk.SpinButton.new_with_range(side, 16 * side, 1 if side > 1 else 0.1)
        spin.set_digits(digits)

        def shown(_binding: GObject.Binding, scale: float) -> float:
            return round(scale * side, digits)

        def meant(binding: GObject.Binding, value: float) -> float:
            scale = self._config.get_property("scale")
            return scale if shown(binding, scale) == round(value, digits) else value / side

        flags = GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE
        self._config.bind_property("scale", spin, "value", flags, shown, meant)
        return spin

    def _factor_button(self, factor: int) -> Gtk.Button:
        button = Gtk.Button(label=f"{factor} ×")
        button.connect("clicked", lambda _button: self._config.set_property("scale", factor))
        return button

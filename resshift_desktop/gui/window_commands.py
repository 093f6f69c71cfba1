"""What the window's commands do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from resshift_desktop.gui import dialogs

if TYPE_CHECKING:
    from resshift_desktop.gui.window import MainWindow


def connect_commands(window: "MainWindow") -> None:
    """Connect the actions of `window` with its parts."""
    actions, view, pictures = window.actions_, window.page.view, window.pictures
    for action, slot in (
        (actions.open, window.choose_pictures),
        (actions.open_folder, window.choose_folder),
        (actions.save_as, pictures.save_as),
        (actions.show_in_folder, pictures.show_in_folder),
        (actions.quit, window.close),
        (actions.copy, pictures.copy),
        (actions.paste, window.paste),
        (actions.select_all, window.strip.selectAll),
        (actions.remove, pictures.remove),
        (actions.clear, window.link.clear_finished),
        (actions.models, window.show_models),
        (actions.editors, lambda: dialogs.show_editors(window)),
        (actions.settings, lambda: dialogs.show_settings(window)),
        (actions.upscale, window.upscale),
        (actions.pause, pictures.pause),
        (actions.resume, pictures.resume),
        (actions.cancel, pictures.cancel),
        (actions.retry, pictures.retry),
        (actions.move_up, pictures.move_up),
        (actions.move_down, pictures.move_down),
        (actions.zoom_in, view.zoom_in),
        (actions.zoom_out, view.zoom_out),
        (actions.zoom_fit, view.zoom_fit),
        (actions.zoom_full, lambda: view.zoom_to(1.0)),
        (actions.diagnostics, lambda: dialogs.show_diagnostics(window)),
        (actions.about, lambda: dialogs.show_about(window)),
    ):
        action.triggered.connect(lambda *_, slot=slot: slot())
    actions.pause_all.triggered.connect(window.pause_all)
    actions.panel.toggled.connect(window.side.setVisible)
    actions.full_screen.toggled.connect(lambda on: _show_full_screen(window, on))
    for compare, action in actions.compare.items():
        action.triggered.connect(lambda *_, compare=compare: setattr(view, "compare", compare))
    view.compare_changed.connect(lambda compare: actions.compare[compare].setChecked(True))
    actions.compare[view.compare].setChecked(True)
    actions.paint_mask.toggled.connect(lambda on: setattr(view, "mask_mode", on))


def _show_full_screen(window: "MainWindow", on: bool) -> None:
    window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
    window.actions_.full_screen.setChecked(on)

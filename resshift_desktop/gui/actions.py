"""The commands of the window: what they are called, their keys, and the menus that they are in."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from resshift_desktop.gui import theme
from resshift_desktop.gui.job_item import FINISHED, JobItem, State
from resshift_desktop.gui.menus import Menus
from resshift_desktop.gui.picture.compare import Compare

_Key = QKeySequence.StandardKey
_Keys = _Key | str | None


class Actions(QObject):
    """All commands. The window connects them; what is possible is enabled by `enable`."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.open = self._make(self.tr("&Open pictures…"), _Key.Open, "open")
        self.open_folder = self._make(self.tr("Open a &folder…"), "Ctrl+Shift+O", "folder")
        self.save_as = self._make(self.tr("&Save result as…"), _Key.Save, "save")
        self.show_in_folder = self._make(self.tr("Show in fol&der"), "Ctrl+Shift+E", "folder")
        self.quit = self._make(self.tr("&Quit"), _Key.Quit)
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.copy = self._make(self.tr("&Copy result"), _Key.Copy, "copy")
        self.paste = self._make(self.tr("&Paste picture"), _Key.Paste, "paste")
        self.select_all = self._make(self.tr("Select &all"), _Key.SelectAll)
        self.remove = self._make(self.tr("&Remove from the list"), _Key.Delete, "remove")
        self.clear = self._make(self.tr("Clear &finished"), "Ctrl+Shift+Del", "clear")
        self.models = self._make(self.tr("&Models…"), "Ctrl+M", "models")
        self.editors = self._make(self.tr("&Editors…"), None, "editors")
        self.settings = self._make(self.tr("Se&ttings…"), _Key.Preferences or "Ctrl+,", "settings")
        self.settings.setShortcuts([QKeySequence("Ctrl+,")])
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.upscale = self._make(self.tr("&Upscale"), "Ctrl+Return", "start")
        self.pause = self._make(self.tr("&Pause"), "Ctrl+P", "pause")
        self.resume = self._make(self.tr("&Go on"), "Ctrl+G", "start")
        self.cancel = self._make(self.tr("&Cancel"), "Ctrl+.", "stop")
        self.retry = self._make(self.tr("&Try again"), "Ctrl+R", "retry")
        self.move_up = self._make(self.tr("Move &up"), "Alt+Up", "up")
        self.move_down = self._make(self.tr("Move &down"), "Alt+Down", "down")
        self.pause_all = self._make(self.tr("Pause &all"), "Ctrl+Shift+P", "pause", checkable=True)
        self.paint_mask = self._make(self.tr("Paint what to &fill"), "Ctrl+B", "brush", checkable=True)
        self.compare = self._make_compare()
        self.zoom_in = self._make(self.tr("Zoom &in"), _Key.ZoomIn, "zoom-in")
        self.zoom_out = self._make(self.tr("Zoom &out"), _Key.ZoomOut, "zoom-out")
        self.zoom_fit = self._make(self.tr("&Whole picture"), "Ctrl+0", "zoom-fit")
        self.zoom_full = self._make(self.tr("&Full size (100 %)"), "Ctrl+Shift+0")
        self.panel = self._make(self.tr("O&ptions beside the picture"), "F9", checkable=True)
        self.panel.setChecked(True)
        self.full_screen = self._make(self.tr("F&ull screen"), "F11", checkable=True)
        self.diagnostics = self._make(self.tr("&Copy diagnostics"), None, "copy")
        self.about = self._make(self.tr("&About ResShift"), None, "info")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.enable([], {}, has_picture=False)

    def fill(self, menus: Menus) -> None:
        """Put the commands into their menus."""
        self._fill(
            menus.file,
            (self.open, self.open_folder),
            (self.save_as, self.show_in_folder),
            (self.quit,),
        )
        self._fill(
            menus.edit,
            (self.copy, self.paste),
            (self.select_all, self.remove, self.clear),
            (self.models, self.editors, self.settings),
        )
        self._fill(
            menus.picture,
            (self.upscale,),
            (self.pause, self.resume, self.cancel, self.retry),
            (self.move_up, self.move_down),
            (self.paint_mask,),
            (self.pause_all,),
        )
        self._fill(
            menus.view,
            tuple(self.compare.values()),
            (self.zoom_in, self.zoom_out, self.zoom_fit, self.zoom_full),
            (self.panel, self.full_screen),
        )
        self._fill(menus.help, (self.diagnostics,), (self.about,))

    def of_picture(self) -> list[QAction]:
        """Those for the menu of a picture in the list."""
        groups = (
            (self.save_as, self.copy, self.show_in_folder),
            (self.pause, self.resume, self.cancel, self.retry),
            (self.move_up, self.move_down),
            (self.remove,),
        )
        actions: list[QAction] = []
        for group in groups:
            if actions:
                separator = QAction(self)
                separator.setSeparator(True)
                actions.append(separator)
            actions += group
        return actions

    def enable(self, selected: list[JobItem], counts: dict[State, int], has_picture: bool) -> None:
        """Enable what can be done with the pictures that are selected, and with all of them."""
        states = {item.state for item in selected}
        one_result = len(selected) == 1 and selected[0].result is not None
        self.save_as.setEnabled(one_result)
        self.copy.setEnabled(one_result)
        self.show_in_folder.setEnabled(len(selected) == 1)
        self.pause.setEnabled(bool(states & {State.QUEUED, State.RUNNING}))
        self.resume.setEnabled(State.PAUSED in states)
        self.cancel.setEnabled(bool(states & {State.QUEUED, State.RUNNING, State.PAUSED}))
        self.retry.setEnabled(bool(states & {State.FAILED, State.CANCELLED}))
        movable = bool(states & {State.NEW, State.QUEUED, State.PAUSED})
        self.move_up.setEnabled(movable)
        self.move_down.setEnabled(movable)
        self.remove.setEnabled(bool(selected))
        self.select_all.setEnabled(has_picture)
        self.clear.setEnabled(any(counts.get(state) for state in FINISHED))
        for action in (*self.compare.values(), self.zoom_in, self.zoom_out, self.zoom_fit, self.zoom_full):
            action.setEnabled(has_picture)

    def _make_compare(self) -> dict[Compare, QAction]:
        group = QActionGroup(self)
        actions = {
            Compare.SLIDER: self._make(self.tr("&Divider"), "Ctrl+1", "slider", checkable=True),
            Compare.SIDE_BY_SIDE: self._make(
                self.tr("&Side by side"), "Ctrl+2", "side-by-side", checkable=True
            ),
            Compare.RESULT: self._make(self.tr("&Result"), "Ctrl+3", "result", checkable=True),
            Compare.INPUT: self._make(self.tr("I&nput"), "Ctrl+4", "input", checkable=True),
        }
        for action in actions.values():
            group.addAction(action)
        return actions

    def _make(self, text: str, keys: _Keys, icon: str = "", checkable: bool = False) -> QAction:
        action = QAction(text, self, checkable=checkable)
        if icon:
            action.setIcon(theme.icon(icon))
        if keys is not None:
            action.setShortcuts(
                [QKeySequence(keys)] if isinstance(keys, str) else QKeySequence.keyBindings(keys)
            )
        self._window.addAction(action)
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        plain = text.replace("&", "").rstrip("…")
        action.setToolTip(f"{plain} ({shortcut})" if shortcut else plain)
        return action

    @staticmethod
    def _fill(menu: QMenu, *groups: tuple[QAction, ...]) -> None:
        for group in groups:
            if not menu.isEmpty():
                menu.addSeparator()
            menu.addActions(list(group))

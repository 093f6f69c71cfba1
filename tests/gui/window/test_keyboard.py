"""All of it without a mouse, and for those who listen instead of looking."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from resshift_desktop.gui.job_item import State
from tests.gui.window.conftest import App
from tests.gui.window.core import Core

MakePictures = Callable[..., list[Path]]


def focus_chain(window: QWidget) -> list[QWidget]:
    """What Tab goes through, from the list on."""
    chain: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        inner = widget.objectName().startswith("qt_")  # a part of a control, which speaks for it
        if (
            takes_tab
            and widget.isVisible()
            and widget.isEnabled()
            and widget.window() is window
            and not inner
        ):
            chain.append(widget)
        widget = widget.nextInFocusChain()
    return chain


def test_every_control_that_takes_the_focus_has_a_name(app: App, pictures: MakePictures) -> None:
    app.start(*pictures("a.png"))
    app.wait_for(State.DONE)
    nameless = []
    for widget in focus_chain(app.window):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name):
            nameless.append(widget)
    assert nameless == []


def test_tab_goes_from_the_list_over_the_picture_to_the_options_and_the_button(
    app: App, pictures: MakePictures
) -> None:
    app.start(*pictures("a.png"))
    app.wait_for(State.DONE)
    chain = focus_chain(app.window)
    window = app.window
    order = [chain.index(part) for part in (window.strip, window.page.view, window.primary)]
    assert order == sorted(order)
    options = [chain.index(widget) for widget in chain if window.panel.isAncestorOf(widget)]
    assert order[1] < min(options)
    assert max(options) < order[2]


def test_no_two_commands_have_one_key(app: App) -> None:
    keys = Counter(
        shortcut.toString() for action in app.window.actions_.findChildren(QAction)
        for shortcut in action.shortcuts()
    )  # fmt: skip
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_command_is_in_a_menu(app: App) -> None:
    menus = app.window.menuBar().findChildren(QMenu)
    in_menus = {action for menu in menus for action in menu.actions()}
    commands = [action for action in app.window.actions_.findChildren(QAction) if action.text()]
    assert [action.text() for action in commands if action not in in_menus] == []


def test_from_the_list_to_the_result_by_keys(app: App, core: Core, pictures: MakePictures) -> None:
    core.engine.gate.clear()
    app.list_pictures(*pictures("a.png", "b.png"))
    app.window.activateWindow()
    app.window.strip.setFocus()
    keys, qtbot = Qt.Key, app.qtbot
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(app.window.strip, keys.Key_Return, control)
    app.wait_for(State.RUNNING)
    app.select("b.png")
    qtbot.keyClick(app.window.strip, keys.Key_Delete)
    app.wait_until(lambda: len(app.items()) == 1)
    core.engine.gate.set()
    app.wait_for(State.DONE)
    focused = QApplication.focusWidget()
    assert focused is app.window.strip


def test_buttons_without_text_say_what_they_do(app: App, pictures: MakePictures) -> None:
    app.list_pictures(*pictures("a.png"))
    silent = [
        button
        for button in app.window.findChildren(QAbstractButton)
        if button.isVisible() and not button.text() and not button.accessibleName()
    ]
    assert silent == []

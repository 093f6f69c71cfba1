"""Krita as a person uses it, by keys, on a screen: menu, dialog, progress, cancel, result."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from tests.gui.real.desktop import Desktop
from tests.hosts.krita import for_plugins, put_into, seen
from tests.hosts.machine import Machine, Program

_PHOTO = Path(__file__).parents[2] / "resources" / "samples" / "lighthouse.jpg"


def test_cancel_by_esc(desk: Machine) -> None:
    with _krita(desk, (512, 768)) as (krita, screen):
        _choose(krita, desk, "alt+l", "Upscale Layer (ResShift)...")
        desk.screenshot("krita-menu")
        _open_dialog(krita, desk)
        desk.screenshot("krita-dialog")
        screen.press("Return")
        krita.wait_until(lambda: seen(desk)["dialogs"][0][1] >= 5)
        desk.screenshot("krita-progress")
        screen.press("Escape")
        krita.wait_until(lambda: seen(desk)["dialogs"] == [])
        assert seen(desk)["layers"] == [["Background"]]


def test_upscale_an_image(desk: Machine) -> None:
    with _krita(desk, (128, 192)) as (krita, screen):
        _choose(krita, desk, "alt+i", "Upscale Image (ResShift)...")
        _open_dialog(krita, desk)
        screen.press("Return")
        krita.wait_until(lambda: seen(desk)["dialogs"] == [], 120)
        assert seen(desk)["documents"] == ["", "photo ×4"]
        assert seen(desk)["layers"] == [["Background"], ["Background"]]
        desk.screenshot("krita-result")


@contextmanager
def _krita(desk: Machine, size: tuple[int, int]) -> Iterator[tuple[Program, Desktop]]:
    """Krita with a photograph open that fills the screen."""
    put_into(desk, krita_watcher="__init__")
    with Image.open(_PHOTO) as photo:
        photo.resize(size).save(desk.folder / "photo.png")
    command = ("krita", "--nosplash", "--fullscreen", desk.folder / "photo.png")
    assert desk.screen
    with desk.running(*command, core=desk.core_program(), **for_plugins(desk)) as krita:
        krita.wait_until(lambda: seen(desk).get("possible"), 120)
        yield krita, desk.screen


def _choose(krita: Program, desk: Machine, menu: str, item: str) -> None:
    """From the menu's first item upwards, which is from its last."""
    assert desk.screen
    desk.screen.press(menu)
    krita.wait_until(lambda: seen(desk)["chosen"])
    while (chosen := seen(desk)["chosen"]) != item:
        desk.screen.press("Up")
        krita.wait_until(lambda before=chosen: seen(desk)["chosen"] != before)


def _open_dialog(krita: Program, desk: Machine) -> None:
    assert desk.screen
    desk.screen.press("Return")
    krita.wait_until(lambda: seen(desk)["dialogs"] == [[True, -1, True]])

"""Pictures of the app in each of its states, to be looked at: python -m tests.gui.real.screenshots FOLDER

In two sizes of the screen, in light and in dark; with the real core, in folders of its own.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from resshift_desktop.gui.options import Options, save_options
from resshift_desktop.gui.preferences import app_settings
from tests.bridge.cores import end_cores
from tests.gui.real.desktop import Desktop, virtual_desktop
from tests.gui.real.driving import RunningApp, running_app

_SCREENS = ((1280, 800), (2560, 1440))
_COLOURS = ("light", "dark")
_SAMPLES = Path(__file__).parents[3] / "resources" / "samples"


def take(desktop: Desktop, colours: str, pictures: Path, album: Path) -> None:
    """Every state once. pictures: a folder that results may be written to."""
    name = f"{desktop.width}-{colours}"

    def shoot(state: str) -> None:
        app.screenshot(album / f"{name}-{state}.png")
        print(f"{name}-{state}", flush=True)

    with running_app(desktop, colours=colours) as app:
        app.wait_until(lambda look: look.says("Drop pictures here"))
        shoot("empty")
        app.drop(pictures)
        app.wait_until(lambda look: look.says("x4 for photographs") and look.says("pixels"))
        shoot("listed")
        app.click("Upscale 2 pictures")
        app.wait_until(lambda look: look.percent(0) >= 50)
        shoot("working")
        app.wait_until(lambda look: look.states == ["done", "done"])
        shoot("done")
        app.press("ctrl+shift+0")
        app.wait_until(lambda look: look.says("100 %"))
        shoot("closer")
        app.click("Side by side")
        shoot("side-by-side")
        _fail_one(app, pictures.with_name("holiday.jpg"))
        shoot("error")
        for keys, dialog in (("ctrl+comma", "settings"), ("ctrl+m", "models")):
            app.press(keys)
            _shoot_dialog(app, lambda dialog=dialog: shoot(dialog))
        app.press("alt+h")
        app.press("Up")
        app.press("Return")
        _shoot_dialog(app, lambda: shoot("about"))


def _fail_one(app: RunningApp, damaged: Path) -> None:
    damaged.write_bytes(b"\xff\xd8\xff\xe0" + bytes(2000))
    app.drop(damaged)
    app.click("Upscale this picture")
    app.wait_until(lambda look: "failed" in look.states)


def _shoot_dialog(app: RunningApp, shoot: Callable[[], None]) -> None:
    app.wait_until(lambda look: look.front != "ResShift" and not look.says("Looking for models"))
    shoot()
    app.press("Escape")
    app.wait_until(lambda look: look.front == "ResShift")


def main(album: Path) -> None:
    album.mkdir(parents=True, exist_ok=True)
    for width, height in _SCREENS:
        for colours in _COLOURS:
            with tempfile.TemporaryDirectory() as name, virtual_desktop(width, height) as desktop:
                folder = Path(name)
                moved = {f"RESSHIFT_{kind.upper()}": folder / kind for kind in ("data", "cache", "logs")}
                os.environ.update(HOME=name, **{key: str(value) for key, value in moved.items()})
                settings = app_settings()
                save_options(settings, Options(tile_size=128))
                settings.sync()
                pictures = folder / "samples"
                shutil.copytree(_SAMPLES, pictures)
                try:
                    take(desktop, colours, pictures, album)
                finally:
                    end_cores(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

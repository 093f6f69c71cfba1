"""What somebody does who opens the app for the first time, with screenshots of what they see."""

from pathlib import Path

import numpy as np

from resshift_desktop.core.imaging.files import read_image
from tests.gui.real.desktop import Desktop
from tests.gui.real.driving import DIVIDER, running_app


def test_start_drop_press_compare_save(
    desktop: Desktop, samples: Path, album: Path, expected: np.ndarray
) -> None:
    with running_app(desktop) as app:
        app.wait_until(lambda look: look.says("Drop pictures here"))
        app.screenshot(album / "1-start.png")

        look = app.drop(samples)
        assert [row[:2] for row in look.rows] == [("lighthouse.jpg", "new"), ("parrots.jpg", "new")]
        app.wait_until(lambda look: look.says("x4 for photographs") and look.says("1,024 × 1,536"))
        app.screenshot(album / "2-listed.png")

        app.click("Upscale 2 pictures")
        look = app.wait_until(lambda look: DIVIDER in look.controls)
        assert look.states[0] == "running"  # so what the divider uncovers are its first tiles
        app.wait_until(lambda look: look.percent(0) >= 50)
        app.screenshot(album / "3-working.png")

        look = app.wait_until(lambda look: look.states == ["done", "done"])
        assert look.says("2 done")
        app.screenshot(album / "4-done.png")

        place = look.controls[DIVIDER]
        x, y = place.middle
        desktop.drag((x, y), (x - 150, y))
        moved = app.wait_until(lambda look: look.controls[DIVIDER] != place)
        assert abs(moved.controls[DIVIDER].left - (place.left - 150)) <= 1
        app.screenshot(album / "5-divider.png")
        app.click("Side by side")
        app.wait_until(lambda look: DIVIDER not in look.controls)
        app.screenshot(album / "6-side-by-side.png")

        app.press("ctrl+s")
        app.wait_until(lambda look: look.front == "Save result as")
        target = samples.parent / "my lighthouse.jpg"
        app.type(str(target))
        app.screenshot(album / "7-save.png")
        app.press("Return")
        app.wait_until(lambda look: look.says("my lighthouse.jpg"))
        assert app.quit() == 0

    assert np.array_equal(read_image(target).array, expected)
    assert (samples / "lighthouse_x4.jpg").is_file()
    screenshots = [read_image(path).array for path in sorted(album.glob("[1-6]-*.png"))]
    assert {shot.shape[:2] for shot in screenshots} == {(desktop.height, desktop.width)}
    assert len({shot.tobytes() for shot in screenshots}) == 6

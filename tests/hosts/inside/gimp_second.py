"""What the second of two GIMPs does while the first one works, too."""

import time

from gimp_hand import FOLDER, expected, load, pixels, upscale


def scene_at_the_same_time():
    (FOLDER / "second-is-here").touch()
    deadline = time.monotonic() + 120
    while not (FOLDER / "first-is-here").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    for _time in range(3):
        _image, layer = load("rgba")
        (made,) = upscale(layer).get_layers()
        assert pixels(made) == expected("rgba")

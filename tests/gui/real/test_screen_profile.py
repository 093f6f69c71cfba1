"""What the X server says of its screen is what pictures are shown in."""

import ctypes
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColorSpace

from tests.gui.picture.conftest import in_srgb
from tests.gui.real.desktop import Desktop, virtual_desktop
from tests.gui.real.driving import PATIENCE

COLOUR = (200, 120, 60)
P3 = QColorSpace(QColorSpace.NamedColorSpace.DisplayP3)


@pytest.fixture
def screen() -> Iterator[Desktop]:
    """Its own, as the property stays."""
    with virtual_desktop(300, 200) as running:
        yield running


def set_profile(screen: Desktop, profile: bytes) -> None:
    """As colour daemons do it."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(screen.display.encode()))
    property_, cardinal = (
        ctypes.c_ulong(x11.XInternAtom(display, name, False)) for name in (b"_ICC_PROFILE", b"CARDINAL")
    )
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    x11.XChangeProperty(display, root, property_, cardinal, 8, 0, profile, len(profile))
    x11.XCloseDisplay(display)


def shown(screen: Desktop, tmp_path: Path) -> tuple[int, int, int]:
    Image.new("RGB", (100, 80), COLOUR).save(tmp_path / "a.png")
    told = subprocess.run(
        [sys.executable, "-m", "tests.gui.real.shown_colour", str(tmp_path / "a.png")],
        env=screen.environment, capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    red, green, blue = map(int, told.stdout.split())
    return red, green, blue


def test_a_screen_with_a_profile_gets_its_colours(screen: Desktop, tmp_path: Path) -> None:
    set_profile(screen, bytes(P3.iccProfile().data()))
    colour = shown(screen, tmp_path)
    assert colour != COLOUR
    assert np.abs(np.subtract(in_srgb(colour, P3), COLOUR)).max() <= 2


@pytest.mark.parametrize(
    "profile", [b"", b"nonsense", QColorSpace(QColorSpace.NamedColorSpace.SRgb).iccProfile().data()]
)
def test_others_get_srgb(screen: Desktop, tmp_path: Path, profile: bytes) -> None:
    set_profile(screen, profile)
    assert shown(screen, tmp_path) == COLOUR

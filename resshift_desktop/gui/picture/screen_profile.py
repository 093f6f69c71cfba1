"""The screen's own colours, where converting pictures to them is left to programs.

That is so on X11 and on Windows. On macOS and Wayland the system takes what windows show as sRGB and
converts it.
"""

import ctypes
import hashlib
from ctypes import wintypes
from pathlib import Path

from PySide6.QtGui import QColorSpace, QGuiApplication
from PySide6.QtWidgets import QWidget

from resshift_desktop.paths import cache_folder

_LONGEST = 64 * 2**20
_PATH_LENGTH = 32768  # of Windows: MAX_PATH is less than there may be
_ANY_TYPE = 0
_NEAREST_MONITOR = 2


def find_screen_profile(widget: QWidget) -> Path | None:
    """File with the ICC profile of the screen that `widget` is on; None: sRGB, or not known."""
    try:
        match QGuiApplication.platformName():
            case "xcb":
                screens = QGuiApplication.screens()
                profile = _of_x11(screens.index(widget.screen()))
            case "windows":
                profile = _of_windows(int(widget.winId()))
            case _:
                return None
        return _keep(profile) if profile and _is_of_use(profile) else None
    except (OSError, AttributeError, ValueError):  # no such library, function, file or screen
        return None


def _is_of_use(profile: bytes) -> bool:
    space = QColorSpace.fromIccProfile(profile)
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    is_srgb = (space.primaries(), space.transferFunction()) == (srgb.primaries(), srgb.transferFunction())
    return space.isValidTarget() and space.colorModel() is QColorSpace.ColorModel.Rgb and not is_srgb


def _keep(profile: bytes) -> Path:
    """A file for libvips, which takes profiles from files."""
    path = cache_folder() / f"screen-{hashlib.sha256(profile).hexdigest()[:16]}.icc"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(profile)
        part.replace(path)
    return path


def _of_x11(screen: int) -> bytes:
    """What the root window's property says (ICC Profiles in X Specification 0.4); b"" where there is none."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return b""
    name = b"_ICC_PROFILE" if screen == 0 else b"_ICC_PROFILE_%d" % screen
    kind, length, left = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_ulong()
    bits, data = ctypes.c_int(), ctypes.c_void_p()
    try:
        x11.XGetWindowProperty(
            display,
            ctypes.c_ulong(x11.XDefaultRootWindow(display)),
            ctypes.c_ulong(x11.XInternAtom(display, name, False)),
            ctypes.c_long(0),
            ctypes.c_long(_LONGEST // 4),
            False,
            ctypes.c_ulong(_ANY_TYPE),
            *map(ctypes.byref, (kind, bits, length, left, data)),
        )
        return ctypes.string_at(data, length.value) if data and bits.value == 8 else b""
    finally:
        if data:
            x11.XFree(data)
        x11.XCloseDisplay(display)


class _MonitorInfo(ctypes.Structure):
    """MONITORINFOEXW."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("monitor", wintypes.RECT),
        ("work", wintypes.RECT),
        ("flags", wintypes.DWORD),
        ("device", wintypes.WCHAR * 32),
    )


def _of_windows(window: int) -> bytes:
    """The file that GetICMProfileW names for the monitor that a window is on; b"" where it names none."""
    user32, gdi32 = ctypes.CDLL("user32"), ctypes.CDLL("gdi32")
    user32.MonitorFromWindow.restype = gdi32.CreateDCW.restype = ctypes.c_void_p
    monitor = ctypes.c_void_p(user32.MonitorFromWindow(ctypes.c_void_p(window), _NEAREST_MONITOR))
    info = _MonitorInfo(size=ctypes.sizeof(_MonitorInfo))
    if not user32.GetMonitorInfoW(monitor, ctypes.byref(info)):
        return b""
    context = ctypes.c_void_p(gdi32.CreateDCW(info.device, info.device, None, None))
    length, name = wintypes.DWORD(_PATH_LENGTH), ctypes.create_unicode_buffer(_PATH_LENGTH)
    try:
        found = gdi32.GetICMProfileW(context, ctypes.byref(length), name)
        return Path(name.value).read_bytes() if found else b""
    finally:
        gdi32.DeleteDC(context)

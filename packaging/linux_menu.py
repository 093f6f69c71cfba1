"""What desktops on Linux know a program by, laid out as below /usr, beside the programs."""

import shutil
from pathlib import Path

_ID = "io.github.resshift_desktop.resshift"
_NAME = "resshift-desktop"


def add_menu_entries(root: Path, app: Path) -> None:
    """Put share/ with menu entries, metainfo and icons, and the script that enters them, into the app."""
    linux, share = root / "packaging/linux", app / "share"
    files = {
        linux / f"{name}.desktop": share / f"applications/{name}.desktop" for name in (_NAME, f"{_NAME}-link")
    }
    files[linux / f"{_ID}.metainfo.xml"] = share / f"metainfo/{_ID}.metainfo.xml"
    files[linux / "install.sh"] = app / "install.sh"
    icons = root / "resources/icons"
    files[icons / "resshift.svg"] = share / f"icons/hicolor/scalable/apps/{_NAME}.svg"
    for picture in icons.glob("resshift-*.png"):
        side = picture.stem.removeprefix("resshift-")
        files[picture] = share / f"icons/hicolor/{side}x{side}/apps/{_NAME}.png"
    for source, target in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)  # with its mode: one of them is a program

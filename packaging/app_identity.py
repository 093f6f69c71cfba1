"""What the packaged app says of itself to the system: version, icon, file types, where its releases are."""

import json
import os
from pathlib import Path
from typing import Any

PICTURE_TYPES = {
    "public.png": ".png",
    "public.jpeg": ".jpg",
    "org.webmproject.webp": ".webp",
    "public.tiff": ".tiff",
    "com.microsoft.bmp": ".bmp",
    "public.avif": ".avif",
    "com.compuserve.gif": ".gif",
}
"""What pictures are called on macOS, and by their names elsewhere."""
LINK_SCHEME = "resshift"
_ICON_SIDES = (16, 24, 32, 48, 64, 128, 256, 512)


def check_torch(version: str, has_cuda: bool, wants_cuda: bool) -> None:
    """Refuse to build with another kind of torch than was asked for.

    Raises:
        SystemExit: the message says what to install.
    """
    if has_cuda != wants_cuda:
        kind = "NVIDIA GPUs" if wants_cuda else "the CPU"
        raise SystemExit(
            f"torch {version} is not made for {kind}. Install the build of {version.split('+')[0]} that is, "
            "as torch's own pages say, or build the other package: make package CUDA=1 or without CUDA."
        )


def release_note(folder: Path) -> list[tuple[str, str]]:
    """(file, folder in the app) of a note of where to ask for newer releases, as RESSHIFT_RELEASES says.

    None is made without: an app of one's own making has no releases.
    """
    feed = os.environ.get("RESSHIFT_RELEASES")
    if not feed:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "releases.json"
    note.write_text(json.dumps({"feed": feed}), "utf-8")
    return [(str(note), "resshift_desktop/resources")]


def app_icon(root: Path, folder: Path, system: str) -> str | None:
    """The icon file that the programs carry; Linux has it beside them."""
    if system == "linux":
        return None
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    for side in _ICON_SIDES:
        with Image.open(root / f"resources/icons/resshift-{side}.png") as picture:
            pictures.append(picture.copy())
    path = folder / ("resshift.ico" if system == "win32" else "resshift.icns")
    if system == "win32":
        *smaller, largest = pictures[:-1]  # these files end at 256
        largest.save(path, sizes=[picture.size for picture in pictures[:-1]], append_images=smaller)
    else:
        pictures[-1].save(path, append_images=pictures[:-1])
    return str(path)


def windows_version(folder: Path, name: str, title: str, version: str) -> str:
    """A file with what Windows shows of a program under Properties, in PyInstaller's notation."""
    numbers = tuple(int(part) for part in version.split("."))
    numbers = (*numbers, *(0,) * (4 - len(numbers)))
    words = {
        "CompanyName": "ResShift Desktop contributors",
        "FileDescription": title,
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "Apache License 2.0",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "ResShift",
        "ProductVersion": version,
    }
    strings = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in words.items())
    path = folder / f"{name}-version.txt"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=["
        f"StringFileInfo([StringTable('040904B0', [{strings}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n",
        "utf-8",
    )
    return str(path)


def macos_info(version: str) -> dict[str, Any]:
    """What goes into Info.plist beyond what PyInstaller writes."""
    return {
        "CFBundleDisplayName": "ResShift",
        "CFBundleShortVersionString": version,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Picture",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": list(PICTURE_TYPES),
            }
        ],
        "CFBundleURLTypes": [{"CFBundleURLName": "ResShift", "CFBundleURLSchemes": [LINK_SCHEME]}],
        "LSApplicationCategoryType": "public.app-category.photography",
        "LSMinimumSystemVersion": "14.0",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
    }

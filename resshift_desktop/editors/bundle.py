"""What a plugin consists of: its own few files, the bridge's client, and a note of both.

python -m resshift_desktop.editors.bundle FOLDER: both plugins as zip files, to be installed by hand.
"""

import json
import sys
import zipfile
from enum import StrEnum
from pathlib import Path

import resshift_desktop
from resshift_desktop.paths import resources_folder

CARRIED = (
    *("__init__.py", "protocol.py", "client.py", "launcher.py"),
    *("for_plugins.py", "background.py", "samples.py"),
)
"""What every plugin has of resshift_desktop/bridge, in its folder bridge."""
STAMP = "installed.json"
"""The note in a plugin's folder: {"version", "files"}, those being all that belong to it."""

_FILE_MODE, _PROGRAM_MODE, _FOLDER_MODE = 0o100644, 0o100755, 0o040755  # as zip files keep them


class Editor(StrEnum):
    """A program that there is a plugin for."""

    GIMP = "gimp"
    KRITA = "krita"

    @property
    def label(self) -> str:
        """What it calls itself."""
        return {Editor.GIMP: "GIMP", Editor.KRITA: "Krita"}[self]

    @property
    def module(self) -> str:
        """The plugin's own folder, below the folder that its files go to."""
        return {Editor.GIMP: "resshift", Editor.KRITA: "pykrita/resshift"}[self]


def plugin_files(editor: Editor) -> dict[str, bytes]:
    """All files of a plugin by their path, with forward slashes.

    Below GIMP's folder plug-ins, or below Krita's folder of resources.
    """
    source = _plugins_folder() / editor
    below = {Editor.GIMP: "", Editor.KRITA: "pykrita/"}[editor]
    files: dict[str, bytes] = {}
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_file() and "__pycache__" not in path.parts:
            files[name if name.startswith("actions/") else below + name] = path.read_bytes()
    bridge = Path(resshift_desktop.__file__).parent / "bridge"
    for name in CARRIED:
        files[f"{editor.module}/bridge/{name}"] = (bridge / name).read_bytes()
    own = sorted(inside(editor, files))
    stamp = {"version": resshift_desktop.__version__, "files": own}
    files[f"{editor.module}/{STAMP}"] = json.dumps(stamp, indent=1).encode()
    return files


def inside(editor: Editor, files: dict[str, bytes]) -> dict[str, bytes]:
    """Those of `files` that lie in the plugin's own folder, by their path below it."""
    folder = f"{editor.module}/"
    return {name.removeprefix(folder): data for name, data in files.items() if name.startswith(folder)}


def outside(editor: Editor, files: dict[str, bytes]) -> list[str]:
    """The paths of the others: what tells Krita of the plugin."""
    return [name for name in files if not name.startswith(f"{editor.module}/")]


def is_program(editor: Editor, name: str) -> bool:
    """Whether the file has to be executable: GIMP runs plug-ins as programs."""
    return editor is Editor.GIMP and name.endswith("resshift.py")


def write_zip(editor: Editor, path: Path) -> None:
    """The plugin as a zip file; Krita's is what its Import Python Plugin wants. Raises OSError."""
    files = plugin_files(editor)
    parents = {parent.as_posix() for name in files for parent in Path(name).parents} - {"."}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        # Krita looks for the module's folder itself, which a zip file need not name.
        for name in sorted(parents | files.keys()):
            folder = name in parents
            entry = zipfile.ZipInfo(f"{name}/" if folder else name)
            program = _PROGRAM_MODE if is_program(editor, name) else _FILE_MODE
            entry.external_attr = (_FOLDER_MODE if folder else program) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, b"" if folder else files[name])


def zip_name(editor: Editor) -> str:
    """Such as "resshift-krita-0.1.0.zip"."""
    return f"resshift-{editor}-{resshift_desktop.__version__}.zip"


def _plugins_folder() -> Path:
    """Among the resources when installed, beside them in the source tree."""
    installed = resources_folder() / "plugins"
    return installed if installed.is_dir() else resources_folder().parent / "plugins"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for editor in Editor:
        write_zip(editor, folder / zip_name(editor))
        print(folder / zip_name(editor))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Takes from libraries what only debuggers read: symbols, a fifth of torch."""

import subprocess
from pathlib import Path

_WORTHWHILE = (
    "torch/lib/*.so*",
    "libpython3*",
    "python3*/lib-dynload/*.so",
    "PySide6/Qt/lib/libicu*",
    "httptools/*/*.so",
    "safetensors/*.so",
)
"""Below _internal. Not those of numpy and Pillow: patchelf has been there, and strip would break them."""


def strip_libraries(app: Path) -> None:
    """Strip the libraries in the built folder where that is worth while. Raises CalledProcessError."""
    libraries = {
        path.resolve()
        for pattern in _WORTHWHILE
        for path in (app / "_internal").glob(pattern)
        if not path.is_symlink()
    }
    subprocess.run(["strip", "--strip-unneeded", *sorted(libraries)], check=True)

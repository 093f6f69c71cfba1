"""What takes how much of the packaged app: `python packaging/size_report.py dist/ResShift`, as a table."""

import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

_PARTS = {
    "torch: libtorch_cpu": ("*/torch/lib/libtorch_cpu.*", "*/torch/lib/torch_cpu.dll"),
    "torch: CUDA": ("*/nvidia/*", "*/torch/lib/*cu[dbfrs]*", "*/torch/lib/*nv*"),
    "torch: other libraries": ("*/torch/*", "*/torchgen/*"),
    "Qt: ICU's tables of languages": ("*/libicu*",),
    "Qt and PySide6": ("*/PySide6/*", "*/shiboken6/*"),
    "numpy": ("*/numpy/*", "*/numpy.libs/*"),
    "libvips": ("*/pyvips*", "*/_libvips*"),
    "Pillow": ("*/PIL/*", "*/pillow.libs/*"),
    "the built-in model": ("*/resources/models/*",),
    "our other resources": ("*/resshift_desktop/*", "*/share/*", "*/install.sh"),
    "our two programs, with all Python code": ("*/resshift", "*/resshift-desktop", "*/resshift*.exe"),
    "Python, and other libraries": ("*",),
}
"""The first part that has a pattern for a file has the file."""


def part_sizes(app: Path) -> dict[str, int]:
    """Bytes of each part of the built folder; links count nothing, as they take nothing."""
    sizes = dict.fromkeys(_PARTS, 0)
    for path in _files(app):
        name = f"/{path.relative_to(app).as_posix()}"
        part = next(part for part, patterns in _PARTS.items() if any(fnmatch(name, p) for p in patterns))
        sizes[part] += path.stat().st_size
    return sizes


def table(sizes: dict[str, int]) -> str:
    """Markdown, the largest first, in MB of 1,000,000 bytes."""
    rows = sorted(sizes.items(), key=lambda row: -row[1])
    lines = [f"| {part} | {size / 1e6:.1f} |" for part, size in rows if size]
    return "\n".join(
        ["| part | MB |", "| --- | --- |", *lines, f"| **all** | **{sum(sizes.values()) / 1e6:.1f}** |"]
    )


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    print(table(part_sizes(Path(sys.argv[1]))))

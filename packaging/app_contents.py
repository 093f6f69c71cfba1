"""What goes into the packaged app and what is left out: plain rules, which build_app.spec applies."""

import re
from fnmatch import fnmatch
from pathlib import Path

UNUSED_MODULES = (
    # torch: compilers, exporters, many machines, its own tests. Upscaling calls none of them.
    "torch._inductor", "torch._dynamo", "torch.onnx", "torch.testing._internal.common_utils",
    "torch.distributed.tensor", "torch.distributed.fsdp", "torch.distributed.checkpoint",
    "torch.utils.benchmark", "torch.utils.bottleneck", "torch.utils.cpp_extension", "torch.utils.hipify",
    "torch.utils.tensorboard", "functorch", "triton", "sympy", "mpmath", "networkx", "jinja2",
    # Training, which wants a Python environment anyway.
    "resshift_desktop.lab",
    # What libraries would use if it were there, and what only their developers use.
    "pydantic.v1", "yaml", "attr", "pygments", "markdown_it", "pydoc_data", "setuptools", "distutils", "pip",
    "pytest", "hypothesis", "IPython", "matplotlib", "scipy", "pandas", "trio", "uvloop", "websockets",
    "tkinter", "idlelib", "lib2to3", "ensurepip", "doctest", "numpy.f2py", "numpy.ma", "numpy.polynomial",
)  # fmt: skip

WITH_SOURCE = (
    "torch._export.config", "torch._functorch.config", "torch.compiler.config", "torch.distributed.config",
    "torch.functional", "torch.fx.experimental._config", "torch.nn.functional", "torch.nn.modules.rnn",
    "torch.utils.serialization.config", "anyio",
)  # fmt: skip
"""Modules whose source is read when they are imported; all others go without."""

SYSTEM_LIBRARIES = (
    # What Python is linked with, and what Qt needs of X11 that not every desktop has.
    "libssl.*", "libcrypto.*", "libsqlite3.*", "libffi.*", "libbz2.*", "liblzma.*", "libz.*", "libuuid.*",
    "libexpat.*", "libxcb-*", "libxkbcommon*", "libpython*", "libstdc++.*", "libgcc_s.*",
)  # fmt: skip
"""Libraries of the building system that go into the app for Linux; all others it finds where it runs."""

_QT_MODULES = ("Core", "Gui", "Widgets", "Network", "DBus", "Svg", "OpenGL", "XcbQpa", "WaylandClient")
_QT_PLUGINS = (
    "platforms/*xcb*", "platforms/*wayland*", "platforms/*offscreen*", "platforms/qwindows.dll",
    "platforms/libqcocoa.dylib", "styles/*", "iconengines/*svg*", "imageformats/*svg*",
    "platforminputcontexts/*compose*", "platforminputcontexts/*ibus*", "platformthemes/*xdgdesktopportal*",
    "xcbglintegrations/*", "wayland-decoration-client/*", "wayland-shell-integration/libxdg-shell.so",
    "wayland-graphics-integration-client/*wayland-egl*",
)  # fmt: skip
_LEFT_OUT = (
    # torch's own tests.
    "*torchbind_test*", "*jitbackend_test*", "*backend_with_compiler*", "*aoti_custom_ops*",
    # What Pillow draws text with, and what it reads files with that libvips reads here.
    "_imagingft.*", "_imagingtk.*", "_imagingmath.*", "_imagingmorph.*", "_avif.*", "_webp.*", "libavif-*",
    "libharfbuzz-*", "libfreetype-*", "libwebp*-*", "libbrotli*-*", "libpng16-*", "libsharpyuv-*",
    # Software that draws OpenGL on Windows; the windows here are drawn without.
    "opengl32sw.dll", "d3dcompiler_*.dll",
    # What only compilers read.
    "*.pyi", "*.lib", "*.a",
)  # fmt: skip
_RESOURCES = (
    "models/*.json", "models/*.safetensors", "models/*.md", "icons/**/*.svg", "icons/**/*.png",
    "icons/**/index.theme", "i18n/*.qm", "samples/*",
)  # fmt: skip


def is_left_out(name: str) -> bool:
    """Whether a file stays out of the app; `name` is its path there, or whence it comes."""
    path = f"/{Path(name).as_posix()}"
    file = Path(name).name
    if "/PySide6/" in path and "/plugins/" in path:
        return not any(fnmatch(path, f"*/plugins/{pattern}") for pattern in _QT_PLUGINS)
    if "/PySide6/" in path and file.endswith(".qm"):
        return not file.startswith("qtbase_")
    module = _qt_module(file)
    return module not in (None, *_QT_MODULES) or any(fnmatch(file, pattern) for pattern in _LEFT_OUT)


def _qt_module(file: str) -> str | None:
    """Such as Gui, of libQt6Gui.so.6, Qt6Gui.dll, QtGui (macOS) and QtGui.abi3.so; None of another file."""
    found = re.match(r"(?:lib)?Qt6?([A-Z]\w*)(?:\.(?:so|dll|pyd|dylib|abi3)|$)", file)
    return found and found[1]


def data_files(root: Path) -> list[tuple[str, str]]:
    """(file, folder in the app) of all that is no code, laid out as in an installed package."""
    resources = [path for kind in _RESOURCES for path in (root / "resources").glob(kind)]
    found = [(path, "resshift_desktop" / path.parent.relative_to(root)) for path in resources]
    found += [
        (path, Path("resshift_desktop/resources") / path.parent.relative_to(root))
        for path in (root / "plugins").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    bridge = Path("resshift_desktop/bridge")  # plugins carry copies of its source
    found += [(path, bridge) for path in (root / bridge).glob("*.py")]
    found.append((root / "LICENSE", Path("resshift_desktop")))
    return [(str(path), folder.as_posix()) for path, folder in sorted(found)]

"""What PyInstaller takes of torch, in place of its own hook, which takes everything, and the code twice.

Of the Python code: what is imported, less app_contents.UNUSED_MODULES. Of the libraries: all that torch
finds by itself at run time, since nothing imports them.
"""

from pathlib import Path

from app_contents import is_left_out
from PyInstaller.utils.hooks import collect_dynamic_libs, get_module_file_attribute

_PATTERNS = ["*.so", "*.so.*", "*.dll", "*.dylib"]

torch = Path(str(get_module_file_attribute("torch"))).parent
found = collect_dynamic_libs("torch", search_patterns=_PATTERNS)
# torch looks for this program when it is imported.
found += [(str(path), "torch/bin") for path in torch.glob("bin/torch_shm_manager*")]
# PyPI's wheels for CUDA expect NVIDIA's own packages beside torch; there are none for the CPU.
found += [
    (str(path), path.parent.relative_to(torch.parent).as_posix())
    for path in torch.parent.glob("nvidia/**/lib/*.so*")
]
binaries = [(source, folder) for source, folder in found if not is_left_out(source)]
# torch looks for its libraries beside itself, and links to them elsewhere would confuse it.
bindepend_symlink_suppression = ["**/torch/lib/*.so*", "**/nvidia/**/*.so*"]

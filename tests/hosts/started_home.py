"""A home in which both editors have run once, as that of a person who is to install their plugins.

Their first start takes ten to twenty seconds of work, which a copy of this home saves each test.
"""

import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from tests.hosts.chroot import cache_folder, cached
from tests.hosts.machine import Machine

_START_SECONDS = 200


def started_home(root: Path) -> Path:
    """The home, to be copied and not to be written to; from the cache, or else made now."""
    return cached(cache_folder() / f"home-{root.name.removeprefix('root-')}", lambda home: _make(root, home))


def _make(root: Path, home: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Machine(root, folder, folder).with_screen() as desk:
            desk.run("gimp-console", "--no-interface", "--quit", timeout=_START_SECONDS)
            picture = folder / "picture.png"
            Image.new("RGB", (8, 8)).save(picture)
            export = ("--export", "--export-filename", folder / "copy.png")
            desk.run("krita", "--nosplash", picture, *export, timeout=_START_SECONDS)
            shutil.copytree(desk.home, home, symlinks=True)
    log = home / ".local" / "share" / "krita.log"
    log.unlink(missing_ok=True)
    assert not [
        path for path in home.rglob("*") if path.is_file() and os.fsencode(folder) in path.read_bytes()
    ]

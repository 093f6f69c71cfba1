"""The app as `make package` has built it, installed somewhere awkward, and people who use it.

The folder's name holds spaces and letters of several scripts, nothing in it may be written to, and whoever
runs it has an empty home and no other program on the PATH, Python least of all.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests.gui.real.desktop import Desktop, virtual_desktop

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "dist" / "ResShift"
PATIENCE = 300
_KEPT = ("LANG", "LC_ALL", "OMP_NUM_THREADS", "OMP_WAIT_POLICY")


@dataclass(frozen=True)
class Person:
    """Somebody with an account of their own; `home` begins empty."""

    home: Path
    installed: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": str(self.home / "no-programs"),
            "USER": self.home.name,
        }

    @property
    def data(self) -> Path:
        return self.home / ".local/share/ResShift"

    def run(self, *words: object) -> "subprocess.CompletedProcess[str]":
        """`resshift` with these words, from the home folder."""
        return subprocess.run(
            [self.installed / "resshift", *map(str, words)],
            env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the app is; afterwards it has to be as it was."""
    assert BUILT.is_dir(), "There is no app yet: make package"
    folder = tmp_path_factory.mktemp("Programme für 東京") / "Res Shift"
    shutil.copytree(BUILT, folder, symlinks=True, copy_function=_link)
    before = _state(folder)
    for place in (folder, *folder.rglob("*")):
        if place.is_dir() and not place.is_symlink():
            place.chmod(0o555)
    yield folder
    for place in (folder, *folder.rglob("*")):
        if place.is_dir() and not place.is_symlink():
            place.chmod(0o755)
    assert _state(folder) == before


@pytest.fixture
def people(tmp_path: Path, installed: Path) -> Iterator[tuple[Person, Person]]:
    """Two of them. Afterwards nothing of theirs runs any more."""
    both = Person(tmp_path / "Zoë Müller", installed), Person(tmp_path / "山田太郎", installed)
    for person in both:
        person.home.mkdir()
    yield both
    for process in psutil.process_iter():
        try:
            if process.environ().get("HOME") in {str(person.home) for person in both}:
                process.kill()
                process.wait(10)
        except psutil.Error:
            pass


@pytest.fixture
def person(people: tuple[Person, Person]) -> Person:
    return people[0]


@pytest.fixture
def picture(person: Person) -> Path:
    """A part of a sample, so small that it takes no time."""
    path = person.home / "Café 写真.png"
    Image.open(ROOT / "resources/samples/parrots.jpg").crop((40, 40, 120, 104)).save(path)
    return path


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    with virtual_desktop(1280, 800) as running:
        yield running


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)  # a copy would take half a gigabyte
    except OSError:
        shutil.copy2(source, target)


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}

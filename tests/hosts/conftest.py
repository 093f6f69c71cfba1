"""The real GIMP and Krita. Where they cannot be had a developer's tests are skipped, and CI's fail."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.chroot import NotPossibleError, ready_root
from tests.hosts.machine import Machine
from tests.hosts.started_home import started_home


@pytest.fixture(scope="session")
def root() -> Path:
    """The system with GIMP and Krita in it; not to be written to, which Machine sees to."""
    try:
        return ready_root()
    except NotPossibleError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Where screenshots go: the folder $RESSHIFT_SCREENSHOTS, for people to look at, else the test's own."""
    return Path(os.environ.get("RESSHIFT_SCREENSHOTS", tmp_path / "screenshots"))


@pytest.fixture(scope="session")
def home_template(root: Path) -> Path:
    """A home in which both editors have run once."""
    return started_home(root)


@pytest.fixture
def machine(root: Path, home_template: Path, tmp_path: Path, album: Path) -> Iterator[Machine]:
    """A computer without a screen, on which both editors have run once."""
    machine = Machine(root, tmp_path / "machine", album)
    shutil.copytree(home_template, machine.home, symlinks=True)
    yield machine
    shutil.rmtree(machine.home)  # 80 MB


@pytest.fixture
def desk(machine: Machine) -> Iterator[Machine]:
    """The same computer with a screen."""
    with machine.with_screen() as with_screen:
        yield with_screen

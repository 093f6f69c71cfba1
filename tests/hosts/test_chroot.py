"""Where the system with GIMP and Krita comes from, and that a cache is not simply believed."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hosts import chroot
from tests.hosts.chroot import NotPossibleError, fingerprint, mirror, ready_root

_REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, and a system that is quickly made: two files."""

    def build(root: Path) -> None:
        (root / "bin").mkdir(parents=True)
        (root / "bin" / "gimp").write_text("program", "utf-8")
        (root / "sh").symlink_to("bin/gimp")

    monkeypatch.setenv("RESSHIFT_HOSTS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("RESSHIFT_HOSTS_ROOT", raising=False)
    monkeypatch.setattr(chroot, "_build", build)
    return tmp_path / "cache"


def _truncate(root: Path) -> None:
    (root / "bin" / "gimp").write_text("pro", "utf-8")


def _forget(root: Path) -> None:
    (root / "bin" / "gimp").unlink()


def _add(root: Path) -> None:
    (root / "bin" / "krita").touch()


def _take_rights(root: Path) -> None:
    (root / "bin" / "gimp").chmod(0o600)


def _redirect(root: Path) -> None:
    (root / "sh").unlink()
    (root / "sh").symlink_to("bin/bash")


def _stop_half_way(root: Path) -> None:
    root.with_suffix(".sha256").unlink()


@pytest.mark.parametrize("harm", [_truncate, _forget, _add, _take_rights, _redirect, _stop_half_way])
def test_a_cache_that_is_not_whole_is_made_anew(cache: Path, harm: Callable[[Path], None]) -> None:
    root = ready_root()
    assert root.is_relative_to(cache)
    whole = fingerprint(root)
    made = (root / "sh").lstat().st_ctime_ns
    assert (ready_root() / "sh").lstat().st_ctime_ns == made
    harm(root)
    assert ready_root() == root
    assert (root / "sh").lstat().st_ctime_ns > made
    assert fingerprint(root) == whole


def test_another_list_of_packages_is_another_root(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del cache
    first = ready_root()
    monkeypatch.setattr(chroot, "_OPTIONS", ("--include=krita",))
    assert ready_root() != first


_A, _B = "http://a.example/debian", "http://b.example/debian"
_OURS = f"Types: deb deb-src\nURIs: {_B}\nSuites: NAME NAME-updates\nComponents: main\n"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("list", f"deb {_B} NAME main"),
        ("list", f"deb-src {_A} NAME main\ndeb {_B}/ NAME main contrib"),
        ("list", f"# deb {_A} NAME main\ndeb {_A} NAME-security main\ndeb [arch=amd64] {_B} stable main"),
        ("sources", _OURS),
        ("sources", f"{_OURS.replace(_B, _A)}Enabled: no\n\n{_OURS}"),
    ],
)
def test_the_mirror_is_that_of_this_machines_apt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, text: str
) -> None:
    monkeypatch.delenv("RESSHIFT_HOSTS_MIRROR", raising=False)
    name = platform.freedesktop_os_release()["VERSION_CODENAME"]
    _move_apt(tmp_path, monkeypatch, f"one.{form}", f"{text.replace('NAME', name)}\n")
    assert mirror().rstrip("/") == _B


def test_without_a_mirror_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESSHIFT_HOSTS_MIRROR", raising=False)
    _move_apt(tmp_path, monkeypatch, "one.list", "deb http://x.example/tools any main\n")
    with pytest.raises(NotPossibleError, match="RESSHIFT_HOSTS_MIRROR"):
        mirror()
    monkeypatch.setenv("RESSHIFT_HOSTS_MIRROR", "http://c.example/debian")
    assert mirror() == "http://c.example/debian"


def _move_apt(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    (folder / "parts").mkdir()
    (folder / "parts" / name).write_text(text, "utf-8")
    (folder / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "{folder / "parts"}";\n', "utf-8"
    )
    monkeypatch.setenv("APT_CONFIG", str(folder / "apt.conf"))


def test_without_root_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NotPossibleError, match="need Linux and root"):
        ready_root()


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_developers_skip_and_ci_fails(tmp_path: Path, ci: str, code: int) -> None:
    command = [sys.executable, "-m", "pytest", "tests/hosts/test_machine.py", "-k", "mounts"]
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path), "CI": ci}
    for words in (command, [sys.executable, "-m", "tests.hosts.prepare"]):
        done = subprocess.run(
            words, cwd=_REPOSITORY, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code, done.stderr
        assert "The tests in the real GIMP and Krita need mmdebstrap." in done.stdout + done.stderr

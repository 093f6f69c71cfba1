"""A Debian with GIMP 3 and Krita in a folder, made once and kept in a cache.

Its packages come from wherever this machine's own apt takes them from.
"""

import hashlib
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

_SUITE = "trixie"  # the first Debian with GIMP 3
_PACKAGES = (
    *("gimp", "python3", "gir1.2-gimp-3.0", "krita", "python3-pyqt5"),
    *("dbus-x11", "openbox", "fonts-dejavu-core", "imagemagick"),
)
_OPTIONS = (
    *("--variant=minbase", "--mode=root", f"--include={','.join(_PACKAGES)}"),
    '--aptopt=APT::Install-Recommends "false"',
    *(f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in ("man", "doc", "locale")),
)
_BUILD_SECONDS = 720
# Also for building, so that no mount of a build that was killed is left.
NAMESPACES = (
    *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"),
)


class NotPossibleError(Exception):
    """This machine cannot make or enter the system that the tests need; the text says what is missing."""


def check_machine() -> None:
    """Raises NotPossibleError where a root cannot be made and entered."""
    if sys.platform != "linux" or os.geteuid() != 0:
        raise NotPossibleError(
            "The tests in the real GIMP and Krita need Linux and root: sudo make test-hosts."
        )
    for tool in ("mmdebstrap", "unshare", "Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            raise NotPossibleError(f"The tests in the real GIMP and Krita need {tool}.")
    if subprocess.run([*NAMESPACES, "true"], capture_output=True, check=False).returncode:
        raise NotPossibleError(
            "The tests in the real GIMP and Krita need to make mounts, which this machine forbids."
        )


def ready_root() -> Path:
    """The root folder of the system: the cache's if that is whole, else made now, which takes minutes.

    RESSHIFT_HOSTS_CACHE moves the cache; RESSHIFT_HOSTS_ROOT names a root that is used as it is.

    Raises:
        NotPossibleError: this machine cannot make one.
    """
    check_machine()
    if named := os.environ.get("RESSHIFT_HOSTS_ROOT"):
        return Path(named)
    recipe = repr((_SUITE, _OPTIONS, platform.machine()))
    return cached(cache_folder() / f"root-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}", _build)


def cache_folder() -> Path:
    """What takes minutes to make is kept there; RESSHIFT_HOSTS_CACHE moves it."""
    named = os.environ.get("RESSHIFT_HOSTS_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "resshift-hosts"


def cached(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder as `make` made it, once; made anew where anything in it has changed since."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    noted, part = folder.with_suffix(".sha256"), folder.with_suffix(".part")
    with FileLock(folder.with_suffix(".lock")):
        if not (folder.is_dir() and noted.is_file() and noted.read_text("utf-8") == fingerprint(folder)):
            noted.unlink(missing_ok=True)
            _remove(folder)
            _remove(part)
            make(part)
            part.rename(folder)
            noted.write_text(fingerprint(folder), "utf-8")
    return folder


def fingerprint(root: Path) -> str:
    """A hash of the names, kinds, permissions, owners, lengths and links of all that is in a folder."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted([*folders, *names]):
            path = os.path.join(folder, name)  # noqa: PTH118 -- there are 30 000 of them
            status = os.lstat(path)
            length = status.st_size if name in names else 0
            line = f"{path[len(str(root)) :]}\0{status.st_mode}\0{status.st_uid}:{status.st_gid}\0{length}\n"
            if stat.S_ISLNK(status.st_mode):
                line += os.readlink(path)  # noqa: PTH115
            digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _build(root: Path) -> None:
    print(f"Making a Debian {_SUITE} with GIMP and Krita, once; this takes minutes.", flush=True)
    command = [*NAMESPACES, "mmdebstrap", *_OPTIONS, _SUITE, str(root), mirror()]
    try:
        made = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotPossibleError(f"mmdebstrap took longer than {_BUILD_SECONDS} s.") from error
    if made.returncode:
        raise NotPossibleError(f"mmdebstrap failed:\n{made.stdout[-4000:]}")


def mirror() -> str:
    """Where this machine takes its Debian from, in whichever form its apt was told."""
    if named := os.environ.get("RESSHIFT_HOSTS_MIRROR"):
        return named
    release = platform.freedesktop_os_release()
    kinds = "$(RELEASE) $(COMPONENT) $(REPO_URI)"
    command = ["apt-get", "indextargets", "--no-release-info", "--format", kinds, "Created-By: Packages"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    suites = {release.get("VERSION_CODENAME"), "stable", "testing", "unstable"}
    for suite, component, address in (line.split(" ", 2) for line in told.splitlines()):
        if release["ID"] == "debian" and suite in suites and component == "main":
            return address
    raise NotPossibleError(
        "No Debian mirror is in this machine's apt sources; RESSHIFT_HOSTS_MIRROR may name one."
    )


def _remove(folder: Path) -> None:
    subprocess.run(["rm", "--recursive", "--force", "--one-file-system", str(folder)], check=True)

"""Installing for the real hosts, and where it cannot be: on a full disk and a read-only one."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from resshift_desktop.editors.bundle import Editor, main, zip_name
from tests.hosts.chroot import NAMESPACES
from tests.hosts.machine import CORE, Machine
from tests.hosts.plugins import install_gimp, install_krita, resshift

_CASES = {
    "full": (
        "mount -t tmpfs -o size=48k tmpfs {0}",
        "GIMP 3.0: The disk is full. Make room, then try again.",
    ),
    "read-only": ("mount --bind -o ro {0} {0}", "GIMP 3.0: ResShift may not change"),
}


@pytest.mark.parametrize("case", _CASES)
def test_a_disk_that_takes_nothing(tmp_path: Path, root: Path, case: str) -> None:
    del root
    mount, said = _CASES[case]
    folder = tmp_path / ".config" / "GIMP" / "3.0"
    folder.mkdir(parents=True)
    install = f"{' '.join(CORE)} plugins install gimp"
    script = f"{mount.format(folder)}; {install}; echo $?; find {folder} -mindepth 2"
    done = subprocess.run(
        [*NAMESPACES, "sh", "-c", script],
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr.startswith(said)
    assert done.stdout == "1\n"


def test_krita_can_import_the_zip(machine: Machine) -> None:
    """By the code of its own menu entry Import Python Plugin."""
    main(machine.folder)
    (machine.folder / "resources").mkdir()
    program = "/usr/share/krita/pykrita/plugin_importer/plugin_importer.py"
    # Its i18n comes from Krita's own modules, which there are none of outside of it.
    script = (
        "import builtins, runpy, sys, types\n"
        "builtins.i18n = str\n"
        "sys.modules['krita'] = types.SimpleNamespace()\n"
        f"sys.argv = ['', '{machine.folder / zip_name(Editor.KRITA)}', '{machine.folder / 'resources'}']\n"
        f"runpy.run_path('{program}', run_name='__main__')\n"
    )
    assert "Imported plugin: ResShift" in machine.run("python3", "-c", script)
    found = {
        p.relative_to(machine.folder / "resources").as_posix()
        for p in (machine.folder / "resources").rglob("*")
    }
    assert {
        "pykrita/resshift.desktop",
        "pykrita/resshift/bridge/client.py",
        "actions/resshift.action",
    } <= found
    stamp = json.loads(
        (machine.folder / "resources" / "pykrita" / "resshift" / "installed.json").read_text("utf-8")
    )
    assert {f"pykrita/resshift/{name}" for name in stamp["files"]} <= found


@pytest.mark.parametrize("editor", Editor)
def test_what_plugins_carry_runs_in_the_hosts_python(machine: Machine, editor: Editor) -> None:
    main(machine.folder)
    code = "import bridge.client, bridge.launcher, bridge.for_plugins, sys; print(sys.version_info[:2])"
    path = f"{machine.folder / zip_name(editor)}/{editor.module}"
    assert "(3, 13)" in machine.run("python3", "-W", "error", "-c", code, PYTHONPATH=path)


def test_gimp_has_it_while_it_is_installed(machine: Machine) -> None:
    known = machine.home / ".config" / "GIMP" / "3.0" / "pluginrc"
    start = ("gimp-console", "--no-interface", "--no-data", "--no-fonts", "--quit")
    install_gimp(machine)
    machine.run(*start)
    assert b"plug-in-resshift-upscale" in known.read_bytes()
    resshift(machine, "plugins", "remove")
    machine.run(*start)
    assert b"resshift" not in known.read_bytes()


def test_krita_loads_it_also_from_resources_that_were_moved(desk: Machine) -> None:
    moved = desk.folder / "moved"
    shutil.move(desk.home / ".local" / "share" / "krita", moved)
    settings = desk.home / ".config" / "kritarc"
    settings.write_text(f"ResourceDirectory={moved}\n{settings.read_text('utf-8')}", "utf-8")
    before = settings.read_bytes()
    install_krita(desk)
    plugin = moved / "pykrita" / "resshift"
    with desk.running("krita", "--nosplash") as krita:
        krita.wait_until((plugin / "__pycache__").is_dir, 120)
    assert "Krita: installed" in resshift(desk, "plugins", "status")
    settings.write_bytes(
        before + b"[python]\nenable_resshift=true\n"
    )  # as before Krita wrote its own into it
    resshift(desk, "plugins", "remove")
    assert not plugin.exists()
    assert settings.read_bytes() == before
    assert not (desk.home / ".local" / "share" / "krita" / "pykrita").exists()

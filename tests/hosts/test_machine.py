"""The computer that the plugins' tests use: it has what they need, and leaves nothing behind."""

import shutil
from pathlib import Path

import psutil
import pytest

from resshift_desktop import bridge
from tests.hosts.chroot import fingerprint
from tests.hosts.machine import Machine, outside


def test_it_has_the_programs(desk: Machine) -> None:
    assert "version 3." in desk.run("gimp-console", "--version")
    assert "krita 5." in desk.run("krita", "--version")
    assert "Python 3.13" in desk.run("python3", "--version")


def test_only_its_folder_can_be_written(machine: Machine) -> None:
    before = fingerprint(machine.root / "etc")
    machine.run(
        "sh", "-c", "touch ~/kept /tmp/lost /srv-lost; ! touch /usr/x && ! touch /etc/x && ! touch /var/lib/x"
    )
    assert (machine.home / "kept").is_file()
    assert not Path("/tmp/lost").exists()
    assert not (machine.root / "srv-lost").exists()
    assert fingerprint(machine.root / "etc") == before


def test_it_leaves_no_mounts(machine: Machine) -> None:
    before = Path("/proc/mounts").read_text("utf-8")
    assert str(machine.folder) in machine.run("cat", "/proc/mounts")
    assert Path("/proc/mounts").read_text("utf-8") == before


def test_a_program_that_fails_says_so(machine: Machine) -> None:
    with pytest.raises(AssertionError, match=r"Exit code 3.\nalas"):
        machine.run("sh", "-c", "echo alas; exit 3")


def test_a_program_that_takes_too_long_is_killed_with_all_it_started(machine: Machine) -> None:
    with pytest.raises(AssertionError, match=r"Not done after 1 s.\nstarted"):
        machine.run("sh", "-c", "setsid sleep 4242 & echo started; sleep 4242", timeout=1)
    commands = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert ["sleep", "4242"] not in commands


_PLUGIN = """
import sys, time
from bridge.launcher import connect
print("device", connect().health()["device"], flush=True)
time.sleep(99)
"""


def test_a_plugin_can_start_the_core(machine: Machine) -> None:
    """By the launcher that plugins carry, in the root's Python; the core ends with the program."""
    shutil.copytree(Path(bridge.__file__).parent, machine.folder / "plugin" / "bridge")
    environment = {"PYTHONPATH": str(machine.folder / "plugin")}
    with machine.running("python3", "-c", _PLUGIN, core=machine.core_program(), **environment) as program:
        program.wait_until(lambda: "device" in program.said)
        assert len(machine.cores()) == 1
        assert (machine.data / "connection.json").is_file()
    assert machine.cores() == []


def test_without_a_core_resshift_is_not_installed(machine: Machine) -> None:
    shutil.copytree(Path(bridge.__file__).parent, machine.folder / "plugin" / "bridge")
    with pytest.raises(AssertionError, match="ResShift was not found on this computer"):
        machine.run("python3", "-c", _PLUGIN, PYTHONPATH=str(machine.folder / "plugin"))


def test_a_screen_can_be_looked_at(desk: Machine) -> None:
    picture = desk.screenshot("empty")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "1280x800" in desk.run(
        "identify", picture if picture.is_relative_to(desk.folder) else outside(picture)
    )

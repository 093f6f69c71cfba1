"""`python -m tests.hosts.overhead`: the seconds that the plugins take beside the model.

A layer of 4 megapixels goes to a core that computes nothing, which gives it back as it is. For
docs/performance.md; Linux and root, as for the tests in the real programs.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from resshift_desktop.core.imaging.files import ImageFormat, read_image, write_image
from resshift_desktop.core.imaging.vips import pyvips
from resshift_desktop.lab.markdown import table
from tests.hosts import gimp, krita
from tests.hosts.chroot import ready_root
from tests.hosts.machine import Machine
from tests.hosts.started_home import started_home

_CORE = (sys.executable, "-m", "resshift_desktop.lab.no_op_core")
_PARTS = ("read", "send", "receive", "write", "show")
_LAPS = Path(__file__).parent / "inside" / "laps.py"
_SIDE = 2000


def main() -> None:
    """Print the medians as a table."""
    root = ready_root()
    home = started_home(root)
    rows = [("command line", "PNG of 8 bits", *_by_the_command_line())]
    with tempfile.TemporaryDirectory() as name:
        for host, measure in (("GIMP", _in_gimp), ("Krita", _in_krita)):
            machine = Machine(root, Path(name, host), Path(name))
            shutil.copytree(home, machine.home, symlinks=True)
            rows += [(host, *row) for row in _medians(measure(machine))]
    print(table(("", "layer", *(f"{part}, s" for part in _PARTS), "all, s"), rows))


def _in_gimp(machine: Machine) -> list:
    gimp.install(machine)
    shutil.copy(_LAPS, machine.folder)
    (machine.folder / "bin").mkdir()
    machine.core_program(*_CORE).rename(machine.folder / "bin" / "resshift")
    with gimp.console(machine, "overhead") as program:
        program.wait(300)
    report = gimp.report(machine, "overhead")
    assert set(report.values()) == {"well"}, report
    return json.loads((machine.folder / "gimp.json").read_text("utf-8"))


def _in_krita(machine: Machine) -> list:
    with machine.with_screen() as desk:
        report = krita.play(desk, "krita_overhead", desk.core_program(*_CORE), laps="laps")
        assert set(report.values()) == {"well"}, report
        return json.loads((desk.folder / "krita.json").read_text("utf-8"))


def _medians(runs: list) -> list[tuple[str, ...]]:
    """A row for each kind of picture: the medians of its parts, and that of their sums."""
    rows = []
    for kind in dict.fromkeys(kind for kind, _ in runs):
        laps = [seconds for each, seconds in runs if each == kind]
        parts = [median(seconds.get(part, 0) for seconds in laps) for part in _PARTS]
        rows.append(
            (kind, *(f"{seconds:.2f}" for seconds in (*parts, median(sum(lap.values()) for lap in laps))))
        )
    return rows


def _by_the_command_line() -> tuple[str, ...]:
    """What `resshift upscale` does beside the model: reading the file, writing and verifying the result."""
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (_SIDE // 50, _SIDE // 50, 4), np.uint8)
    read, written = [], []
    with tempfile.TemporaryDirectory() as name:
        before = Path(name, "in.png")
        pyvips.Image.new_from_array(coarse).resize(50).cast("uchar").write_to_file(str(before))
        for number in range(3):
            started = time.monotonic()
            picture = read_image(before)
            between = time.monotonic()
            write_image(Path(name, f"{number}.png"), picture, ImageFormat.PNG)
            read.append(between - started)
            written.append(time.monotonic() - between)
    whole = median(a + b for a, b in zip(read, written, strict=True))
    return f"{median(read):.2f}", "", "", f"{median(written):.2f}", "", f"{whole:.2f}"


if __name__ == "__main__":
    main()

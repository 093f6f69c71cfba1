"""The `resshift` command as tests call it: in this process where possible, in its own where that matters."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from resshift_desktop.cli.app import main


@dataclass(frozen=True)
class Outcome:
    """How a call of the command ended."""

    code: int
    out: str
    err: str


Resshift = Callable[..., Outcome]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def work_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command keeps its work in progress."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("RESSHIFT_CACHE", str(folder))
    monkeypatch.setenv("RESSHIFT_DATA", str(folder / "data"))
    return folder / "work"


@pytest.fixture
def resshift(work_folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Resshift]:
    """Runs the command in this process. At the end nothing of its work in progress may be left."""

    def run(*arguments: object) -> Outcome:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    yield run
    assert listing(work_folder) == []


@pytest.fixture
def start(work_folder: Path) -> Iterator[Start]:
    """Starts the command in a process of its own. At the end nothing of its work may be left."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: object, code: str = "", **options: Any) -> subprocess.Popen[str]:
        program = ["-c", code] if code else ["-m", "resshift_desktop.cli.app"]
        words = [sys.executable, *program, *map(str, arguments)]
        environment = {**os.environ, "OMP_WAIT_POLICY": "passive"}
        options = {"stderr": subprocess.PIPE, **options}
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment, **options)
        started.append(process)
        return process

    yield run
    for process in started:
        with process:
            process.kill()
    assert listing(work_folder) == []


def outcome(process: subprocess.Popen[str]) -> Outcome:
    """Waits for the end of a process."""
    out, err = process.communicate(timeout=120)
    return Outcome(process.returncode, out, err)


def noise_picture(path: Path, width: int = 32, height: int = 32, **options: Any) -> Path:
    """A picture file of coloured noise, at `path`."""
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)
    return path


def listing(folder: Path) -> list[str]:
    """All that is in a folder and below, hidden files too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def one_line(text: str) -> str:
    """The only line of `text`."""
    (line,) = text.splitlines()
    return line

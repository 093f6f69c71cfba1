"""The real core, killed at 20 moments of a batch: nothing is lost or doubled, and the files are the same."""

import os
import random
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from resshift_desktop.bridge.jobs_client import JobsClient
from resshift_desktop.bridge.launcher import connect
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.imaging.files import ImageFormat, read_image, write_image
from resshift_desktop.core.imaging.pixels import PixelImage

KILLS = 20
TILE_SIZE = 64
SIZES = [(70, 100, 3), (100, 64, 3), (90, 130, 4), (64, 64, 1), (33, 150, 3), (110, 70, 2)]
SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "lighthouse.jpg"


@pytest.fixture
def core_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own; whatever core is left there at the end is killed."""
    for name in ("DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"RESSHIFT_{name}", str(tmp_path / name.lower()))
    yield tmp_path
    kill(running_core())


def running_core() -> JobsClient:
    return JobsClient(connect().connection)


def kill(core: JobsClient) -> None:
    os.kill(core.connection.pid, signal.SIGKILL)


def write_inputs(folder: Path) -> list[UpscaleRequest]:
    """Pieces of a photograph in different forms, each with its request."""
    photo = read_image(SAMPLE).array
    requests: list[UpscaleRequest] = []
    for number, (height, width, bands) in enumerate(SIZES):
        piece = photo[5 * number :, 7 * number :][:height, :width]
        array = piece[..., :1] if bands < 3 else piece
        if bands in (2, 4):
            array = np.concatenate([array, piece[..., :1] // 2 + 100], axis=2)
        source = folder / f"{number}.png"
        write_image(source, PixelImage(array), ImageFormat.PNG)
        output = folder / "results" / f"{number}.png"
        requests.append(UpscaleRequest(source, output, ImageFormat.PNG, tile_size=TILE_SIZE, seed=number))
    return requests


def undisturbed(requests: list[UpscaleRequest], folder: Path) -> list[bytes]:
    folder.mkdir()
    engine = Engine()
    results = [
        engine.upscale(replace(request, output=folder / request.output.name), lambda _: None, lambda: False)
        for request in requests
    ]
    return [result.output.read_bytes() for result in results]


@pytest.mark.timeout(600)
def test_killed_at_twenty_moments(core_folders: Path) -> None:
    requests = write_inputs(core_folders)
    expected = undisturbed(requests, core_folders / "undisturbed")
    core = running_core()
    added = core.add_jobs(
        [
            {
                "input": str(request.input), "output": str(request.output), "format": "png",
                "tile_size": request.tile_size, "seed": request.seed,
            }
            for request in requests
        ]
    )  # fmt: skip
    chance = random.Random(0)
    kills = 0
    while kills < KILLS:
        seq = core.list_jobs()["seq"]
        # While it starts, before, in and after a tile, while a result is written: whatever comes then. But
        # every third time not before some tiles are finished, because a picture that kills the core again
        # and again is given up.
        wanted = chance.randint(0, 7)
        enough = progress(core) + 0.4 if kills % 3 == 2 else 0.0
        for seen, _event in enumerate(core.events(seq)):
            if all_ended(core) or (seen >= wanted and progress(core) >= enough):
                break
        kill(core)
        kills += 1
        core = running_core()
    for event in core.events(0):
        if event.kind in ("changed", "reset") and all_ended(core):
            break
    jobs = core.list_jobs()["jobs"]
    assert [job["id"] for job in jobs] == [job["id"] for job in added]
    assert [job["state"] for job in jobs] == ["done"] * len(requests)
    assert [request.output.read_bytes() for request in requests] == expected
    names = sorted(path.name for path in requests[0].output.parent.iterdir())
    assert names == sorted(request.output.name for request in requests)


def progress(core: JobsClient) -> float:
    """How many of the pictures are done, in parts of one."""
    return sum(job["fraction"] for job in core.list_jobs()["jobs"])


def all_ended(core: JobsClient) -> bool:
    counts = core.list_jobs()["counts"]
    return counts["done"] + counts["failed"] == len(SIZES)

"""How long it will take: told within a quarter after the first tenth, on a clock that tests move."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from resshift_desktop.core.engine.request import UpscaleProgress, UpscaleResult
from resshift_desktop.core.jobs.backlog import Backlog
from resshift_desktop.core.jobs.estimate import Rate, Sitting
from resshift_desktop.core.jobs.job import JobState
from resshift_desktop.core.jobs.record import JobRecord
from tests.core.jobs.conftest import Core, request_for

SECONDS_PER_MEGAPIXEL = 20.0
LOADING = 30.0
TILES = 8


class Batch:
    """Pictures with sides of `sides` pixels, computed on a clock that this moves.

    The first picture of all waits for the model to load; each needs a moment to be read and written.
    """

    def __init__(self, core: Core, sides: Sequence[int], speed: float = SECONDS_PER_MEGAPIXEL) -> None:
        self.core, self.now, self.speed = core, 1000.0, speed
        core.queue._clock = lambda: self.now
        requests = []
        for number, side in enumerate(sides):
            request = request_for(core.folder, str(number))
            Image.new("L", (side, side)).save(request.input)
            requests.append(request)
        self.sides = {job.id: side for job, side in zip(core.queue.add(requests), sides, strict=True)}
        self.total = sum(map(self.seconds, sides))

    def seconds(self, side: int) -> float:
        return self.speed * (4 * side) ** 2 / 1e6

    def run_one(self, loading: float = 0.0, tiles: int = TILES) -> None:
        """Compute the next picture, or only its first `tiles` tiles."""
        job = self.core.queue.claim()
        assert job is not None
        self.now += loading
        for tile in range(tiles):
            self.now += self.seconds(self.sides[job.id]) / TILES
            fraction = 0.97 * (tile + 1) / TILES
            self.core.queue.progress(job.id, UpscaleProgress(fraction, None, tile + 1, TILES))
        if tiles == TILES:
            self.core.queue.finish(job.id, UpscaleResult(Path("r"), 1, 1, 1.0, "builtin", "CPU", 0))

    def run_first_tenth(self) -> float:
        """The time that is left in truth."""
        started = self.now
        self.run_one(LOADING)
        while self.now - started - LOADING < self.total / 10:
            self.run_one()
        return self.total - (self.now - started - LOADING)


def _mixed(seed: int) -> list[int]:
    """Sides from 20 to 640: areas differ a thousandfold."""
    random_sides = random.Random(seed)
    return [round(20 * 2 ** random_sides.uniform(0, 5)) for _ in range(60)]


@pytest.mark.parametrize(
    "sides",
    [[100] * 30, [100] * 10, *map(_mixed, range(5)), sorted(_mixed(9)), sorted(_mixed(9), reverse=True)],
)
def test_the_total_is_within_a_quarter_after_a_tenth(core: Core, sides: list[int]) -> None:
    batch = Batch(core, sides)
    assert core.queue.seconds_left() is None
    left = batch.run_first_tenth()
    told = core.queue.seconds_left()
    assert told is not None
    assert abs(told - left) < 0.25 * left


@pytest.mark.parametrize("slower", [0.5, 1.0, 2.0])
def test_what_an_earlier_run_learned_is_a_beginning_only(core: Core, slower: float) -> None:
    Batch(core, [100] * 20).run_first_tenth()
    while core.queue.counts()[JobState.QUEUED]:
        core.queue.cancel(core.queue.page(states=[JobState.QUEUED])[0].id)
    core.reopen()
    batch = Batch(core, [100] * 30, SECONDS_PER_MEGAPIXEL * slower)
    at_first = core.queue.seconds_left()
    assert at_first is not None
    assert abs(at_first * slower - batch.total) < 0.05 * batch.total
    left = batch.run_first_tenth()
    told = core.queue.seconds_left()
    assert told is not None
    assert abs(told - left) < 0.25 * left


def test_the_job_in_work_is_told_too(core: Core) -> None:
    batch = Batch(core, [100] * 4)
    batch.run_one(LOADING)
    batch.run_one(tiles=TILES // 2)
    job = core.queue.page(states=[JobState.RUNNING])[0]
    each = batch.total / 4
    assert job.seconds_left is not None
    assert abs(job.seconds_left - each / 2) < 0.1 * each
    waiting = core.queue.page(states=[JobState.QUEUED])[0]
    assert waiting.seconds_left is not None
    assert abs(waiting.seconds_left - each) < 0.1 * each
    total = core.queue.seconds_left()
    assert total is not None
    assert abs(total - 2.5 * each) < 0.25 * each
    core.queue.pause(job.id)
    without = core.queue.seconds_left()
    assert without is not None
    assert abs(without - 2 * each) < 0.2 * each


def test_a_model_not_yet_measured_leaves_the_total_open(core: Core) -> None:
    batch = Batch(core, [50] * 3)
    batch.run_one()
    assert core.queue.seconds_left() is not None
    request = request_for(core.folder, "0", device="cuda:1")
    (job,) = core.queue.add([request])
    assert core.queue.seconds_left() is None
    core.queue.cancel(job.id)
    assert core.queue.seconds_left() is not None


def test_nothing_to_do_takes_no_time(core: Core) -> None:
    assert core.queue.seconds_left() == 0.0


def test_a_sitting_counts_from_its_first_report() -> None:
    sitting = Sitting(10.0, started_at=0.0, fraction_at_start=0.4)
    assert sitting.seconds_left(Rate()) is None
    assert sitting.seconds_left(Rate(20.0, 10.0)) == pytest.approx(12.0)
    sitting = sitting.with_progress(0.5, 100.0)
    assert sitting.measured() == Rate()
    sitting = sitting.with_progress(0.75, 110.0)
    assert sitting.measured() == Rate(10.0, 2.5)
    assert sitting.seconds_left(Rate()) == pytest.approx(10.0)
    assert Sitting(None, 0.0, 0.0).with_progress(0.5, 1.0).learned() == Rate()
    assert Sitting(10.0, 0.0, 0.0).with_progress(1.0, 3.0).learned() == Rate(3.0, 10.0)


def test_sums_stay_exact(tmp_path: Path) -> None:
    def record(number: int, pixels: int | None) -> JobRecord:
        return JobRecord(number, request_for(tmp_path), JobState.QUEUED, 0.0, 0.0, 1 / 3, 0.0, pixels)

    backlog = Backlog(dict.fromkeys(JobState, 0))
    records = [record(number, None if number % 10 == 0 else number * 7919) for number in range(1, 1000)]
    for one in records:
        backlog.change(None, one)
    rates = {("builtin", "auto"): Rate(2.0, 1.0)}
    before = backlog.seconds(rates)
    assert before is not None
    assert before > 0
    for one in records:
        backlog.change(one, None)
    assert backlog.seconds(rates) == 0.0
    assert backlog.counts[JobState.QUEUED] == 0

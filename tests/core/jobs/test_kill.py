"""A process killed at random moments of a batch: nothing lost, nothing doubled."""

import random
import subprocess
import sys
from pathlib import Path

from PIL import Image

from resshift_desktop.core.jobs.job import JobState
from tests.core.jobs.conftest import Core

JOBS, KILLS = 30, 6


def test_every_job_is_done_once_however_often_the_process_dies(tmp_path: Path) -> None:
    moments = random.Random(5)
    for life in range(KILLS):
        added = [str(JOBS)] if life == 0 else []
        command = [sys.executable, "-m", "tests.core.jobs.killed_worker", str(tmp_path), *added]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(moments.randint(1, 17)):
                assert process.stdout.readline() == b"tile\n", "it ended before it was killed"
            process.kill()
    core = Core(tmp_path)
    core.worker.start()
    core.until_all_done()
    jobs = core.queue.page()
    assert len(jobs) == JOBS
    assert {job.state for job in jobs} == {JobState.DONE}
    endings = core.queue.history(10 * JOBS)
    assert sorted(ending.job for ending in endings) == [job.id for job in jobs]
    for job in jobs:
        with Image.open(job.request.output) as image:
            image.load()
    assert len(list((tmp_path / "out").iterdir())) == JOBS
    core.close()

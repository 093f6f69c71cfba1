"""A process for test_kill: works through the queue in a folder, and tells of each tile on its output.

Usage: python -m tests.core.jobs.killed_worker FOLDER [JOBS_TO_ADD]
"""

import sys
from pathlib import Path

from tests.core.jobs.conftest import Core


def main(folder: Path, jobs_to_add: int) -> None:
    core = Core(folder)
    core.engine.on_tile_computed = lambda _input: print("tile", flush=True)
    core.add(*map(str, range(jobs_to_add)))
    core.worker.start()
    core.until_all_done()
    core.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)

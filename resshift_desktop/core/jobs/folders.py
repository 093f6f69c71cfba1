"""Where each job's work in progress lies."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_DISCARDED = "discarded-"


class JobFolders:
    """`root`/ID/ for each job, with work/ for the engine and preview/ for its finished tiles."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, job_id: int) -> Path:
        return self._root / str(job_id)

    def work(self, job_id: int) -> Path:
        return self.of(job_id) / "work"

    def preview(self, job_id: int) -> Path:
        return self.of(job_id) / "preview"

    def discard(self, job_id: int) -> None:
        """Delete all that is kept for a job. What is in use is left for the next `sweep`."""
        discarded = self._root / f"{_DISCARDED}{job_id}"
        shutil.rmtree(discarded, ignore_errors=True)
        with suppress(OSError):  # no such folder, or (on Windows) one in use
            self.of(job_id).rename(discarded)
            shutil.rmtree(discarded, ignore_errors=True)

    def discard_work(self, job_id: int) -> None:
        """Delete what the engine keeps for a job; its preview stays."""
        shutil.rmtree(self.work(job_id), ignore_errors=True)

    def sweep(self, is_over: Callable[[int], bool]) -> None:
        """Delete what a killed process left: folders of jobs that `is_over` says need none any more."""
        if not self._root.is_dir():
            return
        for folder in self._root.iterdir():
            if folder.name.startswith(_DISCARDED) or (folder.name.isdecimal() and is_over(int(folder.name))):
                shutil.rmtree(folder, ignore_errors=True)

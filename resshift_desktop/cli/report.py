"""How `resshift upscale` tells what it does: a progress bar, plain lines, or JSON lines."""

import json
import sys
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from resshift_desktop.cli.advice import hint_of, told
from resshift_desktop.core.engine.request import UpscaleProgress, UpscaleRequest, UpscaleResult
from resshift_desktop.errors import ResShiftError


class Report(Protocol):
    """What is told of a batch, picture by picture."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...
    def started(self, request: UpscaleRequest) -> None: ...
    def progress(self, progress: UpscaleProgress) -> None: ...
    def done(self, request: UpscaleRequest, result: UpscaleResult) -> None: ...
    def failed(self, request: UpscaleRequest, error: ResShiftError) -> None: ...


def make_report(pictures: int, as_json: bool) -> Report:
    """JSON lines if asked for, else for people: with a bar on a terminal, without one elsewhere."""
    return JsonReport() if as_json else PeopleReport(pictures)


class JsonReport:
    """One JSON object a line on standard output; `event` is started, progress, done or failed.

    Progress comes when another percent is done.
    """

    def __init__(self) -> None:
        self._percent = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def started(self, request: UpscaleRequest) -> None:
        self._percent = -1
        self._line(event="started", input=str(request.input), path=str(request.output))

    def progress(self, progress: UpscaleProgress) -> None:
        if int(100 * progress.fraction) == self._percent:
            return
        self._percent = int(100 * progress.fraction)
        left = progress.seconds_left
        self._line(
            event="progress",
            fraction=round(progress.fraction, 4),
            seconds_left=None if left is None else round(left, 1),
        )

    def done(self, request: UpscaleRequest, result: UpscaleResult) -> None:
        self._line(
            event="done",
            input=str(request.input),
            path=str(result.output),
            size=[result.width, result.height],
            seconds=round(result.seconds, 3),
            model=result.model,
            device=result.device,
            seed=result.seed,
        )

    def failed(self, request: UpscaleRequest, error: ResShiftError) -> None:
        self._line(event="failed", input=str(request.input), title=error.title, hint=hint_of(error))

    def _line(self, **fields: object) -> None:
        # Escaped to ASCII, so that no terminal's or pipe's encoding can stand in the way.
        print(json.dumps(fields), flush=True)


class PeopleReport:
    """A line for each picture when it is done or has failed, under them a bar for the one in work."""

    def __init__(self, pictures: int) -> None:
        self._pictures, self._number = pictures, 0
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("", total=1.0, left="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def started(self, request: UpscaleRequest) -> None:
        self._number += 1
        count = f"{self._number}/{self._pictures} " if self._pictures > 1 else ""
        self._bar.reset(self._task, description=f"{count}{request.input.name}", left="", start=True)

    def progress(self, progress: UpscaleProgress) -> None:
        left = progress.seconds_left
        self._bar.update(
            self._task,
            completed=progress.fraction,
            left="" if left is None or progress.fraction < 0.03 else f"{_duration(left)} left",
        )

    def done(self, request: UpscaleRequest, result: UpscaleResult) -> None:
        self._say(
            f"{request.input.name} -> {result.output}  {result.width} x {result.height}, "
            f"{_duration(result.seconds)} on {result.device}",
            sys.stdout,
        )

    def failed(self, request: UpscaleRequest, error: ResShiftError) -> None:
        self._say(f"{request.input}: {told(error)}", sys.stderr)

    def _say(self, line: str, stream: TextIO) -> None:
        if self._bar.disable or not stream.isatty():
            print(line, file=stream, flush=True)
        else:  # above the bar, on the same terminal
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _duration(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"

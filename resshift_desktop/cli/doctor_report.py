"""`resshift doctor --report`: what helps to find a fault, in a zip file that may be given to strangers."""

import contextlib
import importlib.metadata
import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from resshift_desktop.bridge.core_log import LOG_NAME
from resshift_desktop.bridge.core_process import journal_path
from resshift_desktop.bridge.privacy import scrub
from resshift_desktop.cli.doctor import print_diagnosis
from resshift_desktop.paths import logs_folder
from resshift_desktop.settings import load_settings


def print_and_report(file: Path | None) -> bool:
    """Print the diagnosis and put it, with logs, settings, versions and numbers of jobs, into a new zip file.

    No pictures, no paths, no names of people, computers or files. Returns whether pictures can be upscaled.

    Raises:
        OSError: the file cannot be written, or is there already.
    """
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        sound = print_diagnosis()
    print(printed.getvalue(), end="")
    file = file or Path(time.strftime("resshift-report-%Y%m%d-%H%M%S.zip"))
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as report:
        report.writestr("doctor.txt", scrub(printed.getvalue()))
        report.writestr("settings.json", _told(_settings))
        report.writestr("versions.txt", _told(_versions))
        report.writestr("jobs.json", _told(_jobs))
        for number, log in enumerate(_logs()):
            report.writestr(f"core-{number}.log", scrub(log))
    print(f"\nThe report is in {file}. It holds no pictures, and no names of files, people or computers.")
    return sound


def _told(part: Callable[[], str]) -> str:
    """A part of the report, or why it is missing."""
    try:
        return scrub(part())
    except Exception as error:  # what is broken here is why there is a report
        return f"failed: {type(error).__name__}"


def _settings() -> str:
    return json.dumps(asdict(load_settings()), indent=2)


def _versions() -> str:
    found = {f"{one.metadata['Name']} {one.version}" for one in importlib.metadata.distributions()}
    return "\n".join(sorted(found, key=str.lower))


def _jobs() -> str:
    """How many jobs there are in each state, and how those that ended did. The journal is only read."""
    if not journal_path().exists():
        return "{}"
    with contextlib.closing(sqlite3.connect(f"{journal_path().absolute().as_uri()}?mode=ro", uri=True)) as db:
        jobs = db.execute("SELECT state, COUNT(*) FROM jobs GROUP BY state").fetchall()
        ended = db.execute("SELECT state, kind, COUNT(*) FROM history GROUP BY state, kind").fetchall()
    return json.dumps({"jobs": dict(jobs), "ended": ended}, indent=2)


def _logs() -> Iterator[str]:
    """The log files, the newest first."""
    for path in sorted(logs_folder().glob(f"{LOG_NAME}*")):
        with contextlib.suppress(OSError):
            yield path.read_text("utf-8", errors="replace")

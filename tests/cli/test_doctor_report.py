import json
import logging
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop import paths
from resshift_desktop.bridge.core_log import logging_to_file
from resshift_desktop.bridge.privacy import LEFT_OUT, scrub
from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.core.jobs.events import EventLog
from resshift_desktop.core.jobs.job import Problem
from resshift_desktop.core.jobs.journal import Journal
from resshift_desktop.core.jobs.queue import JobQueue
from resshift_desktop.settings import Settings, save_settings
from tests.cli.conftest import Resshift

SECRETS = ["Mallory", "mallory-laptop", "Beach Party", "holiday", "Rome 2024"]


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mallory, at her computer."""
    home = tmp_path / "homes" / "Mallory"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "mallory")
    monkeypatch.setattr("socket.gethostname", lambda: "mallory-laptop.example.org")
    monkeypatch.setenv("RESSHIFT_LOGS", str(home / ".logs"))
    monkeypatch.chdir(home)


def contents(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as report:
        return {name: report.read(name).decode("utf-8") for name in report.namelist()}


def plant_logs() -> None:
    """Logs as an older or careless version may have written them."""
    logs = paths.logs_folder()
    logs.mkdir()
    home = Path.home()
    (logs / "core.log").write_text(
        f"10:00 INFO started by Mallory on mallory-laptop\n"
        f"10:01 INFO opened {home}/Pictures/Beach Party/holiday in Rome 2024.jpg\n"
        f"10:02 INFO opened ~/Beach Party\n"
        f"10:03 INFO opened C:\\Users\\Mallory\\Beach Party\\x\n"
        f"10:04 ERROR holiday in Rome 2024.JPEG is damaged\n"
        f"10:05 ERROR cannot write 'holiday.tif'\n"
        f"10:06 INFO 3 jobs left in {paths.data_folder()}\n"
        f"10:07 INFO MALLORY_SETTINGS loaded\n",
        "utf-8",
    )
    (logs / "core.log.1").write_bytes(b"older \xff INFO\nread /media/Mallory/Rome 2024/x\n")


def plant_jobs() -> None:
    """Three, of which one fails."""
    with closing(Journal(paths.data_folder() / "jobs.sqlite")) as journal:
        queue = JobQueue(journal, EventLog(journal.reserve_event_numbers))
        picture = Path.home() / "holiday.png"
        queue.add([UpscaleRequest(picture, picture.with_suffix(".tif"), ImageFormat.TIFF)] * 3)
        job = queue.claim()
        assert job is not None
        queue.fail(job.id, Problem("holiday.png is damaged.", "Mallory", "ImageReadError"))


def test_what_is_in_it_and_what_is_not(resshift: Resshift, tmp_path: Path) -> None:
    plant_logs()
    save_settings(Settings(idle_minutes=7))
    plant_jobs()

    result = resshift("doctor", "--report", tmp_path / "report.zip")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[-1].startswith(f"The report is in {tmp_path / 'report.zip'}.")
    found = contents(tmp_path / "report.zip")
    assert set(found) == {
        "doctor.txt",
        "settings.json",
        "versions.txt",
        "jobs.json",
        "core-0.log",
        "core-1.log",
    }
    everything = "\n".join(found.values())
    for secret in [*SECRETS, str(tmp_path), str(Path.home())]:
        assert secret.lower() not in everything.lower()

    assert "Ready: pictures can be upscaled" in found["doctor.txt"]
    assert "ResShift      0." in found["doctor.txt"]
    assert LEFT_OUT not in found["doctor.txt"]
    assert json.loads(found["settings.json"])["idle_minutes"] == 7
    assert "torch 2." in found["versions.txt"]
    assert json.loads(found["jobs.json"]) == {
        "jobs": {"failed": 1, "queued": 2},
        "ended": [["failed", "ImageReadError", 1]],
    }
    assert found["core-0.log"].splitlines() == [
        "10:00 INFO started by <user> on <computer>",
        *[LEFT_OUT] * 5,
        "10:06 INFO 3 jobs left in <data>",
        "10:07 INFO <user>_SETTINGS loaded",
    ]
    assert found["core-1.log"].splitlines() == ["older � INFO", LEFT_OUT]


def test_before_anything_has_run(resshift: Resshift, tmp_path: Path) -> None:
    assert resshift("doctor", "--report").code == 0
    (file,) = Path.cwd().glob("resshift-report-*.zip")
    found = contents(file)
    assert found["jobs.json"] == "{}"
    assert json.loads(found["settings.json"])["keep_awake"] is True
    assert str(tmp_path) not in "".join(found.values())


def test_a_broken_journal_is_told(resshift: Resshift, tmp_path: Path) -> None:
    paths.data_folder().mkdir()
    (paths.data_folder() / "jobs.sqlite").write_bytes(b"holiday" * 1000)
    resshift("doctor", "--report", tmp_path / "report.zip")
    assert contents(tmp_path / "report.zip")["jobs.json"] == "failed: DatabaseError"
    assert (paths.data_folder() / "jobs.sqlite").read_bytes() == b"holiday" * 1000


def test_nothing_is_overwritten(resshift: Resshift, tmp_path: Path) -> None:
    (tmp_path / "report.zip").write_text("precious")
    result = resshift("doctor", "--report", tmp_path / "report.zip")
    assert result.code == 1
    assert "File exists: report.zip." in result.err
    assert (tmp_path / "report.zip").read_text() == "precious"


def test_a_file_without_a_report(resshift: Resshift) -> None:
    result = resshift("doctor", "report.zip")
    assert (result.code, result.out) == (2, "")
    assert "--report" in result.err


@pytest.mark.parametrize(
    ("line", "scrubbed"),
    [
        ("Job 3: done in 2.5 s.", "Job 3: done in 2.5 s."),
        ("torch 2.13.0+cpu, glibc2.36, 384 x 384", "torch 2.13.0+cpu, glibc2.36, 384 x 384"),
        ("at unet.py:12 forward", "at unet.py:12 forward"),
        ("a mallorys b", "a mallorys b"),
        ("(Mallory)", "(<user>)"),
        ("mallory-laptop.example.org up", "<computer> up"),
        ("see http://example.org", LEFT_OUT),
        ("read \\\\server\\share", LEFT_OUT),
        ("x.kra and y.CR2", LEFT_OUT),
    ],
)
def test_scrubbing(line: str, scrubbed: str) -> None:
    assert scrub(line) == scrubbed


@given(st.text(), st.sampled_from(["/", "\\", ".png", ".HEIC"]), st.text())
def test_whatever_stands_around_it_a_file_is_not_named(before: str, mark: str, after: str) -> None:
    assert mark not in scrub(f"{before} secret{mark} {after}")


def test_the_log_holds_no_names(tmp_path: Path) -> None:
    log = logging.getLogger("resshift_desktop.some.part")
    with logging_to_file():
        log.info("Job 1: done.")
        log.info("Wrote %s", Path.home() / "holiday.png")
        try:
            (Path.home() / "holiday.png").read_bytes()
        except OSError:
            log.exception("Job 2 failed.")
    log.info("Not any more.")
    text = (paths.logs_folder() / "core.log").read_text("utf-8")
    assert "Job 1: done." in text
    assert "Job 2 failed." in text
    assert "FileNotFoundError" in text
    assert "test_doctor_report.py" in text
    assert "holiday" not in text
    assert str(tmp_path) not in text
    assert "any more" not in text


def test_the_log_starts_anew_when_it_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resshift_desktop.bridge.core_log._MAX_BYTES", 1000)
    with logging_to_file():
        for number in range(200):
            logging.getLogger("resshift_desktop").info("Job %d: done.", number)
    sizes = [path.stat().st_size for path in paths.logs_folder().iterdir()]
    assert len(sizes) == 4
    assert max(sizes) <= 1000

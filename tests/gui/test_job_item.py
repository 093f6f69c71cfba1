"""What people read about a picture's state."""

from pathlib import Path

import pytest

from resshift_desktop.gui.job_item import JobItem, JobRequest, Problem, State, state_in_words, time_left

WIRE = {
    "id": 12, "input": "/photos/a.jpg", "output": "/photos/big/a.png", "format": "png", "model": "builtin",
    "scale": None, "width": None, "height": None, "seed": 0, "device": "auto", "tile_size": None,
    "mask": None, "quality": 90, "overwrite": False, "state": "done", "position": 12.0, "fraction": 1.0,
    "seconds": 3.0, "seconds_left": None, "problem": None, "added_at": 1.0, "finished_at": 2.0,
    "result": {"output": "/photos/big/a.png", "width": 40, "height": 30, "seconds": 3.0, "device": "GPU"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, "a few seconds left"),
        (9.9, "a few seconds left"),
        (12, "10 s left"),
        (54, "55 s left"),
        (55, "1 min left"),
        (125, "2 min left"),
        (3569, "59 min left"),
        (3570, "1 h left"),
        (3700, "1 h 2 min left"),
        (7200, "2 h left"),
        (40000, "11 h left"),
    ],
)
def test_time_left(seconds: float | None, words: str) -> None:
    assert time_left(seconds) == words


@pytest.mark.parametrize(
    ("state", "fraction", "words"),
    [
        (State.NEW, 0.0, ""),
        (State.QUEUED, 0.0, "Waiting"),
        (State.QUEUED, 0.5, "Waiting, 50 % done"),
        (State.RUNNING, 0.999, "99 % · 2 min left"),
        (State.PAUSED, 0.25, "Paused at 25 %"),
        (State.DONE, 1.0, "Done"),
        (State.FAILED, 0.1, "What happened."),
        (State.CANCELLED, 0.1, "Cancelled"),
    ],
)
def test_each_state_in_words(state: State, fraction: float, words: str) -> None:
    problem = Problem("What happened.", "What to do.", "DeviceError") if state is State.FAILED else None
    item = JobItem(1, Path("a.png"), state, 1.0, fraction, 120.0, problem)
    assert state_in_words(item) == words


def test_a_job_of_the_core_is_understood() -> None:
    item = JobItem.from_wire(WIRE)
    assert (item.id, item.state, item.result_size, item.device) == (12, State.DONE, (40, 30), "GPU")
    assert item.result == Path("/photos/big/a.png")


def test_what_is_asked_is_what_was_asked() -> None:
    request = JobRequest.from_wire(WIRE)
    sent = request.to_wire()
    assert sent == {name: WIRE[name] for name in sent}

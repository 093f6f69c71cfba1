"""The list of pictures against a plain sorted list, whatever happens in whatever order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from resshift_desktop.gui.job_item import JobItem, State
from resshift_desktop.gui.jobs_model import ITEM_ROLE, JobsModel

JOB_STATES = [state for state in State if state is not State.NEW]


def job(job_id: int, state: State = State.QUEUED, position: float | None = None) -> JobItem:
    return JobItem(job_id, Path(f"/{job_id}.png"), state, job_id if position is None else position)


jobs = st.builds(job, st.integers(1, 12), st.sampled_from(JOB_STATES), st.floats(0, 100))


class ListMachine(RuleBasedStateMachine):
    """`kept` is what the model ought to hold."""

    def __init__(self) -> None:
        super().__init__()
        self.model = JobsModel()
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.kept: dict[int, JobItem] = {}

    @rule(changed=st.lists(jobs, max_size=8, unique_by=lambda item: item.id))
    def put(self, changed: list[JobItem]) -> None:
        self.model.put_jobs(changed)
        self.kept |= {item.id: item for item in changed}

    @rule(listed=st.lists(jobs, max_size=8, unique_by=lambda item: item.id))
    def reset(self, listed: list[JobItem]) -> None:
        self.model.reset_jobs(listed)
        self.kept = {item_id: item for item_id, item in self.kept.items() if item_id < 0}
        self.kept |= {item.id: item for item in listed}

    @rule(ids=st.lists(st.integers(1, 12), max_size=8, unique=True))
    def remove(self, ids: list[int]) -> None:
        self.model.remove(ids)
        self.kept = {item_id: item for item_id, item in self.kept.items() if item_id not in ids}

    @rule(count=st.integers(0, 6))
    def add_new(self, count: int) -> None:
        ids = self.model.add_new([Path(f"/new{number}.png") for number in range(count)])
        self.kept |= {new_id: item for new_id in ids if (item := self.model.item(new_id))}
        assert [self.model.item_at(self.model.rowCount() - count + n).id for n in range(count)] == ids

    @rule(data=st.data())
    def start(self, data: st.DataObject) -> None:
        new = [item_id for item_id in self.kept if item_id < 0]
        started = data.draw(st.lists(jobs, max_size=len(new), unique_by=lambda item: item.id))
        ids = new[: len(started)]
        self.model.start(ids, started)
        self.kept = {item_id: item for item_id, item in self.kept.items() if item_id not in ids}
        self.kept |= {item.id: item for item in started}
        assert [self.model.successor(new_id) for new_id in ids] == [item.id for item in started]

    @rule(data=st.data())
    def move_new(self, data: st.DataObject) -> None:
        new = [item.id for item in self.model.items(State.NEW)]
        moved = data.draw(st.lists(st.sampled_from(new), unique=True)) if new else []
        rest = [new_id for new_id in new if new_id not in moved]
        before = data.draw(st.sampled_from([*rest, None]))
        self.model.move_new(moved, before)
        place = len(rest) if before is None else rest.index(before)
        expected = rest[:place] + moved + rest[place:]
        assert [item.id for item in self.model.items(State.NEW)] == expected
        self.kept |= {item.id: item for item in self.model.items(State.NEW)}

    @rule(job_id=st.integers(1, 12), fraction=st.floats(0, 1))
    def progress(self, job_id: int, fraction: float) -> None:
        self.model.set_progress(job_id, fraction, None)
        if job_id in self.kept:
            self.kept[job_id] = replace(self.kept[job_id], fraction=fraction, seconds_left=None)

    @invariant()
    def holds_what_it_ought_to(self) -> None:
        expected = sorted(self.kept.values(), key=lambda item: (item.position, item.id))
        assert self.model.items() == expected
        assert [self.model.index_of(item.id).row() for item in expected] == list(range(len(expected)))
        counted = Counter(item.state for item in expected)
        assert +self.model.counts == counted


TestList = ListMachine.TestCase
TestList.settings = settings(max_examples=40, stateful_step_count=20)


def test_progress_of_an_unknown_job_is_passed_over() -> None:
    model = JobsModel()
    model.set_progress(7, 0.5, 1.0)
    assert model.rowCount() == 0
    assert not model.index_of(7).isValid()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Qt.ItemDataRole.DisplayRole, "1.png"),
        (Qt.ItemDataRole.AccessibleTextRole, "1.png, Waiting"),
        (Qt.ItemDataRole.ToolTipRole, "/1.png\nWaiting"),
        (Qt.ItemDataRole.DecorationRole, None),
    ],
)
def test_what_is_told_of_a_picture(role: Qt.ItemDataRole, expected: str | None) -> None:
    model = JobsModel()
    model.put_jobs([job(1)])
    assert model.index(0).data(role) == expected
    assert model.index(0).data(ITEM_ROLE) == job(1)


@pytest.mark.parametrize("count", [1, 5000])
def test_one_change_is_told_once_however_many_there_are(count: int, qtbot: object) -> None:  # noqa: ARG001
    model = JobsModel()
    model.reset_jobs([job(number) for number in range(1, count + 1)])
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.put_jobs([job(count, State.RUNNING)])
    model.set_progress(count, 0.5, 3.0)
    assert told == [(count - 1, count - 1)] * 2


def test_unchanged_jobs_are_not_told_of() -> None:
    model = JobsModel()
    same: Sequence[JobItem] = [job(number) for number in range(1, 20)]
    model.put_jobs(same)
    told: list[int] = []
    model.dataChanged.connect(lambda first, _: told.append(first.row()))
    model.modelReset.connect(lambda: told.append(-1))
    model.counts_changed.connect(lambda: told.append(-2))
    model.put_jobs(same)
    assert told == []

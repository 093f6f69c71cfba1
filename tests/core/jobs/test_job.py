"""Every step between states: allowed, or refused with the reason."""

import pytest

from resshift_desktop.core.jobs.job import Action, JobState, Problem, check_movable, next_state
from resshift_desktop.errors import ImageReadError, UsageError

Q, R, P = JobState.QUEUED, JobState.RUNNING, JobState.PAUSED
D, F, C = JobState.DONE, JobState.FAILED, JobState.CANCELLED

# None: refused.
TABLE = {
    #            Q     R     P     D     F     C
    Action.PAUSE: (P, P, None, None, None, None),
    Action.RESUME: (None, None, Q, None, None, None),
    Action.CANCEL: (C, C, C, None, None, None),
    Action.RETRY: (None, None, None, None, Q, Q),
    Action.START: (R, None, None, None, None, None),
    Action.INTERRUPT: (Q, Q, P, None, None, C),
    Action.FINISH: (D, D, D, None, None, D),
    Action.FAIL: (F, F, F, None, None, C),
}
CASES = [
    (before, action, after)
    for action, row in TABLE.items()
    for before, after in zip(JobState, row, strict=True)
]


@pytest.mark.parametrize(("before", "action", "after"), CASES)
def test_every_step_is_allowed_or_refused(before: JobState, action: Action, after: JobState | None) -> None:
    if after is not None:
        assert next_state(before, action) is after
    else:
        with pytest.raises(UsageError) as refused:
            next_state(before, action)
        assert f"cannot be {action}" in refused.value.title
        assert refused.value.hint.startswith("That is possible for a picture that ")


def test_the_table_names_every_action() -> None:
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize("state", JobState)
def test_only_what_waits_can_be_moved(state: JobState) -> None:
    if state in (Q, P):
        check_movable(state)
    else:
        with pytest.raises(UsageError, match="cannot be moved"):
            check_movable(state)


def _raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as raised:
        return raised


@pytest.mark.parametrize(
    ("error", "kind", "title"),
    [
        (ImageReadError("It is torn.", "Mend it."), "ImageReadError", "It is torn."),
        (MemoryError(), "ResShiftError", "The memory ran out."),
        (ZeroDivisionError("by zero"), "ResShiftError", "Something unforeseen"),
        (SystemExit(3), "ResShiftError", "Something unforeseen went wrong: SystemExit."),
    ],
)
def test_whatever_is_raised_is_put_into_words(error: BaseException, kind: str, title: str) -> None:
    problem = Problem.of(_raised(error))
    assert problem.kind == kind
    assert problem.title.startswith(title)

"""What a job is, which states it goes through, and which steps lead from one to the other. Torch-free."""

from dataclasses import dataclass
from enum import StrEnum

from resshift_desktop.core.engine.request import UpscaleRequest, UpscaleResult
from resshift_desktop.errors import ResShiftError, UsageError
from resshift_desktop.foreign_errors import in_words


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What changes a job's state. The first four come from people, the others from the worker."""

    PAUSE = "paused"
    RESUME = "resumed"
    CANCEL = "cancelled"
    RETRY = "tried again"
    START = "started"
    INTERRUPT = "interrupted"
    FINISH = "finished"
    FAIL = "failed"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)
FINISHED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

# The state changes as soon as a person asks, while the worker still computes its last step. So the end of
# that step finds the job in any of four states; a result that is written by then counts, whatever was asked.
TRANSITIONS: dict[JobState, dict[Action, JobState]] = {
    JobState.QUEUED: {
        Action.START: JobState.RUNNING,
        Action.PAUSE: JobState.PAUSED,
        Action.CANCEL: JobState.CANCELLED,
        Action.INTERRUPT: JobState.QUEUED,
        Action.FINISH: JobState.DONE,
        Action.FAIL: JobState.FAILED,
    },
    JobState.RUNNING: {
        Action.PAUSE: JobState.PAUSED,
        Action.CANCEL: JobState.CANCELLED,
        Action.INTERRUPT: JobState.QUEUED,
        Action.FINISH: JobState.DONE,
        Action.FAIL: JobState.FAILED,
    },
    JobState.PAUSED: {
        Action.RESUME: JobState.QUEUED,
        Action.CANCEL: JobState.CANCELLED,
        Action.INTERRUPT: JobState.PAUSED,
        Action.FINISH: JobState.DONE,
        Action.FAIL: JobState.FAILED,
    },
    JobState.DONE: {},
    JobState.FAILED: {Action.RETRY: JobState.QUEUED},
    JobState.CANCELLED: {
        Action.RETRY: JobState.QUEUED,
        Action.INTERRUPT: JobState.CANCELLED,
        Action.FINISH: JobState.DONE,
        Action.FAIL: JobState.CANCELLED,
    },
}

_IN_WORDS = {
    JobState.QUEUED: "is waiting",
    JobState.RUNNING: "is being upscaled",
    JobState.PAUSED: "is paused",
    JobState.DONE: "is done",
    JobState.FAILED: "has failed",
    JobState.CANCELLED: "was cancelled",
}


def next_state(state: JobState, action: Action) -> JobState:
    """The state that `action` leads to.

    Raises:
        UsageError: there is no such step from `state`.
    """
    after = TRANSITIONS[state].get(action)
    if after is None:
        able = [_IN_WORDS[other] for other, steps in TRANSITIONS.items() if action in steps]
        raise UsageError(
            f"This picture {_IN_WORDS[state]}, so it cannot be {action}.",
            f"That is possible for a picture that {' or '.join(able)}.",
        )
    return after


def check_movable(state: JobState) -> None:
    """Raise UsageError unless a job in `state` has a place in the queue that can be changed."""
    if state not in (JobState.QUEUED, JobState.PAUSED):
        raise UsageError(
            f"This picture {_IN_WORDS[state]}, so it cannot be moved.", "Only waiting pictures have a place."
        )


@dataclass(frozen=True)
class Problem:
    """Why something did not work, for people; `kind` is the error's class name, e.g. "ImageReadError"."""

    title: str
    hint: str
    kind: str

    @classmethod
    def of(cls, error: BaseException) -> "Problem":
        """The problem that `error` (raised, not merely made) is."""
        if not isinstance(error, Exception):  # SystemExit: some libraries think they own the process
            return cls(
                f"Something unforeseen went wrong: {type(error).__name__}.",
                "Please report it.",
                "ResShiftError",
            )
        told: ResShiftError = in_words(error)
        return cls(told.title, told.hint, type(told).__name__)


@dataclass(frozen=True)
class Job:
    """One picture to upscale, and how it stands.

    position: the lower, the sooner; of meaning only among jobs not finished, where it is unique.
    fraction: done so far, in [0, 1].
    seconds: spent computing so far, over all sittings. seconds_left: None until it can be told.
    added_at, finished_at: unix time, for display only; never compared.
    """

    id: int
    request: UpscaleRequest
    state: JobState
    position: float
    fraction: float
    problem: Problem | None
    result: UpscaleResult | None
    seconds: float
    seconds_left: float | None
    added_at: float
    finished_at: float | None

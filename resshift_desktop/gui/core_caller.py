"""Calls to the core from any thread: where it has gone, once more with the next one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from resshift_desktop.gui.core_messages import Failed, Message
from resshift_desktop.gui.job_item import Problem

if TYPE_CHECKING:  # http.client takes as long to import as a window to open
    from resshift_desktop.bridge.jobs_client import JobsClient
    from resshift_desktop.bridge.protocol import Connection

_GONE = ("NoCore", "CoreDied", "WrongToken", "BadAnswer")

_T = TypeVar("_T")

Ask = Callable[["JobsClient"], Message | None]
"""Asks something of the core, in a thread; what it returns is told."""
OnFailure = Callable[[Problem], Message | None]
"""What is told where that did not work."""


class CoreCaller:
    """May be used by several threads. `connection` is that of the core found last; None before the first.

    post: takes what is to be told, from any thread.
    """

    def __init__(self, post: Callable[[Message], None]) -> None:
        self.connection: Connection | None = None
        self.closed = False
        self.post = post

    def tell(self, ask: Ask, failed: OnFailure = Failed, *, twice: bool = True, revive: bool = True) -> None:
        """Post what `ask` returns, or else `failed`.

        twice: it may be asked again of the next core where the first has died over it. revive: a core that
        is not there is started; without, it is left at that.
        """
        from resshift_desktop.bridge.protocol import BridgeError
        from resshift_desktop.foreign_errors import in_words

        try:
            message = self._reach(ask, twice, revive)
        except BridgeError as error:
            message = failed(Problem(error.title, error.hint, error.kind))
        except Exception as error:
            told = in_words(error)
            message = failed(Problem(told.title, told.hint, type(told).__name__))
        if message is not None:
            self.post(message)

    def look(self, look: Callable[["JobsClient"], _T]) -> _T | None:
        """What `look` returns; None where it does not work, for what is only to be looked at."""
        from resshift_desktop.bridge.jobs_client import JobsClient
        from resshift_desktop.bridge.protocol import BridgeError

        try:
            return look(JobsClient(self.connection)) if self.connection is not None else None
        except BridgeError:
            return None

    def _reach(self, ask: Ask, twice: bool, revive: bool) -> Message | None:
        from resshift_desktop.bridge.jobs_client import JobsClient
        from resshift_desktop.bridge.launcher import connect
        from resshift_desktop.bridge.protocol import BridgeError

        for is_last in (False, True):
            connection = self.connection
            if connection is None:
                if not revive:
                    return None
                connection = self.connection = connect(on_waiting=self._check_open).connection
            try:
                return ask(JobsClient(connection))
            except BridgeError as error:
                never_heard = error.kind in ("NoCore", "WrongToken")
                if is_last or error.kind not in _GONE or not (twice or never_heard):
                    raise
                if self.connection == connection:  # else another one has been found meanwhile
                    self.connection = None
        return None

    def _check_open(self) -> None:
        from resshift_desktop.bridge.protocol import BridgeError

        if self.closed:
            raise BridgeError("Closed.", "", "Cancelled")

"""The core's log file: what it did and what failed, without names of people, folders or pictures."""

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from resshift_desktop.bridge.privacy import scrub
from resshift_desktop.paths import logs_folder

LOG_NAME = "core.log"
_MAX_BYTES, _OLD_FILES = 1_000_000, 3
_LEVELS = {"resshift_desktop": logging.INFO, "uvicorn.error": logging.WARNING}

_log = logging.getLogger(__name__)


@contextmanager
def logging_to_file() -> Iterator[None]:
    """Within it, log messages go to a file in the log folder, which starts anew when it gets long.

    Where no file can be written there is no log: no reason not to work.
    """
    try:
        logs_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _QuietHandler(
            logs_folder() / LOG_NAME, maxBytes=_MAX_BYTES, backupCount=_OLD_FILES, encoding="utf-8"
        )
    except OSError:
        yield
        return
    handler.setFormatter(_PrivateFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    loggers = {logging.getLogger(name): level for name, level in _LEVELS.items()}
    earlier_levels = {logger: logger.level for logger in loggers}
    earlier_hook, threading.excepthook = threading.excepthook, _log_dead_thread
    for logger, level in loggers.items():
        logger.setLevel(level)
        logger.addHandler(handler)
    try:
        yield
    finally:
        threading.excepthook = earlier_hook
        for logger, level in earlier_levels.items():
            logger.setLevel(level)
            logger.removeHandler(handler)
        handler.close()


def _log_dead_thread(args: threading.ExceptHookArgs) -> None:
    _log.error(
        "A thread failed.", exc_info=(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    )


class _QuietHandler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Nothing, as when the disk is full; the work goes on."""


class _PrivateFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # as another handler may have written it
        return scrub(super().format(record))

    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """The error's kind and where it was; not its message, which may name a picture."""
        kind, _, trace = ei
        frames = traceback.extract_tb(trace)
        places = [f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        return "\n".join([*places, f"    {kind.__name__ if kind else ''}"])

"""Calls in a thread of their own, with a core that computes nothing."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from resshift_desktop.bridge.background import IsCancelled, Tell, Work, find_models, upscale
from resshift_desktop.bridge.client import Result
from resshift_desktop.bridge.protocol import BridgeError
from tests.bridge.cores import end_cores, move_folders

FACTS = {"width": 2, "height": 1, "channels": 4, "sample": "u8", "transfer": "srgb"}
PIXELS = bytes([1, 2, 3, 200, 4, 5, 6, 255])


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield move_folders(tmp_path, monkeypatch)
    end_cores(tmp_path)


def heard(function: Callable[[Tell, IsCancelled], Any]) -> list[tuple[str, Any]]:
    """All that is heard of it, by this thread, until it is done or has failed."""
    news: list[tuple[str, Any]] = []

    def note(kind: str, *values: Any) -> None:
        assert threading.current_thread() is threading.main_thread()
        news.append((kind, values[0] if kind != "told" else values))

    work = Work(function, *(partial(note, kind) for kind in ("told", "done", "failed")))
    while not news or news[-1][0] == "told":
        work.hear()
    return news


def test_models_of_a_core_that_has_to_be_started() -> None:
    first, *_, (last, models) = heard(find_models)
    assert first == ("told", ("Starting ResShift...",))
    assert last == "done"
    assert [model.name for model in models] == ["builtin"]


def test_a_picture_as_a_host_has_it() -> None:
    """Its result is as it was sent, in the host's order of channels; only its alpha was lowered before."""
    call = partial(upscale, bytearray(PIXELS), **FACTS, opacity=bytes([128, 255]), is_blue_first=True)
    *told, (last, sr) = heard(call)
    assert last == "done", sr
    assert isinstance(sr, Result)
    assert bytes(sr.pixels) == bytes([1, 2, 3, 100, 4, 5, 6, 255])
    assert ("told", ("Waiting for ResShift to be free...",)) in told


def test_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class ScriptedClient:
        def upscale(self, _pixels: object, *, on_progress: Callable[..., object], **_: object) -> str:
            on_progress(0.42, 12.0)
            return "the result"

    monkeypatch.setattr("resshift_desktop.bridge.background.connect", lambda **_: ScriptedClient())
    news = heard(partial(upscale, bytearray(PIXELS), **FACTS))
    assert news[1:] == [("told", ("42 %, about 12 seconds left", 0.42)), ("done", "the result")]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BridgeError("It is so.", "Do that.", "UsageError"), "It is so. Do that."),
        (KeyError("x"), "'x'"),
        (ValueError(), "ValueError()"),
    ],
)
def test_whatever_goes_wrong_is_heard(error: Exception, words: str) -> None:
    def fail(_tell: Tell, _is_cancelled: IsCancelled) -> None:
        raise error

    assert heard(fail) == [("failed", words)]


def test_nothing_is_heard_after_cancel() -> None:
    begun, ended = threading.Event(), threading.Event()
    news: list[object] = []

    def function(tell: Tell, is_cancelled: IsCancelled) -> None:
        tell("Begun")
        begun.set()
        while not is_cancelled():
            pass
        try:
            tell("Never heard")
        finally:
            ended.set()

    work = Work(function, news.append, news.append, news.append)
    assert begun.wait(10)
    work.hear()
    work.cancel()
    assert ended.wait(10)
    work.hear()
    assert news == ["Begun"]

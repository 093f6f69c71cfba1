"""Events: numbered over restarts, caught up with, told in order."""

import threading

import pytest

from resshift_desktop.core.jobs.events import Event, EventLog


def make_log(first: int = 1, length: int = 5) -> EventLog:
    return EventLog(lambda _count: first, length)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(7, []), (6, [7]), (2, [3, 4, 5, 6, 7]), (1, None), (0, None), (8, None), (-1, None)],
)
def test_catching_up(after: int, expected: list[int] | None) -> None:
    log = make_log()
    for number in range(1, 8):
        log.publish("removed", {"id": number})
    events = log.since(after)
    assert (None if events is None else [event.seq for event in events]) == expected
    assert log.last_seq == 7


def test_a_number_of_before_the_restart_is_too_old_even_if_nothing_happened() -> None:
    log = make_log(first=1_000_001)
    assert log.last_seq == 1_000_000
    assert log.since(log.last_seq) == []
    assert log.since(999_999) is None


def test_every_subscriber_is_told_everything_in_order_from_many_threads() -> None:
    log = make_log(length=10_000)
    told: list[int] = []
    log.subscribe(lambda event: told.append(event.seq))
    threads = [
        threading.Thread(target=lambda: [log.publish("removed", {}) for _ in range(200)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.tell()
    assert told == list(range(1, 1601))


def test_a_subscriber_may_use_the_log_and_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    log = make_log()
    told: list[str] = []

    def failing(_event: Event) -> None:
        raise ValueError("/secret/path")

    def asking(event: Event) -> None:
        told.append(event.kind)
        assert log.since(event.seq) is not None
        if event.kind == "first":
            log.publish("second", {})

    log.subscribe(failing)
    unsubscribe = log.subscribe(asking)
    log.publish("first", {})
    unsubscribe()
    log.publish("third", {})
    assert told == ["first", "second"]
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_numbers_go_on_when_none_can_be_reserved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resshift_desktop.core.jobs.events._BLOCK", 2)
    blocks = iter([1])

    def reserve(_count: int) -> int:
        try:
            return next(blocks)
        except StopIteration:
            raise OSError("disk full") from None

    log = EventLog(reserve)
    for _ in range(5):
        log.publish("removed", {})
    events = log.since(0)
    assert events is not None
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]

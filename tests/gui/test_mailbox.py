"""Messages from threads come in order, together, and in the GUI thread."""

import threading

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from resshift_desktop.gui.mailbox import Mailbox


def test_all_messages_of_each_thread_come_in_order(qtbot: QtBot) -> None:
    batches: list[list[tuple[int, int]]] = []
    threads_seen: set[bool] = set()

    def deliver(messages: list[tuple[int, int]]) -> None:
        batches.append(messages)
        threads_seen.add(QThread.currentThread() == mailbox.thread())

    mailbox: Mailbox[tuple[int, int]] = Mailbox(deliver)

    def post(thread: int) -> None:
        for number in range(3000):
            mailbox.post((thread, number))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: sum(map(len, batches)) == 9000, timeout=20_000)
    for number in range(3):
        heard = [count for batch in batches for thread, count in batch if thread == number]
        assert heard == list(range(3000))
    assert threads_seen == {True}
    assert max(map(len, batches)) <= 1000


def test_a_closed_mailbox_delivers_nothing(qtbot: QtBot) -> None:
    delivered: list[object] = []
    mailbox: Mailbox[int] = Mailbox(delivered.extend)
    mailbox.post(1)
    mailbox.close()
    mailbox.post(2)
    other: Mailbox[int] = Mailbox(delivered.extend)
    other.post(3)
    qtbot.waitUntil(lambda: bool(delivered), timeout=20_000)
    assert delivered == [3]

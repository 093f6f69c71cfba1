"""A second launch and the first: what is handed over, and what is not listened to."""

from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from resshift_desktop.gui import one_instance
from resshift_desktop.gui.one_instance import OneInstance, hand_over
from resshift_desktop.gui.open_requests import OpenRequest


@pytest.fixture
def instance(qtbot: QtBot) -> OneInstance:  # noqa: ARG001 - sockets need an application
    instance = OneInstance()
    assert instance.listen()
    return instance


@pytest.mark.usefixtures("qtbot")
def test_without_a_first_there_is_nobody_to_hand_over_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_instance, "_PATIENCE_MILLISECONDS", 100)
    assert not hand_over(OpenRequest((Path("/a.png"),)))


@pytest.mark.parametrize(
    "said",
    [b"\n", b"{}\n", b"[]\n", b'{"files": 3, "page": "", "token": ""}\n',
     b'{"files": [1], "page": "", "token": ""}\n', b'{"files": [], "token": ""}\n', b"\xff\n",
     b"[" * 100_000 + b"\n"],
)  # fmt: skip
def test_nonsense_is_not_listened_to(instance: OneInstance, qtbot: QtBot, said: bytes) -> None:
    heard: list[object] = []
    instance.called.connect(lambda *args: heard.append(args))
    socket = QLocalSocket()
    socket.connectToServer(one_instance._name())
    assert socket.waitForConnected(5000)
    with qtbot.waitSignal(socket.disconnected, timeout=20_000):
        socket.write(said)
    assert heard == []
    assert bytes(socket.readAll().data()) == b""


def test_what_is_left_of_a_crash_is_no_hindrance(instance: OneInstance) -> None:
    again = OneInstance()
    assert again.listen()
    again.close()
    instance.close()

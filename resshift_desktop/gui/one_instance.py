"""One window for each person: a second launch hands its files to the first, and ends."""

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QDeadlineTimer, QLockFile, QObject, QThread, Signal

from resshift_desktop.gui.open_requests import OpenRequest
from resshift_desktop.paths import data_folder

if TYPE_CHECKING:  # the window is painted before it is imported
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MILLISECONDS = 2000
_PAUSE_MILLISECONDS = 50
_LARGEST_MESSAGE = 4 << 20
_ANSWER = b"ok\n"


class OneInstance(QObject):
    """What a running app listens with. A message is one line of JSON: {"files": [...], "page": "",
    "token": "..."}.

    token: what lets this window come to the front, on desktops where not any program may do so.
    """

    called = Signal(OpenRequest, str)
    """What to open, maybe nothing, and the token."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(data_folder() / "app.lock"))
        self._lock.setStaleLockTime(0)  # however old: it is left over only if its process is gone
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """Be the one, until `close`; False where another one is. That takes no network."""
        with contextlib.suppress(OSError):
            data_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._lock.tryLock(0) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def listen(self) -> bool:
        """Have others hand their files to this one; False where that cannot be."""
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        if self._server.listen(_name()):
            return True
        QLocalServer.removeServer(_name())  # left over from a crash
        return self._server.listen(_name())

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _welcome(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(_LARGEST_MESSAGE)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: "QLocalSocket") -> None:
        import json

        if not socket.canReadLine():
            if socket.bytesAvailable() >= _LARGEST_MESSAGE:
                socket.abort()
            return
        try:
            message = json.loads(bytes(socket.readLine().data()))
            files = tuple(Path(name) for name in message["files"])
            page, token = str(message["page"]), str(message["token"])
        except (ValueError, KeyError, TypeError, RecursionError):
            socket.abort()
            return
        socket.write(_ANSWER)
        socket.flush()
        socket.disconnectFromServer()
        self.called.emit(OpenRequest(files, page), token)


def hand_over(request: OpenRequest) -> bool:
    """Give `request` to the app that is running, or is about to; False where none answers."""
    import json

    socket = _connect()
    if socket is None:
        return False
    token = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    message = {"files": [str(path) for path in request.files], "page": request.page, "token": token}
    socket.write(json.dumps(message).encode() + b"\n")
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_PATIENCE_MILLISECONDS):
            return False
    return bytes(socket.readLine().data()) == _ANSWER


def _connect() -> "QLocalSocket | None":
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    deadline = QDeadlineTimer(_PATIENCE_MILLISECONDS)
    while not deadline.hasExpired():  # the other one may not listen yet
        socket.connectToServer(_name())
        if socket.waitForConnected(deadline.remainingTime()):
            return socket
        QThread.msleep(_PAUSE_MILLISECONDS)
    return None


def _name() -> str:
    """By the data folder: who has another one, another person above all, has another queue."""
    # Not hashlib, whose import takes a tenth of what the whole window does.
    digest = QCryptographicHash.hash(str(data_folder()).encode(), QCryptographicHash.Algorithm.Sha256)
    return f"resshift-{bytes(digest.toHex().data()).decode()[:16]}"

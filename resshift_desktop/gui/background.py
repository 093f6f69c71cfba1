"""What is told while the window is in the background: that work is done, and on the taskbar how far it is."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

if TYPE_CHECKING:  # Linux only
    from PySide6.QtDBus import QDBusConnection, QDBusPendingCallWatcher

_DESKTOP_FILE = "application://resshift-desktop.desktop"


class Background(QObject):
    """Speaks for `window`. Progress goes to the window's title, the icon's badge, and, on Linux desktops that
    have it, to the bar on the icon."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._title = window.windowTitle()
        self._shown = (0, 0)
        self._tray: QSystemTrayIcon | None = None

    def prepare(self) -> None:
        """Connect now to what else would be connected to when work begins."""
        _session_bus()

    def show_progress(self, pictures_left: int, fraction: float) -> None:
        """How many pictures are being worked on or wait, and how much is done of all; 0 pictures: nothing."""
        shown = (pictures_left, int(100 * fraction) if pictures_left else 0)
        if shown == self._shown:
            return
        self._shown = shown
        at_work = pictures_left > 0
        percent = self.tr("{number} %").format(number=shown[1])
        self._window.setWindowTitle(f"{percent} – {self._title}" if at_work else self._title)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.setBadgeNumber(pictures_left)
        _show_on_icon(fraction, at_work)

    def tell(self, title: str, text: str, even_in_front: bool = False) -> None:
        """A notification, unless the person is looking at the window."""
        if even_in_front or not self._window.isActiveWindow():
            QApplication.alert(self._window)
            if not _notify_by_portal(title, text, self._notify_by_tray, self):
                self._notify_by_tray(title, text)

    def _notify_by_tray(self, title: str, text: str) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(QApplication.windowIcon(), self)
                self._tray.messageClicked.connect(self._window.activateWindow)
            self._tray.show()
            self._tray.showMessage(title, text, QApplication.windowIcon())


def _notify_by_portal(title: str, text: str, failed: Callable[[str, str], None], parent: QObject) -> bool:
    """By the way that Linux desktops share (org.freedesktop.portal.Notification), which needs no tray.

    `failed` is called later where there is nobody to show it; False: there is no such way at all.
    """
    bus = _session_bus()
    if bus is None:
        return False
    from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

    call = QDBusMessage.createMethodCall(
        "org.freedesktop.portal.Desktop",
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Notification",
        "AddNotification",
    )
    call.setArguments(["resshift", {"title": title, "body": text}])

    def answered(watcher: "QDBusPendingCallWatcher") -> None:
        if watcher.isError():
            failed(title, text)
        watcher.deleteLater()

    QDBusPendingCallWatcher(bus.asyncCall(call), parent).finished.connect(answered)
    return True


def _show_on_icon(fraction: float, visible: bool) -> None:
    """The Unity launcher API, which GNOME's dock and KDE's taskbar understand, too."""
    bus = _session_bus()
    if bus is None:
        return
    from PySide6.QtDBus import QDBusMessage

    name = "com.canonical.Unity.LauncherEntry"
    signal = QDBusMessage.createSignal("/com/canonical/unity/launcherentry/resshift", name, "Update")
    signal.setArguments([_DESKTOP_FILE, {"progress": fraction, "progress-visible": visible}])
    bus.send(signal)


def _session_bus() -> "QDBusConnection | None":
    if sys.platform != "linux":
        return None
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None

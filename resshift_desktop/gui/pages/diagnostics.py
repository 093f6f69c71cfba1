"""Help > Copy diagnostics: what `resshift doctor` says, without names, on the clipboard."""

from PySide6.QtCore import QProcess, QProcessEnvironment
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit, QProgressBar, QWidget

from resshift_desktop.bridge.launcher import own_command
from resshift_desktop.bridge.privacy import scrub
from resshift_desktop.gui.labels import wrapped
from resshift_desktop.gui.pages.page import Page

_CHARACTERS = 84


class DiagnosticsDialog(Page):
    """Asks the doctor, in a process of its own since torch is loaded there, and shows what was copied."""

    def __init__(self, parent: QWidget | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Diagnostics"))
        self._state = wrapped(QLabel(self.tr("Looking at this computer. This takes some seconds.")))
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(self.tr("Looking at this computer"))
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAccessibleName(self.tr("Diagnostics"))
        self._text.setMinimumSize(self._text.fontMetrics().averageCharWidth() * _CHARACTERS, 300)
        for widget in (self._state, self._busy, self._text):
            self.content.addWidget(widget)
        self._copy = self.buttons.addButton(self.tr("&Copy again"), QDialogButtonBox.ButtonRole.ActionRole)
        self._copy.setEnabled(False)
        self._copy.clicked.connect(self._put_on_clipboard)
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.finished.connect(self._show_diagnosis)
        self._process.errorOccurred.connect(self._show_failure)
        self.finished.connect(self._leave)
        program, *arguments = command or own_command("doctor")
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONIOENCODING", "utf-8")
        environment.insert("COLUMNS", str(_CHARACTERS))
        self._process.setProcessEnvironment(environment)
        self._process.start(program, arguments)

    @property
    def process_ended(self) -> bool:
        """Whether the doctor has done its work, or has been stopped."""
        return self._process.state() is QProcess.ProcessState.NotRunning

    def _show_diagnosis(self) -> None:
        said = bytes(self._process.readAll().data()).decode("utf-8", "replace")
        self._text.setPlainText(scrub(said.replace("\r\n", "\n")).strip())
        self._end(self.tr("Copied. Paste it where you report the problem."))
        self._copy.setEnabled(True)
        self._put_on_clipboard()

    def _show_failure(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(self.tr("The diagnosis could not be started. Reinstalling ResShift may help."))

    def _end(self, text: str) -> None:
        self._state.setText(text)
        self._busy.hide()

    def _put_on_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())

    def _leave(self) -> None:
        self._process.finished.disconnect(self._show_diagnosis)
        self._process.errorOccurred.disconnect(self._show_failure)
        self._process.kill()
        self._process.waitForFinished(1000)


def copy_diagnostics(parent: QWidget | None) -> None:
    """Collect the diagnosis beside the window, copy it, and show what was copied."""
    dialog = DiagnosticsDialog(parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()

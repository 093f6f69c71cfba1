"""The button that does what people came for: its text says what it would do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resshift_desktop.gui import theme
from resshift_desktop.gui.job_item import JobItem, State


class UpscaleButton(theme.PrimaryButton):
    """Says what is to be started."""

    told = Signal(str, bool)
    """Its text, and whether it can be pressed: also for the command in the menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(5 * theme.SPACING)

    def show_work(self, to_start: list[JobItem], current: JobItem | None, possible: bool) -> None:
        """Tell of what would be started.

        to_start: all pictures that are yet to be started, else finished ones to be done again. current: the
            one that is shown. possible: whether the chosen options make sense.
        """
        text = self._text(to_start, current)
        enabled = possible and bool(to_start)
        self.setText(text)
        self.setEnabled(enabled)
        self.told.emit(text, enabled)

    def _text(self, to_start: list[JobItem], current: JobItem | None) -> str:
        if not to_start:
            return self.tr("Upscale")
        number = len(to_start)
        if to_start[0].state is not State.NEW:
            return (
                self.tr("Upscale %n pictures again", "", number)
                if number > 1
                else self.tr("Upscale this picture again")
            )
        if number > 1:
            return self.tr("Upscale %n pictures", "", number)
        is_current = current is not None and current.state is State.NEW
        return self.tr("Upscale this picture") if is_current else self.tr("Upscale one picture")

"""The picture in the middle: its view, how to compare and zoom, and what is wrong with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from resshift_desktop.gui import theme
from resshift_desktop.gui.core_messages import Tile
from resshift_desktop.gui.job_item import JobItem, Problem, State
from resshift_desktop.gui.picture.view import PictureView
from resshift_desktop.gui.problem_bar import Help, ProblemBar, help_for

_COMPARABLE = (State.RUNNING, State.PAUSED, State.DONE)


class PicturePage(QWidget):
    """Shows one JobItem. Its buttons are those of `compare_actions`, `zoom_actions` and `result_actions`."""

    helped = Signal(Help)
    """The button beside the picture's problem was pressed."""

    def __init__(
        self,
        compare_actions: list[QAction],
        zoom_actions: list[QAction],
        result_actions: list[QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._item: JobItem | None = None
        self.view = PictureView()
        self.problem_bar = ProblemBar()
        self.problem_bar.helped.connect(self.helped)
        self._zoom = theme.QuietLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._zoom.setAccessibleName(self.tr("Zoom"))
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("0000 %"))
        self.view.zoom_changed.connect(self._show_zoom)
        self.view.failed.connect(self._tell_view_failed)
        self.compare_buttons = [_button(action, with_text=True) for action in compare_actions]
        self.zoom_buttons = zoom = [_button(action, with_text=False) for action in zoom_actions]
        results = [_button(action, with_text=False) for action in result_actions]
        for button in results:
            _follow_visibility(button)
        for button in (*self.compare_buttons, *zoom):
            _keep_place(button)
        row = QHBoxLayout()
        row.setContentsMargins(theme.SPACING, theme.SPACING // 2, theme.SPACING, theme.SPACING // 2)
        row.setSpacing(theme.SPACING // 2)
        for part in (self.compare_buttons, [zoom[0], self._zoom, *zoom[1:]], results):
            for widget in part:
                row.addWidget(widget)
            if part is not results:
                row.addStretch(1)
        self._text_width = row.sizeHint().width()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.problem_bar)
        layout.addWidget(self.view, 1)

    def show_item(
        self, item: JobItem | None, result_size: tuple[int, int] | None, mask: QImage | None = None
    ) -> None:
        """Show a picture as it now stands.

        result_size: what its result has, or will have, in pixels. mask: what was painted on it before.
        """
        before, self._item = self._item, item
        if item is None:
            self.view.clear()
            self._zoom.clear()
            self.problem_bar.hide()
            return
        if before is None or not _is_same(before, item):
            self._zoom.clear()
            self.view.show_input(item.input)
            if mask is not None:
                self.view.set_mask_image(mask)
            before = None
        if result_size is not None:
            self.view.set_result_size(*result_size)
        if item.result is not None and (before is None or before.result != item.result):
            self.view.show_result(item.result)
        elif item.state in (State.FAILED, State.CANCELLED) and before and before.state is not item.state:
            self.view.show_result(None)  # nor what tiles there were
        self._show_problem(before, item)
        for button in self.compare_buttons:
            button.setVisible(item.state in _COMPARABLE)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        icons, both = Qt.ToolButtonStyle.ToolButtonIconOnly, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self.compare_buttons:
            button.setToolButtonStyle(both if self.width() >= self._text_width else icons)

    def add_tile(self, tile: Tile) -> None:
        place = tile.place
        self.view.add_tile(place.left(), place.top(), place.width(), place.height(), tile.image)

    def _show_problem(self, before: JobItem | None, item: JobItem) -> None:
        help_ = help_for(item)
        if item.problem is not None and help_ is not None:
            if before is None or before.problem != item.problem:
                self.problem_bar.show_problem(item.problem, help_, closable=False)
        elif before is None or before.problem is not None:
            self.problem_bar.hide()

    def _tell_view_failed(self, title: str, hint: str) -> None:
        if self.problem_bar.isHidden():
            self.problem_bar.show_problem(Problem(title, hint, "ImageReadError"), Help.SHOW_IN_FOLDER)
        if not self._zoom.text():  # it is the input that cannot be shown
            for button in self.zoom_buttons:
                button.hide()

    def _show_zoom(self, zoom: float) -> None:
        for button in self.zoom_buttons:
            button.show()
        self._zoom.setText(self.tr("{number} %").format(number=round(100 * zoom)))


def _button(action: QAction, with_text: bool) -> QToolButton:
    button = theme.FadingButton(autoRaise=True)
    button.setDefaultAction(action)
    if with_text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text().replace("&", ""))
    return button


def _follow_visibility(button: QToolButton) -> None:
    """Have a button be there only while its action is, as in menus."""
    action = button.defaultAction()
    action.visibleChanged.connect(lambda: button.setVisible(action.isVisible()))
    if not action.isVisible():
        button.hide()


def _keep_place(button: QToolButton) -> None:
    """Have nothing move when a button is hidden."""
    policy = button.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    button.setSizePolicy(policy)


def _is_same(before: JobItem, item: JobItem) -> bool:
    """Whether both are one picture of the list; one that was yet to be started has become a job."""
    return before.input == item.input and (before.id == item.id or before.id < 0 < item.id)

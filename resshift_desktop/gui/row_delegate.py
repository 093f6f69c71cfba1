"""How a picture looks in the list: its thumbnail, its name, and how it stands."""

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resshift_desktop.gui import theme
from resshift_desktop.gui.job_item import JobItem, State, state_in_words
from resshift_desktop.gui.jobs_model import ITEM_ROLE
from resshift_desktop.gui.thumbnails import Thumbnails

THUMBNAIL_SIDE = 56
_GAP = theme.SPACING
_BAR_HEIGHT = 4
_UNDERWAY = (State.RUNNING, State.PAUSED)
_SELECTED_ALPHA = 46


class RowDelegate(QStyledItemDelegate):
    """Paints a JobItem. All rows are of one height, so that thousands cost what a few do."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        # Never seen: they know the colours of such texts, also when those change.
        self._quiet, self._problem = theme.QuietLabel(parent), theme.ProblemLabel(parent)
        self._quiet.hide()
        self._problem.hide()

    def sizeHint(  # noqa: N802
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002
    ) -> QSize:
        lines = 2 * option.fontMetrics.height() + _BAR_HEIGHT + _GAP
        return QSize(3 * THUMBNAIL_SIDE, max(THUMBNAIL_SIDE, lines) + 2 * _GAP)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item: JobItem = index.data(ITEM_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_background(painter, option)
        inner = option.rect.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        thumbnail = QRect(inner.left(), inner.top(), THUMBNAIL_SIDE, inner.height())
        text = inner.adjusted(THUMBNAIL_SIDE + _GAP, 0, 0, 0)
        direction = option.direction
        self._paint_thumbnail(painter, QStyle.visualRect(direction, inner, thumbnail), item, option)
        self._paint_text(painter, QStyle.visualRect(direction, inner, text), item, option)
        painter.restore()

    def _paint_thumbnail(
        self, painter: QPainter, rect: QRect, item: JobItem, option: QStyleOptionViewItem
    ) -> None:
        pixmap = self._thumbnails.pixmap(item.input)
        if pixmap is None:
            square = QRect(0, 0, THUMBNAIL_SIDE, THUMBNAIL_SIDE)
            square.moveCenter(rect.center())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(square, 4, 4)
        elif pixmap.isNull():
            theme.icon("picture").paint(painter, rect.adjusted(12, 12, -12, -12))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = pixmap.size().scaled(
                min(THUMBNAIL_SIDE, pixmap.width()), THUMBNAIL_SIDE, Qt.AspectRatioMode.KeepAspectRatio
            )
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(rect.center())
            painter.drawPixmap(place, pixmap)

    def _paint_text(
        self, painter: QPainter, rect: QRect, item: JobItem, option: QStyleOptionViewItem
    ) -> None:
        metrics, palette = option.fontMetrics, option.palette
        alignment = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeading)
        alignment |= Qt.AlignmentFlag.AlignVCenter
        underway = item.state in _UNDERWAY
        height = 2 * metrics.height() + (_BAR_HEIGHT + _GAP // 2 if underway else 0)
        line = QRect(rect.left(), rect.center().y() - height // 2, rect.width(), metrics.height())
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        font = QFont(option.font)
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        name = painter.fontMetrics().elidedText(item.input.name, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, alignment, name)
        line.translate(0, metrics.height())
        painter.setFont(option.font)
        label = self._problem if item.state is State.FAILED else self._quiet
        painter.setPen(label.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(
            line,
            alignment,
            metrics.elidedText(self._second_line(item), Qt.TextElideMode.ElideRight, line.width()),
        )
        if underway:
            bar = QRect(line.left(), line.bottom() + _GAP // 2, line.width(), _BAR_HEIGHT)
            _paint_bar(painter, bar, item, option)

    def _second_line(self, item: JobItem) -> str:
        text = state_in_words(item).removeprefix(f"{item.input.name} ")  # which stands above it
        size = item.result_size
        if item.state is State.NEW:
            thumbnail = self._thumbnails.thumbnail(item.input)
            if thumbnail is not None and thumbnail.image is None:
                return self.tr("Cannot be shown")
            size = (thumbnail.width, thumbnail.height) if thumbnail else None
        numbers = QLocale()
        shown = f"{numbers.toString(size[0])} × {numbers.toString(size[1])}" if size else ""
        return " · ".join(part for part in (text, shown) if part)


def _paint_background(painter: QPainter, option: QStyleOptionViewItem) -> None:
    accent = QColor(option.palette.color(QPalette.ColorRole.Accent))
    rect = option.rect.adjusted(_GAP // 2, 1, -_GAP // 2, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if option.state & QStyle.StateFlag.State_Selected:
        accent.setAlpha(_SELECTED_ALPHA)
        painter.setBrush(accent)
        painter.drawRoundedRect(rect, 6, 6)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        accent.setAlpha(_SELECTED_ALPHA // 3)
        painter.setBrush(accent)
        painter.drawRoundedRect(rect, 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(option.palette.color(QPalette.ColorRole.Accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 6, 6)


def _paint_bar(painter: QPainter, bar: QRect, item: JobItem, option: QStyleOptionViewItem) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(option.palette.color(QPalette.ColorRole.Mid))
    painter.drawRoundedRect(bar, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
    done = QRect(bar.left(), bar.top(), max(_BAR_HEIGHT, round(bar.width() * item.fraction)), bar.height())
    running = item.state is State.RUNNING
    role = QPalette.ColorRole.Accent if running else QPalette.ColorRole.Shadow
    painter.setBrush(option.palette.color(role))
    painter.drawRoundedRect(QStyle.visualRect(option.direction, bar, done), _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)

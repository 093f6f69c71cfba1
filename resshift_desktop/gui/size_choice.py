"""The part of the side panel that says how large results are to be."""

from dataclasses import replace

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from resshift_desktop.core.engine.request import MAX_SCALE
from resshift_desktop.core.imaging.formats import MAX_SIDE, ImageFormat
from resshift_desktop.gui.labels import tell, wrapped
from resshift_desktop.gui.options import Options
from resshift_desktop.gui.result_size import result_size
from resshift_desktop.gui.theme import SPACING, ChoiceButton, ProblemLabel, QuietLabel, WarningLabel

_SCALES = (1, 2, 3, 4, 8)
_PIXELS = 0  # the button for a size in pixels
_MOST_PIXELS = 200_000
_FORMAT_NAMES = {"jpeg": "JPEG", "webp": "WebP"}


class SizeChoice(QWidget):
    """Buttons for factors, fields for pixels, and what comes of it in plain words."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = Options()
        self._model_scale = 4
        self._picture: tuple[int, int] | None = None
        self._buttons = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(SPACING // 2)
        for scale in _SCALES:
            text = self.tr("{scale}×").format(scale=scale)
            spoken = self.tr("Result {scale} times as wide and high").format(scale=scale)
            row.addWidget(self._make_button(scale, text, spoken))
        row.addWidget(self._make_button(_PIXELS, self.tr("Pi&xels"), self.tr("Result with a size in pixels")))
        self._width = self._make_field(self.tr("Width of the result in pixels"))
        self._height = self._make_field(self.tr("Height of the result in pixels"))
        self._fields = QWidget()
        grid = QGridLayout(self._fields)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, (text, field) in enumerate(
            ((self.tr("&Width"), self._width), (self.tr("Hei&ght"), self._height))
        ):
            label = QLabel(text)
            label.setBuddy(field)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        self._words, self._problem = wrapped(QuietLabel()), wrapped(ProblemLabel())
        self._warning = wrapped(WarningLabel())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(row)
        layout.addWidget(self._fields)
        for label in (self._words, self._problem, self._warning):
            layout.addWidget(label)
        self._buttons.idClicked.connect(self._choose)
        self._width.valueChanged.connect(lambda value: self._enter(width=value))
        self._height.valueChanged.connect(lambda value: self._enter(height=value))
        self._show()

    def read_into(self, options: Options) -> Options:
        """`options` with the size that is chosen here."""
        mine = self._options
        return replace(options, scale=mine.scale, width=mine.width, height=mine.height)

    def set_options(self, options: Options) -> None:
        """Show the size in `options`; its format decides on what is warned of."""
        self._options = options
        self._show()

    def set_model_scale(self, scale: int) -> None:
        """The factor of results for which no size is chosen."""
        self._model_scale = scale
        self._show()

    def set_picture(self, size: tuple[int, int] | None) -> None:
        """The input, (width, height) in pixels, whose result is told of; None: none, or several."""
        self._picture = size
        self._show()

    @property
    def has_problem(self) -> bool:
        """Whether the shown picture cannot have the chosen size."""
        return not self._problem.isHidden()

    def _make_button(self, number: int, text: str, spoken: str) -> ChoiceButton:
        button = ChoiceButton(text)
        button.setAccessibleName(spoken)
        button.setToolTip(spoken)
        button.setMinimumHeight(4 * SPACING)
        policy = button.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.MinimumExpanding)
        button.setSizePolicy(policy)
        self._buttons.addButton(button, number)
        return button

    def _make_field(self, spoken: str) -> QSpinBox:
        field = QSpinBox()
        field.setRange(0, _MOST_PIXELS)
        field.setSpecialValueText(" ")
        field.setGroupSeparatorShown(True)
        field.setKeyboardTracking(True)
        field.setAccessibleName(spoken)
        return field

    def _choose(self, number: int) -> None:
        none = replace(self._options, scale=None, width=None, height=None)
        if number != _PIXELS:
            self._options = replace(none, scale=float(number))
        elif self._options.width is None and self._options.height is None:
            size = result_size(self._options, self._picture, self._model_scale) if self._picture else None
            self._options = replace(none, width=size[0] if size else 2000)
            self._show()
            self._width.setFocus()
            self._width.selectAll()
        self._show()
        self.changed.emit()

    def _enter(self, width: int | None = None, height: int | None = None) -> None:
        if width or height:
            self._options = replace(self._options, scale=None, width=width, height=height)
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        options = self._options
        in_pixels = options.width is not None or options.height is not None
        chosen = _PIXELS if in_pixels else options.scale or float(self._model_scale)
        # The same size makes sense only for models that repair without enlarging.
        self._buttons.button(1).setVisible(self._model_scale == 1)
        self._check(self._buttons.button(int(chosen)) if chosen in (*_SCALES, _PIXELS) else None)
        self._fields.setVisible(in_pixels)
        size = result_size(options, self._picture, self._model_scale) if self._picture else None
        if in_pixels:
            self._fill_fields(size)
        tell(self._words, self._in_words(size))
        tell(self._problem, self._problem_of(size))
        tell(self._warning, self._warning_of(size))

    def _check(self, button: QAbstractButton | None) -> None:
        """None: none of the buttons, for a factor that there is none for."""
        if button is not None:
            button.setChecked(True)
        elif (checked := self._buttons.checkedButton()) is not None:
            self._buttons.setExclusive(False)
            checked.setChecked(False)
            self._buttons.setExclusive(True)
        for other in self._buttons.buttons():  # Tab leads to the chosen one, arrow keys to the others
            here = button in (None, other)
            other.setFocusPolicy(Qt.FocusPolicy.StrongFocus if here else Qt.FocusPolicy.ClickFocus)

    def _fill_fields(self, size: tuple[int, int] | None) -> None:
        """The side that was entered, and the other one as it follows from the picture."""
        entered = (self._options.width, self._options.height)
        for field, value, result in zip((self._width, self._height), entered, size or (0, 0), strict=True):
            with QSignalBlocker(field):
                wanted = result if value is None else value
                if field.value() != wanted:
                    field.setValue(wanted)

    def _in_words(self, size: tuple[int, int] | None) -> str:
        options = self._options
        number = QLocale().toString
        if size is not None:
            megapixels = max(0.1, size[0] * size[1] / 1e6)
            return self.tr("The result has {width} × {height} pixels, {megapixels} megapixels.").format(
                width=number(size[0]),
                height=number(size[1]),
                megapixels=number(megapixels, "f", 1 if megapixels < 10 else 0),
            )
        if self._picture is not None:
            return ""
        if options.width is not None:
            return self.tr("Each result is {width} pixels wide.").format(width=number(options.width))
        if options.height is not None:
            return self.tr("Each result is {height} pixels high.").format(height=number(options.height))
        scale = options.scale or float(self._model_scale)
        if scale == 1:
            return self.tr("Each result is as large as its input.")
        return self.tr("Each result is {scale} times as wide and high as its input.").format(
            scale=number(float(scale), "g", 3)
        )

    def _problem_of(self, size: tuple[int, int] | None) -> str:
        if self._picture is None or size is not None:
            return ""
        width, height = self._picture
        number = QLocale().toString
        if self._options.height is not None:
            return self.tr(
                "Results can be 1 to 16 times as large as the input: {least} to {most} pixels high."
            ).format(least=number(height), most=number(MAX_SCALE * height))
        return self.tr(
            "Results can be 1 to 16 times as large as the input: {least} to {most} pixels wide."
        ).format(least=number(width), most=number(MAX_SCALE * width))

    def _warning_of(self, size: tuple[int, int] | None) -> str:
        image_format = self._options.image_format
        limit = MAX_SIDE.get(ImageFormat(image_format)) if image_format else None
        if size is None or limit is None or max(size) <= limit:
            return ""
        return self.tr(
            "{format} holds at most {limit} pixels a side. Choose PNG or TIFF, or a smaller size."
        ).format(format=_FORMAT_NAMES[image_format or ""], limit=QLocale().toString(limit))

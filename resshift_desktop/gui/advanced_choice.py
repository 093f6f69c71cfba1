"""The part of the side panel that few people need: device, seed, tile size. Folded away at first."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QLocale, QRandomGenerator, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from resshift_desktop.gui.labels import tell, wrapped
from resshift_desktop.gui.options import MAX_SEED, Options
from resshift_desktop.gui.save_choice import add_labelled, narrow_combo_box
from resshift_desktop.gui.theme import SPACING, ProblemLabel, QuietLabel, icon

_AUTO = "auto"
_TILE_SIZES = (128, 192, 256, 384, 512, 768, 1024)
_DICE_SIDES = 1_000_000  # numbers that can be read out


class AdvancedChoice(QWidget):
    """Device, seed and tile size under a button that unfolds them."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = Options()
        self._devices: tuple[str, ...] = ()
        self._fold = QToolButton()
        self._fold.setText(self.tr("&Advanced"))
        self._fold.setCheckable(True)
        self._fold.setAutoRaise(True)
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._device, self._tile_size = narrow_combo_box(), narrow_combo_box()
        self._seed, self._seed_problem = QLineEdit(), wrapped(ProblemLabel())
        self._seed.setMaxLength(40)
        self._dice = QToolButton()
        self._dice.setIcon(icon("dice"))
        self._dice.setToolTip(self.tr("Another seed by chance"))
        self._dice.setAccessibleName(self._dice.toolTip())
        self._dice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._body = QWidget()
        self._lay_out()
        self._fold.toggled.connect(self._unfold)
        self._device.activated.connect(lambda index: self._change(device=self._device.itemData(index)))
        self._tile_size.activated.connect(
            lambda index: self._change(tile_size=self._tile_size.itemData(index))
        )
        self._seed.textEdited.connect(self._enter_seed)
        self._dice.clicked.connect(lambda: self._set_seed(QRandomGenerator.system().bounded(_DICE_SIDES)))
        self._unfold(False)
        self.set_options(self._options)

    def read_into(self, options: Options) -> Options:
        """`options` with what is chosen here."""
        mine = self._options
        return replace(options, device=mine.device, seed=mine.seed, tile_size=mine.tile_size)

    def set_options(self, options: Options) -> None:
        """Show what `options` say."""
        self._options = options
        if self._seed.text() != str(options.seed):
            self._seed.setText(str(options.seed))
        tell(self._seed_problem, "")
        self._show_devices()
        self._tile_size.clear()
        self._tile_size.addItem(self.tr("Automatic"), None)
        for size in sorted({*_TILE_SIZES, options.tile_size or _TILE_SIZES[0]}):
            self._tile_size.addItem(self.tr("{size} pixels").format(size=QLocale().toString(size)), size)
        self._tile_size.setCurrentIndex(self._tile_size.findData(options.tile_size))

    def set_devices(self, devices: tuple[str, ...]) -> None:
        """The devices to choose from, by their names for people."""
        self._devices = devices
        self._show_devices()

    @property
    def has_problem(self) -> bool:
        """Whether what is entered makes no sense."""
        return not self._seed_problem.isHidden()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._show_fold()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._fold)
        layout.addWidget(self._body)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(SPACING // 2)
        add_labelled(body, self.tr("Dev&ice"), self._device)
        row = QWidget()
        seed = QHBoxLayout(row)
        seed.setContentsMargins(0, 0, 0, 0)
        seed.setSpacing(SPACING // 2)
        seed.addWidget(self._seed, 1)
        seed.addWidget(self._dice)
        add_labelled(body, self.tr("&Seed"), row).setBuddy(self._seed)
        self._seed.setAccessibleName(self.tr("Seed"))
        body.addWidget(self._seed_problem)
        body.addWidget(
            _explain(self.tr("Each seed gives slightly different details; the same seed, the same picture."))
        )
        add_labelled(body, self.tr("&Tile size"), self._tile_size)
        body.addWidget(_explain(self.tr("Smaller tiles need less memory.")))

    def _unfold(self, unfolded: bool) -> None:
        self._body.setVisible(unfolded)
        self._show_fold()

    def _show_fold(self) -> None:
        folded = Qt.ArrowType.LeftArrow if self.isRightToLeft() else Qt.ArrowType.RightArrow
        self._fold.setArrowType(Qt.ArrowType.DownArrow if self._fold.isChecked() else folded)

    def _show_devices(self) -> None:
        chosen = self._options.device
        self._device.clear()
        self._device.addItem(self.tr("Automatic: the fastest"), _AUTO)
        for name in self._devices:
            self._device.addItem(name, name)
        if self._device.findData(chosen) < 0:
            self._device.addItem(chosen, chosen)
        self._device.setCurrentIndex(self._device.findData(chosen))

    def _enter_seed(self, text: str) -> None:
        digits = text.strip()
        if digits.isascii() and digits.isdecimal() and int(digits) <= MAX_SEED:
            tell(self._seed_problem, "")
            self._change(seed=int(digits))
        else:
            tell(
                self._seed_problem,
                self.tr("Enter a whole number from 0 to {most}.").format(most=QLocale().toString(MAX_SEED)),
            )
            self.changed.emit()

    def _set_seed(self, seed: int) -> None:
        self._seed.setText(str(seed))
        tell(self._seed_problem, "")
        self._change(seed=seed)

    def _change(self, **fields: object) -> None:
        self._options = replace(self._options, **fields)
        self.changed.emit()


def _explain(text: str) -> QuietLabel:
    return wrapped(QuietLabel(text))

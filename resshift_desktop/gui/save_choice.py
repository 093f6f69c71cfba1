"""The part of the side panel that says where results go, in which format, and under which name."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from resshift_desktop.gui.labels import wrapped
from resshift_desktop.gui.options import Options
from resshift_desktop.gui.output_names import pictures_folder, result_name
from resshift_desktop.gui.theme import SPACING, QuietLabel

_BESIDE, _CHOSEN, _CHOOSE = "beside", "chosen", "choose"
_WITH_QUALITY = (None, "jpeg", "webp")


class SaveChoice(QWidget):
    """Folder, format, quality where there is one, and the name's pattern with an example."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = Options()
        self._model_scale = 4
        self._folder, self._format = narrow_combo_box(), narrow_combo_box()
        for text, image_format in (
            (self.tr("Same as input"), None),
            (self.tr("PNG: nothing lost"), "png"),
            (self.tr("JPEG: small files"), "jpeg"),
            (self.tr("WebP: smaller still"), "webp"),
            (self.tr("TIFF: for printing"), "tiff"),
        ):
            self._format.addItem(text, image_format)
        self._quality = QSpinBox()
        self._quality.setRange(1, 100)
        self._quality_words = wrapped(QuietLabel())
        self._pattern, self._example = QLineEdit(), wrapped(QuietLabel())
        self._pattern.setToolTip(self.tr("{name} is the input's name, {scale} the size, {model} the model."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        add_labelled(layout, self.tr("Fol&der"), self._folder)
        add_labelled(layout, self.tr("Fo&rmat"), self._format)
        self._quality_label = add_labelled(layout, self.tr("&Quality"), self._quality)
        layout.addWidget(self._quality_words)
        add_labelled(layout, self.tr("&Name"), self._pattern)
        layout.addWidget(self._example)
        self._folder.activated.connect(self._pick_folder)
        self._format.activated.connect(self._pick_format)
        self._quality.valueChanged.connect(lambda value: self._change(quality=value))
        self._pattern.textEdited.connect(lambda text: self._change(name_pattern=text))
        self.set_options(self._options)

    def read_into(self, options: Options) -> Options:
        """`options` with what is chosen here."""
        mine = self._options
        return replace(
            options,
            folder=mine.folder,
            name_pattern=mine.name_pattern,
            image_format=mine.image_format,
            quality=mine.quality,
        )

    def set_options(self, options: Options) -> None:
        """Show what `options` say; size and model are in the example's name."""
        self._options = options
        if self._pattern.text() != options.name_pattern:  # or else the cursor would jump
            self._pattern.setText(options.name_pattern)
        with QSignalBlocker(self._quality):
            self._quality.setValue(options.quality)
        self._format.setCurrentIndex(self._format.findData(options.image_format))
        self._show_folder()
        self._show_quality()
        self._show_example()

    def set_model_scale(self, scale: int) -> None:
        """The factor of results for which no size is chosen."""
        self._model_scale = scale
        self._show_example()

    def choose_folder(self) -> None:
        """Ask for the folder for results."""
        dialog = QFileDialog(self, self.tr("Folder for results"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(str(self._options.folder or pictures_folder()))
        dialog.fileSelected.connect(lambda name: self._change(folder=Path(name)))
        dialog.finished.connect(lambda _: (self._show_folder(), dialog.deleteLater()))
        dialog.open()

    def _pick_folder(self, index: int) -> None:
        chosen = self._folder.itemData(index)
        if chosen == _CHOOSE:
            self.choose_folder()
        elif chosen == _BESIDE:
            self._change(folder=None)

    def _pick_format(self, index: int) -> None:
        self._change(image_format=self._format.itemData(index))

    def _change(self, **fields: object) -> None:
        self._options = replace(self._options, **fields)
        self._show_folder()
        self._show_quality()
        self._show_example()
        self.changed.emit()

    def _show_folder(self) -> None:
        folder = self._options.folder
        self._folder.clear()
        self._folder.addItem(self.tr("Beside the input"), _BESIDE)
        if folder is not None:
            self._folder.addItem(folder.name or str(folder), _CHOSEN)
        self._folder.addItem(self.tr("Choose a folder…"), _CHOOSE)
        self._folder.setCurrentIndex(0 if folder is None else 1)
        self._folder.setToolTip("" if folder is None else str(folder))

    def _show_quality(self) -> None:
        shown = self._options.image_format in _WITH_QUALITY
        for widget in (self._quality_label, self._quality, self._quality_words):
            widget.setVisible(shown)
        if self._options.image_format is None:
            text = self.tr("For JPEG and WebP; others lose nothing.")
        elif self._options.image_format == "webp" and self._options.quality == 100:
            text = self.tr("Nothing is lost.")
        else:
            text = self.tr("90 looks like the original; less makes smaller files.")
        self._quality_words.setText(text)

    def _show_example(self) -> None:
        photo = Path(self.tr("photo", "a file's name") + ".jpg")
        name = result_name(photo, self._options, self._model_scale)
        self._example.setText(self.tr("Example: {name}").format(name=name))


def narrow_combo_box() -> QComboBox:
    """A combo box that takes the width it is given, whatever its longest entry."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    box.currentTextChanged.connect(box.setToolTip)
    return box


def add_labelled(layout: QVBoxLayout, text: str, field: QWidget) -> QLabel:
    """Put `field` into the layout, under a label that is also its accessible name."""
    label = QLabel(text)
    label.setBuddy(field)
    field.setAccessibleName(text.replace("&", ""))
    if layout.count():
        layout.addSpacing(SPACING // 2)
    layout.addWidget(label)
    layout.addWidget(field)
    return label

"""What is asked before upscaling, and how far it is. There may be several, and Krita goes on meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from krita import Krita

from .bridge.background import Work, find_models, upscale
from .bridge.client import Result
from .bridge.for_plugins import PluginModel
from .picture import Source
from .qt import QtCore, QtWidgets, i18n

_LARGEST_FACTOR = 16


class UpscaleDialog(QtWidgets.QDialog):
    """Esc, Cancel, or closing it, ends the work."""

    def __init__(self, source: Source, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(i18n("Upscale") + f" – {source.name}")
        self.setMinimumWidth(400)
        self._source = source
        self._models: list[PluginModel] = []
        self._size: dict[str, float] = {}
        width, height = source.rect.width(), source.rect.height()
        self.model, self.place = QtWidgets.QComboBox(), QtWidgets.QComboBox()
        self.factor = QtWidgets.QDoubleSpinBox(minimum=1, maximum=_LARGEST_FACTOR, suffix=" ×")
        self.across = QtWidgets.QSpinBox(minimum=width, maximum=_LARGEST_FACTOR * width, suffix=" px")
        self.down = QtWidgets.QSpinBox(minimum=height, maximum=_LARGEST_FACTOR * height, suffix=" px")
        self.seed = QtWidgets.QSpinBox(maximum=2**31 - 1)
        for place, text in source.places.items():
            self.place.addItem(text, place)
        self.options, self.status = QtWidgets.QWidget(), QtWidgets.QLabel(wordWrap=True)
        self.bar = QtWidgets.QProgressBar(textVisible=False)
        self.start = QtWidgets.QPushButton(i18n("Upscale"), default=True)
        form = QtWidgets.QFormLayout(self.options)
        form.addRow(i18n("Model:"), self.model)
        form.addRow(i18n("Factor:"), self.factor)
        form.addRow(i18n("Width:"), self.across)
        form.addRow(i18n("Height:"), self.down)
        form.addRow(i18n("Result:"), self.place)
        form.addRow(i18n("Seed:"), self.seed)
        buttons = QtWidgets.QDialogButtonBox(QtWidgets.QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QtWidgets.QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        buttons.addButton(self.start, QtWidgets.QDialogButtonBox.ButtonRole.ActionRole)
        column = QtWidgets.QVBoxLayout(self)
        for part in (self.options, self.bar, self.status, buttons):
            column.addWidget(part)

        self.model.currentIndexChanged.connect(self._follow_model)
        self.factor.valueChanged.connect(lambda value: self._resize(value, scale=value))
        self.across.valueChanged.connect(lambda value: self._resize(value / width, target_width=value))
        self.down.valueChanged.connect(lambda value: self._resize(value / height, target_height=value))
        self.start.clicked.connect(self._upscale)
        buttons.rejected.connect(self.reject)
        self._begin(find_models, self._offer)

    def _begin(self, function: Callable[..., object], on_done: Callable[..., object]) -> None:
        """Have this done in a thread, showing how far it is; the options wait meanwhile."""
        self._set_at_work(True)
        self._work = Work(function, self._show_progress, on_done, self._stop)
        QtCore.QTimer(self, interval=50, timeout=self._work.hear).start()
        self.finished.connect(self._work.cancel)
        self.destroyed.connect(self._work.cancel)  # with Krita's window, for instance

    def _go_through(self, steps: Iterator[None], then: Callable[[], object]) -> None:
        """Have this done in Krita's thread, which goes on between the steps; cancelling ends it."""

        def step() -> None:
            if next(steps, self) is self:
                timer.stop()
                then()

        timer = QtCore.QTimer(self, timeout=step)
        self.finished.connect(timer.stop)
        self.finished.connect(lambda: steps.close())  # not left to the end of some other thread
        timer.start()

    def _set_at_work(self, at_work: bool) -> None:
        self.bar.setRange(0, 0)
        self.options.setEnabled(not at_work)
        self.start.setEnabled(not at_work)
        self.bar.setVisible(at_work)

    def _stop(self, message: str = "") -> None:
        self._set_at_work(False)
        self.status.setText(message)

    def _show_progress(self, words: str, fraction: float | None = None) -> None:
        self.status.setText(i18n(words))
        if fraction is not None:
            self.bar.setRange(0, 100)
            self.bar.setValue(int(100 * fraction))

    def _offer(self, models: list[PluginModel]) -> None:
        self._models = models
        self.model.addItems([model.title for model in models])
        last = json.loads(Krita.instance().readSetting("ResShift", "last", "{}"))
        names = [model.name for model in models]
        if last.get("model") in names:
            self.model.setCurrentIndex(names.index(last["model"]))
            self.factor.setValue(last["factor"])
        self.place.setCurrentIndex(max(0, self.place.findData(last.get("place"))))
        self.seed.setValue(last.get("seed", 0))
        self._stop()

    def _follow_model(self, index: int) -> None:
        scale = self._models[index].scale
        self._resize(scale, scale=scale)
        for box in (self.factor, self.across, self.down):
            box.setEnabled(scale > 1)

    def _resize(self, factor: float, **size: float) -> None:
        """What was changed last is what is asked for; the other boxes follow it."""
        self._size = size
        for box in (self.factor, self.across, self.down):
            box.blockSignals(True)
            box.setValue(factor if box is self.factor else round(factor * box.minimum()))
            box.blockSignals(False)

    def _upscale(self) -> None:
        if not self._models:  # since that failed before
            self._begin(find_models, self._offer)
            return
        options = {"model": self._models[self.model.currentIndex()].name, "seed": self.seed.value()}
        last = {**options, "factor": self.factor.value(), "place": self.place.currentData()}
        Krita.instance().writeSetting("ResShift", "last", json.dumps(last))
        pixels = bytearray()
        send = partial(upscale, pixels, **self._source.facts(), **options, **self._size)
        self._set_at_work(True)
        self._show_progress("Reading the pixels...")
        self._go_through(self._source.read(pixels), lambda: self._begin(send, self._put))

    def _put(self, sr: Result) -> None:
        self._go_through(self._source.place(sr, self.place.currentData()), self.accept)

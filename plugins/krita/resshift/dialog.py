"""What is asked before upscaling."""

from __future__ import annotations

import json
from collections.abc import Callable

from krita import Krita

from .bridge.for_plugins import PluginModel, list_models
from .bridge.launcher import connect
from .progress import UpscaleProgress
from .qt import QtCore, QtWidgets
from .source import Source
from .work import Work

_LARGEST = 16
_SETTINGS = "ResShift"


class OptionsDialog(QtWidgets.QDialog):
    """Finds or starts ResShift while it is open, and begins with what was chosen last."""

    def __init__(self, source: Source, title: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title.rstrip("."))
        self._source = source
        self._models: list[PluginModel] = []
        self._size: dict[str, float] = {}

        width, height = source.rect.width(), source.rect.height()
        self.model = QtWidgets.QComboBox()
        self.factor = QtWidgets.QDoubleSpinBox(minimum=1, maximum=_LARGEST, suffix=" ×")
        self.across = QtWidgets.QSpinBox(minimum=width, maximum=_LARGEST * width, suffix=" px")
        self.down = QtWidgets.QSpinBox(minimum=height, maximum=_LARGEST * height, suffix=" px")
        self.place = QtWidgets.QComboBox()
        for place, text in source.places.items():
            self.place.addItem(text, place)
        self.seed = QtWidgets.QSpinBox(maximum=2**31 - 1)
        self.status = QtWidgets.QLabel(i18n("Starting ResShift..."), wordWrap=True)
        self.buttons = QtWidgets.QDialogButtonBox(QtWidgets.QDialogButtonBox.StandardButton.Cancel)
        self.start = self.buttons.addButton(i18n("Upscale"), QtWidgets.QDialogButtonBox.ButtonRole.AcceptRole)

        form = QtWidgets.QFormLayout(self)
        form.addRow(i18n("Model:"), self.model)
        form.addRow(i18n("Factor:"), self.factor)
        form.addRow(i18n("Width:"), self.across)
        form.addRow(i18n("Height:"), self.down)
        form.addRow(i18n("Result:"), self.place)
        form.addRow(i18n("Seed:"), self.seed)
        form.addRow(self.status)
        form.addRow(self.buttons)

        self.model.currentIndexChanged.connect(self._follow_model)
        self.factor.valueChanged.connect(lambda factor: self._resize(factor, scale=factor))
        self.across.valueChanged.connect(lambda value: self._resize(value / width, target_width=value))
        self.down.valueChanged.connect(lambda value: self._resize(value / height, target_height=value))
        self.buttons.accepted.connect(self._upscale)
        self.buttons.rejected.connect(self.reject)
        self.start.setEnabled(False)
        work = Work(self, _find_models, lambda: None, self._offer, self.status.setText)
        self.finished.connect(work.cancel)

    def _offer(self, models: list[PluginModel]) -> None:
        self._models = models
        self.model.addItems([model.title for model in models])
        self.status.clear()
        self._recall()
        self.start.setEnabled(bool(models))

    def _follow_model(self, index: int) -> None:
        scale = self._models[index].scale
        self.factor.setValue(scale)
        self._resize(scale, scale=scale)
        for box in (self.factor, self.across, self.down):
            box.setEnabled(scale > 1)

    def _resize(self, factor: float, **size: float) -> None:
        """What was changed last is what is sent; the other boxes follow it."""
        self._size = size
        wanted = {self.factor: factor}
        wanted[self.across] = round(factor * self.across.minimum())
        wanted[self.down] = round(factor * self.down.minimum())
        for box, value in wanted.items():
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def _upscale(self) -> None:
        self._remember()
        options = {"model": self._models[self.model.currentIndex()].name, "seed": self.seed.value()}
        self.accept()
        place = self.place.currentData()
        UpscaleProgress(self._source, place, {**options, **self._size}, self.windowTitle(), self.parent())

    def _recall(self) -> None:
        last = json.loads(Krita.instance().readSetting(_SETTINGS, "last", "{}"))
        names = [model.name for model in self._models]
        if last.get("model") in names:
            self.model.setCurrentIndex(names.index(last["model"]))
            self.factor.setValue(last["factor"])
        self.place.setCurrentIndex(max(0, self.place.findData(last.get("place"))))
        self.seed.setValue(last.get("seed", 0))

    def _remember(self) -> None:
        model = self._models[self.model.currentIndex()].name
        last = {"model": model, "factor": self.factor.value(), "place": self.place.currentData()}
        Krita.instance().writeSetting(_SETTINGS, "last", json.dumps({**last, "seed": self.seed.value()}))


def _find_models(tell: Callable[..., None], _: Callable[[], bool]) -> list[PluginModel]:
    return list_models(connect(on_waiting=tell))

"""The side panel: which model, how large, where to, and the rest folded away."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from resshift_desktop.gui.advanced_choice import AdvancedChoice
from resshift_desktop.gui.labels import heading, tell, wrapped
from resshift_desktop.gui.model_item import ModelItem, built_in_model, file_size
from resshift_desktop.gui.options import Options
from resshift_desktop.gui.save_choice import SaveChoice, narrow_combo_box
from resshift_desktop.gui.size_choice import SizeChoice
from resshift_desktop.gui.theme import SPACING, QuietLabel


class OptionsPanel(QScrollArea):
    """What the person chooses for the next pictures. It scrolls where the window is low."""

    changed = Signal(Options)
    """The options, after the person has changed something."""
    models_wanted = Signal()
    """The person wants to see, get or remove models."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = Options()
        self._models = (built_in_model(),)
        self._model, self._about_model = narrow_combo_box(), wrapped(QuietLabel())
        self._model.setAccessibleName(self.tr("Model"))
        self._size, self._save, self._advanced = SizeChoice(), SaveChoice(), AdvancedChoice()
        self._lay_out()
        self._model.activated.connect(self._choose_model)
        for part in (self._size, self._save, self._advanced):
            part.changed.connect(self._read_parts)
        self.set_options(self._options)

    def options(self) -> Options:
        """What is chosen. Where something entered makes no sense, what it was before."""
        return self._options

    def set_options(self, options: Options) -> None:
        """Show `options`, without telling of a change."""
        self._options = options
        self._show_models()
        self._show_parts()
        self._advanced.set_options(options)

    def set_models(self, models: tuple[ModelItem, ...]) -> None:
        """The models to choose from; those that are not installed are offered, too."""
        self._models = models
        self._show_models()
        self._show_parts()

    def model(self, name: str) -> ModelItem | None:
        """One of the models to choose from; None where there is none of that name."""
        return next((model for model in self._models if model.name == name), None)

    def set_devices(self, devices: tuple[str, ...]) -> None:
        """The devices to choose from, by their names for people."""
        self._advanced.set_devices(devices)

    def set_picture(self, width: int | None, height: int | None) -> None:
        """The size in pixels of the picture whose result's size is to be told; None: none, or several."""
        self._size.set_picture(None if width is None or height is None else (width, height))

    @property
    def has_problem(self) -> bool:
        """Whether something entered makes no sense, as is told beside it."""
        return self._size.has_problem or self._advanced.has_problem

    def choose_folder(self) -> None:
        """Ask for the folder for results."""
        self._save.choose_folder()

    def _lay_out(self) -> None:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(SPACING)
        model = heading(self.tr("&Model"))
        model.setBuddy(self._model)
        for widget in (model, self._model, self._about_model):
            layout.addWidget(widget)
        layout.addSpacing(SPACING)
        layout.addWidget(heading(self.tr("Size")))
        layout.addWidget(self._size)
        layout.addSpacing(SPACING)
        layout.addWidget(heading(self.tr("Save to")))
        layout.addWidget(self._save)
        layout.addSpacing(SPACING)
        layout.addWidget(self._advanced)
        layout.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self._model)

    def _read_parts(self) -> None:
        options = self._options
        for part in (self._size, self._save, self._advanced):
            options = part.read_into(options)
        self._take(options)

    def _choose_model(self, index: int) -> None:
        name = self._model.itemData(index)
        if name is None:
            self._show_models()
            self.models_wanted.emit()
        else:
            self._take(replace(self._options, model=name))

    def _take(self, options: Options) -> None:
        self._options = options
        self._show_models()
        self._show_parts()
        self.changed.emit(options)

    def _show_parts(self) -> None:
        """What in one part follows from the others: warnings of the format, the example's name."""
        model = self._chosen_model()
        for part in (self._size, self._save):
            part.set_options(self._options)
            if model is not None:
                part.set_model_scale(model.scale)

    def _show_models(self) -> None:
        self._model.clear()
        for model in sorted(self._models, key=lambda model: not model.installed):
            if model.installed:
                self._model.addItem(model.title, model.name)
            else:
                size = file_size(model.size_bytes)
                self._model.addItem(self.tr("{title}, download {size}").format(title=model.title, size=size))
        chosen = self._chosen_model()
        if chosen is None or not chosen.installed:
            # Not chosen anew behind the person's back: the core tells what is wrong with it.
            self._model.insertItem(0, chosen.title if chosen else self._options.model, self._options.model)
        self._model.insertSeparator(self._model.count())
        self._model.addItem(self.tr("More models…"))
        self._model.setCurrentIndex(self._model.findData(self._options.model))
        tell(self._about_model, chosen.description if chosen else "")

    def _chosen_model(self) -> ModelItem | None:
        return self.model(self._options.model)

"""The settings dialog: what is changed holds at once, and is kept at once."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QSpinBox, QWidget

from resshift_desktop.gui.labels import heading, wrapped
from resshift_desktop.gui.languages import LANGUAGES
from resshift_desktop.gui.pages.page import Page
from resshift_desktop.gui.preferences import Preferences, app_settings, load_preferences, save_preferences
from resshift_desktop.gui.theme import SPACING, ProblemLabel, QuietLabel
from resshift_desktop.gui.updates import release_feed
from resshift_desktop.settings import Settings, load_settings, save_settings

_MOST_MINUTES = 24 * 60


class SettingsDialog(Page):
    """Language, and how the app and its worker behave."""

    preferences_changed = Signal(Preferences)
    core_settings_changed = Signal(Settings)
    """The core reads them when it starts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._file = app_settings()
        self._preferences, self._settings = load_preferences(self._file), load_settings()
        self._first_preferences, self._first_settings = self._preferences, self._settings
        self._restart_app = QuietLabel(self.tr("Restart ResShift to see it in this language."))
        self._restart_core = QuietLabel(
            self.tr("Takes effect when ResShift's background process next starts.")
        )
        self._problem = ProblemLabel()
        self._lay_out()
        self._show_notes()

    def _lay_out(self) -> None:
        preferences, settings = self._preferences, self._settings
        self._language = QComboBox()
        self._language.addItem(self.tr("As the system"), "")
        for name, title in LANGUAGES.items():
            self._language.addItem(title, name)
        self._language.setCurrentIndex(max(0, self._language.findData(preferences.language)))
        self._language.activated.connect(lambda index: self._prefer(language=self._language.itemData(index)))
        form = QFormLayout()
        form.addRow(self.tr("&Language"), self._language)
        self.content.addLayout(form)
        self.content.addWidget(wrapped(self._restart_app))
        self.content.addSpacing(SPACING)
        self.content.addWidget(heading(self.tr("This app")))
        self._add_check(
            self.tr("&Go on working when the window is closed"),
            preferences.keep_working,
            lambda on: self._prefer(keep_working=on),
        )
        self._add_check(
            self.tr("&Notify me when all pictures are done"),
            preferences.notify,
            lambda on: self._prefer(notify=on),
        )
        if release_feed() is not None:
            self._add_check(
                self.tr("Ask once a week whether there is a newer &version"),
                preferences.updates,
                lambda on: self._prefer(updates=on),
            )
        self.content.addSpacing(SPACING)
        self.content.addWidget(heading(self.tr("While pictures are worked on")))
        self._add_check(
            self.tr("&Keep the computer awake"), settings.keep_awake, lambda on: self._set(keep_awake=on)
        )
        self._add_check(
            self.tr("Let &other programs go first"),
            settings.low_priority,
            lambda on: self._set(low_priority=on),
        )
        self._minutes = QSpinBox()
        self._minutes.setRange(1, _MOST_MINUTES)
        self._minutes.setValue(round(settings.idle_minutes))
        self._minutes.setSuffix(self.tr(" min", "minutes, after a number"))
        self._minutes.valueChanged.connect(lambda minutes: self._set(idle_minutes=minutes))
        form = QFormLayout()
        form.addRow(self.tr("Free the &memory after this time without work"), self._minutes)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.content.addLayout(form)
        self.content.addWidget(wrapped(self._restart_core))
        self.content.addWidget(wrapped(self._problem))
        self.content.addStretch(1)

    def _add_check(self, text: str, checked: bool, on_toggled: Callable[[bool], None]) -> None:
        box = QCheckBox(text)
        box.setChecked(checked)
        box.toggled.connect(on_toggled)
        self.content.addWidget(box)

    def _prefer(self, **fields: object) -> None:
        self._preferences = replace(self._preferences, **fields)
        save_preferences(self._file, self._preferences)
        self._file.sync()
        kept = self._file.status() is self._file.Status.NoError
        self._tell_kept(kept)
        self.preferences_changed.emit(self._preferences)

    def _set(self, **fields: object) -> None:
        self._settings = replace(self._settings, **fields)
        try:
            save_settings(self._settings)
        except OSError:
            self._tell_kept(False)
        else:
            self._tell_kept(True)
            self.core_settings_changed.emit(self._settings)

    def _tell_kept(self, kept: bool) -> None:
        text = "" if kept else self.tr("The settings could not be kept. Is the disk full?")
        self._problem.setText(text)
        self._show_notes()

    def _show_notes(self) -> None:
        self._restart_app.setVisible(self._preferences.language != self._first_preferences.language)
        self._restart_core.setVisible(self._settings != self._first_settings)
        self._problem.setVisible(bool(self._problem.text()))

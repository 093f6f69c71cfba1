"""How the app itself behaves, and the file that it remembers things in."""

from dataclasses import asdict, dataclass, fields

from PySide6.QtCore import QSettings

from resshift_desktop.paths import data_folder

_GROUP = "preferences"


@dataclass(frozen=True)
class Preferences:
    """What concerns the app alone; what concerns the core is in resshift_desktop.settings.

    `language`: "" follows the system, else one of gui.languages. `keep_working`: go on in the background
    when the window is closed. `notify`: tell when all is done and the window is in the background.
    `updates`: ask once a week whether there is a newer release.
    """

    language: str = ""
    keep_working: bool = True
    notify: bool = True
    updates: bool = False


def app_settings() -> QSettings:
    """The file that the app remembers things in: preferences, options, the window's place."""
    return QSettings(str(data_folder() / "app.ini"), QSettings.Format.IniFormat)


def load_preferences(settings: QSettings) -> Preferences:
    """The preferences as saved; the defaults for what is missing or makes no sense."""
    given = {}
    for field in fields(Preferences):
        text = settings.value(f"{_GROUP}/{field.name}")
        if field.name == "language" and isinstance(text, str):
            given[field.name] = text
        elif text in ("true", "false"):
            given[field.name] = text == "true"
    return Preferences(**given)


def save_preferences(settings: QSettings, preferences: Preferences) -> None:
    """Keep the preferences. They are on disk when `settings` is next synchronised."""
    for name, value in asdict(preferences).items():
        settings.setValue(f"{_GROUP}/{name}", value if isinstance(value, str) else str(value).lower())

"""The app's languages: English, and translations from resources/i18n."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from resshift_desktop.paths import resources_folder

LANGUAGES = {"en": "English", "de": "Deutsch", "zh_CN": "简体中文"}
"""By the name of their translation, what each language calls itself."""


def install(app: QCoreApplication, wanted: str = "", folder: Path | None = None) -> str:
    """Have the app and Qt's own dialogs speak a language, and write numbers as it does.

    To be called once, before windows are made.

    Args:
        wanted: one of LANGUAGES; "", or another, means the system's language.
        folder: where the compiled translations are, else resources/i18n.

    Returns:
        The language, one of LANGUAGES. Where its translation has not been compiled it is English all the
        same.
    """
    system = QLocale.system()
    language = wanted if wanted in LANGUAGES else _nearest(system)
    same = _nearest(system) == language and system.language() != QLocale.Language.C
    # The system's locale has more to say: how this person's country writes numbers.
    locale = system if same else QLocale("en_US" if language == "en" else language)
    QLocale.setDefault(locale)
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    own_folder = folder or resources_folder() / "i18n"
    for name, place in ((f"qtbase_{language}", qt_folder), (f"resshift_{language}", str(own_folder))):
        translator = QTranslator(app)
        if translator.load(name, place):
            app.installTranslator(translator)
    return language


def _nearest(locale: QLocale) -> str:
    """The one of LANGUAGES that the person behind `locale` reads best."""
    tags = [tag.replace("_", "-").split("-") for tag in locale.uiLanguages()]
    traditional = any("Hant" in tag for tag in tags)
    for language, *_ in tags:
        if language == "zh" and not traditional:
            return "zh_CN"
        if language in LANGUAGES:
            return language
    return "en"

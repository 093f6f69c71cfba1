import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from resshift_desktop.core.weights.licences import licence_of
from resshift_desktop.core.weights.published import published_cards
from resshift_desktop.core.weights.store import list_models
from resshift_desktop.gui import languages
from resshift_desktop.gui.model_item import CARD_TEXTS, ModelItem
from resshift_desktop.gui.options import Options
from resshift_desktop.gui.options_panel import OptionsPanel
from resshift_desktop.gui.pages.settings import SettingsDialog
from resshift_desktop.paths import resources_folder
from tests.gui.looks import cut_off, mnemonics

ROOT = Path(__file__).parents[2]
SOURCES = resources_folder() / "i18n"
TRANSLATED = [name for name in languages.LANGUAGES if name != "en"]
TOOLS = Path(sys.executable).parent
UPDATE = ["-extensions", "py", "-locations", "none", "-no-obsolete"]

MENUS = ("&File", "&Edit", "&Picture", "&View", "&Help")

Message = tuple[str, str, str]
"""Context, source text, what tells it from others."""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the translations as the program loads them."""
    folder = tmp_path_factory.mktemp("i18n")
    for language in TRANSLATED:
        name = f"resshift_{language}"
        run("pyside6-lrelease", str(SOURCES / f"{name}.ts"), "-qm", str(folder / f"{name}.qm"))
    return folder


@pytest.fixture(autouse=True)
def english_afterwards(qapp: QApplication) -> Iterator[None]:
    locale = QLocale()
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(locale)


def run(tool: str, *arguments: str) -> None:
    subprocess.run([TOOLS / tool, "-silent", *arguments], cwd=ROOT, check=True, capture_output=True)


def read(path: Path) -> dict[Message, list[str] | None]:
    """The texts of a .ts file and their translations; None where they are not finished."""
    found: dict[Message, list[str] | None] = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            names = (context.findtext("name"), message.findtext("source"), message.findtext("comment"))
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.findall("numerusform")]
            texts = forms or [translation.text or ""]
            finished = translation.get("type") is None and all(texts)
            found[names[0] or "", names[1] or "", names[2] or ""] = texts if finished else None
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_missing_or_unfinished(language: str, tmp_path: Path) -> None:
    kept = SOURCES / f"resshift_{language}.ts"
    new = tmp_path / kept.name
    shutil.copy(kept, new)
    run("pyside6-lupdate", *UPDATE, "resshift_desktop/gui", "-ts", str(new))
    now = read(new)
    assert len(now) > 150
    assert [names for names, texts in now.items() if texts is None] == [], "`make texts`, then translate"
    assert set(read(kept)) - set(now) == set(), "texts that the program no longer has"


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_what_is_filled_in(language: str) -> None:
    for (_, source, _), texts in read(SOURCES / f"resshift_{language}.ts").items():
        for text in texts or []:
            for pattern in (r"\{\w*\}", r"%n", r"&(?=\w)"):  # fields, numbers, mnemonics
                assert marks(pattern, text) == marks(pattern, source), (source, text)


def marks(pattern: str, text: str) -> list[str]:
    return sorted(set(re.findall(pattern, text)))


def test_every_text_is_one_that_lupdate_finds() -> None:
    """It finds `self.tr("text")` and `translate("Context", "text")`, and no text behind another name."""
    hidden = re.compile(r"""(?<![\w.])_?tr\(|\btr = self\.tr\b|\btr\(\s*f["']""")
    found = {
        path.relative_to(ROOT).as_posix(): hits
        for path in (ROOT / "resshift_desktop" / "gui").rglob("*.py")
        if (hits := [match[0] for match in hidden.finditer(path.read_text("utf-8"))])
    }
    assert found == {}


def test_texts_of_model_cards_are_known() -> None:
    cards = [*(model.card for model in list_models()), *published_cards()]
    assert len(cards) == 10
    licences = [licence for card in cards if (licence := licence_of(card))]
    texts = {text for card in cards for text in (card.title, card.description)}
    assert texts | {licence.summary for licence in licences} == set(CARD_TEXTS)


@pytest.mark.parametrize(
    ("language", "model", "cancel", "number"),
    [
        ("en", "Built-in, fast", "Cancel", "1,234.5"),
        ("de", "Eingebaut, schnell", "Abbrechen", "1.234,5"),
        ("zh_CN", "内置，快速", "取消", "1,234.5"),
    ],
)
def test_the_app_and_qt_speak_it(
    language: str, model: str, cancel: str, number: str, qapp: QApplication, compiled: Path
) -> None:
    assert languages.install(qapp, language, compiled) == language
    wire = {"name": "builtin", "title": "Built-in, fast", "description": "", "scale": 4, "licence": ""}
    item = ModelItem.from_wire({**wire, "size_bytes": 0, "built_in": True, "takes_mask": False})
    assert item.title == model
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == cancel
    assert QLocale().toString(1234.5, "f", 1) == number


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_panel_and_settings_have_room_and_keys_of_their_own(
    language: str, qapp: QApplication, compiled: Path, qtbot: QtBot
) -> None:
    languages.install(qapp, language, compiled)
    panel, settings = OptionsPanel(), SettingsDialog()
    panel.resize(280, 900)
    for widget in (panel, settings):
        qtbot.addWidget(widget)
        widget.show()
    panel.set_options(Options(width=2000, image_format="webp"))
    for fold in panel.findChildren(QToolButton):
        if fold.arrowType() is not Qt.ArrowType.NoArrow:
            fold.click()
    menus = [title[title.index("&") + 1].lower() for title in map(menu_title, MENUS)]
    for letters in (mnemonics(panel) + menus, mnemonics(settings)):
        assert sorted(letters) == sorted(set(letters))
        assert len(letters) >= 6
    for widget in (panel, settings):
        qtbot.waitUntil(lambda widget=widget: cut_off(widget) == [])


def menu_title(name: str) -> str:
    return QCoreApplication.translate("Actions", name)


def test_plurals(qapp: QApplication, compiled: Path) -> None:
    languages.install(qapp, "de", compiled)
    texts = [QCoreApplication.translate("UpscaleButton", "Upscale %n pictures", "", n) for n in (1, 3)]
    assert texts == ["1 Bild hochskalieren", "3 Bilder hochskalieren"]


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("C", "en"),
        ("en_GB", "en"),
        ("de_AT", "de"),
        ("zh_CN", "zh_CN"),
        ("zh_SG", "zh_CN"),
        ("zh_TW", "en"),
        ("zh_HK", "en"),
        ("fr_FR", "en"),
    ],
)
def test_the_systems_language_is_taken(
    system: str, expected: str, qapp: QApplication, compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(system))
    assert languages.install(qapp, "", compiled) == expected
    assert languages.install(qapp, "tlh", compiled) == expected
    if system in ("de_AT", "en_GB"):  # the country's way of writing stays
        assert QLocale().name() == system


def test_without_compiled_translations_it_is_english(qapp: QApplication, tmp_path: Path) -> None:
    languages.install(qapp, "de", tmp_path)
    assert QCoreApplication.translate("ModelItem", "Built-in, fast") == "Built-in, fast"

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from resshift_desktop.gui import theme
from resshift_desktop.paths import resources_folder

ICONS = resources_folder() / "icons"
NAMES = sorted(path.stem for path in (ICONS / "light").glob("*.svg"))
GUI = Path(theme.__file__).parent


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def dark(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[bool]:
    before = qapp.palette(), QIcon.themeName()
    theme.apply(qapp)
    theme.set_dark(qapp, request.param)
    yield request.param
    qapp.setPalette(before[0])
    QIcon.setThemeName(before[1])


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    """WCAG 2.2, relative luminance."""
    values = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def commonest_colour(image: QImage) -> QColor:
    """Of the pixels that are not see-through."""
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    opaque = [colour.name() for colour in colours if colour.alpha() == 255]
    return QColor(max(set(opaque), key=opaque.count))


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window),
        (QPalette.ColorRole.Text, QPalette.ColorRole.Base),
        (QPalette.ColorRole.Text, QPalette.ColorRole.AlternateBase),
        (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Button),
        (QPalette.ColorRole.ToolTipText, QPalette.ColorRole.ToolTipBase),
        (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight),
        (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Base),
        (QPalette.ColorRole.Link, QPalette.ColorRole.Base),
        (QPalette.ColorRole.LinkVisited, QPalette.ColorRole.Base),
    ],
)
def test_text_can_be_read(
    dark: bool, qapp: QApplication, text: QPalette.ColorRole, ground: QPalette.ColorRole
) -> None:
    palette = qapp.palette()
    assert contrast(palette.color(text), palette.color(ground)) >= 4.5  # WCAG 2.2, 1.4.3
    assert (luminance(palette.color(ground)) < luminance(palette.color(text))) == (
        dark != (text is QPalette.ColorRole.HighlightedText)
    )


@pytest.mark.parametrize("kind", [theme.QuietLabel, theme.WarningLabel, theme.ProblemLabel])
@pytest.mark.usefixtures("dark")
def test_labels_can_be_read(kind: type[QLabel]) -> None:
    label, plain = kind("text"), QLabel("text")
    for one in (label, plain):
        one.ensurePolished()
    palette = label.palette()
    for role, ground in (
        (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window),
        (QPalette.ColorRole.Text, QPalette.ColorRole.Base),
    ):
        assert palette.color(role) != plain.palette().color(role)
        assert contrast(palette.color(role), palette.color(ground)) >= 4.5


@pytest.mark.usefixtures("dark")
def test_the_primary_button_stands_out_and_can_be_read() -> None:
    button = theme.PrimaryButton("Upscale")
    primary, plain = (face(one) for one in (button, QPushButton("Upscale")))
    text = button.palette().color(QPalette.ColorRole.ButtonText)
    assert primary.saturation() > plain.saturation() + 50
    assert contrast(text, primary) >= 4.5


def face(button: QAbstractButton) -> QColor:
    """The colour beside its text."""
    button.resize(160, 32)
    return button.grab().toImage().pixelColor(10, 16)


def test_windows_that_are_open_follow(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp)
    label = theme.ProblemLabel("text")
    qtbot.addWidget(label)
    label.show()
    for is_dark, name in ((False, "#b3261e"), (True, "#ff9a8f"), (False, "#b3261e")):
        theme.set_dark(qapp, is_dark)
        qtbot.waitUntil(lambda name=name: text_colour(label).name() == name)
    assert text_colour(label) != text_colour(QLabel("text"))


def text_colour(label: QLabel) -> QColor:
    return label.palette().color(QPalette.ColorRole.WindowText)


@pytest.mark.parametrize("name", NAMES)
def test_icons_can_be_seen(dark: bool, qapp: QApplication, name: str) -> None:
    icon = theme.icon(name)
    for side in (16, 24, 48):
        image = icon.pixmap(QSize(side, side), 2.0).toImage()
        assert image.size() == QSize(2 * side, 2 * side)  # drawn for the screen, not enlarged
    window = qapp.palette().color(QPalette.ColorRole.Window)
    assert contrast(commonest_colour(image), window) >= 3  # WCAG 2.2, 1.4.11
    assert (luminance(commonest_colour(image)) > luminance(window)) == dark


def test_an_icon_in_use_follows(qapp: QApplication) -> None:
    theme.apply(qapp)
    icon = theme.icon("open")
    theme.set_dark(qapp, False)
    light = commonest_colour(icon.pixmap(48).toImage())
    theme.set_dark(qapp, True)
    assert luminance(commonest_colour(icon.pixmap(48).toImage())) > luminance(light)


def test_every_icon_that_is_asked_for_is_there() -> None:
    asked = {
        name
        for path in GUI.rglob("*.py")
        for name in re.findall(r"""\bicon\(\s*["']([\w-]+)["']""", path.read_text("utf-8"))
    }
    assert asked
    assert asked - set(NAMES) == set()


def test_what_is_made_of_the_drawings_is_up_to_date(tmp_path: Path) -> None:
    shutil.copytree(ICONS / "light", tmp_path / "light")
    (tmp_path / "dark").mkdir()
    for name in ("make_icons.py", "resshift.svg"):
        shutil.copy(ICONS / name, tmp_path)
    subprocess.run([sys.executable, "make_icons.py"], cwd=tmp_path, check=True)
    made = {path.name: path.read_bytes() for path in (tmp_path / "dark").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (ICONS / "dark").iterdir()}
    for path in ICONS.glob("*.png"):
        # Drawing depends on the processor a little.
        assert largest_difference(path, tmp_path / path.name) <= 8, path.name


def largest_difference(one: Path, other: Path) -> float:
    """Of any sample, 0 to 255."""
    with Image.open(one) as first, Image.open(other) as second:
        extrema = ImageChops.difference(first.convert("RGBA"), second.convert("RGBA")).getextrema()
    return max(most for _, most in extrema)  # pyright: ignore[reportGeneralTypeIssues]


def test_the_apps_icon_has_every_size() -> None:
    sides = sorted(size.width() for size in theme.app_icon().availableSizes())
    assert sides == [16, 24, 32, 48, 64, 128, 256, 512]


def test_the_systems_scheme_decides(qapp: QApplication) -> None:
    theme.apply(qapp)
    is_dark = qapp.styleHints().colorScheme() is Qt.ColorScheme.Dark
    assert (luminance(qapp.palette().color(QPalette.ColorRole.Window)) < 0.2) == is_dark
    for scheme, name in ((Qt.ColorScheme.Dark, "dark"), (Qt.ColorScheme.Light, "light")):
        qapp.styleHints().colorSchemeChanged.emit(scheme)
        assert QIcon.themeName() == name


@pytest.mark.usefixtures("dark")
def test_a_choice_that_is_on_stands_out_and_can_be_read() -> None:
    button = theme.ChoiceButton("4×")
    off = face(button)
    button.setChecked(True)
    on = face(button)
    text = button.palette().color(QPalette.ColorRole.HighlightedText)
    assert on.saturation() > off.saturation() + 50
    assert contrast(text, on) >= 4.5


@pytest.mark.usefixtures("dark")
def test_what_is_disabled_is_plainly_dimmer(qapp: QApplication) -> None:
    button = theme.FadingButton(autoRaise=True)
    button.setIcon(theme.icon("save"))
    button.setIconSize(QSize(24, 24))
    button.resize(32, 32)
    window = qapp.palette().color(QPalette.ColorRole.Window)
    strength = {}
    for enabled in (True, False):
        button.setEnabled(enabled)
        image = button.grab().toImage()
        points = [(x, y) for x in range(image.width()) for y in range(image.height())]
        strength[enabled] = max(contrast(image.pixelColor(x, y), window) for x, y in points)
    assert strength[True] >= 3  # WCAG 2.2, 1.4.11
    assert 1.3 <= strength[False] <= strength[True] / 2
    text, disabled = (
        qapp.palette().color(group, QPalette.ColorRole.ButtonText)
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled)
    )
    assert contrast(disabled, window) <= contrast(text, window) / 2

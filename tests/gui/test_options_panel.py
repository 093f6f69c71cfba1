import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resshift_desktop.gui.model_item import ModelItem
from resshift_desktop.gui.options import Options
from resshift_desktop.gui.options_panel import OptionsPanel
from resshift_desktop.gui.theme import ProblemLabel, WarningLabel
from tests.gui.looks import cut_off

BUILT_IN = ModelItem("builtin", "Built-in, fast", "For all.", 4, "Apache-2.0", 6_000_000, True, False, True)
BEST = ModelItem("best", "Best", "Slow.", 4, "S-Lab", 700_000_000, False, False, False)
REPAIR = ModelItem("repair", "Repair", "Same size.", 1, "S-Lab", 1_000, False, False, True)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[OptionsPanel]:
    locale = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    panel = OptionsPanel()
    qtbot.addWidget(panel)
    panel.set_models((BUILT_IN, BEST, REPAIR))
    panel.resize(280, 900)
    panel.show()
    yield panel
    QLocale.setDefault(locale)


def field(panel: OptionsPanel, kind: type, name: str):
    """The control with this accessible name."""
    return next(one for one in panel.findChildren(kind) if one.accessibleName() == name)


def size_button(panel: OptionsPanel, text: str) -> QToolButton:
    return next(one for one in panel.findChildren(QToolButton) if one.text().replace("&", "") == text)


def pick(box: QComboBox, text: str) -> None:
    """Choose an entry as a person does."""
    box.setCurrentIndex(next(i for i in range(box.count()) if box.itemText(i).startswith(text)))
    box.activated.emit(box.currentIndex())


def texts(panel: OptionsPanel, kind: type[QLabel] = QLabel) -> list[str]:
    return [label.text() for label in panel.findChildren(kind) if label.isVisibleTo(panel)]


def unfold(panel: OptionsPanel) -> None:
    size_button(panel, "Advanced").setChecked(True)


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(scale=2.0, image_format="jpeg", quality=70, folder=Path("out")),
        Options(width=3000, name_pattern="big {name}", image_format="webp", quality=100),
        Options(height=3000, image_format="tiff", device="Some GPU", seed=2**63 - 1, tile_size=320),
        Options(model="repair", scale=1.0),
        Options(model="gone"),
    ],
)
def test_options_that_are_set_are_given_back(panel: OptionsPanel, options: Options, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.changed):
        panel.set_options(options)
        panel.set_picture(640, 480)
    assert panel.options() == options
    size_button(panel, "Advanced").click()
    field(panel, QToolButton, "Another seed by chance").click()
    assert replace(panel.options(), seed=options.seed) == options  # nothing else has changed by the way


@pytest.mark.parametrize(("text", "scale"), [("2×", 2), ("3×", 3), ("4×", 4), ("8×", 8)])
def test_a_factor_is_one_press(panel: OptionsPanel, text: str, scale: int, qtbot: QtBot) -> None:
    panel.set_picture(1000, 500)
    with qtbot.waitSignal(panel.changed) as told:
        qtbot.mouseClick(size_button(panel, text), Qt.MouseButton.LeftButton)
    assert told.args == [Options(scale=scale)]
    assert [one.text() for one in panel.findChildren(QToolButton) if one.isChecked()] == [text]
    width, height = (QLocale().toString(scale * side) for side in (1000, 500))
    assert any(f"{width} × {height} pixels" in text for text in texts(panel))


def test_a_width_gives_the_height(panel: OptionsPanel) -> None:
    panel.set_picture(1000, 500)
    size_button(panel, "Pixels").click()
    assert panel.options() == Options(width=4000)
    width, height = (
        field(panel, QSpinBox, f"{name} of the result in pixels") for name in ("Width", "Height")
    )
    width.selectAll()
    QTest.keyClicks(width, "3000")
    assert panel.options() == Options(width=3000)
    assert height.value() == 1500
    height.selectAll()
    QTest.keyClicks(height, "600")
    assert panel.options() == Options(height=600)
    assert width.value() == 1200
    size_button(panel, "2×").click()
    assert panel.options() == Options(scale=2)
    assert not width.isVisibleTo(panel)


def test_a_size_that_cannot_be_is_told_beside_it(panel: OptionsPanel) -> None:
    panel.set_options(Options(width=500))
    panel.set_picture(1000, 500)
    assert panel.has_problem
    assert texts(panel, ProblemLabel) == [
        "Results can be 1 to 16 times as large as the input: 1,000 to 16,000 pixels wide."
    ]
    panel.set_picture(None, None)
    assert not panel.has_problem


@pytest.mark.parametrize(
    ("image_format", "side", "limit"), [("jpeg", 20_000, "65,535"), ("webp", 5_000, "16,383")]
)
def test_a_format_that_cannot_hold_the_result_is_told(
    panel: OptionsPanel, image_format: str, side: int, limit: str
) -> None:
    panel.set_options(Options(image_format=image_format))
    panel.set_picture(side, 100)
    assert [limit in text for text in texts(panel, WarningLabel)] == [True]
    panel.set_options(Options(image_format="png"))
    assert texts(panel, WarningLabel) == []


def test_the_same_size_is_offered_for_models_that_repair(panel: OptionsPanel) -> None:
    assert size_button(panel, "1×").isHidden()
    pick(field(panel, QComboBox, "Model"), "Repair")
    assert panel.options() == Options(model="repair")
    assert not size_button(panel, "1×").isHidden()
    assert size_button(panel, "1×").isChecked()


def test_models_that_are_heard_of_later_tell_their_size(panel: OptionsPanel) -> None:
    panel.set_models(())
    panel.set_options(Options(model="repair"))
    panel.set_models((BUILT_IN, REPAIR))
    assert "Each result is as large as its input." in texts(panel)


def test_a_model_that_is_not_here_leads_to_the_models(panel: OptionsPanel, qtbot: QtBot) -> None:
    box = field(panel, QComboBox, "Model")
    for entry in ("Best, download 700 MB", "More models…"):
        with qtbot.waitSignal(panel.models_wanted), qtbot.assertNotEmitted(panel.changed):
            pick(box, entry)
        assert box.currentText() == "Built-in, fast"


def test_a_chosen_model_that_has_gone_stays_chosen(panel: OptionsPanel) -> None:
    panel.set_options(Options(model="repair"))
    panel.set_models((BUILT_IN, replace(REPAIR, installed=False)))
    assert panel.options().model == "repair"
    assert field(panel, QComboBox, "Model").currentText() == "Repair"


@pytest.mark.parametrize(
    ("entry", "image_format", "has_quality"),
    [
        ("Same", None, True),
        ("PNG", "png", False),
        ("JPEG", "jpeg", True),
        ("WebP", "webp", True),
        ("TIFF", "tiff", False),
    ],
)
def test_quality_is_asked_for_where_there_is_one(
    panel: OptionsPanel, entry: str, image_format: str | None, has_quality: bool
) -> None:
    panel.set_options(Options(image_format="tiff" if image_format is None else None))
    pick(field(panel, QComboBox, "Format"), entry)
    assert panel.options() == Options(image_format=image_format)
    assert field(panel, QSpinBox, "Quality").isVisibleTo(panel) == has_quality


def test_the_name_is_shown_as_it_will_be(panel: OptionsPanel) -> None:
    name = field(panel, QLineEdit, "Name")
    name.selectAll()
    QTest.keyClicks(name, "{name} ({model})")
    assert panel.options() == Options(name_pattern="{name} ({model})")
    assert "Example: photo (builtin).jpg" in texts(panel)
    pick(field(panel, QComboBox, "Format"), "PNG")
    assert "Example: photo (builtin).png" in texts(panel)


def test_a_folder_is_chosen_and_given_up(panel: OptionsPanel, tmp_path: Path) -> None:
    box = field(panel, QComboBox, "Folder")
    pick(box, "Choose")
    dialog = panel.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.selectFile(str(tmp_path))
    dialog.accept()
    assert panel.options() == Options(folder=tmp_path)
    assert box.currentText() == tmp_path.name
    assert box.toolTip() == str(tmp_path)
    pick(box, "Beside")
    assert panel.options() == Options()


def test_without_a_choice_the_folder_stays(panel: OptionsPanel, tmp_path: Path) -> None:
    panel.set_options(Options(folder=tmp_path))
    panel.choose_folder()
    dialog = panel.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.reject()
    assert panel.options() == Options(folder=tmp_path)
    assert field(panel, QComboBox, "Folder").currentText() == tmp_path.name


@pytest.mark.parametrize("text", ["abc", "-1", "1.5", "", "9223372036854775808", "١٢"])
def test_a_seed_that_is_none_is_told_beside_it(panel: OptionsPanel, text: str) -> None:
    unfold(panel)
    panel.set_options(Options(seed=7))
    seed = field(panel, QLineEdit, "Seed")
    seed.selectAll()
    QApplication.clipboard().setText(text)
    seed.paste() if text else QTest.keyClick(seed, Qt.Key.Key_Delete)
    assert panel.has_problem
    assert texts(panel, ProblemLabel) == ["Enter a whole number from 0 to 9,223,372,036,854,775,807."]
    assert panel.options() == Options(seed=7)
    QTest.keyClicks(seed, "x")
    field(panel, QToolButton, "Another seed by chance").click()
    assert not panel.has_problem
    assert str(panel.options().seed) == seed.text()


def test_devices_by_their_names(panel: OptionsPanel) -> None:
    panel.set_devices(("Some GPU", "Some processor"))
    box = field(panel, QComboBox, "Device")
    pick(box, "Some GPU")
    assert panel.options() == Options(device="Some GPU")
    panel.set_devices(("Some processor",))  # it has been taken out
    assert (box.currentText(), panel.options().device) == ("Some GPU", "Some GPU")


def test_tiles(panel: OptionsPanel) -> None:
    pick(field(panel, QComboBox, "Tile size"), "1,024")
    assert panel.options() == Options(tile_size=1024)
    pick(field(panel, QComboBox, "Tile size"), "Automatic")
    assert panel.options() == Options()


def test_everything_is_reached_by_tab_in_the_order_that_it_is_seen(panel: OptionsPanel, qtbot: QtBot) -> None:
    unfold(panel)
    size_button(panel, "Pixels").click()
    with qtbot.waitActive(panel):
        panel.activateWindow()
    field(panel, QComboBox, "Model").setFocus()
    reached: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in reached:
        reached.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    names = [one.accessibleName() or getattr(one, "text", str)().replace("&", "") for one in reached]
    assert names == [
        "Model",
        "Result with a size in pixels",  # of buttons that exclude one another, the chosen one
        "Width of the result in pixels",
        "Height of the result in pixels",
        "Folder",
        "Format",
        "Quality",
        "Name",
        "Advanced",
        "Device",
        "Seed",
        "Another seed by chance",
        "Tile size",
    ]
    tops = [one.mapToGlobal(one.rect().topLeft()).y() for one in reached]
    assert tops == sorted(tops)


def test_factors_by_the_arrow_keys(panel: OptionsPanel, qtbot: QtBot) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    button = size_button(panel, "4×")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Right)
    assert panel.options() == Options(scale=8)


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_nothing_is_cut_off(panel: OptionsPanel, direction: Qt.LayoutDirection, qtbot: QtBot) -> None:
    panel.setLayoutDirection(direction)
    panel.set_options(Options(width=2000, image_format="webp"))
    unfold(panel)
    qtbot.waitUntil(lambda: cut_off(panel) == [])
    body = panel.widget()
    assert body is not None
    assert body.minimumSizeHint().width() <= panel.viewport().width()


def test_neither_numpy_nor_torch_is_loaded_for_it() -> None:
    code = (
        "import sys, resshift_desktop.gui.options_panel, resshift_desktop.gui.languages;"
        "print([name for name in ('numpy', 'torch', 'pyvips', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

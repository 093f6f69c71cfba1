"""What goes into the packaged app, by the names that files have on each system."""

from pathlib import Path

import pytest
from app_contents import UNUSED_MODULES, data_files, is_left_out

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "name",
    [
        "torch/lib/libtorch_cpu.so",
        "torch/lib/torch_cpu.dll",
        "torch/bin/torch_shm_manager",
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/QtWidgets.abi3.so",
        "PySide6/Qt6Core.dll",
        "PySide6/QtGui.pyd",
        "PySide6/Qt/lib/QtGui.framework/Versions/A/QtGui",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/plugins/styles/qmodernwindowsstyle.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PIL/_imagingcms.cpython-311-x86_64-linux-gnu.so",
        "pillow.libs/libtiff-20b7e810.so.6.3.0",
        "numpy.libs/libscipy_openblas64_-32a4b2a6.so",
        "resshift_desktop/resources/i18n/resshift_de.qm",
    ],
)
def test_what_is_needed_stays(name: str) -> None:
    assert not is_left_out(name)


@pytest.mark.parametrize(
    "name",
    [
        "torch/lib/libtorchbind_test.so",
        "torch/lib/dnnl.lib",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt6Qml.dll",
        "PySide6/Qt6QmlModels.dll",
        "PySide6/QtOpenGLWidgets.abi3.so",
        "PySide6/Qt/lib/QtPdf.framework/Versions/A/QtPdf",
        "PySide6/opengl32sw.dll",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/plugins/platforminputcontexts/qtvirtualkeyboardplugin.dll",
        "PySide6/plugins/tls/qopensslbackend.dll",
        "PySide6/Qt/translations/qt_help_de.qm",
        "PIL/_avif.cpython-311-x86_64-linux-gnu.so",
        "pillow.libs/libavif-c6062d5f.so.16.4.2",
    ],
)
def test_what_nothing_uses_stays_out(name: str) -> None:
    assert is_left_out(name)


def test_the_app_has_what_an_installed_package_has() -> None:
    files = {f"{folder}/{Path(source).name}" for source, folder in data_files(ROOT)}
    resources = "resshift_desktop/resources"
    assert {
        "resshift_desktop/LICENSE",
        f"{resources}/models/builtin.safetensors",
        f"{resources}/models/CREDITS.md",
        f"{resources}/samples/lighthouse.jpg",
        f"{resources}/icons/dark/index.theme",
        f"{resources}/icons/resshift-512.png",
        "resshift_desktop/bridge/client.py",  # for the plugins, which carry it
    } <= files
    assert not [name for name in files if name.endswith((".ts", ".pyc"))]


def test_every_translation_is_there_once_it_is_made() -> None:
    made = {path.name for path in (ROOT / "resources/i18n").glob("*.qm")}
    files = {Path(source).name for source, folder in data_files(ROOT) if folder.endswith("i18n")}
    assert files == made


def test_nothing_of_the_program_but_the_laboratory_is_left_out() -> None:
    assert [name for name in UNUSED_MODULES if name.startswith("resshift")] == ["resshift_desktop.lab"]

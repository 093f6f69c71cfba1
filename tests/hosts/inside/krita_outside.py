"""The Krita plugin's dialog without Krita: `krita` is a stand-in, and Qt 6 is what draws it.

Prints the binding and what the dialog says when no core is found; the plugin's folder is on sys.path.
"""

import sys
import types


def pretend_to_be_krita(core):
    """The little of module krita that is needed before a document is open."""
    settings = {}

    class Krita:
        added = ()

        @staticmethod
        def instance():
            return Krita()

        @staticmethod
        def krita_i18n(text):
            return text

        def addExtension(self, extension):  # noqa: N802
            Krita.added = (*Krita.added, extension)

        def readSetting(self, group, name, default):  # noqa: N802
            return settings.get((group, name), default)

    class Extension(core.QObject):
        def __init__(self, _=None):
            super().__init__()

    module = types.ModuleType("krita")
    module.Krita, module.Extension = Krita, Extension
    module.Document = module.Node = module.Window = object
    sys.modules["krita"] = module
    return Krita


def main():
    try:
        from PyQt6 import QtCore, QtWidgets
    except ImportError:  # the same classes and enums under another name
        import PySide6
        from PySide6 import QtCore, QtWidgets

        sys.modules["PyQt6"] = PySide6
        sys.modules["PyQt6.QtCore"], sys.modules["PyQt6.QtWidgets"] = QtCore, QtWidgets
    krita = pretend_to_be_krita(QtCore)
    app = QtWidgets.QApplication([])
    import resshift
    from resshift import qt
    from resshift.dialog import UpscaleDialog

    assert qt.QtCore is QtCore
    assert [type(extension) for extension in krita.added] == [resshift.ResShift]
    assert not any(name.startswith("PyQt5") for name in sys.modules)
    source = types.SimpleNamespace(
        rect=QtCore.QRect(3, 4, 48, 40), name="Layer", places={"above": "Above", "document": "New"}
    )
    dialog = UpscaleDialog(source, None)
    dialog.show()
    assert not dialog.start.isEnabled()
    while not dialog.start.isEnabled():
        app.processEvents(QtCore.QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    print(dialog.status.text())
    dialog._offer(
        [
            types.SimpleNamespace(name="a", title="A", scale=4),
            types.SimpleNamespace(name="b", title="B", scale=1),
        ]
    )
    assert (dialog.factor.value(), dialog.across.value(), dialog.down.value()) == (4, 192, 160)
    dialog.across.setValue(96)
    assert (dialog.factor.value(), dialog.down.value(), dialog._size) == (2, 80, {"target_width": 96})
    dialog.model.setCurrentIndex(1)
    assert (dialog.factor.value(), dialog.factor.isEnabled()) == (1, False)
    dialog.reject()
    print(QtCore.__name__)


main()

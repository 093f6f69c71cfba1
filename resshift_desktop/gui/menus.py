"""The window's menus, which have their names before they have anything in them."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenuBar


class Menus:
    """Those of `bar`; see Actions.fill."""

    def __init__(self, bar: QMenuBar) -> None:
        self.file = bar.addMenu(QCoreApplication.translate("Actions", "&File"))
        self.edit = bar.addMenu(QCoreApplication.translate("Actions", "&Edit"))
        self.picture = bar.addMenu(QCoreApplication.translate("Actions", "&Picture"))
        self.view = bar.addMenu(QCoreApplication.translate("Actions", "&View"))
        self.help = bar.addMenu(QCoreApplication.translate("Actions", "&Help"))

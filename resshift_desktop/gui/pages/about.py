"""What this program is, whom it owes what, and under which terms."""

import html
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from resshift_desktop import __version__
from resshift_desktop.gui.labels import wrapped
from resshift_desktop.gui.pages.licence import LicenceView
from resshift_desktop.gui.pages.page import Page
from resshift_desktop.gui.theme import SPACING, QuietLabel, app_icon
from resshift_desktop.paths import resources_folder

_ICON_SIDE = 64


@dataclass(frozen=True)
class Library:
    """A library that is part of the program; `licence` as its own package states it."""

    name: str
    licence: str
    address: str


LIBRARIES = (
    Library("Python", "PSF-2.0", "https://www.python.org"),
    Library("PySide6-Essentials", "LGPL-3.0-only", "https://pyside.org"),
    Library("torch", "BSD-3-Clause and others", "https://pytorch.org"),
    Library("numpy", "BSD-3-Clause and others", "https://numpy.org"),
    Library("pyvips", "MIT", "https://libvips.github.io/pyvips"),
    Library("libvips", "LGPL-2.1-or-later; as bundled, LGPL-3.0-or-later", "https://www.libvips.org"),
    Library("pillow", "MIT-CMU", "https://python-pillow.github.io"),
    Library("requests", "Apache-2.0", "https://requests.readthedocs.io"),
    Library("urllib3", "MIT", "https://urllib3.readthedocs.io"),
    Library("safetensors", "Apache-2.0", "https://github.com/huggingface/safetensors"),
    Library("starlette", "BSD-3-Clause", "https://starlette.dev"),
    Library("uvicorn", "BSD-3-Clause", "https://uvicorn.dev"),
    Library("anyio", "MIT", "https://anyio.readthedocs.io"),
    Library("httptools", "MIT", "https://github.com/MagicStack/httptools"),
    Library("msgspec", "BSD-3-Clause", "https://msgspec.dev"),
    Library("typer", "MIT", "https://typer.tiangolo.com"),
    Library("rich", "MIT", "https://github.com/Textualize/rich"),
    Library("platformdirs", "MIT", "https://platformdirs.readthedocs.io"),
    Library("filelock", "MIT", "https://py-filelock.readthedocs.io"),
    Library("psutil", "BSD-3-Clause", "https://github.com/giampaolo/psutil"),
    Library("wakepy", "MIT", "https://github.com/wakepy/wakepy"),
)


class AboutDialog(Page):
    """Version, licence, libraries, and the pictures that the built-in model has learnt from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About ResShift"))
        self._tabs = QTabWidget()
        self._tabs.addTab(LicenceView(), self.tr("&Licence"))
        self._tabs.addTab(self._make_libraries(), self.tr("Li&braries"))
        self._pictures = QPlainTextEdit()
        self._pictures.setReadOnly(True)
        self._pictures.setAccessibleName(self.tr("Pictures that the built-in model has learnt from"))
        self._tabs.addTab(self._pictures, self.tr("&Pictures"))
        self._tabs.currentChanged.connect(self._show_pictures)
        self.content.addLayout(self._make_head())
        self.content.addWidget(self._tabs, 1)

    def _make_head(self) -> QHBoxLayout:
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(QSize(_ICON_SIDE, _ICON_SIDE), self.devicePixelRatioF()))
        name = QLabel(self.tr("ResShift {version}").format(version=__version__))
        font = name.font()
        font.setPointSizeF(1.4 * font.pointSizeF())
        font.setBold(True)
        name.setFont(font)
        words = QVBoxLayout()
        words.addWidget(name)
        words.addWidget(
            wrapped(
                QuietLabel(
                    self.tr(
                        "Makes pictures larger and sharper on your own computer, which none of them leaves. "
                        "Free under the Apache License 2.0."
                    )
                )
            )
        )
        head = QHBoxLayout()
        head.setSpacing(2 * SPACING)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def _make_libraries(self) -> QTextBrowser:
        rows = "".join(
            f'<tr><td style="padding-right: 16px"><a href="{library.address}">{library.name}</a></td>'
            f"<td>{library.licence}</td></tr>"
            for library in LIBRARIES
        )
        libraries = QTextBrowser()
        libraries.setOpenExternalLinks(True)
        libraries.setAccessibleName(self.tr("Libraries"))
        method = self.tr("The method is ResShift by Zongsheng Yue, Jianyi Wang and Chen Change Loy (2023).")
        built = self.tr("This program is made with:")
        libraries.setHtml(f"<p>{html.escape(method)}</p><p>{html.escape(built)}</p><table>{rows}</table>")
        return libraries

    def _show_pictures(self) -> None:
        """Fill the tab when it is first looked at: it is long."""
        if self._tabs.currentWidget() is self._pictures and self._pictures.document().isEmpty():
            self._pictures.setPlainText(_picture_credits())


def _picture_credits() -> str:
    """resources/models/CREDITS.md without its marks: plain text opens at once, however long."""
    text = (resources_folder() / "models" / "CREDITS.md").read_text("utf-8")
    lines = text.splitlines()
    heads = {number - 1 for number, line in enumerate(lines) if set(line) == set("|-")}
    parts: list[str] = []
    for number, line in enumerate(lines):
        if line.startswith("|") and number not in heads and set(line) != set("|-"):
            name, *facts = (cell.strip() for cell in line.strip("|").split(" | "))
            parts.append(f"{name}\n    {' · '.join(facts)}\n")
        elif not line.startswith("|"):
            parts.append(line.lstrip("# "))
    return "\n".join(parts)

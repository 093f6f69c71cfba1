"""How the app looks: Fusion with our own light and dark colours, which follow the system, and our icons."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStyleOptionToolButton, QToolButton, QWidget

from resshift_desktop.paths import resources_folder

SPACING = 8  # pixels; margins and gaps are multiples of it
STYLE = ("-style", "fusion")
"""Arguments for QApplication. `setStyle` would return the style, whose constants take long to load."""

_Role = QPalette.ColorRole

_LIGHT = {
    _Role.Window: "#f5f6f8",
    _Role.WindowText: "#1d2126",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#eef0f3",
    _Role.Text: "#1d2126",
    _Role.PlaceholderText: "#69707a",
    _Role.Button: "#eceef1",
    _Role.ButtonText: "#1d2126",
    _Role.BrightText: "#ffffff",
    _Role.ToolTipBase: "#ffffff",
    _Role.ToolTipText: "#1d2126",
    _Role.Highlight: "#1f63c4",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#1f63c4",
    _Role.Link: "#1f63c4",
    _Role.LinkVisited: "#6a4fb3",
    _Role.Light: "#ffffff",
    _Role.Midlight: "#f8f9fa",
    _Role.Mid: "#c3c8cf",
    _Role.Dark: "#a7adb6",
    _Role.Shadow: "#6d7580",
}
_DARK = {
    _Role.Window: "#1c1f22",
    _Role.WindowText: "#e8eaed",
    _Role.Base: "#2d3137",
    _Role.AlternateBase: "#333840",
    _Role.Text: "#e8eaed",
    _Role.PlaceholderText: "#a3aab4",
    _Role.Button: "#3b4148",
    _Role.ButtonText: "#e8eaed",
    _Role.BrightText: "#ffffff",
    _Role.ToolTipBase: "#31353b",
    _Role.ToolTipText: "#e8eaed",
    _Role.Highlight: "#7fb0ff",
    _Role.HighlightedText: "#0e1726",
    _Role.Accent: "#7fb0ff",
    _Role.Link: "#8fb9ff",
    _Role.LinkVisited: "#bda7f5",
    _Role.Light: "#4a5058",
    _Role.Midlight: "#3d4249",
    _Role.Mid: "#3a3f46",
    _Role.Dark: "#121417",
    _Role.Shadow: "#08090a",
}
_TEXT_ROLES = (_Role.WindowText, _Role.Text, _Role.ButtonText)

# By whether it is dark.
_DISABLED_TEXT = {False: "#9097a1", True: "#6f7680"}
_DISABLED_BUTTON_TEXT = {False: "#8b929c", True: "#8f96a0"}  # on the button's own ground
_DISABLED_OPACITY = 0.35
_PRIMARY_BUTTON = {False: "#12438c", True: "#5596ff"}  # Fusion lightens it


class PrimaryButton(QPushButton):
    """The one button of a page that does what people came for, in the accent colour."""


class ChoiceButton(QToolButton):
    """A button that can be on, which then is in the accent colour: Fusion's own shade is hard to see."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:  # noqa: N802
        super().initStyleOption(option)
        if self.isChecked():
            palette = option.palette
            palette.setColor(_Role.Button, palette.color(_Role.Accent).darker(120))
            palette.setColor(_Role.ButtonText, palette.color(_Role.HighlightedText))
            option.palette = palette


class FadingButton(QToolButton):
    """A button that fades while it is disabled: Fusion leaves icons on dark ground nearly as bright."""

    def sizeHint(self) -> QSize:  # noqa: N802
        hint = super().sizeHint()
        if self.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            # Qt leaves two spaces after the text, and next to nothing before the icon.
            hint -= QSize(2 * self.fontMetrics().horizontalAdvance(" "), 0)
        return hint

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self.isEnabled():
            super().paintEvent(event)
            return
        from PySide6.QtWidgets import QStyle, QStylePainter  # whose constants take long to load

        painter, option = QStylePainter(self), QStyleOptionToolButton()
        self.initStyleOption(option)
        option.state |= QStyle.StateFlag.State_Enabled
        option.palette.setCurrentColorGroup(QPalette.ColorGroup.Active)
        painter.setOpacity(_DISABLED_OPACITY)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        painter.end()


class QuietLabel(QLabel):
    """Text that explains, beside what it explains."""


class WarningLabel(QLabel):
    """Text that tells of something to think about."""


class ProblemLabel(QLabel):
    """Text that tells what is wrong."""


def apply(app: QApplication) -> None:
    """Give the app its colours and icons, and follow the system from light to dark and back."""
    QIcon.setThemeSearchPaths([str(_icons_folder())])
    # Beside what cannot be chosen now they would be nearly as bright as beside all else.
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
    app.setWindowIcon(app_icon())
    hints = app.styleHints()
    set_dark(app, hints.colorScheme() == Qt.ColorScheme.Dark)
    hints.colorSchemeChanged.connect(lambda scheme: set_dark(app, scheme == Qt.ColorScheme.Dark))


def set_dark(app: QApplication, dark: bool) -> None:
    """Show all windows in light or dark colours."""
    QIcon.setThemeName("dark" if dark else "light")
    app.setPalette(_palette(dark))
    # The app's palette resets those of classes: these come after it.
    for name, palette in _class_palettes(dark).items():
        app.setPalette(palette, name)  # pyright: ignore[reportArgumentType] (it takes str only)


def icon(name: str) -> QIcon:
    """The icon called `name` (resources/icons/light/NAME.svg); it changes with the colours."""
    return QIcon.fromTheme(name)


def app_icon() -> QIcon:
    """The app's own icon in every size."""
    icon = QIcon()
    for path in sorted(_icons_folder().glob("resshift-*.png")):
        icon.addFile(str(path))
    return icon


def _icons_folder() -> Path:
    return resources_folder() / "icons"


def _palette(dark: bool) -> QPalette:
    palette = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    for role in _TEXT_ROLES:
        colours = _DISABLED_BUTTON_TEXT if role is _Role.ButtonText else _DISABLED_TEXT
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours[dark]))
    return palette


def _class_palettes(dark: bool) -> dict[str, QPalette]:
    palettes = {}
    for label, colours in _LABEL_TEXT.items():
        palettes[label.__name__] = _palette(dark)
        for role in (_Role.WindowText, _Role.Text):  # on a window's ground, and on that of a list
            palettes[label.__name__].setColor(role, QColor(colours[dark]))
    button = _palette(dark)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        button.setColor(group, _Role.Button, QColor(_PRIMARY_BUTTON[dark]))
        button.setColor(group, _Role.ButtonText, button.color(_Role.HighlightedText))
    return {**palettes, PrimaryButton.__name__: button}


# By whether it is dark.
_LABEL_TEXT = {
    QuietLabel: {False: "#5b626c", True: "#a9b0ba"},
    WarningLabel: {False: "#7a5200", True: "#ffc766"},
    ProblemLabel: {False: "#b3261e", True: "#ff9a8f"},
}

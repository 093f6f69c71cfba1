"""Labels of the kinds that many windows have."""

from typing import TypeVar

from PySide6.QtWidgets import QLabel

_Label = TypeVar("_Label", bound=QLabel)


def heading(text: str) -> QLabel:
    """A line in bold."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def wrapped(label: _Label) -> _Label:
    """The label, its text on as many lines as it takes."""
    label.setWordWrap(True)
    return label


def tell(label: QLabel, text: str) -> None:
    """Show the text; with none, the label takes no room."""
    label.setText(text)
    label.setVisible(bool(text))

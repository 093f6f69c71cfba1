"""What can be told of how windows look without looking at them."""

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget


def mnemonics(widget: QWidget) -> list[str]:
    """The letters that lead to a control together with Alt; those of controls that are folded away, too."""
    texts = [label.text() for label in widget.findChildren(QLabel) if label.buddy() is not None]
    texts += [button.text() for button in widget.findChildren(QAbstractButton)]
    return [text[text.index("&") + 1].lower() for text in texts if "&" in text]


def cut_off(widget: QWidget) -> list[str]:
    """Texts that have less room than they need."""
    found = []
    for label in widget.findChildren(QLabel):
        wraps = label.wordWrap()
        needed = label.heightForWidth(label.width()) if wraps else label.sizeHint().height()
        too_narrow = not wraps and label.width() < label.sizeHint().width()
        if label.isVisibleTo(widget) and (label.height() < needed or too_narrow):
            found.append(label.text())
    for button in widget.findChildren(QAbstractButton):
        needed = QFontMetrics(button.font()).horizontalAdvance(button.text().replace("&", ""))
        if button.isVisibleTo(widget) and button.width() < needed:
            found.append(button.text())
    return found

"""Buttons of three weights, each with its accessible name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from latchlight.core.sentences import say
from latchlight.gui.tongue import tr

_SAID_MS = 1500


def button(
    text: str,
    on_click: Callable[[], object],
    *,
    kind: str = "",
    name: str = "",
    tip: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button. `kind` is "", "primary", "quiet" or "danger"; `name` is for screen readers.

    `&` in the text is shown as it is: texts here may hold labels that users typed.
    """
    made = QPushButton(tr(text).replace("&", "&&"), parent)
    made.setAccessibleName(tr(name or text))
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind:
        made.setProperty("kind", kind)
    if tip:
        made.setToolTip(tr(tip))
    made.clicked.connect(lambda _checked=False: on_click())
    return made


def set_kind(made: QPushButton, kind: str) -> None:
    """Give a button another weight."""
    if made.property("kind") != kind:
        made.setProperty("kind", kind)
        made.style().unpolish(made)
        made.style().polish(made)


class CopyButton(QPushButton):
    """Puts a text on the clipboard and says so for a moment. Only for what is not secret."""

    def __init__(self, caption: str, name: str, text: Callable[[], str]) -> None:
        super().__init__(tr(caption))
        self._caption = tr(caption)
        self._text = text
        self._back = QTimer(self, interval=_SAID_MS, singleShot=True)
        self._back.timeout.connect(self._restore)
        self.setAccessibleName(tr(name))
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        text = self._text()
        if text:
            QApplication.clipboard().setText(text)
            self.setText(tr(say("Copied")))
            self._back.start()

    def _restore(self) -> None:
        self.setText(self._caption)

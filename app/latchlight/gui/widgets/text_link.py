"""A button that is a line of text: wraps where a plain button would be cut."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout

from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.plain_label import PlainLabel


class TextLink(QPushButton):
    """Opens something inside the program."""

    def __init__(self, text: str, on_click: Callable[[], object]) -> None:
        super().__init__()
        self.words = PlainLabel(text, ink="link")
        self.words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("kind", "quiet")
        self.setAccessibleName(tr(text))
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(GRID // 2, GRID // 2, GRID // 2, GRID // 2)
        column.addWidget(self.words)
        self.clicked.connect(lambda _checked=False: on_click())

    def sizeHint(self) -> QSize:
        """That of the text, not of an empty button."""
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Likewise."""
        return self._column.minimumSize()

"""Something is being done: a title, how it goes on, and what to know meanwhile."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.plain_label import PlainLabel


class WaitingPanel(QWidget):
    """Fills a page while a job runs; takes the keyboard, so that no key press goes astray."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = PlainLabel("", TextRole.HEADING)
        self.detail = PlainLabel("", ink="muted")
        self.text = PlainLabel("")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr(say("In progress")))
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 6, GRID * 3, GRID * 6, GRID * 3)
        column.setSpacing(GRID * 3 // 2)
        column.addStretch(2)
        for widget in (self.title, bar, self.text, self.detail):
            column.addWidget(widget)
        column.addStretch(3)

    def start(self, title: str, detail: str) -> None:
        """Something new begins."""
        self.title.setText(title)
        self.detail.setText(detail)
        self.setAccessibleName(tr(title))
        self.text.setText("")

    def say(self, text: str) -> None:
        """How it goes on."""
        self.text.setText(text)

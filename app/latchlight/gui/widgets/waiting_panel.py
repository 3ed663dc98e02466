"""Something is being done: a title, how it goes on, and what to know meanwhile."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.progress import Progress
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.progress_line import ProgressLine


class WaitingPanel(QWidget):
    """Fills a page while a job runs; takes the keyboard, so that no key press goes astray.

    Nothing moves by itself: Qt cannot tell whether the system asks for stillness.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = PlainLabel("", TextRole.HEADING)
        self.detail = PlainLabel("", ink="muted")
        self.text = PlainLabel("")
        self.line = ProgressLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 6, GRID * 3, GRID * 6, GRID * 3)
        column.setSpacing(GRID * 3 // 2)
        column.addStretch(2)
        for widget in (self.title, self.line, self.text, self.detail):
            column.addWidget(widget)
        column.addStretch(3)

    def start(self, title: str, detail: str) -> None:
        """Something new begins."""
        self.title.setText(title)
        self.detail.setText(detail)
        self.setAccessibleName(tr(title))
        self.text.setText("")
        self.line.show_step(0, 1)
        self.line.hide()

    def show_progress(self, progress: Progress) -> None:
        """How far it is; the line is there only where there are steps to count."""
        self.say(progress.text)
        self.line.show_step(progress.done, progress.total)
        self.line.setVisible(progress.total > 1)

    def say(self, text: str) -> None:
        """How it goes on."""
        self.text.setText(text)

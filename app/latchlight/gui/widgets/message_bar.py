"""One quiet line across the window for what went well or wrong; no dialog steals the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from latchlight.core.sentences import say, series
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import CopyButton, button
from latchlight.gui.widgets.plain_label import PlainLabel


class MessageBar(QFrame):
    """Hidden until there is something to say. A problem is not replaced by good news."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_problem = False
        self._lines: tuple[str, ...] = ()
        self._page = ""
        self._label = PlainLabel(selectable=True)
        self.copy = CopyButton(say("Copy"), say("Copy the address"), lambda: self._page)
        self.copy.hide()
        self._dismiss = button(say("Dismiss"), self.dismiss, kind="quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID // 2, GRID * 2, GRID // 2)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    @property
    def text(self) -> str:
        """What stands there now; empty if nothing."""
        return self._label.text() if not self.isHidden() else ""

    def show_problem(self, text: str) -> None:
        """Something failed. Earlier problems stay readable above it."""
        earlier = self._lines if self._is_problem else ()
        lines = earlier if text in earlier else (*earlier, text)
        self._show(lines[-3:], problem=True)

    def show_page(self, text: str, address: str) -> None:
        """Where a page is that was opened, or could not be; said below a problem too."""
        lines = [line for line in self._lines if self._is_problem and line != text]
        self._show((*lines[-2:], text), problem=self._is_problem)
        self._page = address
        self.copy.show()

    def show_notice(self, text: str) -> None:
        """Something went well."""
        if not self._is_problem:
            self._show((text,), problem=False)

    def dismiss(self) -> None:
        """Put it away."""
        self._is_problem = False
        self._lines = ()
        self.hide()

    def take_over(self, other: MessageBar) -> None:
        """Say what `other` says, in the language that is now in force."""
        if other._lines:
            self._show(other._lines, problem=other._is_problem)
            self._page = other._page
            self.copy.setVisible(not other.copy.isHidden())

    def _show(self, lines: tuple[str, ...], *, problem: bool) -> None:
        self._is_problem = problem
        self._lines = lines
        self.copy.hide()
        self.setProperty("panel", "problem" if problem else "notice")
        self.style().unpolish(self)
        self.style().polish(self)
        text = series(lines, "\n")
        self._label.setText(text)
        self.setAccessibleName(tr(text))
        self.show()

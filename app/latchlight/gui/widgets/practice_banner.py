"""Across the whole window as long as it is practice, so that nobody takes it for real."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.flow import FlowLayout
from latchlight.gui.widgets.plain_label import PlainLabel

_ROOMY_LINES = 26
_LOW_LINES = 20
_PAGE = say("Open the practice API Management page")
_PAGE_SHORT = say("Practice page")


class PracticeBanner(QFrame):
    """Says it, offers the practice page and the way out."""

    def __init__(
        self,
        on_open_page: Callable[[], object],
        on_leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("panel", "practice")
        row = FlowLayout(spacing=GRID * 2)
        words = say("Practice: nothing here is real.")
        row.addWidget(PlainLabel(words, TextRole.STRONG, ink="practice", wrap=False))
        words = say("Switch things on the practice exchange's page, then check again.")
        self._advice = PlainLabel(words, ink="practice")
        row.addWidget(self._advice)
        self._open = button(_PAGE, on_open_page)
        row.addWidget(self._open)
        row.addWidget(button(say("Leave practice"), on_leave))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.addLayout(row)

    def make_room(self, lines: int, *, alone: bool = False) -> None:
        """In a window of few lines the advice, and the long name of a button, leave their place to the keys.

        `alone`: the page below has the advice and the button itself.
        """
        self._advice.setVisible(lines >= _ROOMY_LINES and not alone)
        self._open.setVisible(not alone)
        self._open.setText(tr(_PAGE_SHORT if lines < _LOW_LINES else _PAGE))
        self._open.setAccessibleName(tr(_PAGE))

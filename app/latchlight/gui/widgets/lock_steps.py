"""The steps of a lock test: which lie behind, and which is the one to do now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from latchlight.core.sentences import Sentence, say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.plain_label import PlainLabel

_DONE = "✓"


class LockSteps(QWidget):
    """Told by mark and words, not by colour; a screen reader hears whether a step is done."""

    def __init__(self, steps: Sequence[Sentence], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = tuple(steps)
        self._marks: list[PlainLabel] = []
        self._words: list[PlainLabel] = []
        self._shown = -1
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(1, 1)
        self.show_done(0)

    @property
    def done(self) -> int:
        """How many steps lie behind."""
        return self._shown

    def show_done(self, done: int) -> None:
        """So many lie behind; the next one is the one to do."""
        if done == self._shown:
            return
        self._shown = done
        for label in (*self._marks, *self._words):
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._marks, self._words = [], []
        for at, step in enumerate(self._steps):
            self._add(at, step, done)

    def _add(self, at: int, step: Sentence, done: int) -> None:
        is_now = at == done
        role = TextRole.STRONG if is_now else TextRole.BODY
        mark = PlainLabel(_DONE if at < done else f"{at + 1}.", TextRole.STRONG, wrap=False)
        words = PlainLabel(step, role, ink="" if is_now else "muted")
        state = say("done") if at < done else say("now") if is_now else say("later")
        words.setAccessibleName(say("Step {n}, {state}: {step}", n=at + 1, state=state, step=step))
        place = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(mark, at, 0, place | Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(words, at, 1)
        self._marks.append(mark)
        self._words.append(words)

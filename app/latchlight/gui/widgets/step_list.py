"""Numbered steps that can be ticked off one by one, for hands that are in another window meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from latchlight.core.sentences import Sentence, say
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.plain_label import PlainLabel


class StepList(QWidget):
    """Ticks are only for the user's own eye: nothing is concluded from them."""

    def __init__(self, steps: Sequence[Sentence], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Sentence, ...] = ()
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._rows: QWidget | None = None
        self.boxes: list[QCheckBox] = []
        self.show_steps(steps)

    @property
    def done(self) -> list[Sentence]:
        """The steps that are ticked."""
        return [s for s, box in zip(self._steps, self.boxes, strict=True) if box.isChecked()]

    def show_steps(self, steps: Sequence[Sentence]) -> None:
        """Other steps; those that stay the same keep their tick. The same ones change nothing."""
        if tuple(steps) == self._steps:
            return
        done = self.done
        self._steps, self.boxes = tuple(steps), []
        if self._rows is not None:
            self._place.removeWidget(self._rows)
            self._rows.hide()
            self._rows.deleteLater()
        self._rows = self._made(done)
        self._place.addWidget(self._rows)

    def _made(self, done: Sequence[Sentence]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, step in enumerate(self._steps):
            box = QCheckBox()
            box.setAccessibleName(tr(say("Step {n} done: {step}", n=at + 1, step=step)))
            box.setChecked(step in done)
            self.boxes.append(box)
            number = PlainLabel(f"{at + 1}.", TextRole.STRONG, ink="muted", wrap=False)
            words = PlainLabel(step, selectable=True)
            for label in (number, words):
                label.setContentsMargins(0, GRID // 4, 0, 0)  # level with the box
            grid.addWidget(box, at, 0, top)
            grid.addWidget(number, at, 1, top | Qt.AlignmentFlag.AlignRight)
            grid.addWidget(words, at, 2, top)
        return made

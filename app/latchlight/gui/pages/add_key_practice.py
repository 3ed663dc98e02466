"""In practice: a key that is worth nothing, filled in as if it had been pasted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from latchlight.core.sentences import say, series
from latchlight.gui.theme import GRID
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.choice import Choice
from latchlight.gui.widgets.section import Section

if TYPE_CHECKING:
    from latchlight.practice.keys import PracticeKey


class PracticeBox(Section):
    """Offers a practice key, so that nobody needs a real one to try the form."""

    def __init__(self, fill_in: Callable[[PracticeKey], None]) -> None:
        super().__init__(say("Practice"), say("No key at hand? Fill in one that is worth nothing."))
        self._take = fill_in
        self._keys: dict[str, PracticeKey] = {}
        self.choice = Choice[str](say("Practice key"), [])
        self.fill = button(say("Fill in"), self._fill_in)
        self.fill.setEnabled(False)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.choice, 1)
        row.addWidget(self.fill)
        self.add_row(row)

    def offer(self, keys: Sequence[PracticeKey]) -> None:
        """These can be filled in."""
        self._keys = {f"{key.exchange}/{key.name}": key for key in keys}
        self.choice.offer(
            [(name, series((key.name, key.story), ": ")) for name, key in self._keys.items()]
        )
        self.fill.setEnabled(bool(keys))

    def _fill_in(self) -> None:
        if self._keys:
            self._take(self._keys[self.choice.value])

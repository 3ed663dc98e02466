"""The plan beside the list that the exchange shows: one line per entry, what is wrong first."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.plan import Comparison, Entry, EntryState, Plan, entry_text
from latchlight.core.plan_words import STATE_WORDS, comparison_words, entry_words, spoken_entry
from latchlight.core.sentences import say
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel


class PlanComparison(QWidget):
    """Shows one comparison; `show_found` replaces it."""

    def __init__(self, spec: ExchangeSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._shown: Comparison | None = None
        self._cards: list[QWidget] = []
        self.words = PlainLabel()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._column.addWidget(self.words)

    def show_found(self, found: Comparison, plan: Plan) -> None:
        """Another comparison, or another plan."""
        spec = self._spec
        self.words.setText(comparison_words(found, plan, spec.name, spec.traits.whitelist_word))
        if self._shown == found:
            return
        self._shown = found
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [_card(entry) for entry in found.entries]
        for card in self._cards:
            self._column.addWidget(card)


def _card(entry: Entry) -> QWidget:
    card = Panel("quote")
    card.setAccessibleName(tr(spoken_entry(entry)))
    ink = "" if entry.state is EntryState.THERE else "problem"
    head = say(
        "{state}: {address}", state=STATE_WORDS[entry.state], address=entry_text(entry.network)
    )
    card.column.addWidget(PlainLabel(head, TextRole.STRONG, ink=ink, selectable=True))
    card.column.addWidget(PlainLabel(entry_words(entry)))
    return card

"""What the pasted text looks like, and the way to the exchange from which it seems to come."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from latchlight.core.sentences import Sentence, say
from latchlight.exchanges.shapes import Likeness, likeness_words
from latchlight.exchanges.spec import ExchangeSpec
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.page_column import bring_into_view
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow


class LikenessOffer(Panel):
    """Only ever a suggestion: nothing changes before the user says so."""

    chosen = Signal(str)
    """The id of an exchange."""

    def __init__(self, exchanges: Mapping[str, ExchangeSpec]) -> None:
        super().__init__("quote")
        self._exchanges = exchanges
        self._found: tuple[Likeness, ...] = ()
        self._words = PlainLabel()
        self._row = TurningRow()
        self.column.addWidget(self._words)
        self.column.addWidget(self._row)
        self.hide()

    @property
    def buttons(self) -> list[QPushButton]:
        """One for each exchange that is offered."""
        return [] if self.isHidden() else self._row.findChildren(QPushButton)

    def show_found(self, found: tuple[Likeness, ...], chosen: str) -> None:
        """Say what the text looks like where it does not look like the chosen exchange."""
        words = likeness_words(found, chosen)
        if words is None:
            self._found = ()
            self.hide()
        elif found != self._found or self.isHidden():
            self._found = found
            self._offer(words)

    def _offer(self, words: Sentence) -> None:
        best = self._found[0]
        known = [
            likeness
            for likeness in self._found
            if likeness.likelihood is best.likelihood
            and not likeness.dead
            and likeness.exchange in self._exchanges
        ]
        self._words.setText(words)
        self._fill_row(known)
        self.setAccessibleName(tr(words))
        self.show()
        bring_into_view(self)

    def _fill_row(self, known: list[Likeness]) -> None:
        old = self._row
        self._row = TurningRow(*(self._use(likeness) for likeness in known))
        self.column.replaceWidget(old, self._row)
        old.hide()
        old.deleteLater()
        self._row.setVisible(bool(known))

    def _use(self, likeness: Likeness) -> QPushButton:
        name = self._exchanges[likeness.exchange].name
        return button(say("Use {name}", name=name), lambda: self.chosen.emit(likeness.exchange))

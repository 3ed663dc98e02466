"""“Copy my IP”: what belongs on the list, exactly as it will be pasted, and what was copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from latchlight.core.list_offer import ListOffer
from latchlight.core.sentences import Sentence, say, series
from latchlight.gui.announce import announce
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import CopyButton, button
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow


class ListCopy(Panel):
    """Shows one offer; an empty one says why it is empty and copies nothing."""

    def __init__(
        self, form_words: Sentence, open_plan: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        """`form_words`: what the page takes."""
        super().__init__("quote", parent)
        self.column.setSpacing(GRID)
        self._offer: ListOffer | None = None
        self._said = PlainLabel()
        self._text = PlainLabel(role=TextRole.STRONG, selectable=True)
        self._notes = PlainLabel(ink="muted")
        self.copy = CopyButton(say("Copy my IP"), say("Copy my IP for the list"), self.text)
        self.copy.clicked.connect(self._copied)
        self.plan = button(say("Plan the whitelist"), open_plan)
        self.copied = PlainLabel()
        takes = PlainLabel(form_words, TextRole.SMALL, ink="muted")
        row = TurningRow(self.copy, self.plan)
        for widget in (self._said, self._text, self._notes, row, self.copied, takes):
            self.column.addWidget(widget)
        self.copied.hide()

    def text(self) -> str:
        """What is copied; empty where nothing is sure enough."""
        return self._offer.text if self._offer is not None else ""

    def show_offer(self, offer: ListOffer) -> None:
        """Another offer, perhaps because the address became known."""
        if offer == self._offer:
            return
        self._offer = offer
        self._said.setText(offer.said)
        self._text.setText(offer.text)
        self._text.setVisible(bool(offer.text))
        self._notes.setText(series(offer.notes, "\n"))
        self._notes.setVisible(bool(offer.notes))
        self.copy.setVisible(bool(offer.text))
        self.plan.setVisible(offer.plan_first)
        self.copied.hide()

    def _copied(self) -> None:
        if self._offer is None or not self._offer.text:
            return
        words = say("Copied: {text}", text=self._offer.text)
        self.copied.setText(words)
        self.copied.show()
        announce(self, words)

"""What watching found out while nobody looked: dated, newest first, until it is put away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.happenings import Happening
from latchlight.gui.moments import moment
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.watch_news import WatchNews
from latchlight.gui.widgets.buttons import CopyButton, button
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow


class HappeningsPage(PageColumn):
    """Stays up to date while it is open."""

    key_chosen = Signal(str)
    """The id of the key to be shown."""

    def __init__(self, news: WatchNews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._news = news
        self.dismiss_all = button(say("Dismiss all"), news.put_away)
        self.empty = PlainLabel(_EMPTY, ink="muted")
        self._place = QVBoxLayout()
        self._place.setSpacing(GRID * 3 // 2)
        self._cards: dict[int, Panel] = {}
        self.add(PlainLabel(say("What happened while you were away"), TextRole.TITLE), self.empty)
        self.add_row(self._place)
        foot = QHBoxLayout()
        foot.addWidget(self.dismiss_all)
        foot.addStretch(1)
        self.add_row(foot)
        self.close_column()
        news.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        """Cards that stay are left alone: the keyboard may stand in one of them."""
        happened = self._news.happenings
        known = {id(one) for one in happened}
        for gone in [key for key in self._cards if key not in known]:
            card = self._cards.pop(gone)
            card.hide()
            card.deleteLater()
        for place, one in enumerate(happened):
            if id(one) not in self._cards:
                self._cards[id(one)] = card = self._card(one)
                self._place.insertWidget(place, card)
        self.empty.setVisible(not happened)
        self.dismiss_all.setVisible(len(happened) > 1)

    def _card(self, one: Happening) -> Panel:
        card = Panel()
        card.setAccessibleName(tr(one.title))
        card.column.addWidget(PlainLabel(moment(one.at), TextRole.SMALL, ink="muted"))
        card.column.addWidget(PlainLabel(one.title, TextRole.STRONG, selectable=True))
        card.column.addWidget(PlainLabel(one.detail, selectable=True))
        card.column.addSpacing(GRID // 2)
        row = TurningRow(spacing=GRID)
        if one.copy:
            row.add(CopyButton(say("Copy it"), say("Copy the new address"), lambda: one.copy))
        if one.row_id:
            row.add(button(say("Open this key"), partial(self.key_chosen.emit, one.row_id)))
        row.add(button(say("Dismiss"), partial(self._news.put_away, one), kind="quiet"))
        card.column.addWidget(row)
        return card


_EMPTY = say(
    "Nothing. A public IP that changed and lights that got worse will be listed here, as far as you "
    "switched watching on in the settings."
)

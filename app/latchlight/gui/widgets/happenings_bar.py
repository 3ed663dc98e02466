"""The foremost thing that happened while nobody looked, across the window, until it is put away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.moments import moment
from latchlight.gui.theme import GRID
from latchlight.gui.tongue import tr
from latchlight.gui.watch_news import WatchNews
from latchlight.gui.widgets.buttons import CopyButton, button
from latchlight.gui.widgets.flow import FlowLayout
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow


class HappeningsBar(QFrame):
    """Hidden while nothing happened, and while the whole list is open."""

    def __init__(
        self, news: WatchNews, open_all: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._news = news
        self._aside = False
        self.setProperty("panel", "notice")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.text = PlainLabel(selectable=True)
        self.copy = CopyButton(say("Copy it"), say("Copy the new address"), self._address)
        self.all = button(say("See what happened"), open_all)
        self.dismiss = button(say("Dismiss"), news.put_away, kind="quiet")
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for each in (self.copy, self.all, self.dismiss):
            flow.addWidget(each)
        self._row = TurningRow(self.text, buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID // 2, GRID * 2, GRID // 2)
        column.addWidget(self._row)
        news.changed.connect(self._refresh)
        self._refresh()

    def step_aside(self, aside: bool) -> None:
        """The list itself is open: no need to say it twice."""
        self._aside = aside
        self._refresh()

    def _address(self) -> str:
        one = self._news.foremost
        return one.copy if one is not None else ""

    def _refresh(self) -> None:
        one = self._news.foremost
        if one is not None:
            said = say("{at}: {title}", at=moment(one.at), title=one.title)
            more = len(self._news.happenings) - 1
            if more:
                said = say("{first} (and {n} more)", first=said, n=more)
            self.text.setText(said)
            self.setAccessibleName(tr(said))
            self.copy.setVisible(bool(one.copy))
            self._row.turn()
        self.setVisible(one is not None and not self._aside)

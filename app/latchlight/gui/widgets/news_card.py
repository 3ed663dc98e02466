"""What changed since the last check: one quiet card over a checklist, and only when something did."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.changes import Change, changed_lights, snapshot
from latchlight.core.sentences import Sentence, say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.moments import moment
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.report.as_changes import change_words

_MOST_LINES = 4
"""More belong into the history."""


class NewsCard(Panel):
    """Hidden while there is nothing to say, and while the light of the key does not count."""

    def __init__(self, open_history: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__("quote", parent)
        self._title = PlainLabel(role=TextRole.STRONG)
        self._lines = QVBoxLayout()
        self._shown: tuple[object, ...] = ()
        self._history = button(say("See the history"), open_history, kind="quiet")
        self.column.addWidget(self._title)
        self.column.addLayout(self._lines)
        self.column.addSpacing(GRID // 2)
        self.column.addWidget(self._history, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_row(self, row: KeyRow) -> None:
        """Compare the row's report with the check before it."""
        before, report = row.before, row.report
        changed: tuple[Change, ...] = ()
        if before is not None and report is not None and row.counts:
            changed = changed_lights(before, snapshot(report))
        self.setVisible(bool(changed))
        if before is None or not changed:
            return
        wanted = (before.at, *changed)
        if wanted != self._shown:
            self._shown = wanted
            self._fill(say("Changed since the check of {at}", at=moment(before.at)), changed)

    def _fill(self, title: Sentence, changed: tuple[Change, ...]) -> None:
        self._title.setText(title)
        while (item := self._lines.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        words = [change_words(change) for change in changed[:_MOST_LINES]]
        if len(changed) > _MOST_LINES:
            words.append(say("and {n} more", n=len(changed) - _MOST_LINES))
        self._lines.addWidget(bulleted(words))
        self.setAccessibleName(tr(title))

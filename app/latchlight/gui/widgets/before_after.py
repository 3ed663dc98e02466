"""How a finding was when the repair began, and how it is now, side by side with their times."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from latchlight.core.changes import Snapshot, changes, snapshot
from latchlight.core.findings import KeyReport
from latchlight.core.sentences import Sentence, say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.moments import moment
from latchlight.gui.recheck import finding_of
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.past_light import PastLight
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.report.as_changes import change_words

_SIDE_BY_SIDE = 64
"""Letters of width from which both stand beside each other."""
_MOST_CHANGES = 8


class BeforeAfter(Section):
    """Hidden until there is a newer report than the one the repair began with."""

    def __init__(self, rule: str, before: Snapshot | None, parent: QWidget | None = None) -> None:
        super().__init__(say("Before and after"), parent=parent)
        self._rule, self._before = rule, before
        self._shown: object = None
        self.badge = LightBadge(role=TextRole.SMALL)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.setSpacing(GRID)
        self._after_at = PlainLabel(role=TextRole.SMALL, ink="muted")
        self._after_title = PlainLabel(selectable=True)
        self._pair.addWidget(self._before_panel(), 1)
        self._pair.addWidget(self._after_panel(), 1)
        self.add_row(self._pair)
        self._else = QVBoxLayout()
        self.add_row(self._else)
        self.hide()

    def show_row(self, row: KeyRow) -> None:
        """Set the newest report of the key beside the first one."""
        report, finding, before = row.report, finding_of(row, self._rule), self._before
        if report is None or before is None or report.finished_at <= before.at:
            self.hide()
            return
        if finding is not None:
            self.badge.set_verdict(row.verdict_of(finding))
        self.badge.setVisible(finding is not None)
        self.show()
        if self._shown is report:
            return
        self._shown = report
        self._after_at.setText(_at(say("Now"), report.finished_at))
        gone = say("Not on the checklist any more.")
        self._after_title.setText(finding.title if finding is not None else gone)
        self._show_else(before, report)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below each other where it is narrow."""
        wide = event.size().width() >= self.fontMetrics().averageCharWidth() * _SIDE_BY_SIDE
        direction = QBoxLayout.Direction
        self._pair.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        super().resizeEvent(event)

    def _before_panel(self) -> QWidget:
        panel = Panel("quote")
        before = self._before
        line = next((ln for ln in before.lines if ln.rule == self._rule), None) if before else None
        head = QHBoxLayout()
        head.setSpacing(GRID)
        if line is not None:
            head.addWidget(PastLight(line.light))
        at = _at(say("Before"), before.at) if before is not None else say("Before")
        head.addWidget(PlainLabel(at, TextRole.SMALL, ink="muted"), 1)
        panel.column.addLayout(head)
        panel.column.addWidget(PlainLabel(line.title if line else "", selectable=True), 1)
        return panel

    def _after_panel(self) -> QWidget:
        panel = Panel("quote")
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._after_at, 1)
        panel.column.addLayout(head)
        panel.column.addWidget(self._after_title, 1)
        return panel

    def _show_else(self, before: Snapshot, report: KeyReport) -> None:
        while (item := self._else.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        words = _else_words(self._rule, before, snapshot(report))
        self._else.addWidget(PlainLabel(say("What else changed"), TextRole.STRONG))
        self._else.addWidget(bulleted(words))


def _else_words(rule: str, before: Snapshot, after: Snapshot) -> list[Sentence]:
    if not after.found_something or before.host != after.host:
        return [say("This check found nothing out that could be compared.")]
    other = [change for change in changes(before, after) if change.rule != rule]
    if not other:
        return [say("Nothing else.")]
    words = [change_words(change) for change in other[:_MOST_CHANGES]]
    if len(other) > _MOST_CHANGES:
        words.append(say("and {n} more", n=len(other) - _MOST_CHANGES))
    return words


def _at(word: Sentence, at: datetime) -> Sentence:
    return say("{word} · {at}", word=word, at=moment(at, seconds=True))

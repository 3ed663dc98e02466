"""The checklist of one key: header with the verdict, and below it one card per finding."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask, OpenTask
from latchlight.gui.pages.checklist_body import ChecklistBody
from latchlight.gui.pages.key_header import KeyHeader
from latchlight.gui.session import Session
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.finding_card import FindingTools
from latchlight.gui.widgets.focus import has_focus
from latchlight.gui.widgets.news_card import NewsCard
from latchlight.gui.widgets.other_sites import OtherSites
from latchlight.gui.widgets.page_column import PageColumn

_COLUMN_LETTERS = 118
"""Lines longer than this are hard to read."""


class ChecklistPage(PageColumn):
    """Shows one row of a session; the body is made anew for each report."""

    def __init__(
        self,
        session: Session,
        open_task: OpenTask,
        open_help: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, _COLUMN_LETTERS)
        self._session = session
        self._open_task = open_task
        self._open_help = open_help
        self._row: KeyRow | None = None
        self.setAccessibleName(tr(say("Checklist")))
        self.header = KeyHeader(session)
        self.header.task_requested.connect(lambda task: open_task(task, ""))
        self.news = NewsCard(lambda: open_task(KeyTask.HISTORY, ""))
        self.body: ChecklistBody | None = None
        self._place = QVBoxLayout()
        self.add(self.header, self.news)
        self.add_row(self._place)
        self.close_column()
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._many_changed)
        session.run_changed.connect(self.header.refresh_buttons)

    @property
    def row_id(self) -> str:
        """The key that is shown; empty if none."""
        return self._row.id if self._row is not None else ""

    def show_row(self, row: KeyRow) -> None:
        """Show another key, or the same one with news."""
        before, self._row = self._row, row
        self.header.show_row(row)
        self.news.show_row(row)
        same_key = before is not None and before.id == row.id
        if same_key and before is not None and before.report is row.report:
            if self.body is not None:
                self.body.set_row(row)
            return
        if not (same_key and self._renewed(row)):
            self._make_body(row)
        if not same_key:
            self.verticalScrollBar().setValue(0)

    def _renewed(self, row: KeyRow) -> bool:
        """Whether the cards that stand here could take the newer report."""
        if row.report is None or self.body is None:
            return False
        return self.body.renew(row, row.report)

    def _row_changed(self, row_id: str) -> None:
        row = self._session.row(row_id)
        if row is not None and row_id == self.row_id:
            self.show_row(row)

    def _many_changed(self) -> None:
        self._row_changed(self.row_id)

    def _make_body(self, row: KeyRow) -> None:
        if self.body is not None:
            if has_focus(self.body):
                self.header.label.setFocus()
            self.body.hide()
            self._place.removeWidget(self.body)
            self.body.deleteLater()
            self.body = None
        if row.report is not None:
            changes, request = self._session.changes, row.request
            sites = OtherSites(
                request.exchange,
                request.host,
                ask=partial(changes.ask_other_hosts, row.id),
                use=partial(changes.use_host, row.id),
            )
            self.body = ChecklistBody(row, row.report, self._tools(row), sites)
            self._place.addWidget(self.body)

    def _tools(self, row: KeyRow) -> FindingTools:
        return FindingTools(
            exchange=row.request.exchange.name,
            now=self._session.now,
            mend=lambda finding: self._open_task(KeyTask.GUIDE, finding.rule),
            accept=partial(self._session.changes.accept, row.id),
            take_back=partial(self._session.changes.take_back, row.id),
            explain=self._open_help,
            test_lock=lambda: self._open_task(KeyTask.LOCK_TEST, ""),
            replace=lambda: self._open_task(KeyTask.REPLACE, ""),
        )

"""The checklist of one key: header with the verdict, and below it one card per finding."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.pages.checklist_body import ChecklistBody
from latchlight.gui.pages.key_header import KeyHeader
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID
from latchlight.gui.widgets.finding_card import FindingTools
from latchlight.gui.widgets.fix_steps import FixTools

_COLUMN_CHARACTERS = 118
"""Lines longer than this are hard to read."""


class ChecklistPage(QScrollArea):
    """Shows one row of a session; the body is made anew for each report."""

    def __init__(
        self,
        session: Session,
        open_page: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._open_page = open_page
        self._row: KeyRow | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setAccessibleName(say("Checklist"))
        self.header = KeyHeader(session)
        self.body: ChecklistBody | None = None
        inner = QWidget()
        self._layout = QVBoxLayout(inner)
        self._layout.setContentsMargins(GRID * 3, GRID * 2, GRID * 3, GRID * 3)
        self._layout.setSpacing(GRID * 2)
        self._layout.addWidget(self.header)
        self._layout.addStretch(1)
        self.setWidget(inner)
        session.row_changed.connect(self._row_changed)
        session.run_changed.connect(self.header.refresh_buttons)

    @property
    def row_id(self) -> str:
        """The key that is shown; empty if none."""
        return self._row.id if self._row is not None else ""

    def show_row(self, row: KeyRow) -> None:
        """Show another key, or the same one with news."""
        before, self._row = self._row, row
        self.header.show_row(row)
        same_key = before is not None and before.id == row.id
        if same_key and before is not None and before.report is row.report:
            if self.body is not None:
                self.body.set_row(row)
            return
        self._make_body(row)
        if not same_key:
            self.verticalScrollBar().setValue(0)

    def _row_changed(self, row_id: str) -> None:
        row = self._session.row(row_id)
        if row is not None and row_id == self.row_id:
            self.show_row(row)

    def _make_body(self, row: KeyRow) -> None:
        if self.body is not None:
            self.body.hide()
            self._layout.removeWidget(self.body)
            self.body.deleteLater()
            self.body = None
        width = self.fontMetrics().averageCharWidth() * _COLUMN_CHARACTERS
        self.header.setMaximumWidth(width)
        if row.report is not None:
            ask_others = partial(self._session.ask_other_hosts, row.id)
            self.body = ChecklistBody(row, row.report, self._tools(row), ask_others)
            self.body.setMaximumWidth(width)
            self._layout.insertWidget(1, self.body)

    def _tools(self, row: KeyRow) -> FindingTools:
        name = row.request.exchange.name
        caption = say("Open API Management at {exchange}", exchange=name)
        if row.practice:
            caption = say("Open the practice API Management page")
        return FindingTools(
            exchange=name,
            now=self._session.now,
            fix=FixTools(
                address=self._session.address_text,
                open_page=self._open_page,
                page_caption=caption,
                check_again=lambda: self._session.check([row.id]),
                practice=row.practice,
            ),
            accept=partial(self._session.accept, row.id),
            take_back=partial(self._session.take_back, row.id),
        )

"""What changed with a key over time, and the report of its last check to keep or to send."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from latchlight.core.changes import Stretch
from latchlight.core.errors import LatchlightError, internal_fault
from latchlight.core.profile import AddressSighting
from latchlight.core.sentences import Sentence, say
from latchlight.gui import history_work as work
from latchlight.gui.key_row import KeyRow
from latchlight.gui.moments import moment
from latchlight.gui.pages.report_section import ReportSection
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.gui.widgets.timeline import timeline

_MOST_ADDRESSES = 20


class HistoryPage(PageColumn):
    """Stays up to date while it is open: a check that ends meanwhile appears on top."""

    IN_PIECES = True

    crashed = Signal(object)
    """An error that has no words for the user."""

    def __init__(self, session: Session, row_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._row_id = row_id
        self._past = work.Past()
        self._shown: object = None
        self._title = PlainLabel(say("History and report"), TextRole.TITLE)
        self._whose = PlainLabel(ink="muted", selectable=True)
        self.report = ReportSection(session, row_id)
        self.report.crashed.connect(self.crashed)
        self.add(self._title, self._whose, self.report)
        self.history = Section(
            say("What changed"),
            say("Outlined lights are of the past. They say nothing about the key as it is now."),
        )
        self._problem = PlainLabel(ink="problem")
        self._empty = PlainLabel(say("Looking…"), ink="muted")
        self._place = QVBoxLayout()
        self.history.add(self._problem, self._empty)
        self.history.add_row(self._place)
        self.addresses = Section(
            say("Public addresses of this computer"),
            say("Seen in the last year, newest first. The bot's server has an address of its own."),
        )
        self._address_place = QVBoxLayout()
        self.addresses.add_row(self._address_place)
        self.add(self.history, self.addresses)
        self.close_column()
        self._problem.hide()
        self.addresses.hide()
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._refresh)
        session.loaded.connect(self.look_back)
        session.run_changed.connect(self._run_moved)
        self.look_back()

    @property
    def row(self) -> KeyRow | None:
        """The key; None once it is removed."""
        return self._session.row(self._row_id)

    def look_back(self) -> None:
        """Read the store again."""
        row, services = self.row, self._session.services
        if row is None:
            self._refresh()
            return
        label, stored = row.request.label, row.request.stored
        self._session.runner.run(
            lambda token, post: work.look_back(services, label, stored),
            on_success=self._found,
            on_failure=self._failed,
        )

    def _row_changed(self, row_id: str) -> None:
        if row_id == self._row_id:
            self._refresh()

    def _run_moved(self) -> None:
        """Addresses are noted and reports are stored before a run ends."""
        if not self._session.running:
            self.look_back()

    def _found(self, past: work.Past) -> None:
        self._past = past
        self._problem.setText(past.problem or "")
        self._problem.setVisible(past.problem is not None)
        self._show_addresses(past.addresses)
        self._refresh()

    def _failed(self, problem: BaseException) -> None:
        if not isinstance(problem, LatchlightError):
            self.crashed.emit(problem)
            problem = internal_fault()
        said = say("{what} {then}", what=problem.message, then=problem.next_step)
        self._problem.setText(said)
        self._problem.show()
        self._refresh()

    def _refresh(self) -> None:
        self.report.refresh()
        row = self.row
        if row is None:
            self._whose.setText(say("This key is not here any more."))
            self._show_entries(())
            return
        request = row.request
        self._whose.setText(
            say("{label} · {exchange}", label=request.label, exchange=request.exchange.name)
        )
        self._show_entries(work.timeline(self._past.checks, row.seen))

    def _show_entries(self, entries: tuple[Stretch, ...]) -> None:
        if entries == self._shown:
            return
        self._shown = entries
        self._empty.setText(_empty_words(self.row))
        self._empty.setVisible(not entries)
        practice = self._session.practice
        _refill(self._place, timeline(entries, practice=practice) if entries else None)

    def _show_addresses(self, seen: tuple[AddressSighting, ...]) -> None:
        self.addresses.setVisible(bool(seen))
        _refill(self._address_place, _address_table(seen[:_MOST_ADDRESSES]) if seen else None)


def _empty_words(row: KeyRow | None) -> Sentence:
    if row is not None and (row.practice or not row.request.stored):
        return say(
            "No check of this key yet. Checks of a key that is not saved are shown here until the window closes."
        )
    return say("No check of this key is remembered yet. Every check from now on appears here.")


def _address_table(seen: tuple[AddressSighting, ...]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID * 2)
    grid.setVerticalSpacing(GRID // 2)
    grid.setColumnStretch(1, 1)
    for row, one in enumerate(seen):
        address = PlainLabel(str(one.address), TextRole.STRONG, selectable=True, wrap=False)
        grid.addWidget(address, row, 0, Qt.AlignmentFlag.AlignTop)
        when = say("from {first} to {last}", first=moment(one.first), last=moment(one.last))
        grid.addWidget(PlainLabel(when, ink="muted"), row, 1)
    return made


def _refill(place: QVBoxLayout, widget: QWidget | None) -> None:
    while (item := place.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    if widget is not None:
        place.addWidget(widget)

"""The left side of the window: the verdict over all keys, the filter, the list, and the run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from latchlight.core.sentences import say
from latchlight.gui.models.key_list import KeyListModel
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.key_filter import KeyFilter
from latchlight.gui.widgets.key_list_view import KeyListView
from latchlight.gui.widgets.keys_summary import KeysSummary
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.run_strip import RunStrip

FILTER_FROM = 9
"""With fewer keys a filter would only be in the way."""
_ROOMY_LINES = 16
"""A panel with less height than this shows the worst light, and leaves out how many have which."""


class KeyPanel(QFrame):
    """Everything about all keys; which one is chosen is up to the window."""

    def __init__(
        self, session: Session, on_add: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("panel", "side")
        self._session = session
        self.model = KeyListModel(session, self)
        self.keys = KeyListView()
        self.keys.setModel(self.model)
        self.summary = KeysSummary(session, self)
        self.filter = KeyFilter()
        self.run_strip = RunStrip(session)
        self._add = button(say("Add key"), on_add, kind="primary", tip=say("Add a key (Ctrl+N)"))
        self._heading = PlainLabel(say("Keys"), TextRole.HEADING, wrap=False)
        self._empty = PlainLabel(say("Reading your keys…"), ink="muted")
        self._lay_out()
        self._chosen = ""
        self._fits: bool | None = None
        """Whether the verdict stands in the first line; None: nowhere yet."""
        self.filter.changed.connect(self._narrow)
        self.keys.selectionModel().currentChanged.connect(self._remember)
        session.loaded.connect(self._loaded)
        session.row_changed.connect(self._recount)
        session.many_changed.connect(self._recount)
        self._count()

    def _lay_out(self) -> None:
        # In a low window the list gives way before anything is put on top of something else.
        self.keys.setMinimumHeight(GRID)
        self.keys.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        first = self._first = QGridLayout()
        first.setSpacing(GRID)
        first.addWidget(self._heading, 0, 0)
        first.addWidget(self._add, 0, 1, Qt.AlignmentFlag.AlignRight)
        first.setColumnStretch(0, 1)
        head = QVBoxLayout()
        head.setContentsMargins(GRID * 2, GRID * 3 // 2, GRID * 2, GRID // 2)
        head.setSpacing(GRID)
        head.addLayout(first)
        for widget in (self.summary.words, self.filter, self._empty):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.keys, 1)
        column.addWidget(self.run_strip)

    def go_to_filter(self) -> None:
        """Put the keyboard into the filter, where there is one."""
        if self.filter.isVisible():
            self.filter.edit.setFocus()
            self.filter.edit.selectAll()

    def take_over(self, other: KeyPanel) -> None:
        """Show the same keys of the same session: the same filter, the same groups closed."""
        self.model.take_over(other.model)
        self.filter.edit.setText(other.filter.edit.text())

    def show_key(self, row_id: str) -> None:
        """Choose this key; what hides it is opened or emptied."""
        index = self.model.open_group_of(row_id)
        if not index.isValid() and self._session.row(row_id) is not None:
            self.filter.empty()
            index = self.model.open_group_of(row_id)
        if index.isValid():
            self.keys.choose(index)

    def keep_key(self, row_id: str) -> None:
        """Choose this key again after the list was read again; what hides it stays as it is."""
        index = self.model.index_of(row_id)
        if index.isValid():
            self.keys.choose(index)

    def _narrow(self, wanted: str) -> None:
        self.model.filter_by(wanted)
        self.keep_key(self._chosen)
        self._count()

    def _remember(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self.model.row_at(current)
        if row is not None:
            self._chosen = row.id

    def _recount(self, *_: object) -> None:
        """Another light: what is filtered by light may come or go."""
        if self.filter.wanted:
            self.filter.show_result(self.model.shown_keys, len(self._session.rows))

    def _count(self) -> None:
        rows = len(self._session.rows)
        self.filter.show_result(self.model.shown_keys, rows)
        self.filter.setVisible(rows >= FILTER_FROM or bool(self.filter.wanted))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height, perhaps other words."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """The verdict takes the place of the heading; in a low window the counts make room for keys."""
        needed, fits = self.summary.is_needed, self._badge_fits()
        lines = self.height() // max(1, QFontMetrics(self.font()).lineSpacing())
        self._heading.setVisible(not (needed and fits))
        # Qt would give the line the height of the verdict, which is lower than the button.
        self._first.setRowMinimumHeight(0, self._add.sizeHint().height())
        if fits is not self._fits:
            self._fits = fits
            self._first.removeWidget(self.summary.badge)
            self._first.addWidget(self.summary.badge, *((0, 0, 1, 1) if fits else (1, 0, 1, 2)))
        self.summary.badge.setVisible(needed)
        self.summary.words.setVisible(needed and lines >= _ROOMY_LINES)

    def _badge_fits(self) -> bool:
        """Whatever it will say, so that nothing moves when a light changes."""
        room = self.width() - 5 * GRID - self._add.sizeHint().width()
        return self.summary.badge.widest(self._session.practice).width() <= room

    def _loaded(self) -> None:
        self._empty.setText(say("No keys yet."))
        self._empty.setVisible(not self._session.rows)
        self._count()

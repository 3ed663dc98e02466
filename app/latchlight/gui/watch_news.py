"""Collects what happens to the keys of a session while it is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from latchlight.core.deadlines import nearest
from latchlight.core.findings import KeyReport, Light
from latchlight.gui.ageing import Doubt
from latchlight.gui.happenings import (
    MOST_KEPT,
    Happening,
    LightMemory,
    address_changed,
    end_is_near,
    light_fell,
)
from latchlight.gui.key_row import KeyRow

if TYPE_CHECKING:
    from latchlight.gui.session import Session


class WatchNews(QObject):
    """A dated list until the user puts it away. What the user's own click found out is not news."""

    changed = Signal()
    happened = Signal(object)
    """One more `Happening`."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._list: list[Happening] = []
        self._memory = LightMemory()
        self._seen: dict[str, KeyReport] = {}
        self._by_itself: set[str] = set()
        self._told_ends: dict[str, int] = {}
        """By key: the step of `NEAR_DAYS` that was told last."""
        self.on = False
        """Whether anything is watched; without that nothing is collected."""
        session.loaded.connect(self._loaded)
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._many_changed)
        session.doubted.connect(self._doubted)
        session.ticked.connect(self._look_at_ends)

    @property
    def happenings(self) -> tuple[Happening, ...]:
        """What happened, newest first."""
        return tuple(self._list)

    @property
    def foremost(self) -> Happening | None:
        """What to say if there is room for one thing only: the most urgent, of those the newest."""
        return max(self._list, key=lambda one: (one.urgency, one.at), default=None)

    def put_away(self, one: Happening | None = None) -> None:
        """This one was read; without an argument, all of them."""
        self._list = [other for other in self._list if one is not None and other is not one]
        self.changed.emit()

    def checks_by_itself(self, ids: tuple[str, ...]) -> None:
        """A check of these keys begins that nobody clicked for."""
        self._by_itself.update(ids)

    def add(self, one: Happening) -> None:
        """One more."""
        self._list = [one, *self._list][:MOST_KEPT]
        self.changed.emit()
        self.happened.emit(one)

    def _loaded(self) -> None:
        """Where the lights of each key stood at the end of the last session."""
        for row in self._session.rows:
            if row.past is not None:
                found = row.seen[-1].light if row.seen else Light.GREY
                light = found if row.past.light is Light.GREY else row.past.light
                self._memory.remember(row.id, light)

    def _many_changed(self) -> None:
        for row in self._session.rows:
            self._look(row)

    def _row_changed(self, row_id: str) -> None:
        row = self._session.row(row_id)
        if row is not None:
            self._look(row)

    def _look(self, row: KeyRow) -> None:
        if row.checking:
            return
        by_itself = row.id in self._by_itself
        self._by_itself.discard(row.id)
        report = row.report
        if report is None or not row.counts or self._seen.get(row.id) is report:
            return
        self._seen[row.id] = report
        before = self._memory.fell_from(row.id, report.light)
        if before is not None and by_itself:
            self.add(light_fell(row.id, report, before))

    def _look_at_ends(self) -> None:
        """Each key once at each step; one that got more time starts again."""
        if not self.on:
            return
        now = self._session.now()
        for row in self._session.rows:
            step = nearest(row.deadlines, now) if row.request.stored else None
            told = self._told_ends.pop(row.id, None)
            if step is None:
                continue
            self._told_ends[row.id] = step
            if told is None or step < told:
                self.add(end_is_near(row, now))

    def _doubted(self, doubt: Doubt) -> None:
        session = self._session
        now = session.egress.report.ipv4 if session.egress is not None else None
        if doubt is not Doubt.ADDRESS or session.moved is None or now is None or not self.on:
            return
        if session.tests_lock:
            return  # on purpose, and not to be copied onto any list
        at, before = session.moved
        stored = [row for row in session.rows if row.request.stored]
        self.add(address_changed(at, before, now, stored))

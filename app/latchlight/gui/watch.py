"""Watching over the keys of a session: hears what happens there, and asks for checks that are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from latchlight.core.watching import WatchChoices
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow
from latchlight.gui.watch_news import WatchNews
from latchlight.gui.watching import WatchedKey, Watcher

if TYPE_CHECKING:
    from latchlight.gui.session import Session


class Watch(QObject):
    """Practice is never watched: nothing there is true."""

    changed = Signal()
    """What is watched for is another thing, or watching was paused or goes on."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.watcher = Watcher(session.stamp)
        self.news = WatchNews(session, self)
        self._checking: set[str] = set()
        session.ticked.connect(self._look)
        session.doubted.connect(self._doubted)
        session.run_changed.connect(self._note_checks)

    @property
    def choices(self) -> WatchChoices:
        """What is in force."""
        return self.watcher.choices

    @property
    def paused(self) -> bool:
        """Whether the user paused it, until this program ends."""
        return self.watcher.paused

    def choose(self, choices: WatchChoices) -> None:
        """Put these choices in force."""
        if not self._session.practice and choices != self.choices:
            self.watcher.choose(choices)
            self.news.on = self.watcher.on or choices.notices
            self.changed.emit()

    def pause(self, paused: bool) -> None:
        """Check nothing by itself, or do so again."""
        self.watcher.paused = paused
        self.changed.emit()

    def _doubted(self, doubt: Doubt) -> None:
        self.watcher.heard(doubt)

    def _note_checks(self) -> None:
        """Once for each, at its start: what is asked before the network changes does not count after."""
        checking = {row.id for row in self._session.rows if row.checking}
        self.watcher.asked(checking - self._checking)
        self._checking = checking

    def _look(self) -> None:
        session = self._session
        if not self.watcher.on or session.practice or not session.has_loaded:
            return
        if session.tests_lock:
            return  # a network that is not the user's own is no place to check all keys from
        keys = [_watched(row) for row in session.rows if row.request.stored]
        due = self.watcher.take(keys, busy=session.running, online=session.online)
        self.news.checks_by_itself(due)
        session.check(due)


def _watched(row: KeyRow) -> WatchedKey:
    last = row.report.finished_at if row.report is not None else None
    if last is None and row.past is not None:
        last = row.past.at
    return WatchedKey(row.id, row.request.exchange.id, last, _pause(row))


def _pause(row: KeyRow) -> datetime | None:
    """Until when the exchange wants to be left alone, as far as its last answer said so."""
    report = row.report
    if report is None or report.diagnosis is None or not report.diagnosis.retry_after:
        return None
    return report.finished_at + timedelta(seconds=report.diagnosis.retry_after)

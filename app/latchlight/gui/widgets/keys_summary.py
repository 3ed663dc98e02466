"""The verdict over all keys of the list, shown or not: a filter never makes it better."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from latchlight.core.sentences import say
from latchlight.gui.key_groups import count_words, worst_verdict
from latchlight.gui.session import Session
from latchlight.gui.theme import TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.plain_label import PlainLabel


class KeysSummary(QObject):
    """Where there is more than one key: the worst light, and how many keys have which.

    Its two widgets stand where the panel puts them.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.badge = LightBadge(role=TextRole.SMALL, steady=True)
        self.words = PlainLabel(role=TextRole.SMALL, ink="muted")
        session.loaded.connect(self.refresh)
        session.row_changed.connect(self.refresh)
        session.many_changed.connect(self.refresh)
        self.refresh()

    @property
    def is_needed(self) -> bool:
        """One key is its own summary."""
        return len(self._session.rows) > 1

    def refresh(self) -> None:
        """Count again."""
        rows = self._session.rows
        verdict = worst_verdict(rows)
        self.badge.set_verdict(verdict)
        self.badge.setAccessibleDescription(tr(say("The worst light of all keys")))
        self.words.setText(count_words(rows))

"""The strip on top: this computer's public address, how sure it is, and since when. Never a light."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.sentences import Sentence, say
from latchlight.gui.moments import clock
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import CopyButton, button
from latchlight.gui.widgets.flow import FlowLayout
from latchlight.gui.widgets.focus import FocusKeeper
from latchlight.gui.widgets.plain_label import PlainLabel


class EgressStrip(QFrame):
    """Shows `session.egress`; further buttons can be put at its right end."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "strip")
        self._session = session
        self._caption = PlainLabel(
            say("This computer's public IP"), TextRole.SMALL, ink="muted", wrap=False
        )
        self._address = PlainLabel(role=TextRole.TITLE, selectable=True, wrap=False)
        self._second = PlainLabel(role=TextRole.SMALL, selectable=True)
        self._mark = PlainLabel(role=TextRole.SMALL, ink="muted")
        self._copy = CopyButton(say("Copy"), say("Copy the public IP"), session.address_text)
        self._again = button(
            say("Look again"),
            session.look_up,
            kind="quiet",
            name=say("Look up the public IP again"),
        )
        self._keeper = FocusKeeper(self._again, self._address)
        self._menu = QWidget()
        self.menu = FlowLayout(self._menu, spacing=GRID // 2)
        self._lay_out()
        session.egress_changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        value = QHBoxLayout()
        value.setSpacing(GRID)
        for widget in (self._address, self._copy, self._again):
            value.addWidget(widget)
        value.addStretch(1)
        self._first = QWidget()
        first = QVBoxLayout(self._first)
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(2)
        first.addWidget(self._caption)
        first.addLayout(value)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(GRID)
        self._top.addWidget(self._first)
        self._top.addStretch(1)
        self._top.addWidget(self._menu, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.setSpacing(2)
        layout.addLayout(self._top)
        layout.addWidget(self._second)
        layout.addWidget(self._mark)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, perhaps another direction."""
        self._turn()
        super().resizeEvent(event)

    def _turn(self) -> None:
        """Where both do not fit side by side, the menu stands below the address."""
        needed = self._first.sizeHint().width() + self._menu.sizeHint().width() + GRID * 5
        fits = needed <= self.width()
        self._top.setDirection(
            QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        )

    def refresh(self) -> None:
        """Show what the session knows now."""
        found = self._session.egress
        report = found.report if found is not None else EgressReport()
        text = self._words(report)
        self._address.setText(text)
        self._address.setAccessibleName(tr(say("This computer's public IP: {text}", text=text)))
        self._copy.setEnabled(report.ipv4 is not None)
        self._keeper.set_enabled(not self._session.looking_up)
        self._second.setText(say("IPv6: {address}", address=report.ipv6) if report.ipv6 else "")
        self._second.setVisible(report.ipv6 is not None)
        self._mark.setText(self._mark_words(report))
        # Another address may be shorter; how wide it is, is known in the next turn.
        QTimer.singleShot(0, self, self._turn)

    def _words(self, report: EgressReport) -> Sentence:
        if report.ipv4 is not None:
            return say("{address}", address=report.ipv4)
        if self._session.looking_up or self._session.egress is None:
            return say("Looking it up…")
        if report.certainty is Certainty.CONFLICT:
            return say("Not certain")
        return say("Not known")

    def _mark_words(self, report: EgressReport) -> Sentence:
        if self._session.egress is None:
            return say("Several unrelated address services are asked; no key is involved.")
        since = self._session.egress.since
        asked = [a for a in report.answers if a.family == 4]
        heard = sum(a.address is not None for a in asked)
        match report.certainty:
            case Certainty.AGREED:
                words = say("{n} of {m} address services agree", n=heard, m=len(asked))
            case Certainty.SINGLE:
                words = say("Only one address service answered: look again before you rely on it")
            case Certainty.CONFLICT:
                words = say(
                    "The address services disagree. A VPN, a proxy or a changing line does that."
                )
            case Certainty.NONE:
                words = say("No address service gave an answer. Check the internet connection.")
        now, moved = self._session.now(), self._session.moved
        if report.ipv4 is None:
            return words
        if moved is not None:
            at, before = moved
            return say(
                "{words} · changed at {at}, was {before}",
                words=words,
                at=clock(at, now),
                before=before,
            )
        if since is None:
            return words
        return say("{words} · unchanged since {at}", words=words, at=clock(since, now))

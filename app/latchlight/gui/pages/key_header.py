"""The top of a checklist: whose it is, the verdict with its coverage, and what can be done with the key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from latchlight.core.findings import Light
from latchlight.core.limits import LIMITS
from latchlight.core.sentences import Sentence, say, series
from latchlight.gui.key_row import KeyRow, PastCheck
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.moments import clock
from latchlight.gui.pages.key_edit_panel import KeyEditPanel
from latchlight.gui.pages.removal_panel import RemovalPanel
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.widgets.buttons import button, set_kind
from latchlight.gui.widgets.flow import FlowLayout
from latchlight.gui.widgets.focus import FocusKeeper, give_focus, has_focus
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.page_column import bring_into_view
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.turning_row import TurningRow
from latchlight.gui.words import PURPOSE_WORDS, SETUP_WORDS


class KeyHeader(QWidget):
    """Shows a row; asks the session for checks, changes and removal."""

    task_requested = Signal(object)
    """A `KeyTask` that is to be opened for the key shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._row: KeyRow | None = None
        self._panel: QWidget | None = None
        self.label = PlainLabel(role=TextRole.TITLE, selectable=True)
        self._meta = PlainLabel(ink="muted", selectable=True)
        self.badge = LightBadge(role=TextRole.HEADING)
        self.headline = PlainLabel(role=TextRole.HEADING)
        self._when = PlainLabel(role=TextRole.SMALL, ink="muted")
        self._ends = PlainLabel(role=TextRole.SMALL, ink="muted")
        self._change = PlainLabel(role=TextRole.SMALL, ink="muted")
        self._story = PlainLabel(ink="practice")
        self.check_button = button(
            say("Check this key"), self._check_now, tip=say("Check this key (F5)")
        )
        self._edit = button(say("Edit"), self._open_edit, name=say("Edit name and purpose"))
        self._remove = button(say("Remove"), self._open_removal, name=say("Remove this key"))
        keep = (self.check_button, self._edit, self._remove)
        self._keepers = [FocusKeeper(each, self.label) for each in keep]
        self._opener: QWidget | None = None
        self._lay_out()
        session.rotations.changed.connect(self._show_change)

    def _lay_out(self) -> None:
        self._story_card = Panel("quote")
        self._story_card.column.addWidget(self._story)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID)
        self._layout.addWidget(self.label)
        self._layout.addWidget(self._meta)
        self._layout.addWidget(self._story_card)
        self._verdict = TurningRow(self.badge, self.headline, spacing=GRID * 3 // 2)
        self._layout.addWidget(self._verdict)
        self._layout.addWidget(self._when)
        self._layout.addWidget(self._ends)
        self._layout.addWidget(self._change)
        actions = QWidget()
        flow = FlowLayout(actions)
        for each in (self.check_button, *self._tasks(), self._edit, self._remove):
            flow.addWidget(each)
        self._layout.addWidget(actions)

    def _tasks(self) -> list[QPushButton]:
        """Pages that are opened for the key shown; one line per task."""
        captions: dict[KeyTask, Sentence] = {
            KeyTask.PLAN: say("Plan the whitelist"),
            KeyTask.LOCK_TEST: say("Lock test"),
            KeyTask.REPLACE: say("Replace this key"),
            KeyTask.HISTORY: say("History and report"),
        }
        return [
            button(caption, partial(self.task_requested.emit, task))
            for task, caption in captions.items()
        ]

    def show_row(self, row: KeyRow) -> None:
        """Show this key."""
        if self._row is not None and self._row.id != row.id:
            self.close_panel()
        self._row = row
        request = row.request
        self.label.setText(request.label)
        self._meta.setText(_meta(row))
        self._story.setText(say("The story of this practice key: {story}", story=row.story))
        self._story_card.setVisible(bool(row.story))
        self.badge.set_verdict(row.verdict)
        self.headline.setText(row.headline)
        self._verdict.turn()
        self._when.setText(_when(row, self._session))
        self._when.setVisible(bool(self._when.text()))
        self._ends.setText(series((one.text(self._session.now()) for one in row.deadlines), " "))
        self._ends.setVisible(bool(row.deadlines))
        self._show_change()
        self._edit.setVisible(request.stored)
        self._remove.setVisible(not row.practice)
        self.refresh_buttons()

    def _show_change(self, *_: object) -> None:
        """Whether this key gives way to another, or takes over from one."""
        words = self._session.rotations.words_of(self._row.id) if self._row is not None else None
        self._change.setText(words or "")
        self._change.setVisible(words is not None)

    def refresh_buttons(self) -> None:
        """A key that is being checked is not checked twice; none is changed under a check."""
        counts = self._row is not None and self._row.counts
        checking = self._row is not None and self._row.checking
        set_kind(self.check_button, "" if counts else "primary")
        check, *changes = self._keepers
        check.set_enabled(not checking)
        for keeper in changes:
            keeper.set_enabled(not self._session.running)

    def _check_now(self) -> None:
        if self._row is not None:
            self._session.check([self._row.id])

    def _open_edit(self) -> None:
        if self._row is not None:
            row = self._row
            self._open_panel(
                KeyEditPanel(
                    row,
                    self._session.address_text(),
                    lambda label, intent: self._session.changes.edit(
                        row.id, label, intent, self.close_panel
                    ),
                    self.close_panel,
                ),
                self._edit,
            )

    def _open_removal(self) -> None:
        if self._row is not None:
            row = self._row
            self._open_panel(
                RemovalPanel(row, lambda: self._session.changes.remove(row.id), self.close_panel),
                self._remove,
            )

    def _open_panel(self, panel: QWidget, opener: QWidget) -> None:
        self.close_panel()
        self._panel = panel
        self._opener = opener
        self._layout.addWidget(panel)
        panel.setFocus()
        bring_into_view(panel)

    @property
    def has_panel(self) -> bool:
        """Whether a panel is open."""
        return self._panel is not None

    def close_panel(self) -> None:
        """Put the open panel away; its button has the keyboard again."""
        panel, self._panel = self._panel, None
        if panel is None:
            return
        if has_focus(panel):
            give_focus(self._opener, self.label)
        panel.hide()
        panel.deleteLater()


def _meta(row: KeyRow) -> Sentence:
    request = row.request
    parts = (
        request.exchange.name,
        request.host,
        say("key ends in {hint}", hint=request.hint) if request.hint else "",
        PURPOSE_WORDS[request.intent.purpose],
        SETUP_WORDS[request.intent.setup],
        "" if row.practice or request.stored else say("not saved"),
    )
    return series((part for part in parts if part), " · ")


def _when(row: KeyRow, session: Session) -> Sentence:
    if row.report is None:
        return row.past.text if row.past is not None else say("")
    at = clock(row.report.finished_at, session.now())
    if row.counts and row.report.light is Light.GREY:
        return say("Tried {at}.", at=at)
    if row.counts:
        minutes = int(LIMITS.light_age_seconds // 60)
        return say(
            "Checked {at}. The light goes grey by itself after {n} minutes.", at=at, n=minutes
        )
    past = PastCheck(row.report.light, row.report.finished_at).text
    return say("{past}. {below}", past=past, below=_below(row))


def _below(row: KeyRow) -> Sentence:
    """What the cards under a header are worth that is not of now."""
    if row.checking:
        return say("Below is what the check before this one found.")
    return say("Below is what the last check found. It may no longer be true.")

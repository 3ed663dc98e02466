"""Mending one finding beside the browser: steps, what they need at hand, and looking again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from shiboken6 import isValid

from latchlight.core.changes import snapshot
from latchlight.core.egress import EgressReport
from latchlight.core.findings import Finding, KeyReport, Light
from latchlight.core.fixes import UNLOCKED_WHY, Fix, FixKind, drawing
from latchlight.core.list_offer import list_offer
from latchlight.core.plan_words import form_words
from latchlight.core.rotation import mended_by_new_key
from latchlight.core.rule_names import rule_name
from latchlight.core.sentences import Sentence, say
from latchlight.gui.beside import FIT, Beside
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask, OpenTask, asks_for_lock_test
from latchlight.gui.recheck import Phase, Recheck, Seen, finding_of, seen_in
from latchlight.gui.session import Session
from latchlight.gui.theme import GRID, TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.before_after import BeforeAfter
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.disclosure import Disclosure
from latchlight.gui.widgets.light_badge import LightBadge
from latchlight.gui.widgets.list_copy import ListCopy
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.page_column import PageColumn, bring_into_view
from latchlight.gui.widgets.page_picture import PagePicture
from latchlight.gui.widgets.panel import Panel, column
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.recheck_panel import RecheckPanel
from latchlight.gui.widgets.section import Section
from latchlight.gui.widgets.step_list import StepList
from latchlight.gui.widgets.turning_row import TurningRow
from latchlight.gui.words import in_lines

_TICK_MS = 1000
_WITH_ADDRESSES = (FixKind.LIST, FixKind.NEW_KEY)


class GuidePage(PageColumn):
    """Stays on one key and one rule, whatever happens to the list of keys meanwhile."""

    IN_PIECES = True

    back_wanted = Signal()

    def __init__(
        self,
        session: Session,
        row: KeyRow,
        finding: Finding,
        open_page: Callable[[str], None],
        open_task: OpenTask,
        parent: QWidget | None = None,
    ) -> None:
        """`finding` must have a fix. `open_page` opens a page of the exchange in the browser."""
        super().__init__(parent)
        if finding.fix is None:
            raise LookupError(finding.rule)
        self._session, self._row_id, self.rule = session, row.id, finding.rule
        self._open_page, self._open_task = open_page, open_task
        self._spec, self._guide = row.request.exchange, row.request.exchange.traits.guide
        self._fix: Fix = finding.fix
        self._away = False
        self._ended = False
        self._taken: KeyReport | None = row.report
        """The newest report that the recheck has heard of."""
        self.recheck = Recheck(self._guide.delay_seconds)
        self._make_widgets(row, finding)
        self._build(row, finding)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self._connect()
        self.setProperty(FIT, True)
        self._beside: Beside | None = None
        """Of the window that this stands in, while it is shown."""
        self._refresh()

    # Building ------------------------------------------------------------------------------

    def _make_widgets(self, row: KeyRow, finding: Finding) -> None:
        self.badge = LightBadge(row.verdict_of(finding), TextRole.SMALL)
        self._title = PlainLabel(finding.title, TextRole.STRONG, selectable=True)
        self._detail = PlainLabel(in_lines(finding.detail), selectable=True)
        self.steps = StepList(self._fix.steps)
        self.copy = ListCopy(
            form_words(self._guide.addresses, self._spec.name),
            lambda: self._open_task(KeyTask.PLAN, ""),
        )
        self.beside = button("", self._turn_beside)
        self._openers = TurningRow()
        self.picture = PagePicture()
        self.panel = RecheckPanel(self._guide, self._spec.name)
        self.result = BeforeAfter(self.rule, snapshot(row.report) if row.report else None)

    def _build(self, row: KeyRow, finding: Finding) -> None:
        self.add(PlainLabel(self._fix.title, TextRole.TITLE), self._whose(row), self._what())
        steps = Section(say("Step by step"))
        if row.practice:
            words = say(
                "In practice you do this on the practice page instead of the exchange's own. Nothing real is touched."
            )
            steps.add(PlainLabel(words, ink="practice"))
        steps.add(self.steps)
        page = self._fix.page
        if page is not None:
            opener = button(self._page_caption(row), lambda: self._open_page(page))
            self._openers.add(opener)
            self._openers.add(self.beside)
            if mended_by_new_key(finding):
                self._openers.add(self._replacer())
            steps.add(self._openers)
        if self._fix.kind in _WITH_ADDRESSES:
            steps.add(self.copy)
        self.add(steps)
        if drawing(self._fix, self._guide):
            drawn = Section(say("What to look for"))
            note = say("Our own drawing of this part of the page. The page itself looks different.")
            drawn.add(self.picture, PlainLabel(note, TextRole.SMALL, ink="muted"))
            self.add(drawn)
        self.add(*self._worth_knowing())
        if asks_for_lock_test(finding):
            self.add(self._lock_test)
        if self._can_turn_green:
            self.add(self.panel, self.result)
        else:
            self.add(self._never_green)
        self.close_column()

    def _replacer(self) -> QWidget:
        """The same and more: the bot is switched, and the old key is proved dead."""
        return button(say("Replace this key"), lambda: self._open_task(KeyTask.REPLACE, ""))

    def _whose(self, row: KeyRow) -> QWidget:
        words = say(
            "{label} · {exchange} · key ends in {hint}",
            label=row.request.label,
            exchange=self._spec.name,
            hint=row.request.hint.lstrip("…") or say("unknown"),
        )
        return PlainLabel(words, ink="muted", selectable=True)

    def _what(self) -> QWidget:
        card = Panel()
        head = QHBoxLayout()
        head.setSpacing(GRID * 3 // 2)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        card.column.addLayout(head)
        card.column.addWidget(self._detail)
        return card

    def _turn_beside(self) -> None:
        """Beside the browser, or back from there."""
        Beside.of(self.window()).turn()
        self._show_beside()

    def _show_beside(self) -> None:
        is_beside = Beside.of(self.window()).is_beside
        caption = say("Back to full size") if is_beside else say("Put it beside the browser")
        self.beside.setText(tr(caption))
        self.beside.setAccessibleName(tr(caption))
        self._openers.turn()

    def _page_caption(self, row: KeyRow) -> Sentence:
        if row.practice:
            return say("Open the practice API Management page")
        return say("Open API Management at {exchange}", exchange=self._spec.name)

    def _worth_knowing(self) -> list[Callable[[], QWidget]]:
        """What else there is to know before something is changed."""
        if self._fix.page is None:
            return []
        guide = self._guide
        told = (guide.second_factor, guide.delay, guide.labels_note, self._activity())
        notes = [note for note in told if note is not None]
        found: list[Callable[[], QWidget]] = []
        if self._fix.kind is FixKind.LIST:
            found.append(_unlocked_warning)
        if notes:
            found.append(partial(_good_to_know, notes))
        if guide.hidden is not None:
            found.append(partial(_where_it_hides, guide.hidden))
        return found

    def _activity(self) -> Sentence | None:
        """Who could use the key until now may have done so."""
        was_open = self._fix.kind in (FixKind.LIST, FixKind.RIGHTS, FixKind.NEW_KEY)
        return self._guide.activity if was_open else None

    def _lock_test(self) -> QWidget:
        """What the exchange does not show can still be tried."""
        section = Section(say("Prove that the list keeps others out"))
        words = say(
            "{exchange} does not show its list. A lock test tries the key from another network, where "
            "the exchange must refuse it.",
            exchange=self._spec.name,
        )
        opener = button(say("Lock test"), lambda: self._open_task(KeyTask.LOCK_TEST, ""))
        section.add(PlainLabel(words), TurningRow(opener))
        return section

    def _never_green(self) -> QWidget:
        words = say(
            "{exchange} does not tell this to the key, so this point stays grey whatever you change. What you see on "
            "the page itself is what counts.",
            exchange=self._spec.name,
        )
        return PlainLabel(words, ink="muted")

    @property
    def _can_turn_green(self) -> bool:
        """Whether a check can ever say that it is mended."""
        finding = finding_of(self.row, self.rule)
        return finding is not None and (finding.required or finding.light is not Light.GREY)

    def _connect(self) -> None:
        session, panel = self._session, self.panel
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._refresh)
        session.loaded.connect(self._refresh)
        session.egress_changed.connect(self._refresh)
        panel.begun.connect(self._begin)
        panel.look.connect(lambda: self._check(self.recheck.look(self._now())))
        panel.stopped.connect(self._stop)
        panel.next_wanted.connect(self._go_on)
        panel.back_wanted.connect(self.back_wanted)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._state_changed)

    # What is shown -------------------------------------------------------------------------

    @property
    def row(self) -> KeyRow | None:
        """The key; None once it is removed."""
        return self._session.row(self._row_id)

    def _now(self) -> float:
        return self._session.stamp().monotonic

    def _row_changed(self, row_id: str) -> None:
        if row_id == self._row_id:
            self._refresh()

    def _refresh(self) -> None:
        row = self.row
        self._hear(row)
        if row is not None:
            self._show_finding(row)
            self._show_offer(row)
            self.result.show_row(row)
            follows = next_open(row, self.rule)
            words = say("Next: {name}", name=rule_name(follows.rule)) if follows else None
            self.panel.offer_next(words)
        else:
            self._title.setText(say("This key is not here any more."))
            self.badge.hide()
            self._detail.hide()
        self.panel.refresh(self.recheck, self._now())
        self._show_the_end()

    def _show_the_end(self) -> None:
        """The light that turned stands below what was pressed: nobody should have to look for it."""
        ended = self.recheck.phase in _PROMISES
        if ended and not self._ended and not self.result.isHidden():
            bring_into_view(self.result)
        self._ended = ended

    def _show_finding(self, row: KeyRow) -> None:
        finding = finding_of(row, self.rule)
        if finding is None:
            self._title.setText(say("Not on the checklist any more."))
            self.badge.hide()
            return
        self.badge.show()
        self.badge.set_verdict(row.verdict_of(finding))
        self._title.setText(finding.title)
        self._detail.setText(in_lines(finding.detail))
        if finding.fix is not None and finding.fix.kind is self._fix.kind:
            self._fix = finding.fix
            self.steps.show_steps(self._fix.steps)

    def _show_offer(self, row: KeyRow) -> None:
        """What is copied; the drawing shows the same addresses."""
        egress = self._session.egress
        seen = row.report.diagnosis.seen_address if row.report and row.report.diagnosis else None
        offer = list_offer(
            row.request.intent,
            egress.report if egress is not None else EgressReport(),
            self._guide.addresses,
            self._spec.name,
            seen,
        )
        self.copy.show_offer(offer)
        self.picture.show_parts(
            drawing(self._fix, self._guide), self._fix.highlight, [str(a) for a in offer.addresses]
        )

    # Looking again -------------------------------------------------------------------------

    def _hear(self, row: KeyRow | None) -> None:
        """Tell the recheck what the newest check found, once, whoever asked for it."""
        seen, recheck = seen_in(row, self.rule), self.recheck
        if recheck.phase in _PROMISES and seen is not _PROMISES[recheck.phase]:
            recheck.forget()
        if row is not None and row.checking:
            return
        news = row is None or row.report is not self._taken
        if recheck.phase is Phase.LOOKING or (news and seen in _TELLING):
            self._taken = row.report if row is not None else None
            diagnosis = self._taken.diagnosis if self._taken is not None else None
            recheck.ended(self._now(), seen, diagnosis.retry_after if diagnosis else None)

    def _begin(self) -> None:
        self._check(self.recheck.begin(self._now()))

    def _stop(self) -> None:
        self.recheck.stop()
        self._refresh()

    def _check(self, look: bool) -> None:
        if look:
            self._session.check([self._row_id])
        self._refresh()

    def tick(self) -> None:
        """Every second: count down, and look when it is time."""
        if self.recheck.tick(self._now()):
            self._session.check([self._row_id])
        self.panel.refresh(self.recheck, self._now())

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        """Coming back from the browser is a good moment to look."""
        active = state is Qt.ApplicationState.ApplicationActive
        if active and self._away and self._can_turn_green and not self.isHidden():
            self._check(self.recheck.returned(self._now()))
        self._away = not active

    def _go_on(self) -> None:
        row = self.row
        follows = next_open(row, self.rule) if row is not None else None
        if follows is not None:
            self._open_task(KeyTask.GUIDE, follows.rule)
        else:
            self.back_wanted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """The window may get narrow now."""
        super().showEvent(event)
        self._beside = Beside.of(self.window())
        self._beside.allow(self)
        self._show_beside()

    def hideEvent(self, event: QHideEvent) -> None:
        """Closed: nothing is asked from here any more."""
        super().hideEvent(event)
        if not event.spontaneous() and self._beside is not None and isValid(self._beside):
            self._beside.leave(self)
        if self.isHidden():
            self._timer.stop()
            self.recheck.stop()


_TELLING = (Seen.MENDED, Seen.GONE, Seen.BLOCKED)
"""What a check that somebody else asked for says to this page, too."""

_PROMISES = {
    Phase.MENDED: Seen.MENDED,
    Phase.GONE: Seen.GONE,
    Phase.UNTOLD: Seen.UNTOLD,
}
"""What may be said only as long as it is so."""


def next_open(row: KeyRow, rule: str) -> Finding | None:
    """The next finding that can be mended with steps, worst first; never the same one."""
    if row.report is None or not row.counts:
        return None
    for finding in row.report.worst_first():
        open_still = finding.light is not Light.GREEN and finding.required
        if open_still and finding.rule != rule and finding.fix and finding.acceptance is None:
            return finding
    return None


def _unlocked_warning() -> QWidget:
    warning = Panel("quote")
    warning.column.addWidget(PlainLabel(UNLOCKED_WHY))
    return warning


def _good_to_know(notes: Sequence[Sentence]) -> QWidget:
    known = Section(say("Good to know"))
    known.add(bulleted(notes))
    return known


def _where_it_hides(words: Sentence) -> QWidget:
    return Disclosure(say("I cannot find it"), lambda: column(PlainLabel(words)))

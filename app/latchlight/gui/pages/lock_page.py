"""The lock test of one key: from the usual network, from another one, and back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton, QWidget

from latchlight.core.addresses import Address
from latchlight.core.findings import Light
from latchlight.core.limits import LIMITS
from latchlight.core.lock_test import Verdict, certain_addresses
from latchlight.core.progress import CancelToken
from latchlight.core.sentences import say
from latchlight.gui import lock_work as work
from latchlight.gui.announce import announce
from latchlight.gui.key_row import KeyRow
from latchlight.gui.lock_run import LockRun, Step, Trouble
from latchlight.gui.lock_words import (
    BUSY,
    BUTTONS,
    STEPS,
    here_words,
    steps_done,
    trouble_words,
    unnamed_words,
    usual_words,
)
from latchlight.gui.recheck import finding_of
from latchlight.gui.session import Session
from latchlight.gui.theme import TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button, set_kind
from latchlight.gui.widgets.focus import FocusKeeper
from latchlight.gui.widgets.lock_result import LockResult
from latchlight.gui.widgets.lock_steps import LockSteps
from latchlight.gui.widgets.page_column import PageColumn, bring_into_view
from latchlight.gui.widgets.panel import Panel
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.practice_network import PracticeNetwork
from latchlight.gui.widgets.section import Section
from latchlight.gui.widgets.turning_row import TurningRow


class LockPage(PageColumn):
    """One step at a time; what was done stays while the page is closed and opened again."""

    IN_PIECES = True

    back_wanted = Signal()

    def __init__(
        self,
        session: Session,
        row: KeyRow,
        open_page: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        """`open_page` opens the exchange's own page in the browser."""
        super().__init__(parent)
        self._session, self._row_id, self._open_page = session, row.id, open_page
        self._spec = row.request.exchange
        known = session.lock_runs.get(row.id)
        usable = known is not None and known.is_about(row.request)
        self.run = known if known is not None and usable else LockRun(row.request, row.practice)
        self._here: tuple[Address, ...] = ()
        self._looking: CancelToken | None = None
        self._working: CancelToken | None = None
        self._make_widgets(row)
        self._build(row)
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._refresh)
        session.loaded.connect(self._refresh)
        session.egress_changed.connect(self._seen_elsewhere)
        session.ticked.connect(self._refresh_buttons)
        self._refresh()
        self.look()

    # Building ------------------------------------------------------------------------------

    def _make_widgets(self, row: KeyRow) -> None:
        self.steps = LockSteps(STEPS)
        self.usual = PlainLabel("", ink="muted", selectable=True)
        self.here = PlainLabel("", selectable=True)
        self.status = PlainLabel("", ink="problem")
        self.go = button(BUTTONS[Step.HOME], self._go, kind="primary")
        self.again = button(say("Look again"), self.look, name=say("Look again where I am"))
        self.restart = button(say("Start again"), self._restart)
        self.page = button(
            say("Open API Management"), lambda: self._open_page(self._spec.console_page)
        )
        self._keepers = {each: FocusKeeper(each, self) for each in (self.go, self.again)}
        self.result = LockResult(row.practice)
        self.network: PracticeNetwork | None = None
        if self._session.world is not None:
            self.network = PracticeNetwork(self._session.world, self._session.look_up)

    def _build(self, row: KeyRow) -> None:
        title = say("Lock test of “{label}”", label=row.request.label)
        whose = say(
            "{exchange} · key ends in {hint}",
            exchange=self._spec.name,
            hint=row.request.hint.lstrip("…") or say("unknown"),
        )
        about = Panel("quote")
        about.column.addWidget(PlainLabel(_ABOUT))
        about.column.addWidget(PlainLabel(_HARMLESS, TextRole.SMALL, ink="muted"))
        if not self._spec.traits.names_refused_address:
            words = unnamed_words(self._spec.name)
            about.column.addWidget(PlainLabel(words, TextRole.STRONG))
        self._steps_card = Section(say("Step by step"))
        self._steps_card.add(self.steps, self.usual, self.here)
        if self.network is not None:
            self._steps_card.add(self.network)
        self._buttons = TurningRow(self.go, self.again, self.restart, self.page)
        self.add(
            PlainLabel(title, TextRole.TITLE),
            PlainLabel(whose, ink="muted", selectable=True),
            about,
            self.result,
            self._steps_card,
            self.status,
            self._buttons,
        )
        self.close_column()

    @property
    def busy(self) -> bool:
        """Whether a step is being done, or it is looked for where this computer is."""
        return self._working is not None or self._looking is not None

    # What is shown -------------------------------------------------------------------------

    def _row_changed(self, row_id: str) -> None:
        if row_id == self._row_id:
            self._refresh()

    def _refresh(self) -> None:
        row = self._session.row(self._row_id)
        if row is None or not self.run.is_about(row.request):
            self._gone(row)
            return
        self.steps.show_done(steps_done(self.run, self._here))
        self.usual.setText(usual_words(self.run))
        self.usual.setVisible(bool(self.usual.text()))
        looking = self._looking is not None
        self.here.setText(here_words(self.run, self._here, looking=looking))
        self._steps_card.setVisible(self.run.step is not Step.OVER)
        if self.network is not None:
            self.network.refresh()
            under_way = self.run.step in (Step.AWAY, Step.BACK)
            self.network.setVisible(under_way or self.network.away)
        self.result.show_run(
            self.run, finding_of(row, "lock-open"), counts=row.counts, holds=self._holds(row)
        )
        self._show_status()
        self._refresh_buttons()

    def _holds(self, row: KeyRow) -> bool:
        """Whether a proof is of now, and no newer check speaks against it: green is never kept longer."""
        test = self.run.test
        if test is None or test.back_at is None or row.doubt is not None:
            return False
        age = (self._session.now() - test.back_at).total_seconds()
        if not 0 <= age <= LIMITS.light_age_seconds:
            return False
        report = row.report if row.counts else None
        if report is None or report.finished_at < test.back_at:
            return True
        finding = finding_of(row, "lock-open")
        return report.facts.accepted and (finding is None or finding.light is Light.GREEN)

    def _show_status(self) -> None:
        busy = self._working is not None
        words = BUSY[self.run.step] if busy else trouble_words(self.run) or ""
        if words != self.status.text():
            self.status.setText(words)
        self.status.setVisible(bool(words))

    def _refresh_buttons(self) -> None:
        """One button is the one to press: where somebody has yet to move, that is looking again."""
        run, busy = self.run, self._working is not None
        late = run.is_late(self._session.now())
        caption = tr(say("Start again") if late else BUTTONS[run.step])
        if self.go.text() != caption:
            self.go.setText(caption)
            self.go.setAccessibleName(caption)
        abroad = self.network is not None and self.network.away and run.step is Step.HOME
        waits = (run.is_unmoved(self._here) and not late) or abroad
        set_kind(self.go, "" if waits else "primary")
        set_kind(self.again, "primary" if waits and self.network is None else "")
        if self.network is not None:
            set_kind(self.network.switch, "primary" if waits else "")
        self._keepers[self.go].set_enabled(not busy and not waits)
        self._keepers[self.again].set_enabled(not busy and self._looking is None)
        self.again.setVisible(run.step is not Step.OVER)
        self.restart.setVisible(run.step is Step.OVER or (run.home is not None and not late))
        self.restart.setEnabled(not busy)
        to_look_at = run.verdict in (Verdict.OPEN, Verdict.UNNAMED)
        self.page.setVisible(run.trouble is Trouble.NO_LIST or to_look_at)
        self._buttons.turn()

    def _gone(self, row: KeyRow | None) -> None:
        """The key was removed, or another one stands in its place."""
        self._stop()
        words = say("This key is not here any more.")
        if row is not None:
            words = say("This key was changed. Close the page and begin the test anew.")
        self._session.lock_runs.pop(self._row_id, None)
        self.status.setText(words)
        self.status.show()
        for each in self._all_buttons():
            each.setEnabled(False)

    def _all_buttons(self) -> tuple[QPushButton, ...]:
        return (self.go, self.again, self.restart)

    # Where this computer is ----------------------------------------------------------------

    def look(self) -> None:
        """Ask the address services where this computer is now."""
        if self._looking is not None or self._working is not None:
            return
        services = self._session.services
        self._looking = self._session.runner.run(
            lambda token, post: work.where(services, token),
            on_success=self._looked,
            on_failure=self._look_failed,
        )
        self._refresh()

    def _looked(self, here: tuple[Address, ...]) -> None:
        self._looking = None
        self._here = here
        self._refresh()

    def _look_failed(self, problem: BaseException) -> None:
        self._looking = None
        self._here = ()
        self._session.failed(problem)
        self._refresh()

    def _seen_elsewhere(self) -> None:
        """The window itself looked, because the network changed."""
        egress = self._session.egress
        if egress is not None and not self._session.looking_up and self._looking is None:
            self._here = certain_addresses(egress.report, ipv6=False)
            self._refresh()

    # Steps ---------------------------------------------------------------------------------

    def _go(self) -> None:
        if self._working is not None:
            return
        if self.run.is_late(self._session.now()):
            self._restart()
        elif self.run.step is Step.OVER:
            self.back_wanted.emit()
        else:
            self._do()

    def _do(self) -> None:
        self._stop()
        run, services = self.run, self._session.services
        self._working = self._session.runner.run(
            lambda token, post: work.next_step(run, services, token),
            on_success=self._done,
            on_failure=self._failed,
        )
        self._refresh()

    def _done(self, run: LockRun) -> None:
        self._working = None
        row = self._session.row(self._row_id)
        if row is None or not run.is_about(row.request):
            self._refresh()
            return
        self._put(run)
        if run.last is not None:
            self._here = run.last.after
        if run.step is Step.OVER:
            self._session.check([self._row_id])  # its light rests on this from now on
            bring_into_view(self.result)
        self._refresh()
        announce(self, self.result.title.text() if run.verdict else self.status.text())

    def _failed(self, problem: BaseException) -> None:
        self._working = None
        self._session.failed(problem)
        self._refresh()

    def _restart(self) -> None:
        row = self._session.row(self._row_id)
        if row is not None:
            self._put(LockRun(row.request, row.practice))
            self._refresh()
            self.look()

    def _put(self, run: LockRun) -> None:
        self.run = run
        self._session.lock_runs[self._row_id] = run

    def _stop(self) -> None:
        for token in (self._looking, self._working):
            if token is not None:
                token.cancel()
        self._looking = self._working = None

    def hideEvent(self, event: QHideEvent) -> None:
        """Closed: nothing is asked from here any more, and practice is at home again."""
        super().hideEvent(event)
        if self.isHidden():
            self._stop()
            if self.network is not None:
                self.network.go_home()


_ABOUT = say(
    "Whether a whitelist keeps others out shows only when somebody else tries. Here you are that somebody: the key is "
    "tried from a network that is not yours, and the exchange must refuse it."
)
_HARMLESS = say(
    "Each step asks the exchange one harmless question and the address services where this computer is. Leave the "
    "whitelist as it is: nothing is changed at the exchange."
)

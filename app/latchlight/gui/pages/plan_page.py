"""Which addresses belong on the whitelist of one key, and whether they are the ones on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.plan import Basis, Plan, compare, list_text, plan_from
from latchlight.core.plan_words import (
    form_words,
    number_words,
    reasons,
    too_many,
    without_this_computer,
)
from latchlight.core.profile import AddressSighting
from latchlight.core.purpose import Intent, Setup
from latchlight.core.sentences import Sentence, say
from latchlight.core.steadiness import LineHistory, Steadiness, line_history
from latchlight.gui import plan_work as work
from latchlight.gui.key_row import KeyRow
from latchlight.gui.pages.plan_comparison import PlanComparison
from latchlight.gui.pages.plan_places import PlanPlaces
from latchlight.gui.session import Session
from latchlight.gui.theme import TextRole
from latchlight.gui.widgets.buttons import CopyButton, button
from latchlight.gui.widgets.choice import Choice
from latchlight.gui.widgets.focus import tab_as_laid_out
from latchlight.gui.widgets.form_row import FormRow
from latchlight.gui.widgets.intent_form import SETUP_ANSWERS
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.page_column import PageColumn
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.gui.widgets.turning_row import TurningRow


class PlanPage(PageColumn):
    """Everything is worked out anew while the user types; only “Save the plan” changes anything."""

    IN_PIECES = True

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
        self._spec, self._practice = row.request.exchange, row.practice
        self._form = self._spec.traits.guide.addresses
        self._history: tuple[AddressSighting, ...] = ()
        self._check_when_loaded = False
        self._saving = False
        self._why: QWidget | None = None
        self._reasons: tuple[Sentence, ...] = ()
        self._make_widgets(row)
        self._build(row)
        plan = plan_from(row.request.intent.setup, row.request.intent.addresses)
        self.places.show_plan(plan)
        tab_as_laid_out(self)
        self._connect()
        self._refresh()
        session.runner.run(
            lambda token, post: work.address_history(session.services),
            on_success=self._history_known,
            on_failure=session.failed,
        )

    # Building ------------------------------------------------------------------------------

    def _make_widgets(self, row: KeyRow) -> None:
        self.setup = Choice[Setup](say("Where does the bot run?"), SETUP_ANSWERS.items())
        self.setup.choose(row.request.intent.setup)
        self.number = PlainLabel("", TextRole.STRONG)
        self.places = PlanPlaces(self._form, self._spec.name, practice=self._practice)
        self.list = PlainLabel("", TextRole.STRONG, selectable=True)
        self.list_note = PlainLabel("", ink="problem")
        self.takes = PlainLabel(
            form_words(self._form, self._spec.name), TextRole.SMALL, ink="muted"
        )
        self.copy = CopyButton(
            say("Copy the list"), say("Copy the list of the plan"), self.list_text
        )
        self.comparison = PlanComparison(self._spec)
        self.from_here = PlainLabel("", ink="muted")
        self.check = button(say("Check this key"), self._check_now)
        self.page = button(
            say("Open API Management"), lambda: self._open_page(self._spec.console_page)
        )
        self.save = button(say("Save the plan"), self._save, kind="primary")
        self.status = PlainLabel("", ink="muted")

    def _build(self, row: KeyRow) -> None:
        title = say("Plan the whitelist of “{label}”", label=row.request.label)
        bot = Section(say("Where does the bot run?"))
        bot.add(FormRow(say("Set-up"), self.setup), self.number)
        named = Section(
            say("The addresses"), say("One per place. Nothing is sent anywhere by typing here.")
        )
        named.add(self.places, *self._keeping(row))
        pasted = Section(say("The list for {exchange}", exchange=self._spec.name))
        pasted.add(self.list, self.list_note, self.takes, TurningRow(self.copy, self.page))
        beside = Section(say("Compared with the exchange's list"))
        beside.add(self.comparison, self.from_here, TurningRow(self.check))
        self._why_card = Section(say("Why this plan"))
        self.add(PlainLabel(title, TextRole.TITLE), bot, named, pasted, beside, self._why_card)
        self.close_column()

    def _keeping(self, row: KeyRow) -> tuple[QWidget, ...]:
        """How the plan is kept, where it can be."""
        if not row.request.stored:
            self.save.setParent(self)
            self.save.hide()
            words = say("This key is not saved, so this plan is gone when you leave the page.")
            return (PlainLabel(words, ink="muted"),)
        words = say(
            "Every check compares the exchange's list with the saved plan. Nothing changes at the exchange by saving: "
            "there you paste the list yourself."
        )
        return (
            PlainLabel(words, TextRole.SMALL, ink="muted"),
            TurningRow(self.save, self.status),
        )

    def _connect(self) -> None:
        session = self._session
        self.setup.currentIndexChanged.connect(self._setup_chosen)
        self.places.changed.connect(self._refresh)
        session.row_changed.connect(self._row_changed)
        session.many_changed.connect(self._refresh)
        session.egress_changed.connect(self._refresh)
        session.loaded.connect(self._loaded)

    # What is shown -------------------------------------------------------------------------

    def plan(self) -> Plan:
        """The plan as far as it can be read."""
        return self.places.plan()

    def list_text(self) -> str:
        """What “Copy the list” puts on the clipboard."""
        return list_text(self.plan().addresses, self._form)

    def _refresh(self, *_: object) -> None:
        row = self._session.row(self._row_id)
        if row is None:
            return
        line = self._line()
        self._offer_own(line)
        plan = self.plan()
        self.number.setText(number_words(plan.setup))
        self._show_list(plan)
        self._compare(row, plan)
        self._show_reasons(reasons(plan.setup, line, self._form, self._spec.name))
        self.check.setEnabled(not row.checking)
        self.save.setEnabled(not self._saving)

    def _show_list(self, plan: Plan) -> None:
        text = self.list_text()
        self.list.setText(text or say("Type the addresses above; the list stands here then."))
        full = too_many(plan, self._form, self._spec.name)
        unread = not self.places.readable
        note = say("A field above cannot be read: what stands there is not on this list.")
        self.list_note.setText(full or (note if unread else ""))
        self.list_note.setVisible(full is not None or unread)
        self.copy.setEnabled(bool(text) and not unread)

    def _compare(self, row: KeyRow, plan: Plan) -> None:
        facts = row.report.facts if row.report is not None and row.counts else None
        elsewhere = {}
        if plan.setup is Setup.STAGING_AND_PRODUCTION:
            elsewhere = dict(work.other_environments(row, self._session.rows))
        found = compare(plan, facts, elsewhere)
        self.comparison.show_found(found, plan)
        self.check.setVisible(found.basis in (Basis.NOT_CHECKED, Basis.NOT_READ))
        own = self._egress().ipv4
        away = own is not None and own not in plan.addresses and bool(plan.addresses)
        self.from_here.setText(
            without_this_computer(self._spec.name) if away and not plan.unfilled else ""
        )
        self.from_here.setVisible(bool(self.from_here.text()))

    def _show_reasons(self, sentences: tuple[Sentence, ...]) -> None:
        if sentences == self._reasons:
            return
        self._reasons = sentences
        if self._why is not None:
            self._why_card.column.removeWidget(self._why)
            self._why.hide()
            self._why.deleteLater()
        self._why = bulleted(sentences)
        self._why_card.add(self._why)

    # The line of this computer -------------------------------------------------------------

    def _egress(self) -> EgressReport:
        egress = self._session.egress
        return egress.report if egress is not None else EgressReport()

    def _line(self) -> LineHistory:
        return line_history(self._history, self._egress(), self._session.now())

    def _offer_own(self, line: LineHistory) -> None:
        """Only an address on which the services agree, of a line that was not seen to move."""
        egress = self._egress()
        steady = line.steadiness is not Steadiness.UNSTEADY
        agreed = egress.certainty is Certainty.AGREED and egress.ipv4 is not None
        self.places.offer_own(str(egress.ipv4) if agreed and steady else "")

    def _history_known(self, history: tuple[AddressSighting, ...]) -> None:
        self._history = history
        self._refresh()

    # What happens --------------------------------------------------------------------------

    def _setup_chosen(self, *_: object) -> None:
        self.places.choose_setup(self.setup.value)
        tab_as_laid_out(self)

    def _row_changed(self, row_id: str) -> None:
        if row_id == self._row_id:
            self._refresh()

    def _check_now(self) -> None:
        self._session.check([self._row_id])

    def _save(self) -> None:
        row = self._session.row(self._row_id)
        plan = self.places.sound_plan()
        if row is None or plan is None or self._saving:
            return
        self._saving = True
        self.save.setEnabled(False)
        self.status.setText(say("Saving…"))
        intent = Intent(row.request.intent.purpose, plan.setup, plan.addresses)
        self._session.changes.edit(row.id, row.request.label, intent, self._saved, self._not_saved)

    def _saved(self) -> None:
        self._saving = False
        self._check_when_loaded = True
        self.status.setText(say("Saved. The key is checked by this plan now."))
        self.save.setEnabled(True)

    def _not_saved(self) -> None:
        self._saving = False
        self.status.setText(say("Not saved. Why stands at the top of the window."))
        self.save.setEnabled(True)

    def _loaded(self) -> None:
        """The list of keys was read again, perhaps because of what was saved here."""
        if self._check_when_loaded and self._session.row(self._row_id) is not None:
            self._check_when_loaded = False
            self._session.check([self._row_id])
        self._refresh()

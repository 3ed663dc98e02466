"""Changing a bot to a new key: made, checked, switched, and the old key proved dead."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from latchlight.core.egress import EgressReport
from latchlight.core.facts import KeyFacts
from latchlight.core.list_offer import list_offer
from latchlight.core.new_key import what_to_tick
from latchlight.core.plan_words import form_words
from latchlight.core.rotation import EndedBy, Rotation, Stage
from latchlight.core.sentences import Sentence, say
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask, OpenTask
from latchlight.gui.moments import moment
from latchlight.gui.pages.removal_panel import RemovalPanel
from latchlight.gui.pages.replace_steps import KeyLine, NewKeyChooser, ProofPanel, TickLine
from latchlight.gui.session import Session
from latchlight.gui.theme import TextRole
from latchlight.gui.tongue import tr
from latchlight.gui.widgets.buttons import button
from latchlight.gui.widgets.focus import has_focus
from latchlight.gui.widgets.list_copy import ListCopy
from latchlight.gui.widgets.numbered import bulleted
from latchlight.gui.widgets.page_column import PageColumn, bring_into_view
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.widgets.section import Section
from latchlight.gui.widgets.step_card import StepCard, StepState
from latchlight.gui.widgets.step_list import StepList
from latchlight.gui.widgets.turning_row import TurningRow

_ORDER = tuple(Stage)


class ReplacePage(PageColumn):
    """Stays with one old key; everything it shows comes from the session and outlives the page."""

    IN_PIECES = True

    key_wanted = Signal(str)
    """The checklist of this key is to be shown."""
    back_wanted = Signal()

    def __init__(
        self,
        session: Session,
        row: KeyRow,
        open_page: Callable[[KeyRow], object],
        add_key: Callable[[KeyRow], object],
        open_task: OpenTask,
        parent: QWidget | None = None,
    ) -> None:
        """`row`: the old key, or one that is the new key of another. `open_page`: API Management of a key.

        `add_key`: the form for a key that is to replace this one.
        """
        super().__init__(parent)
        self._session, self._rotations = session, session.rotations
        self.old = self._rotations.begin(row).old
        first = session.row(self.old) or row
        self._spec, self._practice = first.request.exchange, first.practice
        self._label = first.request.label
        self._open_page, self._add_key, self._open_task = open_page, add_key, open_task
        self._stage: Stage | None = None
        self._removal: RemovalPanel | None = None
        self.completed.connect(self._connect_steps)
        self.completed.connect(self._refresh)
        self._build()
        self._connect()
        self._refresh()

    # Building ------------------------------------------------------------------------------

    def _build(self) -> None:
        title = say("Replace “{label}” by a new key", label=self._label)
        self.old_line, self.new_line = KeyLine(say("Old key")), KeyLine(say("New key"))
        self.both = PlainLabel()
        self.not_kept = PlainLabel(
            say("Not both keys are saved: these steps are forgotten when the window closes."),
            ink="muted",
        )
        self.gone = Section(say("This key is not here any more"))
        self.done = button(say("Back to your keys"), self.back_wanted.emit, kind="primary")
        self.keys = Section()
        self.keys.setAccessibleName(tr(title))
        self.keys.add(self.old_line, self.new_line, self.both, self.not_kept)
        name = self._spec.name
        self.cards = {
            Stage.ADD: StepCard(1, say("Make a new key at {exchange}", exchange=name)),
            Stage.CHECK: StepCard(2, say("Add it here and check it")),
            Stage.SWITCH: StepCard(3, say("Give the new key to your bot")),
            Stage.DELETE: StepCard(4, say("Delete the old key at {exchange}", exchange=name)),
            Stage.PROVE: StepCard(5, say("Prove that the old key is dead")),
            Stage.TIDY: StepCard(6, say("Remove the old key from this computer")),
        }
        self._leave = Section()
        self.gone.add(TurningRow(self.done))
        self.add(PlainLabel(title, TextRole.TITLE), self.keys, self.gone)
        self.add(*self.cards.values(), self._leave)
        self.add(self._fill_making, self._fill_checking, self._fill_switching)
        self.add(self._fill_ending, self._fill_leaving)
        self.close_column()

    def _fill_leaving(self) -> None:
        words = say(
            "The old key is not to be replaced after all? Then it stays as it is, and these steps are forgotten."
        )
        self.keep_both = button(say("Keep both keys"), self._give_up, kind="quiet")
        self._leave.add(PlainLabel(words, ink="muted"), TurningRow(self.keep_both))

    def _fill_making(self) -> None:
        card = self.cards[Stage.ADD]
        self.copy = ListCopy(
            form_words(self._spec.traits.guide.addresses, self._spec.name),
            lambda: self._open_task(KeyTask.PLAN, ""),
        )
        fix = self._spec.traits.fixes.get("key-old")
        card.add(
            PlainLabel(
                say("Leave the old key as it is for now: your bot still uses it."), ink="muted"
            )
        )
        if fix is not None:
            # Its last step would delete the old key before the bot has the new one.
            card.add(StepList(fix.steps[:-1]))
        self._ticks: QWidget | None = None
        self._said_ticks: tuple[Sentence, ...] = ()
        ticks = QWidget()
        self._ticks_place = QVBoxLayout(ticks)
        self._ticks_place.setContentsMargins(0, 0, 0, 0)
        card.add(ticks, self.copy, TurningRow(self._page_button()))

    def _fill_checking(self) -> None:
        card = self.cards[Stage.CHECK]
        self.chooser = NewKeyChooser()
        self.check = button(say("Check the new key"), self._check_new, kind="primary")
        self.checklist = button(say("Open its checklist"), self._show_new)
        self.another = button(say("It is another key"), self._choose_another, kind="quiet")
        self.judged = PlainLabel()
        words = say(
            "It goes on only when the new key is green, or amber and you have accepted every finding of it."
        )
        card.add(PlainLabel(words, ink="muted"), self.chooser)
        card.keep(self.judged, TurningRow(self.check, self.checklist, self.another))

    def _fill_switching(self) -> None:
        switching, deleting = self.cards[Stage.SWITCH], self.cards[Stage.DELETE]
        self.switched = TickLine(say("My bot uses the new key now"))
        self.deleted = TickLine(say("I have deleted the old key there"))
        switching.add(
            bulleted(
                (
                    say("Stop the bot, and put key and secret of the new key into its settings."),
                    say("Start it, and see that it reads the account and trades as before."),
                    say("Look for copies of the old key: other bots, tax tools, spreadsheets."),
                )
            )
        )
        switching.keep(self.switched)
        self.which = PlainLabel()
        deleting.add(self.which, TurningRow(self._page_button()))
        deleting.keep(self.deleted)

    def _fill_ending(self) -> None:
        proving, tidying = self.cards[Stage.PROVE], self.cards[Stage.TIDY]
        self.proof = ProofPanel(self._page_of_old)
        self.ended = PlainLabel()
        self.remove = button(
            say("Remove the old key from this computer"), self._ask_removal, kind="primary"
        )
        words = say(
            "Latchlight asks {exchange} with both keys, a question that only reads. The new key must be accepted, and "
            "the old one refused because there is no such key. Any other answer proves nothing.",
            exchange=self._spec.name,
        )
        proving.add(PlainLabel(words, ink="muted"))
        proving.keep(self.proof)
        tidying.add(self.ended, TurningRow(self.remove))

    def _page_button(self) -> QWidget:
        caption = say("Open API Management at {exchange}", exchange=self._spec.name)
        if self._practice:
            caption = say("Open the practice API Management page")
        return button(caption, self._page_of_old)

    def _connect(self) -> None:
        session = self._session
        session.row_changed.connect(self._row_changed)
        for signal in (session.many_changed, session.loaded, session.egress_changed):
            signal.connect(self._refresh)
        session.run_changed.connect(self._refresh)
        self._rotations.changed.connect(self._rotation_changed)

    def _connect_steps(self) -> None:
        self.chooser.add_wanted.connect(self._add_new)
        self.chooser.chosen.connect(lambda new: self._rotations.choose(self.old, new))
        self.switched.said.connect(lambda done: self._rotations.switched(self.old, done))
        self.deleted.said.connect(lambda done: self._rotations.deleted(self.old, done))
        self.proof.asked.connect(lambda: self._rotations.ask(self.old))
        self.proof.told.connect(lambda: self._rotations.tell(self.old))

    # What is shown -------------------------------------------------------------------------

    @property
    def rotation(self) -> Rotation | None:
        """How far it is; None once it is given up, or one of the keys is gone."""
        found = self._rotations.of(self.old)
        return found if found is not None and found.old == self.old else None

    def _row_changed(self, row_id: str) -> None:
        rotation = self.rotation
        if rotation is None or row_id in (rotation.old, rotation.new):
            self._refresh()

    def _rotation_changed(self, old: str) -> None:
        if old == self.old:
            self._refresh()

    def _refresh(self) -> None:
        row = self._session.row(self.old)
        rotation = self.rotation
        if row is not None and rotation is None:
            rotation = self._rotations.begin(row)  # the new key was removed: from the start
        there = row is not None and rotation is not None
        self.gone.setVisible(not there)
        for widget in (self.keys, *self.cards.values()):
            widget.setVisible(there)
        self._leave.setVisible(there and self.complete)
        if row is None or rotation is None:
            self._stage = None
            return
        new = self._session.row(rotation.new)
        self._show_keys(rotation, row, new)
        if self.complete:
            self._show_all(rotation, row, new)

    def _show_all(self, rotation: Rotation, row: KeyRow, new: KeyRow | None) -> None:
        self._show_steps(rotation)
        self._show_making(row)
        self._show_new_key(rotation, row, new)
        self._show_ticks(rotation, row, new)
        self.proof.show_hearing(
            self._rotations.hearing(self.old),
            row,
            asking=self._rotations.asking(self.old),
            ended=rotation.ended is not None,
        )
        self.proof.ask.setEnabled(not (row.checking or (new is not None and new.checking)))
        self.ended.setText(_ended_words(rotation, self._spec.name))
        self._leave.setVisible(bool(rotation.new) and rotation.ended is None)
        self._follow(rotation.stage)

    def _show_keys(self, rotation: Rotation, row: KeyRow, new: KeyRow | None) -> None:
        self.old_line.show_row(row)
        self.new_line.show_row(new)
        since = rotation.overlap_since
        self.both.setVisible(since is not None)
        if since is not None:
            words = say(
                "Both keys work since {at}. The old one stays amber until it is proved dead.",
                at=moment(since),
            )
            self.both.setText(words)
        self.not_kept.setVisible(new is not None and not self._rotations.kept(rotation))

    def _show_steps(self, rotation: Rotation) -> None:
        times = {
            Stage.SWITCH: rotation.switched,
            Stage.DELETE: rotation.deleted,
            Stage.PROVE: rotation.ended.at if rotation.ended is not None else None,
            Stage.CHECK: rotation.fit,
        }
        current = _ORDER.index(rotation.stage)
        for place, stage in enumerate(_ORDER):
            at = times.get(stage)
            if place == current or (stage is Stage.CHECK and rotation.stage is Stage.ADD):
                state, words = StepState.NOW, say("Now")
            elif place > current:
                state, words = StepState.LATER, say("Later")
            else:
                done = say("Done") if at is None else say("Done {at}", at=moment(at))
                state, words = StepState.DONE, done
            self.cards[stage].show_state(state, words)

    def _show_making(self, row: KeyRow) -> None:
        facts = row.report.facts if row.report is not None else KeyFacts()
        guide, egress = self._spec.traits.guide, self._session.egress
        said = what_to_tick(row.request.intent.purpose, facts, guide)
        if said != self._said_ticks:
            if self._ticks is not None:
                self._ticks.hide()
                self._ticks.deleteLater()
            self._said_ticks, self._ticks = said, bulleted(said)
            self._ticks_place.addWidget(self._ticks)
        report = egress.report if egress is not None else EgressReport()
        offer = list_offer(row.request.intent, report, guide.addresses, self._spec.name)
        self.copy.show_offer(offer)

    def _show_new_key(self, rotation: Rotation, row: KeyRow, new: KeyRow | None) -> None:
        self.chooser.setVisible(new is None)
        if new is None:
            self.chooser.offer(self._rotations.candidates(row))
        for widget in (self.judged, self.check, self.checklist, self.another):
            widget.setVisible(new is not None)
        if new is None:
            return
        waiting = rotation.stage is Stage.CHECK
        self.check.setVisible(waiting)
        self.check.setEnabled(not new.checking)
        self.another.setVisible(rotation.ended is None)
        self.judged.setText(_judged_words(rotation, new))

    def _show_ticks(self, rotation: Rotation, row: KeyRow, new: KeyRow | None) -> None:
        self.switched.setChecked(rotation.switched is not None)
        self.deleted.setChecked(rotation.deleted is not None)
        for tick in (self.switched, self.deleted):
            tick.setEnabled(rotation.ended is None)
        self.which.setText(
            say(
                "Delete the key that ends in {old}, and not the one that ends in {new}.",
                old=row.request.hint.lstrip("…"),
                new=new.request.hint.lstrip("…") if new is not None else say("unknown"),
            )
        )

    def _follow(self, stage: Stage) -> None:
        """The step that is to be done now comes into sight, and the keyboard with it."""
        before, self._stage = self._stage, stage
        if before is None or before is stage:
            return
        card = self.cards[stage]
        QTimer.singleShot(0, card, lambda: bring_into_view(card))
        if has_focus(self):
            self._first(stage).setFocus()

    def _first(self, stage: Stage) -> QWidget:
        return {
            Stage.ADD: self.chooser.add,
            Stage.CHECK: self.check,
            Stage.SWITCH: self.switched,
            Stage.DELETE: self.deleted,
            Stage.PROVE: self.proof.ask,
            Stage.TIDY: self.remove,
        }[stage]

    # What happens --------------------------------------------------------------------------

    def _page_of_old(self) -> None:
        row = self._session.row(self.old)
        if row is not None:
            self._open_page(row)

    def _add_new(self) -> None:
        row = self._session.row(self.old)
        if row is not None:
            self._add_key(row)

    def _check_new(self) -> None:
        rotation = self.rotation
        if rotation is not None and rotation.new:
            self._session.check([rotation.new])

    def _show_new(self) -> None:
        rotation = self.rotation
        if rotation is not None and rotation.new:
            self.key_wanted.emit(rotation.new)

    def _choose_another(self) -> None:
        self._rotations.choose(self.old, "")

    def _give_up(self) -> None:
        self._rotations.give_up(self.old)
        self.back_wanted.emit()

    def _ask_removal(self) -> None:
        """In place, and only ever on the user's word."""
        row = self._session.row(self.old)
        if row is None or self._removal is not None:
            return
        remove = self._session.changes.remove
        self._removal = RemovalPanel(row, lambda: remove(self.old), self._keep_old)
        self.cards[Stage.TIDY].add(self._removal)
        self.remove.hide()
        self._removal.setFocus()
        bring_into_view(self._removal)

    def _keep_old(self) -> None:
        panel, self._removal = self._removal, None
        if panel is not None:
            self.remove.show()
            self.remove.setFocus()
            panel.hide()
            panel.deleteLater()


def _judged_words(rotation: Rotation, new: KeyRow) -> Sentence:
    if rotation.fit is not None and rotation.stage is not Stage.CHECK:
        return say(
            "“{label}” was found fit for the bot on {at}.",
            label=new.request.label,
            at=moment(rotation.fit),
        )
    if new.checking:
        return say("“{label}” is being checked.", label=new.request.label)
    if new.report is None or not new.counts:
        return say("“{label}” is not checked yet.", label=new.request.label)
    return say(
        "“{label}” is not fit for the bot yet. Its checklist says why: mend what is red, and mend or accept what is "
        "amber.",
        label=new.request.label,
    )


def _ended_words(rotation: Rotation, exchange: str) -> Sentence:
    ended = rotation.ended
    if ended is None:
        return say("")
    match ended.by:
        case EndedBy.PROVED:
            return say(
                "Proved on {at}: {exchange} says that there is no such key (code {code}). It can do nothing any more, "
                "and this computer need not keep it.",
                at=moment(ended.at),
                exchange=exchange,
                code=ended.said,
            )
        case EndedBy.TOLD:
            return say(
                "Not proved by {exchange}, but told by you on {at}: you saw that no such key is on the page. Once it "
                "is removed here, it cannot be asked again.",
                exchange=exchange,
                at=moment(ended.at),
            )

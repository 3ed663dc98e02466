"""Changing to a new key, step by step: what lets on, what proves, and what is remembered."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from factories import NOW, make_answer, make_key_report, make_refusal, make_request
from latchlight.core.diagnosis import Diagnosis
from latchlight.core.errors import StoreError
from latchlight.core.facts import KeyFacts
from latchlight.core.findings import KeyReport, Light
from latchlight.core.proof_of_death import Answered
from latchlight.core.rotation import Ended, EndedBy, Rotation, Stage
from latchlight.core.sentences import say
from latchlight.exchanges.okx import SPEC as OKX
from latchlight.gui import rotation_work, work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.pages.guide_page import GuidePage
from latchlight.gui.pages.replace_page import ReplacePage
from latchlight.gui.widgets.finding_card import FindingCard
from latchlight.gui.widgets.step_card import StepState
from latchlight.gui.widgets.trickle import TrickleColumn
from latchlight.gui.workspace import Workspace
from window_bench import Bench, buttons, comes_true, press, reads, texts

HOST = "openapi.okx.com"


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Rotation | None]]:
    """What would be written down, in order."""
    written: list[tuple[str, Rotation | None]] = []
    monkeypatch.setattr(
        rotation_work, "keep", lambda services, old, rotation: written.append((old, rotation))
    )
    return written


def a_report(light: Light, label: str, bench: Bench, **changed: object) -> KeyReport:
    """A check of an OKX key that ends like its label."""
    made = make_key_report(light, label=label, at=bench.clock.wall)
    return replace(
        made,
        **{"exchange": "okx", "exchange_name": "OKX", "host": HOST, "hint": hint(label)} | changed,
    )


def hint(label: str) -> str:
    return "…" + label[-4:].replace(" ", "x").rjust(4, "x")


def refused(bench: Bench, label: str, code: str = "50119") -> KeyReport:
    """OKX's answer to a key that it does not let in."""
    diagnosis = OKX.diagnose(make_answer({"code": code, "msg": "no", "data": []}, 401))
    assert isinstance(diagnosis, Diagnosis)
    grey = a_report(Light.GREY, label, bench)
    return replace(grey, diagnosis=diagnosis, facts=KeyFacts())


def add(bench: Bench, label: str, light: Light | None = None, *, stored: bool = True) -> KeyRow:
    """One more key of OKX; with `light`, checked just now."""
    request = replace(make_request(label, spec=OKX, stored=stored), host=HOST, hint=hint(label))
    row = KeyRow(request)
    if light is not None:
        row = row.landed(a_report(light, label, bench), bench.clock.stamp())
    bench.rows.append(row)
    bench.answers[row.id] = a_report(light or Light.GREEN, label, bench)
    return row


class Walk:
    """The page of an old key, and a new key that waits in the list."""

    def __init__(self, bench: Bench, *, new: Light | None = Light.GREEN, stored: bool = True):
        self.bench = bench
        self.old = add(bench, "old key", Light.GREEN, stored=stored)
        self.new = add(bench, "new bot", new, stored=stored)
        self.open()

    def open(self) -> None:
        self.workspace = self.bench.open()
        self.workspace.select(self.old.id)
        self.show()

    def show(self) -> None:
        self.workspace.open_task(KeyTask.REPLACE)
        page = self.workspace.side_page.page
        assert isinstance(page, ReplacePage)
        assert comes_true(lambda: page.complete)
        self.page = page

    @property
    def rotation(self) -> Rotation:
        found = self.bench.session.rotations.of(self.old.id)
        assert found is not None
        return found

    @property
    def stage(self) -> Stage:
        return self.rotation.stage

    def comes_to(self, stage: Stage) -> bool:
        return comes_true(lambda: self.stage is stage and self.quiet())

    def quiet(self) -> bool:
        session = self.bench.session
        return not session.running and not session.runner.busy

    def choose(self) -> None:
        press(self.page, "This is the new key")
        assert self.comes_to(Stage.SWITCH)

    def to_the_proof(self) -> None:
        self.choose()
        self.page.switched.click()
        self.page.deleted.click()
        assert self.comes_to(Stage.PROVE)

    def ask(self, old: KeyReport, new: KeyReport | None = None) -> None:
        """Press the button, and these are the answers."""
        self.bench.answers[self.old.id] = old
        self.bench.answers[self.new.id] = new or a_report(Light.GREEN, "new bot", self.bench)
        press(self.page, "Prove that the old key is dead")
        assert comes_true(
            lambda: self.quiet() and not self.bench.session.rotations.asking(self.old.id)
        )


@pytest.fixture
def walk(bench: Bench) -> Walk:
    return Walk(bench)


def test_the_page_opens_from_the_header_and_closes_again(bench: Bench) -> None:
    add(bench, "old key", Light.GREEN)
    workspace = bench.open()
    press(workspace.checklist.header, "Replace this key")
    assert reads(workspace, "Replace “old key” by a new key")
    press(workspace, "Back to your keys")
    assert comes_true(lambda: workspace.findChild(ReplacePage) is None)


def test_it_is_reached_from_a_finding_that_a_new_key_mends_and_from_its_guide(
    bench: Bench,
) -> None:
    changed = {"createTime": int((NOW - timedelta(days=500)).timestamp() * 1000)}
    row = bench.add(label="old key")
    report = make_key_report(Light.AMBER, label="old key", changed=changed)
    bench.rows[0] = row.landed(report, bench.clock.stamp())
    workspace = bench.open()
    (card,) = [c for c in cards(workspace) if c.finding.rule == "key-old"]
    press(card, "Replace this key")
    assert reads(workspace, "Replace “old key” by a new key")
    workspace.side_page.close_page()
    workspace.open_task(KeyTask.GUIDE, "key-old")
    page = workspace.side_page.page
    assert isinstance(page, GuidePage)
    press(page, "Replace this key")
    assert reads(workspace, "Replace “old key” by a new key")


def test_no_other_card_leads_to_it(bench: Bench) -> None:
    bench.add(Light.RED, "old key")
    workspace = bench.open()
    shown = cards(workspace)
    assert shown
    assert [card for card in shown if buttons(card, "Replace this key")] == []


def cards(workspace: Workspace) -> list[FindingCard]:
    """The cards of the checklist, all there."""

    def there() -> bool:
        columns = workspace.checklist.findChildren(TrickleColumn)
        return all(column.complete for column in columns)

    assert comes_true(there)
    return workspace.checklist.findChildren(FindingCard)


def test_first_a_new_key_is_made_with_the_same_rights_and_addresses(walk: Walk) -> None:
    assert reads(walk.page, "1. Make a new key at OKX")
    assert reads(walk.page, "Tick “Enable Reading”, “Enable Spot & Margin Trading”")
    assert any(text.startswith("Withdrawals stay off") for text in texts(walk.page))
    assert not any("delete the old one" in text for text in texts(walk.page))
    assert walk.page.copy.text() == "203.0.113.7"
    assert walk.page.cards[Stage.SWITCH].state is StepState.LATER
    assert not walk.page.switched.isVisible()


def test_only_keys_of_the_same_site_that_end_otherwise_are_offered(bench: Bench) -> None:
    old = add(bench, "old key", Light.GREEN)
    twin = add(bench, "copy of old key", Light.GREEN)
    other = add(bench, "new bot")
    bench.add(Light.GREEN, "at binance")
    bench.open()
    assert twin.request.hint == old.request.hint
    assert bench.session.rotations.candidates(old) == [other]


def test_a_green_key_lets_on_and_is_remembered_with_its_time(
    walk: Walk, kept: list[tuple[str, Rotation | None]]
) -> None:
    walk.choose()
    assert walk.rotation.fit == NOW
    assert walk.page.cards[Stage.ADD].state is StepState.DONE
    assert reads(walk.page, "“new bot” was found fit for the bot on")
    assert walk.page.switched.isVisible()
    assert kept[-1] == (walk.old.id, walk.rotation)
    assert reads(walk.page, "Both keys work since")


@pytest.mark.parametrize("light", [Light.RED, Light.GREY, Light.AMBER, None])
def test_no_other_light_lets_on(bench: Bench, light: Light | None) -> None:
    walk = Walk(bench, new=light)
    press(walk.page, "This is the new key")
    assert comes_true(lambda: walk.stage is Stage.CHECK and walk.quiet())
    assert not walk.page.switched.isVisible()
    assert buttons(walk.page, "Check the new key")
    walk.bench.session.rotations.switched(walk.old.id, True)
    assert walk.stage is Stage.CHECK


def test_amber_lets_on_once_the_person_has_accepted_all_of_it(bench: Bench) -> None:
    walk = Walk(bench, new=Light.AMBER, stored=False)
    press(walk.page, "This is the new key")
    assert reads(walk.page, "“new bot” is not fit for the bot yet")
    row = walk.bench.session.row(walk.new.id)
    assert row is not None
    assert row.report is not None
    (finding,) = row.report.open_ambers()
    walk.bench.session.changes.accept(row.id, finding, "moves next week", 7)
    assert walk.comes_to(Stage.SWITCH)


def test_a_key_that_was_not_checked_is_checked_from_here(bench: Bench) -> None:
    walk = Walk(bench, new=None)
    press(walk.page, "This is the new key")
    press(walk.page, "Check the new key")
    assert walk.comes_to(Stage.SWITCH)


def test_the_old_key_is_checked_again_once_both_work(walk: Walk) -> None:
    """What was found out before knew nothing of the second key."""
    walk.choose()
    assert walk.bench.runs[-1] == [walk.old.id]


def test_ticks_have_their_time_and_can_be_taken_back(walk: Walk) -> None:
    walk.choose()
    walk.bench.clock.advance(120)
    walk.page.switched.click()
    assert walk.rotation.switched == NOW + timedelta(minutes=2)
    assert walk.comes_to(Stage.DELETE)
    assert reads(walk.page, "Delete the key that ends in xkey, and not the one that ends in xbot.")
    walk.page.switched.click()
    assert walk.comes_to(Stage.SWITCH)
    assert not walk.page.deleted.isVisible()


def test_a_documented_refusal_beside_the_accepted_new_key_is_the_proof(walk: Walk) -> None:
    walk.to_the_proof()
    walk.ask(refused(walk.bench, "old key"))
    assert walk.bench.runs[-1] == [walk.new.id, walk.old.id]
    assert walk.rotation.ended == Ended(walk.bench.clock.wall, EndedBy.PROVED, "50119")
    assert reads(walk.page, "Proved on")
    assert buttons(walk.page, "Remove the old key from this computer")
    assert not any("Both keys work" in text for text in texts(walk.page))


@pytest.mark.parametrize("code", ["50110", "50113", "50102", "50011", "50101", "50001"])
def test_no_other_refusal_is_a_proof(walk: Walk, code: str) -> None:
    walk.to_the_proof()
    walk.ask(refused(walk.bench, "old key", code))
    assert walk.stage is Stage.PROVE
    assert walk.page.proof.badge.verdict.light is not Light.GREEN
    assert reads(walk.page, "Not ")
    assert not buttons(walk.page, "Remove the old key from this computer")


def test_a_key_that_still_answers_is_said_to_live(walk: Walk) -> None:
    walk.to_the_proof()
    walk.ask(a_report(Light.GREEN, "old key", walk.bench))
    assert reads(walk.page, "The old key still works")
    assert walk.page.proof.badge.verdict.light is Light.AMBER
    assert walk.stage is Stage.PROVE


@pytest.mark.parametrize("trouble", ["new refused", "stopped", "failed"])
def test_where_the_new_key_did_not_answer_too_nothing_is_proved(walk: Walk, trouble: str) -> None:
    walk.to_the_proof()
    bench = walk.bench
    if trouble == "new refused":
        walk.ask(refused(bench, "old key"), refused(bench, "new bot"))
    elif trouble == "stopped":
        bench.answers[walk.old.id] = refused(bench, "old key")
        press(walk.page, "Prove that the old key is dead")
        bench.session.cancel()
    else:
        bench.answers.clear()
        press(walk.page, "Prove that the old key is dead")
    assert reads(walk.page, "Not proved")
    assert walk.stage is Stage.PROVE
    assert walk.page.proof.badge.verdict.light is Light.GREY


def test_a_proof_that_came_while_the_network_changed_is_none(walk: Walk) -> None:
    walk.to_the_proof()
    bench = walk.bench
    bench.answers[walk.old.id] = refused(bench, "old key")
    press(walk.page, "Prove that the old key is dead")
    bench.session.distrust(Doubt.NETWORK)
    assert reads(walk.page, "Not proved")
    assert walk.stage is Stage.PROVE


def binance_walk(bench: Bench) -> Walk:
    """Where no document names an answer for a key that is gone."""
    walk = Walk.__new__(Walk)
    walk.bench = bench
    walk.old, walk.new = (
        add_binance(bench, label, Light.GREEN) for label in ("old key", "new bot")
    )
    walk.open()
    return walk


def add_binance(bench: Bench, label: str, light: Light) -> KeyRow:
    row = KeyRow(replace(make_request(label), hint=hint(label)))
    report = replace(make_key_report(light, label=label, at=bench.clock.wall), hint=hint(label))
    row = row.landed(report, bench.clock.stamp())
    bench.rows.append(row)
    bench.answers[row.id] = report
    return row


def of_binance(bench: Bench, label: str, diagnosis: Diagnosis | None = None) -> KeyReport:
    light = Light.GREEN if diagnosis is None else Light.GREY
    made = make_key_report(light, label=label, at=bench.clock.wall, diagnosis=diagnosis)
    return replace(made, hint=hint(label))


def test_where_no_answer_is_a_proof_the_user_looks_and_it_is_written_down_so(
    bench: Bench,
) -> None:
    walk = binance_walk(bench)
    walk.to_the_proof()
    walk.ask(of_binance(bench, "old key", make_refusal()), of_binance(bench, "new bot"))
    assert reads(walk.page, "Not proved: Binance does not say why it refused the old key.")
    assert walk.page.proof.badge.verdict.light is Light.GREY
    assert walk.stage is Stage.PROVE
    press(walk.page, "I looked: no key there ends in xkey")
    assert walk.comes_to(Stage.TIDY)
    assert walk.rotation.ended is not None
    assert walk.rotation.ended.by is EndedBy.TOLD
    assert reads(walk.page, "Not proved by Binance, but told by you on")


def test_what_the_user_saw_counts_only_beside_a_refusal_of_now(bench: Bench) -> None:
    walk = binance_walk(bench)
    walk.to_the_proof()
    walk.ask(of_binance(bench, "old key", make_refusal()), of_binance(bench, "new bot"))
    caption = "I looked: no key there ends in xkey"
    assert comes_true(lambda: bool(buttons(walk.page, caption)))
    bench.session.distrust(Doubt.NETWORK)
    assert comes_true(lambda: not buttons(walk.page, caption))
    bench.session.rotations.tell(walk.old.id)
    assert walk.stage is Stage.PROVE


def test_from_another_address_the_same_refusal_offers_nothing(bench: Bench) -> None:
    walk = binance_walk(bench)
    walk.to_the_proof()
    rotation = walk.rotation
    assert rotation.answered is not None
    elsewhere = replace(rotation.answered, seen_from="198.51.100.9")
    bench.session.rotations._known[walk.old.id] = replace(rotation, answered=elsewhere)
    walk.ask(of_binance(bench, "old key", make_refusal()), of_binance(bench, "new bot"))
    assert reads(walk.page, "Not proved: Binance does not say why it refused the old key.")
    assert not buttons(walk.page, "I looked: no key there ends in xkey")


def test_what_came_out_of_asking_is_over_with_the_next_check(bench: Bench) -> None:
    """It fitted; then the old key was checked by itself and answered: nothing may be told any more."""
    walk = binance_walk(bench)
    walk.to_the_proof()
    walk.ask(of_binance(bench, "old key", make_refusal()), of_binance(bench, "new bot"))
    assert buttons(walk.page, "I looked: no key there ends in xkey")
    bench.answers[walk.old.id] = of_binance(bench, "old key")
    bench.session.check([walk.old.id])
    assert comes_true(lambda: walk.quiet() and not walk.page.proof.badge.isVisible())
    assert not buttons(walk.page, "I looked: no key there ends in xkey")
    bench.session.rotations.tell(walk.old.id)
    assert walk.stage is Stage.PROVE


def test_a_key_that_answers_after_its_proof_is_not_called_dead(walk: Walk) -> None:
    walk.to_the_proof()
    walk.ask(refused(walk.bench, "old key"))
    assert walk.page.proof.badge.verdict.light is Light.GREEN
    walk.bench.answers[walk.old.id] = a_report(Light.GREEN, "old key", walk.bench)
    walk.bench.clock.advance(60)
    walk.bench.answers[walk.old.id] = a_report(Light.GREEN, "old key", walk.bench)
    walk.bench.session.check([walk.old.id])
    assert walk.comes_to(Stage.PROVE)
    assert not any("is dead." in text for text in texts(walk.page))


def test_a_forgotten_history_leaves_no_address_in_the_change(
    walk: Walk, kept: list[tuple[str, Rotation | None]]
) -> None:
    walk.choose()
    walk.bench.session.check([walk.old.id])
    assert comes_true(lambda: walk.quiet() and walk.rotation.answered is not None)
    session = walk.bench.session
    session.rotations._known[walk.old.id] = replace(
        walk.rotation, answered=Answered(NOW, HOST, "203.0.113.7")
    )
    session.history_forgotten()
    kept.clear()
    walk.page.switched.click()
    assert comes_true(lambda: bool(kept) and walk.quiet())
    assert all("203.0.113.7" not in repr(each) for each in kept)


def test_an_answer_that_came_just_before_the_history_was_forgotten_leaves_no_address(
    walk: Walk,
) -> None:
    """It lands, and is taken up a turn of the event loop later: under the same address."""
    walk.choose()
    bench, row = walk.bench, walk.bench.session.row(walk.old.id)
    assert row is not None
    bench.session.put(row.landed(a_report(Light.GREEN, "old key", bench), bench.clock.stamp()))
    bench.session.history_forgotten()
    assert comes_true(walk.quiet)
    answered = walk.rotation.answered
    assert answered is not None
    assert answered.seen_from == ""


def test_what_was_asked_before_the_history_was_forgotten_has_no_address_after_a_long_run_either(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another key is still checked, an answer waits to be taken up."""
    walk.choose()
    bench, gate = walk.bench, threading.Event()
    monkeypatch.setattr(work, "check_keys", lambda *_: (gate.wait(), bench.egress)[1])
    row = bench.session.row(walk.old.id)
    assert row is not None
    bench.session.check([walk.new.id])
    bench.session.put(row.landed(a_report(Light.GREEN, "old key", bench), bench.clock.stamp()))
    bench.session.history_forgotten()
    gate.set()
    assert comes_true(walk.quiet)
    answered = walk.rotation.answered
    assert answered is not None
    assert answered.seen_from == ""


def test_a_key_of_another_site_is_not_taken_for_the_new_one(walk: Walk) -> None:
    rotations = walk.bench.session.rotations
    rotations.expect(walk.old.id, "new of binance")
    add_binance(walk.bench, "new of binance", Light.GREEN)
    walk.bench.session.load()
    assert comes_true(lambda: walk.bench.session.row_labelled("new of binance") is not None)
    assert comes_true(walk.quiet)
    assert walk.rotation.new == ""
    rotations.expect(walk.old.id, "once more")
    twin = replace(
        make_request("once more", spec=OKX, stored=True), host=HOST, hint=hint("old key")
    )
    walk.bench.rows.append(KeyRow(twin))
    walk.bench.session.load()
    assert comes_true(lambda: walk.bench.session.row_labelled("once more") is not None)
    assert comes_true(walk.quiet)
    assert walk.rotation.new == ""


def test_the_old_key_is_removed_only_after_a_yes(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []

    def remove(services: object, label: str) -> str:
        removed.append(label)
        return label

    monkeypatch.setattr(work, "remove_key", remove)
    walk.to_the_proof()
    walk.ask(refused(walk.bench, "old key"))
    press(walk.page, "Remove the old key from this computer")
    assert reads(walk.page, "Remove “old key”?")
    press(walk.page, "Keep it")
    press(walk.page, "Remove the old key from this computer")
    assert removed == []
    press(walk.page, "Remove this key")
    assert comes_true(lambda: removed == ["old key"])
    assert reads(walk.page, "This key is not here any more")
    assert walk.bench.session.rotations.of(walk.new.id) is None


def test_the_new_key_leads_to_the_same_page(walk: Walk) -> None:
    walk.choose()
    walk.workspace.side_page.close_page()
    walk.workspace.select(walk.new.id)
    walk.workspace.open_task(KeyTask.REPLACE)
    assert reads(walk.workspace, "Replace “old key” by a new key")


def test_a_key_that_replaced_another_can_be_replaced_itself(walk: Walk) -> None:
    walk.to_the_proof()
    walk.ask(refused(walk.bench, "old key"))
    walk.workspace.side_page.close_page()
    walk.workspace.select(walk.new.id)
    walk.workspace.open_task(KeyTask.REPLACE)
    assert reads(walk.workspace, "Replace “new bot” by a new key")
    walk.workspace.select(walk.old.id)
    walk.workspace.open_task(KeyTask.REPLACE)
    assert reads(walk.workspace, "Proved on")


def test_a_key_in_two_changes_is_heard_in_both(walk: Walk) -> None:
    """It replaced one key, is replaced itself, is found dead, and answers all the same."""
    walk.to_the_proof()
    walk.ask(refused(walk.bench, "old key"))
    assert walk.comes_to(Stage.TIDY)
    bench, rotations = walk.bench, walk.bench.session.rotations
    third = add(bench, "third bot", Light.GREEN)
    bench.session.load()
    assert comes_true(lambda: bench.session.row(third.id) is not None)
    row = bench.session.row(walk.new.id)
    assert row is not None
    assert rotations.begin(row).old == walk.new.id
    rotations.choose(walk.new.id, third.id)
    assert comes_true(walk.quiet)
    ended = Ended(bench.clock.wall, EndedBy.PROVED, "50119")
    rotations._known[walk.new.id] = replace(rotations._known[walk.new.id], ended=ended)
    bench.clock.advance(60)
    bench.answers[walk.new.id] = a_report(Light.GREEN, "new bot", bench)
    bench.session.check([walk.new.id])
    assert comes_true(lambda: walk.quiet() and rotations._known[walk.new.id].ended is None)


def test_the_checklist_of_either_key_says_how_far_it_is(walk: Walk) -> None:
    header = walk.workspace.checklist.header
    assert not header._change.isVisibleTo(header)
    walk.choose()
    walk.workspace.side_page.close_page()
    assert reads(header, "Being replaced by “new bot”: step 3 of 6.")
    walk.workspace.select(walk.new.id)
    assert reads(header, "Takes over from “old key”: step 3 of 6.")
    walk.workspace.select(walk.old.id)
    walk.show()
    walk.page.switched.click()
    walk.page.deleted.click()
    walk.ask(refused(walk.bench, "old key"))
    walk.workspace.side_page.close_page()
    assert reads(header, "Replaced by “new bot” and proved dead on 20 Nov 2026.")
    walk.workspace.select(walk.new.id)
    assert comes_true(lambda: not header._change.isVisible())


def test_without_the_new_key_it_begins_again(walk: Walk) -> None:
    walk.choose()
    walk.bench.session.forget(walk.new.id)
    assert walk.comes_to(Stage.ADD)
    assert buttons(walk.page, "Add the new key")


def test_both_keys_may_stay_after_all(walk: Walk, kept: list[tuple[str, Rotation | None]]) -> None:
    walk.choose()
    press(walk.page, "Keep both keys")
    assert comes_true(lambda: walk.quiet() and kept[-1] == (walk.old.id, None))
    assert comes_true(lambda: walk.workspace.findChild(ReplacePage) is None)
    assert walk.bench.session.rotations.of(walk.new.id) is None


def test_the_steps_survive_closing_the_page_and_another_language(walk: Walk) -> None:
    walk.choose()
    walk.page.switched.click()
    walk.workspace.side_page.close_page()
    walk.show()
    assert walk.page.switched.isChecked()
    made_anew = Workspace(walk.bench.session)
    walk.bench._qtbot.addWidget(made_anew)
    made_anew.resume(walk.workspace)
    made_anew.show()
    page = made_anew.side_page.page
    assert isinstance(page, ReplacePage)
    assert comes_true(lambda: page.complete)
    assert page.switched.isChecked()
    assert page.cards[Stage.DELETE].state is StepState.NOW


def test_the_steps_survive_a_restart(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = add(bench, "old key"), add(bench, "new bot")
    stored = Rotation(
        old.id,
        NOW - timedelta(days=2),
        new.id,
        worked=NOW - timedelta(days=2),
        fit=NOW - timedelta(days=2),
        switched=NOW - timedelta(days=1),
        deleted=NOW - timedelta(hours=1),
        answered=Answered(NOW - timedelta(days=1), HOST, "203.0.113.7"),
    )
    monkeypatch.setattr(
        work, "load_keys", lambda *_: work.Loaded(tuple(bench.rows), rotations=(stored,))
    )
    walk = Walk.__new__(Walk)
    walk.bench, walk.old, walk.new = bench, old, new
    walk.open()
    assert walk.rotation == stored
    assert walk.page.cards[Stage.PROVE].state is StepState.NOW
    walk.ask(refused(bench, "old key"))
    assert walk.stage is Stage.TIDY


def test_what_was_not_saved_is_kept_in_memory_and_said_to_be(
    bench: Bench, kept: list[tuple[str, Rotation | None]]
) -> None:
    walk = Walk(bench, stored=False)
    walk.choose()
    assert reads(walk.page, "Not both keys are saved")
    assert kept == []
    overlap = bench.session.rotations.overlap(walk.old.id)
    assert overlap is not None
    assert (overlap.other, overlap.since) == ("new bot", NOW)


def test_quick_changes_are_written_in_order(
    walk: Walk, kept: list[tuple[str, Rotation | None]]
) -> None:
    walk.choose()
    for _ in range(5):
        walk.page.switched.click()
    assert comes_true(lambda: walk.quiet() and bool(kept) and kept[-1][1] == walk.rotation)
    assert walk.rotation.switched is not None


def test_a_store_that_cannot_be_written_is_said_and_loses_nothing_on_the_screen(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise StoreError(say("The disk is full."), say("Make room."))

    monkeypatch.setattr(rotation_work, "keep", fails)
    walk.choose()
    assert reads(walk.workspace, "The disk is full.")
    assert walk.stage is Stage.SWITCH


def test_the_form_for_the_new_key_is_filled_in_and_its_key_is_taken(walk: Walk) -> None:
    from latchlight.gui.pages.add_key_dialog import AddKeyDialog

    walk.page.chooser.add.click()
    (dialog,) = walk.workspace.findChildren(AddKeyDialog)
    assert dialog.form.exchange.value == "okx"
    assert dialog.form.host.value == HOST
    assert dialog.form.label.text() == "old key 2"
    row = add(walk.bench, "fresh key number 9")
    dialog.key_added.emit("fresh key number 9")
    assert comes_true(lambda: walk.rotation.new == row.id)
    assert walk.comes_to(Stage.SWITCH)
    dialog.throw_away()


@pytest.mark.parametrize("width", [1024, 1200])
def test_nothing_is_cut_in_a_small_window(walk: Walk, width: int, qtbot: QtBot) -> None:
    walk.to_the_proof()
    walk.workspace.resize(width, 640)
    qtbot.waitUntil(lambda: walk.page.viewport().width() <= width)

    def wide(widget: QWidget) -> bool:
        return widget.isVisible() and widget.width() > walk.page.viewport().width()

    assert [w for w in walk.page.widget().findChildren(QWidget) if wide(w)] == []

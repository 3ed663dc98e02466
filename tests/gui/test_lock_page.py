"""The page of the lock test: one step at a time, one button to press, and nothing claimed too early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from factories import ADDRESS, make_facts, make_refusal
from latchlight import services as all_services
from latchlight.core.addresses import Address, parse_address
from latchlight.core.diagnosis import Cause, Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.egress import AddressAnswer, agree
from latchlight.core.errors import StoreError
from latchlight.core.facts import KeyFacts
from latchlight.core.findings import Light
from latchlight.core.lock_test import Verdict
from latchlight.core.records import replace as with_changes
from latchlight.core.sentences import say
from latchlight.core.watching import WatchChoices
from latchlight.gui import lock_work
from latchlight.gui import work as egress_work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.lock_run import LockRun, Step
from latchlight.gui.network_watch import NetworkWatch
from latchlight.gui.pages.guide_page import GuidePage
from latchlight.gui.pages.lock_page import LockPage
from latchlight.gui.session import Session
from latchlight.gui.workspace import Workspace
from latchlight.lock_testing import Attempt
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from window_bench import Bench, buttons, comes_true, finish, press, reads, texts

HOME, AWAY, THIRD = map(parse_address, (ADDRESS, "8.8.4.4", "9.9.9.9"))
TEXT = say("Not from here.")
NAMED = Diagnosis(
    DiagnosisCode.IP_NOT_WHITELISTED,
    TEXT,
    TEXT,
    (Cause(DiagnosisCode.IP_NOT_WHITELISTED, Likelihood.CERTAIN, TEXT, TEXT),),
    http_status=401,
    exchange_code="50110",
)


class Line:
    """Where the computer of the test is, what the exchange says there, and what was kept."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.here: tuple[Address, ...] = (HOME,)
        self.after: tuple[Address, ...] | None = None
        self.refusal: Diagnosis | None = None
        self.facts = make_facts()
        self.known: tuple[Address, ...] = ()
        self.problem: Exception | None = None
        self.asked: list[Step] = []
        self.looks = 0
        self._bench = bench
        monkeypatch.setattr(lock_work, "next_step", self.next_step)
        monkeypatch.setattr(lock_work, "where", self.where)

    def where(self, *_: object) -> tuple[Address, ...]:
        self.looks += 1
        return self.here

    def attempt(self) -> Attempt:
        return Attempt(
            at=self._bench.clock.wall,
            before=self.here,
            after=self.here if self.after is None else self.after,
            facts=self.facts if self.refusal is None else KeyFacts(),
            diagnosis=self.refusal,
            probe="GET /x",
        )

    def next_step(self, run: LockRun, *_: object) -> LockRun:
        self.asked.append(run.step)
        if self.problem is not None:
            raise self.problem
        made = self.attempt()
        match run.step:
            case Step.HOME:
                return run.checked(made, self.known)
            case Step.AWAY:
                return run.tried_from(made)
            case _:
                return run.came_back(made)


@pytest.fixture
def line(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(bench, monkeypatch)


def opened(bench: Bench, **of_row: Any) -> tuple[Workspace, LockPage, KeyRow]:
    row = bench.add(Light.GREEN, **of_row)
    bench.answer(row, Light.GREEN)
    workspace = bench.open()
    workspace.select(row.id)
    return workspace, page_of(workspace), row


def page_of(workspace: Workspace) -> LockPage:
    workspace.open_task(KeyTask.LOCK_TEST)
    page = workspace.side_page.page
    assert isinstance(page, LockPage)
    settle(page)
    return page


def settle(page: LockPage) -> None:
    assert comes_true(lambda: not page.busy)


def go(page: LockPage) -> None:
    assert page.go.isEnabled()
    page.go.click()
    settle(page)


def move(page: LockPage, line: Line, *here: Address, refusal: Diagnosis | None = None) -> None:
    line.here, line.refusal = here, refusal
    page.again.click()
    settle(page)


def primaries(page: LockPage) -> list[QPushButton]:
    made = page.findChildren(QPushButton)
    return [b for b in made if b.property("kind") == "primary" and b.isVisible()]


def told(page: LockPage, part: str) -> bool:
    return comes_true(lambda: any(part in text for text in texts(page)))


def to_the_try(page: LockPage, line: Line, refusal: Diagnosis | None = NAMED) -> None:
    go(page)
    move(page, line, AWAY, refusal=refusal)
    go(page)


# The way through -------------------------------------------------------------------------------


def test_it_opens_from_the_header_and_says_what_it_is_for(bench: Bench, line: Line) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    press(workspace.checklist.header, "Lock test")
    assert reads(workspace, "Lock test of “main-bot”")
    assert reads(workspace, "Whether a whitelist keeps others out")
    press(workspace, "Back to your keys")
    assert comes_true(lambda: workspace.findChild(LockPage) is None)


def test_what_can_come_of_it_is_said_before_anybody_leaves(bench: Bench, line: Line) -> None:
    """Binance names no reason; OKX does."""
    _, page, _ = opened(bench)
    assert reads(page, "Binance does not name the reason when it refuses an address.")


def test_where_the_address_is_named_nothing_of_that_is_said(
    practice: Workspace, qtbot: QtBot
) -> None:
    show(practice, "okx", "safe-spot", qtbot)
    page = page_of(practice)
    assert not any("does not name the reason" in text for text in texts(page))


def test_the_whole_way_to_a_proof(bench: Bench, line: Line) -> None:
    _, page, row = opened(bench)
    assert [b.text() for b in primaries(page)] == ["Check from here"]
    assert page.steps.done == 0
    go(page)
    assert page.steps.done == 1
    assert reads(page, f"The key is used from: {ADDRESS}.")
    assert reads(page, f"This computer's public IP now: {ADDRESS}. That is the usual network.")
    assert [b.text() for b in primaries(page)] == ["Look again"]
    assert not page.go.isEnabled()
    move(page, line, AWAY, refusal=NAMED)
    assert page.steps.done == 2
    assert reads(page, "This computer's public IP now: 8.8.4.4. That is another network.")
    assert [b.text() for b in primaries(page)] == ["Try from here"]
    go(page)
    assert page.steps.done == 3
    assert not page.result.isVisible()
    assert [b.text() for b in primaries(page)] == ["Look again"]
    move(page, line, HOME)
    assert [b.text() for b in primaries(page)] == ["Check again"]
    bench.clock.advance(60)
    go(page)
    assert line.asked == [Step.HOME, Step.AWAY, Step.BACK]
    assert page.run.verdict is Verdict.LOCKED
    assert page.result.badge.verdict.light is Light.GREEN
    assert reads(page, "The lock holds: from another network the key is refused.")
    assert told(page, "refused the key from 8.8.4.4: the address is not on the key's list.")
    assert told(page, "Not proved: that no other stranger's address is on the list.")
    assert reads(page, "Kept with the key")
    assert [b.text() for b in primaries(page)] == ["Back to the checklist"]
    assert comes_true(lambda: bench.runs == [[row.id]])


def locked(bench: Bench, line: Line) -> tuple[LockPage, KeyRow]:
    """A test that has just ended with a proof, and the check that followed it."""
    _, page, row = opened(bench)
    to_the_try(page, line)
    move(page, line, HOME)
    go(page)
    assert page.result.badge.verdict.light is Light.GREEN
    assert comes_true(lambda: bench.runs == [[row.id]] and not page.busy)
    assert comes_true(lambda: bool((found := bench.session.row(row.id)) and found.counts))
    assert page.result.badge.verdict.light is Light.GREEN
    return page, row


def test_the_green_of_a_proof_is_kept_no_longer_than_any_other(bench: Bench, line: Line) -> None:
    page, _ = locked(bench, line)
    bench.session.distrust(Doubt.NETWORK)
    assert comes_true(lambda: page.result.badge.verdict.light is Light.GREY)


def test_a_newer_check_that_says_otherwise_takes_the_place_of_the_proof(
    bench: Bench, line: Line
) -> None:
    page, row = locked(bench, line)
    now = bench.session.row(row.id)
    assert now is not None
    assert now.report is not None
    (first, *_) = now.report.findings
    over = with_changes(
        first, rule="lock-open", light=Light.GREY, title=say("Over."), required=False
    )
    report = with_changes(now.report, findings=(*now.report.findings, over))
    bench.session.put(replace(now, report=report))
    assert comes_true(lambda: page.result.badge.verdict.light is Light.GREY)
    assert reads(page, "Over.")
    assert not any("The lock holds" in text for text in texts(page))


def test_back_to_the_checklist_closes_the_page(bench: Bench, line: Line) -> None:
    workspace, page, _ = opened(bench)
    to_the_try(page, line)
    move(page, line, HOME)
    go(page)
    press(page, "Back to the checklist")
    assert comes_true(lambda: workspace.findChild(LockPage) is None)


def test_a_key_that_is_let_in_is_danger_at_once(bench: Bench, line: Line) -> None:
    _, page, row = opened(bench)
    to_the_try(page, line, refusal=None)
    assert page.run.verdict is Verdict.OPEN
    assert page.result.badge.verdict.light is Light.RED
    assert reads(page, "The lock is open: from another network the key works, too.")
    assert told(page, "accepted the key from 8.8.4.4.")
    assert buttons(page, "Open API Management")
    assert comes_true(lambda: bench.runs == [[row.id]])


def test_an_ambiguous_refusal_is_not_called_a_proof(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    to_the_try(page, line, refusal=make_refusal())
    move(page, line, HOME)
    go(page)
    assert page.run.verdict is Verdict.UNNAMED
    assert page.result.badge.verdict.light is Light.GREY
    assert reads(page, "Refused, but not decided: the exchange does not say why.")
    assert told(page, "it is no proof")
    assert not any("Proved" in text or "holds" in text for text in texts(page))


# What does not lead on --------------------------------------------------------------------------


def test_a_list_that_is_off_is_no_lock_to_test(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    line.facts = make_facts(ipRestrict=False)
    go(page)
    assert told(page, "says that no whitelist is on")
    assert page.run.step is Step.HOME
    assert buttons(page, "Open API Management")


def test_a_key_that_is_refused_at_home_is_not_tried_elsewhere(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    line.refusal = NAMED
    go(page)
    assert told(page, "The key is not accepted from here")
    assert page.run.step is Step.HOME


def test_a_home_address_that_is_not_certain_ends_it_before_it_begins(
    bench: Bench, line: Line
) -> None:
    _, page, _ = opened(bench)
    line.here = ()
    go(page)
    assert told(page, "the address services do not agree where this computer is")
    assert page.run.step is Step.HOME


UNDECIDED: dict[str, tuple[Callable[[Line], None], str]] = {
    "an address that is not certain": (
        lambda line: vars(line).update(here=()),
        "from where the try left is not certain",
    ),
    "an address that changed": (
        lambda line: vars(line).update(after=(THIRD,)),
        "the address changed during the try",
    ),
    "an address from which it is used": (
        lambda line: vars(line).update(here=(THIRD,), after=(THIRD,)),
        "is an address from which this key is used",
    ),
    "another refusal": (
        lambda line: vars(line).update(
            refusal=Diagnosis(DiagnosisCode.MAINTENANCE, say("It sleeps."), say("Wait."))
        ),
        "the answer says nothing about the list. It sleeps. Wait.",
    ),
    "another address seen": (
        lambda line: vars(line).update(refusal=with_changes(NAMED, seen_address="9.9.9.9")),
        "saw another address than the address services did",
    ),
}


@pytest.mark.parametrize("case", UNDECIDED)
def test_a_try_that_decides_nothing_says_why_and_may_be_done_again(
    bench: Bench, line: Line, case: str
) -> None:
    change, words = UNDECIDED[case]
    line.known = (THIRD,)
    _, page, _ = opened(bench)
    go(page)
    move(page, line, AWAY, refusal=NAMED)
    change(line)
    go(page)
    assert told(page, words)
    assert (page.run.step, page.run.tried) == (Step.AWAY, None)
    assert not page.result.isVisible()
    line.after = None
    move(page, line, AWAY, refusal=NAMED)
    go(page)
    assert page.run.step is Step.BACK


def test_back_at_another_place_is_not_back(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    to_the_try(page, line)
    move(page, line, THIRD)
    go(page)
    assert told(page, "this is not the usual network")
    assert page.run.step is Step.BACK
    move(page, line, HOME)
    go(page)
    assert page.run.verdict is Verdict.LOCKED


def test_a_key_that_is_refused_at_home_afterwards_proves_nothing(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    to_the_try(page, line)
    move(page, line, HOME, refusal=NAMED)
    go(page)
    assert told(page, "The key is not accepted here either")
    assert page.run.step is Step.BACK
    assert page.run.verdict is None


def test_who_waits_too_long_starts_again(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    go(page)
    bench.clock.advance(3601)
    bench.session.ticked.emit()
    assert [b.text() for b in primaries(page)] == ["Start again"]
    go(page)
    assert page.run.step is Step.HOME
    assert line.asked == [Step.HOME]


def test_a_clock_that_went_back_between_two_steps_starts_again(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    go(page)
    bench.clock.wall -= timedelta(minutes=5)
    bench.session.ticked.emit()
    assert [b.text() for b in primaries(page)] == ["Start again"]


def test_a_store_that_fails_is_said_and_leaves_the_step_where_it_was(
    bench: Bench, line: Line
) -> None:
    workspace, page, _ = opened(bench)
    line.problem = StoreError(say("The disk is full."), say("Make room."))
    go(page)
    assert any("The disk is full." in text for text in texts(workspace.messages))
    assert page.run.step is Step.HOME


# Around it -------------------------------------------------------------------------------------


def test_a_test_under_way_is_there_when_the_page_is_opened_again(bench: Bench, line: Line) -> None:
    workspace, page, _ = opened(bench)
    to_the_try(page, line)
    press(workspace, "Back to your keys")
    line.here, line.refusal = (HOME,), None
    again = page_of(workspace)
    assert again is not page
    assert again.run.step is Step.BACK
    go(again)
    assert again.run.verdict is Verdict.LOCKED


def test_start_again_forgets_what_was_done(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    to_the_try(page, line)
    press(page, "Start again")
    assert page.run == LockRun(page.run.request, page.run.practice)


def test_another_key_under_the_same_name_ends_the_test(bench: Bench, line: Line) -> None:
    _, page, row = opened(bench)
    go(page)
    request = with_changes(row.request, fingerprint="e" * 32)
    bench.session.put(replace(row, request=request))
    assert told(page, "This key was changed.")
    assert not page.go.isEnabled()
    assert row.id not in bench.session.lock_runs


def test_a_key_that_is_removed_crashes_nothing(bench: Bench, line: Line) -> None:
    _, page, row = opened(bench)
    bench.session.forget(row.id)
    assert told(page, "This key is not here any more.")
    assert not page.go.isEnabled()


def test_an_answer_after_the_page_was_closed_is_dropped(bench: Bench, line: Line) -> None:
    workspace, page, row = opened(bench)
    page.go.click()
    press(workspace, "Back to your keys")
    assert comes_true(lambda: not bench.session.runner.busy)
    assert row.id not in bench.session.lock_runs


def test_a_key_that_is_not_saved_says_that_the_result_is_gone_afterwards(
    bench: Bench, line: Line
) -> None:
    _, page, _ = opened(bench, stored=False)
    to_the_try(page, line, refusal=None)
    assert reads(page, "This key is not saved")


def test_no_address_service_is_asked_before_the_page_is_opened(bench: Bench, line: Line) -> None:
    bench.add(Light.GREEN)
    bench.open()
    assert line.looks == 0


def test_the_steps_are_told_to_screen_readers_with_their_state(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    go(page)
    names = [label.accessibleName() for label in page.steps._words]
    assert names[0].startswith("Step 1, done: ")
    assert names[1].startswith("Step 2, now: ")
    assert names[2].startswith("Step 3, later: ")


def test_the_page_never_asks_to_take_the_whitelist_away(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    seen = list(texts(page))
    to_the_try(page, line)
    seen += texts(page)
    for text in seen:
        assert "remove the whitelist" not in text.casefold()
        assert "switch it off" not in text.casefold()
    assert any("Leave the whitelist as it is" in text for text in seen)


def watched(bench: Bench) -> None:
    bench.session.watch.choose(WatchChoices(on_network=True, notices=True))


def moved_to(bench: Bench, address: Address) -> None:
    """The window itself sees the other network."""
    answers = [AddressAnswer(name, name, 4, address, None) for name in ("one", "two")]
    bench.egress = egress_work.Egress(agree(answers))
    bench.session.look_up()
    assert comes_true(lambda: not bench.session.looking_up)


def pass_minutes(bench: Bench, minutes: int) -> None:
    for _ in range(minutes * 6):
        bench.clock.advance(10)
        bench.session.tick()
        assert comes_true(lambda: not bench.session.running and not bench.session.looking_up)


def test_a_watch_neither_checks_from_the_other_network_nor_offers_its_address(
    bench: Bench, line: Line
) -> None:
    _, page, row = opened(bench)
    watched(bench)
    go(page)
    pass_minutes(bench, 1)
    bench.route = ("10.0.0.9", "")
    moved_to(bench, AWAY)
    move(page, line, AWAY, refusal=NAMED)
    go(page)
    pass_minutes(bench, 5)
    assert bench.runs == []
    assert bench.session.watch.news.happenings == ()
    moved_to(bench, HOME)
    move(page, line, HOME)
    go(page)
    assert page.run.verdict is Verdict.LOCKED
    pass_minutes(bench, 2)
    assert row.id in bench.runs[0]
    assert bench.session.watch.news.happenings == ()


def test_a_test_that_was_forgotten_half_way_stops_no_watch_for_long(
    bench: Bench, line: Line
) -> None:
    _, page, row = opened(bench)
    watched(bench)
    go(page)
    pass_minutes(bench, 1)
    bench.clock.advance(3601)
    bench.route = ("10.0.0.9", "")
    pass_minutes(bench, 2)
    assert [row.id] in bench.runs
    moved_to(bench, AWAY)
    assert [each.copy for each in bench.session.watch.news.happenings] == ["8.8.4.4"]


# From cards and guides -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> Iterator[PracticeWorld]:
    with PracticeWorld.start(faults=False, exchanges=("coinbase", "okx")) as made:
        yield made


@pytest.fixture
def practice(world: PracticeWorld, qtbot: QtBot) -> Iterator[Workspace]:
    world.egress = HOME_ADDRESS
    services = all_services.practice(world)
    session = Session(services, world, network=NetworkWatch(lambda: ("", "")))
    workspace = Workspace(session)
    qtbot.addWidget(workspace)
    workspace.resize(1200, 900)
    workspace.show()
    assert comes_true(lambda: session.has_loaded and not session.looking_up, 20)
    yield workspace
    session.close()
    services.close()
    world.egress = HOME_ADDRESS


def show(workspace: Workspace, exchange: str, label: str, qtbot: QtBot) -> KeyRow:
    session = workspace.session
    found = (
        row
        for row in session.rows
        if (row.request.exchange.id, row.request.label) == (exchange, label)
    )
    row = next(found)
    workspace.select(row.id)
    session.check([row.id])
    assert comes_true(lambda: not session.running, 20)
    finish(workspace, qtbot)
    return row


def settled(workspace: Workspace) -> bool:
    session, page = workspace.session, workspace.side_page.page
    assert isinstance(page, LockPage)
    return comes_true(
        lambda: (
            page._working is None
            and page._looking is None
            and not session.looking_up
            and not session.running
        ),
        30,
    )


def walk(workspace: Workspace) -> LockPage:
    """The whole test in practice, by the buttons that a user has."""
    page = workspace.side_page.page
    assert isinstance(page, LockPage)
    assert settled(workspace)
    press(page, "Check from here")
    assert settled(workspace)
    assert [b.text() for b in primaries(page)] == ["Pretend to be on another network"]
    press(page, "Pretend to be on another network")
    assert settled(workspace)
    assert [b.text() for b in primaries(page)] == ["Try from here"]
    press(page, "Try from here")
    assert settled(workspace)
    if page.run.step is Step.BACK:
        assert [b.text() for b in primaries(page)] == ["Pretend to be back"]
        press(page, "Pretend to be back")
        assert settled(workspace)
        press(page, "Check again")
        assert settled(workspace)
    return page


def test_in_practice_the_whole_walk_proves_a_lock(practice: Workspace, qtbot: QtBot) -> None:
    row = show(practice, "okx", "safe-spot", qtbot)
    press(practice.checklist.header, "Lock test")
    page = walk(practice)
    assert page.run.verdict is Verdict.LOCKED
    assert reads(page, "Practice: this counts for no real key")
    press(page, "Back to the checklist")
    now = practice.session.row(row.id)
    assert now is not None
    assert now.report is not None
    lights = {finding.rule: finding.light for finding in now.report.findings}
    assert lights["lock-open"] is Light.GREEN
    assert now.counts
    assert now.report.light is Light.GREEN


def test_the_card_of_a_list_that_is_not_shown_offers_the_test(
    practice: Workspace, qtbot: QtBot, world: PracticeWorld
) -> None:
    row = show(practice, "coinbase", "trading-no-whitelist", qtbot)
    press(practice.checklist.body, "Lock test")
    page = walk(practice)
    assert page.run.verdict is Verdict.OPEN
    assert world.egress == AWAY_ADDRESS
    press(page, "Back to the checklist")
    assert world.egress == HOME_ADDRESS
    now = practice.session.row(row.id)
    assert now is not None
    assert now.report is not None
    assert now.report.light is Light.RED


def test_the_same_hotspot_can_be_used_again_after_the_list_was_set(
    practice: Workspace, qtbot: QtBot, world: PracticeWorld
) -> None:
    """The key was accepted from there, but it is still no address of its own."""
    show(practice, "coinbase", "trading-no-whitelist", qtbot)
    practice.open_task(KeyTask.LOCK_TEST)
    page = walk(practice)
    assert page.run.verdict is Verdict.OPEN
    registry = world.registry("coinbase")
    record = registry.named("trading-no-whitelist")
    assert record is not None
    before = record.state
    registry.change(record.name, replace(before, restricted=True, addresses=(HOME_ADDRESS,)))
    press(page, "Start again")
    press(page, "Pretend to be back")
    assert walk(practice).run.verdict is Verdict.UNNAMED
    registry.change(record.name, before)


def test_the_guide_of_a_list_that_is_not_shown_offers_the_test(
    practice: Workspace, qtbot: QtBot
) -> None:
    show(practice, "coinbase", "safe-spot", qtbot)
    press(practice.checklist.body, "Fix this")
    assert isinstance(practice.side_page.page, GuidePage)
    assert reads(practice, "Prove that the list keeps others out")
    press(practice.side_page.page, "Lock test")
    assert isinstance(practice.side_page.page, LockPage)


def test_outside_of_practice_nothing_can_be_pretended(bench: Bench, line: Line) -> None:
    _, page, _ = opened(bench)
    go(page)
    assert page.network is None
    assert not any("Pretend" in b.text() for b in page.findChildren(QPushButton))

"""The whitelist planner's page: typed addresses, the list to copy, the comparison, and saving."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from factories import ADDRESS, NOW, make_key_report, make_request
from latchlight.core.addresses import parse_address, parse_network
from latchlight.core.egress import EgressReport
from latchlight.core.errors import StoreError
from latchlight.core.facts import Known, Readable
from latchlight.core.findings import Light
from latchlight.core.profile import AddressSighting
from latchlight.core.purpose import Intent, Setup
from latchlight.core.sentences import say
from latchlight.exchanges.okx import SPEC as OKX
from latchlight.gui import plan_work, work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.pages.plan_page import PlanPage
from latchlight.gui.workspace import Workspace
from window_bench import Bench, buttons, comes_true, press, reads, texts


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> list[AddressSighting]:
    """What was seen of this computer's address: nothing, until a test adds to it."""
    seen: list[AddressSighting] = []
    monkeypatch.setattr(plan_work, "address_history", lambda _: tuple(seen))
    return seen


@pytest.fixture(autouse=True)
def _history(history: list[AddressSighting]) -> None:
    """Never the history of the developer's computer."""


def add_okx(
    bench: Bench,
    *listed: str,
    intent: Intent | None = None,
    label: str = "okx-bot",
    **changed: object,
) -> KeyRow:
    """A checked key of an exchange that shows its list, which holds these."""
    request = make_request(label, spec=OKX, stored=changed.pop("stored", True) is True)
    request = replace(request, host="www.okx.com", intent=intent or Intent(setup=Setup.FAILOVER))
    report = make_key_report(Light.GREEN, label=label, at=bench.clock.wall)
    facts = replace(
        report.facts,
        whitelist=Known(tuple(parse_network(text) for text in listed)),
        whitelist_readable=Readable.FULL,
    )
    report = replace(report, facts=facts, host=request.host, intent=request.intent)
    row = replace(KeyRow(request).landed(report, bench.clock.stamp()), **changed)
    bench.rows.append(row)
    bench.answers[row.id] = report
    return row


def opened(bench: Bench, row: KeyRow) -> tuple[Workspace, PlanPage]:
    workspace = bench.open()
    workspace.select(row.id)
    workspace.open_task(KeyTask.PLAN)
    page = workspace.findChild(PlanPage)
    assert isinstance(page, PlanPage)
    assert comes_true(lambda: bench.session.egress is not None and not bench.session.runner.busy)
    return workspace, page


def write(page: PlanPage, number: int, text: str) -> None:
    """Type into one place and leave it."""
    edit = page.places.rows[number].field
    edit.setText(text)  # type: ignore[attr-defined]
    edit.textEdited.emit(text)  # type: ignore[attr-defined]
    edit.editingFinished.emit()  # type: ignore[attr-defined]


def test_the_page_opens_from_the_header_and_closes_again(bench: Bench) -> None:
    bench.add(Light.GREEN)
    workspace = bench.open()
    press(workspace.checklist.header, "Plan the whitelist")
    assert reads(workspace, "Plan the whitelist of “main-bot”")
    press(workspace, "Back to your keys")
    assert comes_true(lambda: workspace.findChild(PlanPage) is None)


def test_the_stand_in_that_is_not_listed_is_told_and_the_rest_is_there(bench: Bench) -> None:
    row = add_okx(bench, "8.8.4.4", "1.1.1.1")
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    write(page, 1, "9.9.9.9")
    assert reads(workspace, "Missing: 9.9.9.9")
    assert reads(workspace, "There: 8.8.4.4")
    assert reads(workspace, "Not planned: 1.1.1.1")
    assert reads(workspace, "2 entries differ from the plan.")
    assert any("on the day you need it" in text for text in texts(workspace))


def test_a_plan_that_is_on_the_list_alone_is_said_to_be_so_until_the_check_ages(
    bench: Bench,
) -> None:
    named = (parse_address("8.8.4.4"), parse_address("9.9.9.9"))
    row = add_okx(bench, "8.8.4.4", "9.9.9.9", intent=Intent(setup=Setup.FAILOVER, addresses=named))
    workspace, _ = opened(bench, row)
    fits = "The list at OKX holds your plan and nothing else."
    assert reads(workspace, fits)
    bench.session.put(row.doubted(Doubt.AGED))
    assert reads(workspace, "Not compared yet")
    assert fits not in texts(workspace)
    assert buttons(workspace, "Check this key")


def test_where_the_list_is_not_shown_the_page_says_so_and_compares_nothing(bench: Bench) -> None:
    row = bench.add(Light.GREEN)
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    assert reads(workspace, "Binance does not show its whole list to the key.")
    assert not any(text.startswith(("There", "Missing")) for text in texts(workspace))


def test_what_is_typed_stays_when_the_setup_changes(bench: Bench) -> None:
    row = add_okx(bench, "8.8.4.4")
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    write(page, 1, "9.9.9.9 and something")
    page.setup.choose(Setup.ONE_SERVER)
    assert page.places.texts() == ["8.8.4.4", "9.9.9.9 and something"]
    assert reads(workspace, "More than this set-up needs")
    page.setup.choose(Setup.FAILOVER)
    assert page.places.texts() == ["8.8.4.4", "9.9.9.9 and something"]
    assert reads(workspace, "Stand-in")


@pytest.mark.parametrize("text", ["10.0.0.1", "8.8.4.0/24", "bot.example.com", "8.8.4.4:443"])
def test_bad_input_is_told_at_its_field_and_kept(bench: Bench, text: str) -> None:
    row = add_okx(bench, "8.8.4.4")
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    write(page, 1, text)
    assert page.places.rows[1].error
    assert page.places.texts() == ["8.8.4.4", text]
    assert page.list_text() == "8.8.4.4"
    assert buttons(workspace, "Copy the list")[0].isEnabled() is False
    write(page, 1, "9.9.9.9")
    assert page.places.rows[1].error == ""
    assert buttons(workspace, "Copy the list")[0].isEnabled()


def test_the_list_is_copied_as_the_exchange_takes_it(bench: Bench) -> None:
    row = add_okx(bench, "8.8.4.4")
    workspace, page = opened(bench, row)
    write(page, 0, " 8.8.4.4 ")
    write(page, 1, "9.9.9.9/32")
    press(workspace, "Copy the list")
    separator = OKX.traits.guide.addresses.separator
    assert QApplication.clipboard().text() == f"8.8.4.4{separator}9.9.9.9"


def own(page: PlanPage) -> list[str]:
    return [b.text() for b in buttons(page, f"Use this computer's public IP, {ADDRESS}")]


def test_this_computers_address_is_offered_where_it_can_stand(bench: Bench) -> None:
    row = bench.add(Light.GREEN)
    _, page = opened(bench, row)
    assert len(own(page)) == 1
    page.setup.choose(Setup.ONE_SERVER)
    assert own(page) == []
    page.setup.choose(Setup.HOME_AND_SERVER)
    assert len(own(page)) == 1


def test_an_address_on_which_services_do_not_agree_is_not_offered(bench: Bench) -> None:
    bench.egress = work.Egress(EgressReport(), None)
    row = bench.add(Light.GREEN)
    _, page = opened(bench, row)
    assert own(page) == []


def test_the_address_of_a_moving_line_is_not_offered_and_the_reason_is_given(
    bench: Bench, history: list[AddressSighting]
) -> None:
    for days, text in ((20, "8.8.4.1"), (12, "8.8.4.2"), (5, "8.8.4.3")):
        seen = NOW - timedelta(days=days)
        history.append(AddressSighting(parse_address(text), seen, seen + timedelta(days=3)))
    row = bench.add(Light.GREEN)
    workspace, page = opened(bench, row)
    assert reads(workspace, "Why not this line: its public IP changed 3 times in 30 days.")
    assert own(page) == []


def test_the_same_address_in_two_places_is_refused(bench: Bench) -> None:
    row = add_okx(bench, "8.8.4.4")
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    write(page, 1, "8.8.4.4")
    assert "stands above already" in page.places.rows[1].error
    press(workspace, "Save the plan")
    assert page.places.sound_plan() is None


class Saved:
    """Stands for the store: what was asked to be kept, and what comes of it."""

    def __init__(self, bench: Bench) -> None:
        self.asked: list[tuple[str, Intent]] = []
        self.problem: Exception | None = None
        self._bench = bench

    def edit_key(self, _: object, old: str, label: str, intent: Intent) -> str:
        self.asked.append((old, intent))
        if self.problem is not None:
            raise self.problem
        self._bench.rows[:] = [
            replace(row, request=replace(row.request, intent=intent), report=None, stamp=None)
            if row.request.label == old
            else row
            for row in self._bench.rows
        ]
        return label


@pytest.fixture
def saved(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Saved:
    made = Saved(bench)
    monkeypatch.setattr(work, "edit_key", made.edit_key)
    return made


def test_a_saved_plan_is_what_the_next_check_uses(bench: Bench, saved: Saved) -> None:
    row = add_okx(bench, "8.8.4.4", "9.9.9.9")
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    write(page, 1, "9.9.9.9")
    press(workspace, "Save the plan")
    wanted = (parse_address("8.8.4.4"), parse_address("9.9.9.9"))
    assert comes_true(lambda: bench.runs == [[row.id]])
    assert saved.asked == [("okx-bot", Intent(setup=Setup.FAILOVER, addresses=wanted))]
    assert reads(workspace, "The list at OKX holds your plan and nothing else.")
    known = bench.session.row(row.id)
    assert known is not None
    assert known.request.intent.addresses == wanted


def test_nothing_is_saved_while_a_field_is_wrong(bench: Bench, saved: Saved) -> None:
    row = add_okx(bench, "8.8.4.4")
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    write(page, 1, "10.0.0.1")
    press(workspace, "Save the plan")
    assert page.places.rows[1].error
    assert saved.asked == []


def test_an_empty_place_above_a_filled_one_is_asked_for(bench: Bench, saved: Saved) -> None:
    row = add_okx(bench, "8.8.4.4")
    workspace, page = opened(bench, row)
    write(page, 1, "9.9.9.9")
    press(workspace, "Save the plan")
    assert "Type this address first" in page.places.rows[0].error
    assert saved.asked == []


def test_a_plan_that_cannot_be_saved_is_still_there(bench: Bench, saved: Saved) -> None:
    saved.problem = StoreError(say("The disk is full."), say("Make room."))
    row = add_okx(bench, "8.8.4.4")
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    press(workspace, "Save the plan")
    assert reads(workspace, "Not saved.")
    assert any("The disk is full." in text for text in texts(workspace))
    assert page.places.texts()[0] == "8.8.4.4"
    assert buttons(workspace, "Save the plan")[0].isEnabled()


def test_an_unsaved_key_is_planned_without_saving(bench: Bench) -> None:
    row = add_okx(bench, "8.8.4.4", "9.9.9.9", stored=False)
    workspace, page = opened(bench, row)
    assert buttons(workspace, "Save the plan") == []
    assert reads(workspace, "This key is not saved")
    write(page, 0, "8.8.4.4")
    write(page, 1, "9.9.9.9")
    assert reads(workspace, "The list at OKX holds your plan and nothing else.")


def test_an_address_of_the_other_environment_is_named_with_its_key(bench: Bench) -> None:
    both = Setup.STAGING_AND_PRODUCTION
    add_okx(
        bench, label="staging-bot", intent=Intent(setup=both, addresses=(parse_address("9.9.9.9"),))
    )
    row = add_okx(bench, "8.8.4.4", "9.9.9.9", label="real-bot", intent=Intent(setup=both))
    workspace, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    assert reads(workspace, "Wrong key: 9.9.9.9")
    assert any("“staging-bot”" in text for text in texts(workspace))


def test_a_key_that_is_removed_while_it_is_planned_crashes_nothing(bench: Bench) -> None:
    row = add_okx(bench, "8.8.4.4")
    workspace, page = opened(bench, row)
    bench.session.forget(row.id)
    write(page, 0, "9.9.9.9")
    press(workspace, "Save the plan")
    press(workspace, "Back to your keys")


def test_this_computers_own_address_at_a_server_is_asked_about(bench: Bench, qtbot: QtBot) -> None:
    bench.egress = work.Egress(
        replace(bench.egress.report, ipv4=parse_address("8.8.4.4")), NOW - timedelta(days=3)
    )
    row = add_okx(bench, "8.8.4.4")
    _, page = opened(bench, row)
    write(page, 0, "8.8.4.4")
    assert "public IP of this computer" in page.places.rows[0].note
    write(page, 1, "9.9.9.9")
    assert page.places.rows[1].note == ""

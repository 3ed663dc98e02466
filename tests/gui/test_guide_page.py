"""The guided fix: steps at hand, looking again with a countdown, before and after, and what is next."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from factories import ADDRESS, make_key_report, make_refusal
from latchlight.core.addresses import parse_address
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.egress import Certainty
from latchlight.core.findings import KeyReport, Light
from latchlight.core.fixes import UNLOCKED_WHY
from latchlight.core.purpose import Intent, Setup
from latchlight.core.sentences import say
from latchlight.gui import work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.pages.guide_page import GuidePage
from latchlight.gui.recheck import Phase
from latchlight.gui.workspace import Workspace
from window_bench import HOSTILE, Bench, buttons, comes_true, finish, press, reads, texts

OPEN_LIST = {"ipRestrict": False}
ACTIVE = Qt.ApplicationState.ApplicationActive
INACTIVE = Qt.ApplicationState.ApplicationInactive


def add(bench: Bench, report: KeyReport, *, intent: Intent | None = None) -> KeyRow:
    """A key with this report, checked at this moment."""
    row = bench.add(label=report.label)
    if intent is not None:
        row = replace(row, request=replace(row.request, intent=intent))
        report = replace(report, intent=intent)
    row = row.landed(report, bench.clock.stamp())
    bench.rows[-1] = row
    return row


def unlocked(bench: Bench) -> KeyReport:
    """A key whose list is off."""
    return make_key_report(Light.RED, at=bench.clock.wall, changed=dict(OPEN_LIST))


def opened(bench: Bench, row: KeyRow, rule: str) -> tuple[Workspace, GuidePage]:
    workspace = bench.open()
    workspace.select(row.id)
    assert comes_true(lambda: bench.session.egress is not None and not bench.session.runner.busy)
    workspace.open_task(KeyTask.GUIDE, rule)
    page = workspace.side_page.page
    assert isinstance(page, GuidePage)
    return workspace, page


@pytest.fixture
def red(bench: Bench) -> tuple[KeyRow, Workspace, GuidePage]:
    """A key that may withdraw, and the page that mends it."""
    row = add(bench, make_key_report(Light.RED, at=bench.clock.wall))
    return (row, *opened(bench, row, "withdraw-on"))


def settle(bench: Bench) -> None:
    assert comes_true(lambda: not bench.session.running)


Red = tuple[KeyRow, Workspace, GuidePage]


def test_the_page_names_key_and_finding_with_its_light_and_the_steps(
    bench: Bench, red: Red
) -> None:
    _, _, page = red
    assert page.badge.verdict.light is Light.RED
    shown = texts(page)
    assert "main-bot · Binance · key ends in DhA8" in shown
    steps = [box.accessibleName() for box in page.steps.boxes]
    assert steps[0].startswith("Step 1 done: Open API Management at Binance")
    assert any("“Enable Withdrawals”" in text for text in shown)


def test_a_tick_stays_when_the_same_steps_come_again(bench: Bench, red: Red) -> None:
    row, _, page = red
    page.steps.boxes[1].setChecked(True)
    bench.answer(row, Light.RED)
    bench.run()
    assert [box.isChecked() for box in page.steps.boxes][:3] == [False, True, False]


def test_the_address_is_copied_in_the_form_of_the_page_and_what_was_copied_stays_in_sight(
    bench: Bench,
) -> None:
    _, page = opened(bench, add(bench, unlocked(bench)), "whitelist-off")
    press(page, "Copy my IP")
    assert QGuiApplication.clipboard().text() == ADDRESS
    assert f"Copied: {ADDRESS}" in texts(page)


def test_a_bot_elsewhere_gets_its_own_addresses_and_not_that_of_this_computer(bench: Bench) -> None:
    named = (parse_address("198.51.100.7"), parse_address("198.51.100.8"))
    row = add(bench, unlocked(bench), intent=Intent(setup=Setup.FAILOVER, addresses=named))
    _, page = opened(bench, row, "whitelist-off")
    press(page, "Copy my IP")
    assert QGuiApplication.clipboard().text() == "198.51.100.7\n198.51.100.8"
    assert not any(ADDRESS in text for text in texts(page.copy))


@pytest.mark.parametrize("certainty", [Certainty.SINGLE, Certainty.CONFLICT, Certainty.NONE])
def test_an_uncertain_address_is_not_offered_until_it_is_agreed_on(
    bench: Bench, certainty: Certainty
) -> None:
    sure = bench.egress
    bench.egress = replace(sure, report=replace(sure.report, certainty=certainty))
    _, page = opened(bench, add(bench, unlocked(bench)), "whitelist-off")
    assert buttons(page, "Copy my IP") == []
    assert not any(ADDRESS in text for text in texts(page.copy))
    bench.egress = sure
    bench.session.look_up()
    assert comes_true(lambda: bool(buttons(page, "Copy my IP")))


def test_a_bot_whose_address_nobody_named_leads_to_the_plan(bench: Bench) -> None:
    row = add(bench, unlocked(bench), intent=Intent(setup=Setup.ONE_SERVER))
    workspace, page = opened(bench, row, "whitelist-off")
    assert buttons(page, "Copy my IP") == []
    press(page, "Plan the whitelist")
    assert reads(workspace, "Plan the whitelist of “main-bot”")


def test_the_warning_stands_beside_the_list_and_the_hidden_box_is_one_click_away(
    bench: Bench,
) -> None:
    _, page = opened(bench, add(bench, unlocked(bench)), "whitelist-off")
    assert UNLOCKED_WHY in texts(page)
    assert not any("Rights cannot be ticked while" in text for text in texts(page))
    press(page, "I cannot find it")
    assert reads(page, "Rights cannot be ticked while")
    assert any("passkey, authenticator or e-mail code. It never" in text for text in texts(page))


def test_the_page_of_the_exchange_is_opened_by_the_window(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Workspace, "_open_page", lambda _, url: asked.append(url))
    row = add(bench, make_key_report(Light.RED, at=bench.clock.wall))
    _, page = opened(bench, row, "withdraw-on")
    press(page, "Open API Management at Binance")
    assert asked == ["https://www.binance.com/en/my/settings/api-management"]


def test_having_done_it_looks_at_once_and_then_counts_down(bench: Bench, red: Red) -> None:
    row, _, page = red
    bench.answer(row, Light.RED)
    press(page, "I have done it")
    assert page.recheck.phase is Phase.LOOKING
    settle(bench)
    assert bench.runs == [[row.id]]
    assert "Not green yet. Next look in 5 s" in texts(page)
    bench.clock.advance(2)
    page.tick()
    assert "Not green yet. Next look in 3 s" in texts(page)
    bench.clock.advance(3)
    page.tick()
    settle(bench)
    assert bench.runs == [[row.id]] * 2
    assert "Not green yet. Next look in 10 s" in texts(page)


def test_stop_ends_the_looking_and_nothing_is_asked_any_more(bench: Bench, red: Red) -> None:
    row, _, page = red
    bench.answer(row, Light.RED)
    press(page, "I have done it")
    settle(bench)
    press(page, "Stop")
    bench.clock.advance(15)
    page.tick()
    assert bench.runs == [[row.id]]
    assert reads(page, "Stopped.")
    assert buttons(page, "I have done it")


def test_green_stops_the_looking_and_shows_before_and_after(bench: Bench, red: Red) -> None:
    row, workspace, page = red
    bench.clock.advance(60)
    bench.answer(row, Light.GREEN)
    press(page, "I have done it")
    settle(bench)
    assert page.badge.verdict.light is Light.GREEN
    assert page.result.badge.verdict.light is Light.GREEN
    assert reads(page.result, "Before · ")
    assert reads(page.result, "Now · ")
    assert reads(page.result, "Nothing else.")
    assert reads(page, "Done: Binance reports it as it should be.")
    press(page, "Back to the checklist")
    assert workspace.side_page.page is None


def test_the_green_of_the_page_goes_with_the_check_it_rests_on(bench: Bench, red: Red) -> None:
    row, _, page = red
    bench.answer(row, Light.GREEN)
    press(page, "I have done it")
    settle(bench)
    bench.session.distrust(Doubt.NETWORK)
    assert page.badge.verdict.light is Light.GREY
    assert page.result.badge.verdict.light is Light.GREY
    assert not any(text.startswith("Done:") for text in texts(page))
    assert buttons(page, "I have done it")


def test_what_else_is_open_comes_next(bench: Bench) -> None:
    both = make_key_report(
        Light.RED, at=bench.clock.wall, changed=OPEN_LIST | {"enableFutures": True}
    )
    row = add(bench, both)
    workspace, page = opened(bench, row, "whitelist-off")
    bench.clock.advance(60)
    bench.answers[row.id] = make_key_report(Light.AMBER, at=bench.clock.wall)
    press(page, "I have done it")
    settle(bench)
    press(page, "Next: Rights it does not need")
    following = workspace.side_page.page
    assert isinstance(following, GuidePage)
    assert following.rule == "more-than-purpose"
    assert following.recheck.phase is Phase.IDLE


def test_still_red_after_the_delay_tells_the_usual_reasons_and_offers_to_go_on(
    bench: Bench, red: Red
) -> None:
    row, _, page = red
    bench.answer(row, Light.RED)
    press(page, "I have done it")
    settle(bench)
    bench.clock.advance(301)
    bench.answer(row, Light.RED)
    page.tick()
    settle(bench)
    assert page.recheck.phase is Phase.LATE
    assert any(text.startswith("The change was not saved") for text in texts(page))
    press(page, "Keep looking")
    settle(bench)
    assert "Not green yet. Next look in 5 s" in texts(page)
    assert not any(text.startswith("The change was not saved") for text in texts(page))


def test_an_exchange_that_pushes_back_is_not_asked_again_by_itself(bench: Bench, red: Red) -> None:
    row, _, page = red
    refusal = replace(make_refusal(), code=DiagnosisCode.RATE_LIMITED, retry_after=90.0)
    bench.answers[row.id] = make_key_report(Light.GREY, at=bench.clock.wall, diagnosis=refusal)
    press(page, "I have done it")
    settle(bench)
    assert page.recheck.phase is Phase.BLOCKED
    assert not buttons(page, "Look now")[0].isEnabled()
    bench.clock.advance(89)
    page.tick()
    come_back(page)
    assert len(bench.runs) == 1
    bench.clock.advance(2)
    page.tick()
    press(page, "Look now")
    settle(bench)
    assert len(bench.runs) == 2


def come_back(page: GuidePage) -> None:
    """Another window was in front, and now it is this one."""
    page._state_changed(INACTIVE)
    page._state_changed(ACTIVE)


def test_the_click_that_brings_the_user_back_is_not_lost_to_the_look_that_this_begins(
    bench: Bench, red: Red
) -> None:
    row, _, page = red
    bench.answer(row, Light.RED)
    come_back(page)
    assert page.recheck.phase is Phase.LOOKING
    assert buttons(page, "Stop") == []
    press(page, "I have done it")
    assert buttons(page, "I have done it") == []
    assert buttons(page, "Stop") != []
    settle(bench)
    assert "Not green yet. Next look in 5 s" in texts(page)
    assert len(bench.runs) == 1


def test_coming_back_to_the_window_looks_once(bench: Bench, red: Red) -> None:
    row, _, page = red
    bench.answer(row, Light.RED)
    page._state_changed(ACTIVE)
    assert bench.runs == []
    come_back(page)
    settle(bench)
    assert len(bench.runs) == 1
    page._state_changed(ACTIVE)
    come_back(page)
    assert len(bench.runs) == 1
    bench.clock.advance(10)
    come_back(page)
    settle(bench)
    assert len(bench.runs) == 2


def test_after_leaving_the_page_nothing_is_asked_on_its_behalf(bench: Bench, red: Red) -> None:
    row, workspace, page = red
    bench.answer(row, Light.RED)
    press(page, "I have done it")
    settle(bench)
    workspace.side_page.close_page()
    bench.clock.advance(15)
    page.tick()
    come_back(page)
    assert len(bench.runs) == 1


@pytest.fixture
def held(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Answers wait until this is set."""
    gate = threading.Event()
    at_once = bench._check_keys

    def late(*given: object) -> object:
        gate.wait(5)
        return at_once(*given)

    monkeypatch.setattr(work, "check_keys", late)
    return gate


def test_closing_during_a_check_leaves_its_answer_to_the_checklist(
    bench: Bench, held: threading.Event, qtbot: QtBot
) -> None:
    row = add(bench, make_key_report(Light.RED, at=bench.clock.wall))
    workspace, page = opened(bench, row, "withdraw-on")
    bench.answer(row, Light.GREEN)
    press(page, "I have done it")
    workspace.side_page.close_page()
    held.set()
    settle(bench)
    finish(workspace, qtbot)
    assert workspace.checklist.header.badge.verdict.light is Light.GREEN


def test_a_late_answer_to_another_question_mends_nothing_here(
    bench: Bench, held: threading.Event
) -> None:
    row = add(bench, make_key_report(Light.RED, at=bench.clock.wall))
    _, page = opened(bench, row, "withdraw-on")
    bench.answer(row, Light.GREEN)
    press(page, "I have done it")
    elsewhere = replace(row.request, host="api.binance.us")
    bench.session.put(bench.session.row(row.id).asked_elsewhere(elsewhere))
    held.set()
    settle(bench)
    assert page.badge.verdict.light is Light.GREY
    assert page.recheck.phase is not Phase.MENDED


def test_the_answer_about_another_key_changes_nothing_on_the_page(bench: Bench) -> None:
    row = add(bench, make_key_report(Light.RED, at=bench.clock.wall))
    other = bench.add(Light.RED, "other-bot")
    workspace, page = opened(bench, row, "withdraw-on")
    bench.answer(other, Light.GREEN)
    workspace.select(other.id)
    bench.run(other.id)
    assert page.badge.verdict.light is Light.RED
    assert page.recheck.phase is Phase.IDLE
    bench.answer(row, Light.GREEN)
    press(page, "I have done it")
    settle(bench)
    assert bench.runs[-1] == [row.id]


def test_a_key_that_is_removed_meanwhile_is_said_to_be_gone(bench: Bench, red: Red) -> None:
    row, _, page = red
    bench.session.forget(row.id)
    assert "This key is not here any more." in texts(page)
    assert buttons(page, "I have done it") == []
    assert page.recheck.phase is Phase.GONE


def test_a_refusal_is_mended_from_its_own_card(bench: Bench, qtbot: QtBot) -> None:
    row = add(bench, make_key_report(Light.GREY, at=bench.clock.wall))
    workspace = bench.open()
    workspace.select(row.id)
    finish(workspace, qtbot)
    press(workspace.checklist, "Fix this")
    page = workspace.side_page.page
    assert isinstance(page, GuidePage)
    assert page.badge.verdict.light is Light.GREY


def test_the_keyboard_stays_in_the_panel_when_its_buttons_change(bench: Bench, red: Red) -> None:
    row, workspace, page = red
    bench.answer(row, Light.GREEN)
    button = buttons(page, "I have done it")[0]
    button.setFocus()
    button.click()
    assert workspace.window().focusWidget() is buttons(page, "Stop")[0]
    settle(bench)
    assert workspace.window().focusWidget() is buttons(page, "Back to the checklist")[0]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(bench: Bench, text: str) -> None:
    report = make_key_report(Light.RED, at=bench.clock.wall)
    findings = tuple(
        replace(f, title=say("{t}", t=text), detail=say("{t}", t=text)) for f in report.findings
    )
    row = add(bench, replace(report, findings=findings))
    _, page = opened(bench, row, "withdraw-on")
    labels = [label for label in page.findChildren(type(page._title)) if label.isVisible()]
    assert any(label.text() == text for label in labels)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_what_an_exchange_never_tells_promises_no_green(bench: Bench) -> None:
    row = add(bench, make_key_report(Light.RED, at=bench.clock.wall))
    report = row.report
    assert report is not None
    untold = tuple(
        replace(f, light=Light.GREY, required=False, reason="not-told")
        if f.rule == "withdraw-on"
        else f
        for f in report.findings
    )
    row = row.landed(replace(report, findings=untold), bench.clock.stamp())
    bench.rows[-1] = row
    _, page = opened(bench, row, "withdraw-on")
    assert reads(page, "Binance does not tell this to the key")
    assert buttons(page, "I have done it") == []

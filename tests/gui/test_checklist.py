"""The checklist: worst first, what refused on top, what needs no action folded in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from factories import make_key_report, make_refusal
from latchlight.core.diagnosis import Cause, Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.findings import Light
from latchlight.core.sentences import Sentence, say, series
from latchlight.gui import work
from latchlight.gui.ageing import Doubt
from latchlight.gui.pages.guide_page import GuidePage
from latchlight.gui.widgets.disclosure import Disclosure
from latchlight.gui.widgets.finding_card import FindingCard
from latchlight.gui.widgets.plain_label import PlainLabel
from latchlight.gui.words import NOTE_WORDS
from latchlight.gui.workspace import Workspace
from window_bench import Bench, buttons, comes_true, finish, press, reads, texts


def cards(workspace: Workspace) -> list[FindingCard]:
    return workspace.checklist.findChildren(FindingCard)


@pytest.fixture
def opened(bench: Bench, qtbot: QtBot) -> Callable[[Light], Workspace]:
    def open_with(light: Light) -> Workspace:
        bench.add(light)
        workspace = bench.open()
        finish(workspace, qtbot)
        return workspace

    return open_with


def test_a_red_key_says_so_and_starts_with_what_is_red(
    opened: Callable[[Light], Workspace],
) -> None:
    workspace = opened(Light.RED)
    assert workspace.checklist.header.headline.text().startswith("Danger. Do not give this key")
    first = cards(workspace)[0]
    assert first.finding.rule == "withdraw-on"
    assert first.badge.verdict.light is Light.RED
    assert first.accessibleName() == f"Danger: {first.finding.title}"
    assert first.finding.why in texts(first)


def test_what_passed_is_folded_in_and_made_when_opened(
    opened: Callable[[Light], Workspace], qtbot: QtBot
) -> None:
    workspace = opened(Light.RED)
    assert len(cards(workspace)) == 1
    fold = workspace.checklist.findChildren(Disclosure)[-1]
    assert fold.button.accessibleName() == "Passed (13), collapsed"
    fold.toggle()
    qtbot.waitUntil(lambda: len(cards(workspace)) == 14)
    assert fold.button.accessibleName().endswith("expanded")
    fold.toggle()
    assert not fold.is_open


def test_a_green_key_shows_what_it_rests_on(
    opened: Callable[[Light], Workspace], qtbot: QtBot
) -> None:
    workspace = opened(Light.GREEN)
    qtbot.waitUntil(lambda: len(cards(workspace)) == 15)
    assert "14 checks done, 1 not possible" in workspace.checklist.header.headline.text()


def test_what_the_exchange_said_is_one_click_away(
    opened: Callable[[Light], Workspace],
) -> None:
    card = cards(opened(Light.RED))[0]
    press(card, "What Binance said and when")
    assert reads(card, "Binance said: enableWithdrawals=true")
    shown = texts(card)
    assert any(t.startswith("GET /sapi/v1/account/apiRestrictions at api.") for t in shown)
    assert "Reported by Binance." in shown
    press(card, "What Binance said and when")
    assert "Reported by Binance." not in texts(card)


def test_fix_this_opens_the_guided_fix_of_this_finding(
    opened: Callable[[Light], Workspace],
) -> None:
    workspace = opened(Light.RED)
    card = cards(workspace)[0]
    press(card, "Fix this")
    page = workspace.side_page.page
    assert isinstance(page, GuidePage)
    assert page.rule == "withdraw-on"


def test_one_fold_of_a_card_closes_the_other(opened: Callable[[Light], Workspace]) -> None:
    card = cards(opened(Light.AMBER))[0]
    press(card, "Accept for a while")
    press(card, "What Binance said and when")
    assert buttons(card, "Accept") == []


def test_an_amber_finding_is_accepted_with_a_reason_and_a_date(
    opened: Callable[[Light], Workspace],
    qtbot: QtBot,
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work, "accept", lambda services, acceptance, stored: acceptance)
    monkeypatch.setattr(work, "take_back", lambda *_: None)
    workspace = opened(Light.AMBER)
    card = cards(workspace)[0]
    press(card, "Accept for a while")
    accept = next(b for b in card.findChildren(QPushButton) if b.text() == "Accept")
    assert not accept.isEnabled()
    card.findChild(QLineEdit).setText("the server moves next week")
    accept.click()
    qtbot.waitUntil(
        lambda: any("Accepted until 27 Nov 2026" in t for t in texts(workspace.checklist))
    )
    finish(workspace, qtbot)
    card = cards(workspace)[-1]
    assert card.badge.verdict.light is Light.AMBER
    assert workspace.launch.verdict.text() == "Do not launch"
    assert workspace.launch.command == "latchlight preflight main-bot --accept-amber"
    press(workspace.checklist, "Take back")
    qtbot.waitUntil(lambda: workspace.launch.command == "latchlight preflight main-bot")


@pytest.mark.parametrize("reason", ["", "   ", "k" * 24, "see aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1x"])
def test_ui03_no_acceptance_without_words_or_with_a_secret(
    opened: Callable[[Light], Workspace], reason: str
) -> None:
    card = cards(opened(Light.AMBER))[0]
    press(card, "Accept for a while")
    card.findChild(QLineEdit).setText(reason)
    accept = next(b for b in card.findChildren(QPushButton) if b.text() == "Accept")
    assert not accept.isEnabled()


def test_red_cannot_be_accepted(opened: Callable[[Light], Workspace]) -> None:
    captions = [b.text() for b in cards(opened(Light.RED))[0].findChildren(QPushButton)]
    assert "Accept for a while" not in captions


def test_a_refusal_names_what_it_can_be_and_what_it_is_not(
    opened: Callable[[Light], Workspace],
) -> None:
    workspace = opened(Light.GREY)
    shown = texts(workspace.checklist)
    assert "What it can be, most likely first" in shown
    assert shown[shown.index("1.") + 1].startswith("Likely: This computer's address")
    assert "What it is not" in shown
    assert "Binance said: “Invalid API-key, IP, or permissions for action.”" in shown
    assert "HTTP status 400, code -2015" in shown
    folds = [f.button.text() for f in workspace.checklist.findChildren(Disclosure)]
    assert folds[0].startswith("Not checked because of this (")


def test_a_certain_cause_gets_no_list_of_guesses(bench: Bench, qtbot: QtBot) -> None:
    step = say("Copy the secret again.")
    title = say("Key and secret do not belong together.")
    cause = Cause(DiagnosisCode.SIGNATURE_WRONG, Likelihood.CERTAIN, title, step)
    row = bench.add()
    refusal = make_refusal()
    only = Diagnosis(refusal.code, title, step, (cause,))
    report = make_key_report(Light.GREY, at=bench.clock.wall, diagnosis=only)
    bench.answers[row.id] = report
    workspace = bench.open()
    bench.run(row.id)
    finish(workspace, qtbot)
    assert "What it can be, most likely first" not in texts(workspace.checklist)


def test_when_the_light_goes_off_the_same_cards_go_grey(
    opened: Callable[[Light], Workspace], bench: Bench
) -> None:
    workspace = opened(Light.RED)
    card = cards(workspace)[0]
    bench.session.distrust(Doubt.NETWORK)
    assert cards(workspace)[0] is card
    assert card.badge.verdict.light is Light.GREY
    (when,) = [text for text in texts(workspace.checklist) if text.startswith("Last checked")]
    assert when.endswith("Danger. Below is what the last check found. It may no longer be true.")
    assert "network changed" in workspace.checklist.header.headline.text()


def test_a_check_moves_nothing_on_the_page(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same cards in the same places, with every light: nobody loses the line being read."""
    row = bench.add(Light.RED)
    bench.answer(row, Light.RED)
    at_once = bench._check_keys
    workspace = bench.open()
    finish(workspace, qtbot)
    workspace.checklist.findChildren(Disclosure)[-1].toggle()
    qtbot.waitUntil(lambda: len(cards(workspace)) == 14)

    def places() -> list[tuple[QRect, QRect]]:
        return [
            (QRect(card.mapTo(workspace, QPoint()), card.size()), label.geometry())
            for card in cards(workspace)
            for label in card.findChildren(PlainLabel)
        ]

    def settled() -> list[tuple[QRect, QRect]]:
        seen = [places(), []]

        def still() -> bool:
            seen.append(places())
            return seen[-1] == seen[-2]

        assert comes_true(still)
        return seen[-1]

    before = settled()
    assert cards(workspace)[0].badge.verdict.light is Light.RED
    gate = threading.Event()

    def slowly(*arguments: object) -> work.Egress:
        gate.wait()
        return at_once(*arguments)

    monkeypatch.setattr(work, "check_keys", slowly)
    bench.session.check([row.id])
    assert {card.badge.verdict.light for card in cards(workspace)} == {Light.GREY}
    assert "the check before this one" in " ".join(texts(workspace.checklist.header))
    assert settled() == before
    gate.set()
    qtbot.waitUntil(lambda: not bench.session.running)
    assert cards(workspace)[0].badge.verdict.light is Light.RED
    assert settled() == before


def test_removing_asks_in_place_and_says_what_goes(
    opened: Callable[[Light], Workspace], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    removed: list[str] = []
    monkeypatch.setattr(work, "remove_key", lambda services, label: removed.append(label) or label)
    workspace = opened(Light.GREEN)
    press(workspace.checklist.header, "Remove")
    assert reads(workspace.checklist, "Remove “main-bot”?")
    press(workspace.checklist.header, "Keep it")
    press(workspace.checklist.header, "Remove")
    press(workspace.checklist.header, "Remove this key")
    qtbot.waitUntil(lambda: workspace.pages.currentWidget() is workspace.welcome)
    assert removed == ["main-bot"]
    assert workspace.launch.isHidden()
    assert "is gone" in workspace.messages.text


def test_editing_refuses_a_name_that_cannot_be_kept(
    opened: Callable[[Light], Workspace], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    saved: list[object] = []
    monkeypatch.setattr(work, "edit_key", lambda *arguments: saved.append(arguments) or "x")
    workspace = opened(Light.GREEN)
    press(workspace.checklist.header, "Edit")
    name = workspace.checklist.header.findChild(QLineEdit)
    name.setText("--help")
    press(workspace.checklist.header, "Save")
    assert reads(workspace.checklist, "A label cannot start with a dash")
    assert saved == []
    name.setText("grid bot")
    press(workspace.checklist.header, "Save")
    qtbot.waitUntil(lambda: len(saved) == 1)
    assert saved[0][1:3] == ("main-bot", "grid bot")


def test_a_practice_key_tells_its_story_and_has_no_other_sites(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add(Light.GREY, practice=True, stored=False)
    spec = replace(row.request.exchange, hosts=row.request.exchange.hosts[:1])
    request = replace(row.request, story="It can withdraw everything.", exchange=spec)
    bench.rows = [replace(row, request=request)]
    workspace = bench.open()
    finish(workspace, qtbot)
    shown = texts(workspace.checklist)
    assert "The story of this practice key: It can withdraw everything." in shown
    captions = [b.text() for b in workspace.checklist.findChildren(QPushButton) if b.isVisible()]
    assert "Ask Binance's other sites" not in captions
    assert {"Edit", "Remove"} & set(captions) == set()


def test_a_newer_report_that_found_the_same_leaves_open_what_is_open(
    opened: Callable[[Light], Workspace], bench: Bench, qtbot: QtBot
) -> None:
    workspace = opened(Light.RED)
    card = cards(workspace)[0]
    press(card, "What Binance said and when")
    assert reads(card, "GET /sapi/v1/account/apiRestrictions at api.binance.com")
    before = [text for text in texts(card) if text.startswith("GET ")]
    bench.clock.advance(60)
    bench.answer(bench.rows[0], Light.RED)
    bench.run(bench.rows[0].id)
    assert cards(workspace)[0] is card
    assert card.badge.verdict.light is Light.RED
    qtbot.waitUntil(lambda: [t for t in texts(card) if t.startswith("GET ")] not in ([], before))


def test_a_newer_report_that_found_something_else_is_shown_anew(
    opened: Callable[[Light], Workspace], bench: Bench, qtbot: QtBot
) -> None:
    workspace = opened(Light.RED)
    bench.answer(bench.rows[0], Light.AMBER)
    bench.run(bench.rows[0].id)
    finish(workspace, qtbot)
    assert cards(workspace)[-1].finding.rule == "more-than-purpose"
    assert "This key can withdraw your money." not in texts(workspace.checklist)


def test_f14_a_card_that_goes_grey_is_heard_as_grey(
    opened: Callable[[Light], Workspace], bench: Bench
) -> None:
    card = cards(opened(Light.RED))[0]
    bench.session.distrust(Doubt.SLEPT)
    assert card.accessibleName().startswith("Not checked: ")


def with_finding(bench: Bench, rule: str, **changes: object) -> None:
    """The last key with one of its findings changed."""
    row = bench.rows[-1]
    assert row.report is not None
    findings = tuple(replace(f, **changes) if f.rule == rule else f for f in row.report.findings)
    bench.rows[-1] = replace(row, report=replace(row.report, findings=findings))


def test_an_amber_note_says_look_and_that_nothing_waits_for_it(bench: Bench, qtbot: QtBot) -> None:
    bench.add(Light.GREEN)
    with_finding(bench, "transfer-on", light=Light.AMBER, required=False, reason="also-moves")
    workspace = bench.open()
    finish(workspace, qtbot)
    assert workspace.checklist.header.badge.verdict.light is Light.GREEN
    assert workspace.launch.verdict.text() == "Safe to launch"
    note = cards(workspace)[0]
    assert note.finding.rule == "transfer-on"
    assert note.badge.verdict.text == "Look"
    assert NOTE_WORDS in texts(note)
    assert note.accessibleName().endswith(NOTE_WORDS)
    assert note.property("panel") == "quote"
    captions = [b.text() for b in note.findChildren(QPushButton)]
    assert "Accept for a while" not in captions
    assert all(b.property("kind") != "primary" for b in note.findChildren(QPushButton))


def test_an_amber_finding_that_counts_is_no_note(opened: Callable[[Light], Workspace]) -> None:
    card = cards(opened(Light.AMBER))[0]
    assert NOTE_WORDS not in texts(card)
    assert card.property("panel") == "card"


def test_a_note_in_front_of_a_real_finding_takes_nothing_from_it(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.add(Light.AMBER)
    with_finding(bench, "transfer-on", light=Light.AMBER, required=False, reason="also-moves")
    workspace = bench.open()
    finish(workspace, qtbot)
    assert [card.finding.rule for card in cards(workspace)][:2] == [
        "more-than-purpose",
        "transfer-on",
    ]


def address_line(version: int) -> Sentence:
    """As the rules make it."""
    return say(
        "IPv{version}: the list says {listed}; address services say b; OKX saw c.",
        version=version,
        listed=say("nothing that could be read"),
    )


def test_what_each_side_says_about_the_address_has_a_line_of_its_own(
    bench: Bench, qtbot: QtBot
) -> None:
    lines = [address_line(version) for version in (4, 6)]
    bench.add(Light.RED)
    detail = series((say("OKX refused c."), *lines), " ")
    with_finding(bench, "withdraw-on", detail=detail)
    workspace = bench.open()
    finish(workspace, qtbot)
    shown = [text.splitlines() for text in texts(cards(workspace)[0])]
    assert ["OKX refused c.", *lines] in shown


def test_a_refused_address_is_told_beside_what_the_others_say(bench: Bench, qtbot: QtBot) -> None:
    line = address_line(4)
    refusal = replace(make_refusal(), seen_address="198.51.100.23")
    row = bench.add()
    bench.answers[row.id] = make_key_report(Light.GREY, at=bench.clock.wall, diagnosis=refusal)
    workspace = bench.open()
    bench.run(row.id)
    finish(workspace, qtbot)
    assert "Binance saw this computer as 198.51.100.23" in texts(workspace.checklist)
    rule = next(f.rule for f in bench.answers[row.id].findings if f.reason == refusal.code.value)
    bench.rows = list(bench.session.rows)
    with_finding(bench, rule, detail=series((say("Refused."), line), " "))
    bench.session.put(bench.rows[0])
    finish(workspace, qtbot)
    assert line in texts(workspace.checklist)
    assert "Binance saw this computer as 198.51.100.23" not in texts(workspace.checklist)

"""A key that its site does not know: others are asked after a yes, and the one that knows it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from factories import CREDENTIALS, make_request
from keyring_double import MemoryKeyring
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.facts import Environment
from latchlight.core.findings import Light
from latchlight.core.purpose import Intent
from latchlight.core.sentences import say
from latchlight.exchanges.binance import SPEC
from latchlight.exchanges.spec import CredentialField, Host
from latchlight.gui import work
from latchlight.gui.ageing import Doubt
from latchlight.gui.key_row import KeyRow
from latchlight.gui.widgets.diagnosis_card import DiagnosisCard
from latchlight.gui.widgets.other_sites import OtherSites, OtherSitesOffer, place
from latchlight.gui.workspace import Workspace
from latchlight.keys import save_key
from latchlight.probing import FoundHost
from latchlight.services import Services
from latchlight.vault.vault import Vault
from window_bench import Bench, buttons, finish, press, reads, texts

EUROPE = Host("eea.example.com", Environment.PRODUCTION, "Binance Europe")
TITLE = say("This key belongs to Binance Europe. No new key is needed.")
FOUND = FoundHost(EUROPE, Diagnosis(DiagnosisCode.WRONG_HOST, TITLE, say("Use it there.")))
USE = "Use Binance Europe from now on"
TWO_SITES = replace(SPEC, hosts=(SPEC.hosts[0], EUROPE))


class OtherHosts:
    """Stands in for the exchange's other sites, and counts how often they are asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.found: FoundHost | None = FOUND
        self.problem: Exception | None = None

    def __call__(self, request: object, services: object, *, token: object) -> FoundHost | None:
        self.asked.append(request)
        if self.problem is not None:
            raise self.problem
        return self.found


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> OtherHosts:
    made = OtherHosts()
    monkeypatch.setattr("latchlight.checkup.ask_other_hosts", made)
    return made


@pytest.fixture
def refused(bench: Bench, qtbot: QtBot) -> Callable[..., Workspace]:
    def open_it(*, stored: bool = True, practice: bool = False) -> Workspace:
        row = bench.add(Light.GREY, stored=stored, practice=practice)
        bench.rows = [replace(row, request=replace(row.request, exchange=TWO_SITES))]
        workspace = bench.open()
        finish(workspace, qtbot)
        return workspace

    return open_it


def card_of(workspace: Workspace) -> DiagnosisCard:
    card = workspace.checklist.findChild(DiagnosisCard)
    assert isinstance(card, DiagnosisCard)
    return card


def say_yes(card: DiagnosisCard) -> None:
    press(card, "Ask Binance's other sites")
    press(card, "Ask them")


def test_nobody_is_asked_before_a_yes_that_says_what_is_sent_to_whom(
    refused: Callable[..., Workspace], others: OtherHosts, qtbot: QtBot
) -> None:
    card = card_of(refused())
    press(card, "Ask Binance's other sites")
    assert reads(card, "Latchlight will ask each of these sites one read-only question")
    assert reads(card, "Binance Europe (eea.example.com)")
    assert others.asked == []
    press(card, "Ask them")
    qtbot.waitUntil(lambda: TITLE in texts(card))
    assert len(others.asked) == 1


def test_once_found_no_new_key_is_urged_any_more(
    refused: Callable[..., Workspace], others: OtherHosts, qtbot: QtBot
) -> None:
    card = card_of(refused())
    (fix,) = buttons(card, "Fix this")
    assert fix.property("kind") == "primary"
    say_yes(card)
    qtbot.waitUntil(lambda: bool(buttons(card, USE)))
    assert fix.property("kind") != "primary"
    assert buttons(card, USE)[0].property("kind") == "primary"


def test_saying_no_asks_nobody(refused: Callable[..., Workspace], others: OtherHosts) -> None:
    card = card_of(refused())
    press(card, "Ask Binance's other sites")
    press(card, "Do not ask")
    assert "Binance Europe (eea.example.com)" not in texts(card)
    assert others.asked == []


def test_a_key_that_nobody_knows_changes_nothing(
    refused: Callable[..., Workspace], others: OtherHosts
) -> None:
    others.found = None
    card = card_of(refused())
    say_yes(card)
    assert reads(card, "None of them knows this key")
    assert buttons(card, USE) == []
    press(card, "Ask them")
    assert len(others.asked) == 2


def test_a_question_that_failed_can_be_asked_again(
    refused: Callable[..., Workspace], others: OtherHosts, bench: Bench, qtbot: QtBot
) -> None:
    others.problem = RuntimeError("boom")
    card = card_of(refused())
    with qtbot.waitSignal(bench.session.crashed):
        say_yes(card)
    others.problem = None
    press(card, "Ask them")
    qtbot.waitUntil(lambda: TITLE in texts(card))


@pytest.mark.parametrize("practice", [False, True])
def test_the_found_host_is_used_for_a_key_that_is_not_stored(
    refused: Callable[..., Workspace],
    others: OtherHosts,
    bench: Bench,
    qtbot: QtBot,
    practice: bool,
) -> None:
    card = card_of(refused(stored=False, practice=practice))
    (row,) = bench.session.rows
    say_yes(card)
    qtbot.waitUntil(lambda: bool(buttons(card, USE)))
    assert bench.runs == []
    bench.answer(row, Light.GREEN)
    bench.answers[row.id] = replace(bench.answers[row.id], host=EUROPE.name)
    press(card, USE)
    qtbot.waitUntil(lambda: bench.session.rows[0].verdict.light is Light.GREEN)
    (row,) = bench.session.rows
    assert row.request.host == EUROPE.name
    assert bench.runs == [[row.id]]


def test_pressing_twice_changes_and_checks_once(
    refused: Callable[..., Workspace], others: OtherHosts, bench: Bench, qtbot: QtBot
) -> None:
    card = card_of(refused(stored=False))
    say_yes(card)
    qtbot.waitUntil(lambda: bool(buttons(card, USE)))
    (use,) = buttons(card, USE)
    use.click()
    use.click()
    qtbot.waitUntil(lambda: bool(bench.runs) and not bench.session.running)
    assert len(bench.runs) == 1


def test_what_the_old_host_still_answers_is_dropped(bench: Bench, qtbot: QtBot) -> None:
    row = bench.add(Light.GREEN, stored=False)
    bench.session.take(work.Loaded((row.started(7),)))
    bench.session.changes._host_changed(row.id, replace(row.request, host=EUROPE.name))
    bench.session.land(work.KeyDone(7, row.id, row.report))
    (now,) = bench.session.rows
    assert now.verdict.light is Light.GREY
    qtbot.waitUntil(lambda: not bench.session.running)


def test_a_stored_key_is_asked_about_at_its_new_host_from_now_on(tmp_path: Path) -> None:
    services = Services(
        exchanges={"binance": TWO_SITES},
        folder=tmp_path,
        open_vault=lambda: Vault(MemoryKeyring()),
    )
    saved = save_key(
        services,
        label="bot",
        spec=TWO_SITES,
        host="api.binance.com",
        credentials=CREDENTIALS,
        intent=Intent(),
    )
    request = replace(make_request("bot", spec=TWO_SITES), id=saved.entry)
    changed = work.use_host(services, request, EUROPE.name)
    assert (changed.id, changed.host, changed.stored) == (saved.entry, EUROPE.name, True)
    assert services.store().profile("bot").host == EUROPE.name
    services.close()


def test_a_host_that_another_program_changed_turns_the_light_grey(bench: Bench) -> None:
    row = bench.add(Light.GREEN)
    bench.session.take(work.Loaded((row,)))
    moved = KeyRow(replace(row.request, host=EUROPE.name))
    bench.session.take(work.Loaded((moved,)))
    (now,) = bench.session.rows
    assert now.doubt is Doubt.CHANGED
    assert now.verdict.light is Light.GREY


@pytest.mark.parametrize("wanted", [True, False])
def test_the_passphrase_is_named_where_it_is_sent_along(qtbot: QtBot, wanted: bool) -> None:
    passphrase = CredentialField("passphrase", say("Passphrase"), say("Yours."))
    spec = replace(TWO_SITES, fields=(*SPEC.fields, passphrase)) if wanted else TWO_SITES
    offer = OtherSitesOffer(
        OtherSites(spec, SPEC.hosts[0].name, lambda _: None, lambda _: None), lambda: None
    )
    qtbot.addWidget(offer)
    offer.show()
    assert any("passphrase" in text for text in texts(offer)) is wanted


def test_two_places_of_one_title_are_told_apart(qtbot: QtBot) -> None:
    twin = replace(EUROPE, name="eea2.example.com")
    spec = replace(TWO_SITES, hosts=(*TWO_SITES.hosts, twin))
    found = replace(FOUND, host=replace(twin, limits=say("Spot only.")))
    sites = OtherSites(spec, SPEC.hosts[0].name, lambda answer: answer(found), lambda _: None)
    offer = OtherSitesOffer(sites, lambda: None)
    qtbot.addWidget(offer)
    offer.show()
    press(offer, "Ask them")
    assert reads(offer, "Spot only.")
    captions = [button.text() for button in offer.findChildren(QPushButton)]
    assert any("Binance Europe (eea2.example.com)" in caption for caption in captions)


def test_an_address_that_the_title_says_is_not_said_twice() -> None:
    host = replace(EUROPE, title="Binance US (eea.example.com)")
    assert place(host) == "Binance US (eea.example.com)"

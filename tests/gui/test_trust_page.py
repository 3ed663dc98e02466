"""The page names everybody who can ever be contacted, from the tables that allow it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import signed_notice
from keyring_double import MemoryKeyring
from latchlight import __version__
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import VaultError
from latchlight.core.facts import Environment
from latchlight.core.records import replace
from latchlight.core.sentences import say
from latchlight.exchanges import EXCHANGES, FACTS_DATE
from latchlight.exchanges.binance import SPEC
from latchlight.exchanges.spec import CredentialField, Host
from latchlight.gui import trust_work
from latchlight.gui.jobs import JobRunner
from latchlight.gui.pages.trust_page import NON_PROMISES, PROMISES, TrustPage
from latchlight.help.contacts import Party
from latchlight.net.egress import ADDRESS_SERVICES
from latchlight.services import Services
from latchlight.vault.vault import Vault
from signed_notice import Signer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def no_keyring() -> Vault:
    raise VaultError(DiagnosisCode.KEYRING_MISSING, say("No keyring here."), say("Install one."))


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = Services(folder=tmp_path, open_vault=lambda: Vault(MemoryKeyring()))
    yield made
    made.close()


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.close()


def opened(qtbot: QtBot, services: Services, runner: JobRunner) -> TrustPage:
    page = TrustPage(services, runner)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.contacts.said.text() != "Looking…")
    return page


def words(page: TrustPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def test_every_host_and_path_that_requests_allow_is_named(
    qtbot: QtBot, services: Services, runner: JobRunner
) -> None:
    said = words(opened(qtbot, services, runner))
    for spec in EXCHANGES.values():
        for host in spec.hosts:
            assert host.server in said
            assert host.title.removesuffix(f" ({host.server})") in said
        for probe in spec.probes():
            assert str(probe) in said
    for service in ADDRESS_SERVICES:
        assert service.party in said
        assert f"GET {service.path}" in said
        for name in (service.host4, service.host6):
            assert name is None or name in said


def test_nothing_is_named_that_requests_do_not_allow(services: Services) -> None:
    allowed = {
        (host.server, str(probe))
        for spec in EXCHANGES.values()
        for host in spec.hosts
        for probe in spec.probes()
    }
    allowed |= {
        (host, f"GET {one.path}")
        for one in ADDRESS_SERVICES
        for host in (one.host4, one.host6)
        if host
    }
    named = {
        (place.server, endpoint.request)
        for party in trust_work.all_parties(services)
        for place in party.places
        for endpoint in party.endpoints
    }
    assert named == allowed


def parties(services: Services) -> dict[str, Party]:
    return {party.name: party for party in trust_work.all_parties(services)}


def test_other_places_are_asked_only_after_the_user_agreed(services: Services) -> None:
    binance = parties(services)["Binance"]
    assert "testnet.binance.vision (Binance Spot Testnet)" in map(str, binance.places)
    assert "only after you agreed" in binance.when
    alone = replace(SPEC, hosts=SPEC.hosts[:1])
    assert "agreed" not in parties(replace(services, exchanges={"binance": alone}))["Binance"].when


def test_a_demo_behind_the_same_server_is_one_place_with_two_titles(services: Services) -> None:
    live, *_ = SPEC.hosts
    demo = Host(f"{live.name} (demo)", Environment.DEMO, "Demo", address=live.name)
    other = Host("eea.example.com", Environment.PRODUCTION, "Europe (eea.example.com)")
    spec = replace(SPEC, hosts=(live, demo, other))
    places = parties(replace(services, exchanges={"binance": spec}))["Binance"].places
    assert [str(place) for place in places] == [
        "api.binance.com (Binance, Demo)",
        "eea.example.com (Europe)",
    ]


def test_a_passphrase_that_goes_along_is_named(services: Services) -> None:
    passphrase = CredentialField("passphrase", say("Passphrase"), say("Yours."))
    spec = replace(SPEC, fields=(*SPEC.fields, passphrase))
    for exchange, goes_along in ((SPEC, False), (spec, True)):
        party = parties(replace(services, exchanges={"binance": exchange}))["Binance"]
        sent = {endpoint.request: endpoint.sends for endpoint in party.endpoints}
        assert ("passphrase" in sent[str(SPEC.key_probe)]) is goes_along
        assert "passphrase" not in sent[str(SPEC.time_probe)]


def test_version_and_date_of_the_facts_are_named(
    qtbot: QtBot, services: Services, runner: JobRunner
) -> None:
    said = words(opened(qtbot, services, runner))
    assert f"Version {__version__}" in said
    assert FACTS_DATE in said
    assert "GNU LGPL 3" in said
    for sentence in (*PROMISES, *NON_PROMISES):
        assert sentence in said


def test_contacts_are_listed_newest_first_with_their_time(
    qtbot: QtBot, services: Services, runner: JobRunner
) -> None:
    store = services.store()
    store.note_contact("api.ipify.org", "/", NOW - timedelta(days=2))
    store.note_contact("api.binance.com", "/api/v3/time", NOW)
    page = opened(qtbot, services, runner)
    lines = page.contacts.lines()
    assert lines[0] == "api.binance.com/api/v3/time"
    assert "Nov 2026" in lines[1]
    assert lines[2] == "api.ipify.org/"


def test_nobody_contacted_is_said_and_read_again_on_request(
    qtbot: QtBot, services: Services, runner: JobRunner
) -> None:
    page = opened(qtbot, services, runner)
    assert page.contacts.said.text() == "Nobody yet."
    services.store().note_contact("api.binance.com", "/api/v3/time", NOW)
    page.refresh()
    qtbot.waitUntil(lambda: bool(page.contacts.lines()))
    assert words(page).count("GET /sapi/v1/account/apiRestrictions") == 1


def test_the_keyring_is_named(qtbot: QtBot, services: Services, runner: JobRunner) -> None:
    assert opened(qtbot, services, runner).keyring.text() == "Keyring in memory"


def test_a_missing_keyring_is_named_with_the_next_step(
    qtbot: QtBot, tmp_path: Path, runner: JobRunner
) -> None:
    services = Services(folder=tmp_path, open_vault=no_keyring)
    page = opened(qtbot, services, runner)
    assert page.keyring.text() == "None is in use. No keyring here. Install one."
    services.close()


def test_contacts_that_cannot_be_read_are_said_to_be_so(
    qtbot: QtBot, services: Services, runner: JobRunner
) -> None:
    services.store().close()
    page = opened(qtbot, services, runner)
    assert page.contacts.said.text() not in ("", "Nobody yet.")


def test_s19_every_text_is_plain_and_nothing_is_a_link(
    qtbot: QtBot, services: Services, runner: JobRunner
) -> None:
    services.store().note_contact("<b>x</b>.example", "/<a href='x'>", NOW)
    page = opened(qtbot, services, runner)
    labels = page.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert not any(label.openExternalLinks() for label in labels)
    assert "<b>x</b>.example/<a href='x'>" in words(page)


def test_the_makers_are_named_where_there_is_a_place_to_ask(services: Services) -> None:
    asked = replace(services, release_home=signed_notice.home(Signer()))
    makers = parties(asked)["The makers of Latchlight"]
    assert [place.server for place in makers.places] == ["releases.example"]
    assert [endpoint.request for endpoint in makers.endpoints] == [
        "GET /latchlight/latest.json",
        "GET /latchlight/latest.json.minisig",
    ]
    assert makers.when.startswith("Only when you press")
    assert "The makers of Latchlight" not in parties(services)

"""Changing to a new key at every practice exchange, with the old key deleted on the exchange's own page."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from pytestqt.qtbot import QtBot

from keyring_double import MemoryKeyring
from latchlight import services as product
from latchlight.core.findings import Light
from latchlight.core.purpose import Intent
from latchlight.core.rotation import EndedBy, Rotation, Stage
from latchlight.exchanges import EXCHANGES
from latchlight.gui.key_row import KeyRow
from latchlight.gui.key_tasks import KeyTask
from latchlight.gui.network_watch import NetworkWatch
from latchlight.gui.pages.replace_page import ReplacePage
from latchlight.gui.session import Session
from latchlight.gui.workspace import Workspace
from latchlight.keys import save_key
from latchlight.net.egress import AddressService
from latchlight.practice.world import PracticeWorld
from latchlight.services import Services
from latchlight.vault import Vault
from window_bench import comes_true, press, reads, texts

PROVABLE = {"bybit", "okx", "kucoin", "gate", "bitget"}
"""Those that document an answer for a key that does not exist."""
LONG = 30.0


class AsIfReal(Services):
    """Practice hosts, but a store and a keyring as for real keys."""

    def address_services(self) -> tuple[AddressService, ...]:
        """Those on this computer."""
        return self.practice_services


@pytest.fixture
def world() -> Iterator[PracticeWorld]:
    with PracticeWorld.start(faults=False) as started:
        yield started
        assert started.faults() == []


def delete_on_the_page(world: PracticeWorld, exchange: str, name: str) -> None:
    """As the user does it in the browser."""
    page = urlsplit(world.browser_url)
    path = f"/{exchange}/{name}"
    connection = http.client.HTTPConnection(page.hostname or "", page.port, timeout=10)
    connection.request("GET", path)
    shown = connection.getresponse().read().decode()
    (token, *_) = re.findall(r'name="token" value="([^"]+)"', shown)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode({"token": token, "delete": "yes"}), kind)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 303
    assert world.registry(exchange).named(name) is None


class Walk:
    """One window on a session."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session = session
        self.workspace = Workspace(session)
        qtbot.addWidget(self.workspace)
        self.workspace.resize(1200, 800)
        self.workspace.show()
        assert comes_true(lambda: session.has_loaded and not session.looking_up, LONG)

    def row(self, exchange: str, label: str) -> KeyRow:
        found = [
            row
            for row in self.session.rows
            if (row.request.exchange.id, row.request.label) == (exchange, label)
        ]
        assert found, (exchange, label)
        return found[0]

    def check(self, *rows: KeyRow) -> None:
        self.session.check([row.id for row in rows])
        assert self.is_quiet()

    def is_quiet(self) -> bool:
        """Nothing runs, and nothing is begun by what has just ended."""
        session, turns = self.session, 0

        def quiet() -> bool:
            nonlocal turns
            turns = 0 if session.running or session.runner.busy else turns + 1
            return turns > 10

        return comes_true(quiet, LONG)

    def open(self, row: KeyRow) -> ReplacePage:
        self.workspace.select(row.id)
        self.workspace.open_task(KeyTask.REPLACE)
        page = self.workspace.side_page.page
        assert isinstance(page, ReplacePage)
        assert comes_true(lambda: page.complete)
        return page

    def accept_ambers(self, row_id: str) -> None:
        """The person's own decision, finding by finding."""
        row = self.session.row(row_id)
        assert row is not None
        assert row.report is not None
        for finding in row.report.open_ambers():
            self.session.changes.accept(row_id, finding, "looked at the page", 7)
        assert self.is_quiet()

    def rotation(self, page: ReplacePage) -> Rotation:
        assert self.is_quiet()
        found = page.rotation
        assert found is not None
        return found

    def overlap_of(self, row_id: str) -> Light | None:
        row = self.session.row(row_id)
        assert row is not None
        assert row.report is not None
        found = [f.light for f in row.report.findings if f.rule == "keys-overlap"]
        return found[0] if found else None

    def ask(self, page: ReplacePage) -> None:
        assert self.is_quiet()
        press(page, "Prove that the old key is dead")
        assert self.is_quiet()
        assert comes_true(lambda: page.proof.title.isVisible(), LONG)


def to_the_proof(walk: Walk, page: ReplacePage, new: KeyRow) -> None:
    page.chooser.choice.choose(new.id)
    assert page.chooser.choice.value == new.id
    press(page, "This is the new key")
    assert walk.is_quiet()
    if walk.rotation(page).stage is Stage.CHECK:
        walk.accept_ambers(new.id)
    assert comes_true(lambda: walk.rotation(page).stage is Stage.SWITCH)
    page.switched.click()
    page.deleted.click()
    assert walk.rotation(page).stage is Stage.PROVE


@pytest.mark.parametrize("exchange", sorted(EXCHANGES))
def test_the_old_key_is_amber_beside_the_new_one_and_dead_after_its_deletion(
    world: PracticeWorld, exchange: str, qtbot: QtBot
) -> None:
    services = product.practice(world)
    session = Session(services, world, network=NetworkWatch(lambda: ("", "")))
    walk = Walk(session, qtbot)
    fine = [
        row
        for row in session.rows
        if row.request.exchange.id == exchange and row.request.label.startswith("safe")
    ]
    assert len(fine) > 1
    old, new = fine[1], fine[0]
    walk.check(old, new)
    page = walk.open(old)
    to_the_proof(walk, page, new)
    assert walk.overlap_of(old.id) is Light.AMBER
    assert walk.overlap_of(new.id) is None

    walk.ask(page)
    assert page.proof.title.text().startswith("The old key still works")
    assert walk.rotation(page).stage is Stage.PROVE

    delete_on_the_page(world, exchange, old.request.label)
    walk.ask(page)
    rotation = walk.rotation(page)
    if exchange in PROVABLE:
        assert page.proof.badge.verdict.light is Light.GREEN
        assert rotation.ended is not None
        assert rotation.ended.by is EndedBy.PROVED
    else:
        assert page.proof.badge.verdict.light is Light.GREY
        assert page.proof.title.text().startswith("Not proved")
        assert rotation.ended is None
        hint = old.request.hint.lstrip("…")
        press(page, f"I looked: no key there ends in {hint}")
        told = walk.rotation(page).ended
        assert told is not None
        assert told.by is EndedBy.TOLD
    assert walk.overlap_of(old.id) is None
    session.close()
    services.close()


def saved(world: PracticeWorld, services: Services, exchange: str, name: str, label: str) -> None:
    """A practice key as if it were a real one."""
    (key,) = [k for k in world.keys if (k.exchange, k.name) == (exchange, name)]
    from latchlight.keys import practice_requests

    requests = practice_requests(world, services)
    (request,) = [r for r in requests if (r.exchange.id, r.label) == (exchange, name)]
    save_key(
        services,
        label=label,
        spec=request.exchange,
        host=request.host,
        credentials=request.credentials(),
        intent=Intent(key.purpose),
    )


def test_saved_keys_are_changed_over_a_restart_until_the_old_one_is_gone_from_the_keyring(
    world: PracticeWorld, tmp_path: Path, qtbot: QtBot
) -> None:
    practice, keyring = product.practice(world), MemoryKeyring()

    def start() -> tuple[Services, Walk]:
        services = AsIfReal(
            exchanges=practice.exchanges,
            ca_file=practice.ca_file,
            practice_services=practice.practice_services,
            folder=tmp_path,
            open_vault=lambda: Vault(keyring),
        )
        if not keyring.items:
            saved(world, services, "okx", "safe-spot", "old bot")
            saved(world, services, "okx", "safe-sub-account", "new bot")
        return services, Walk(Session(services, network=NetworkWatch(lambda: ("", ""))), qtbot)

    services, walk = start()
    old, new = walk.row("okx", "old bot"), walk.row("okx", "new bot")
    walk.check(old, new)
    page = walk.open(old)
    to_the_proof(walk, page, new)
    before = walk.rotation(page)
    assert services.store().rotations() == [before]
    assert walk.overlap_of(old.id) is Light.AMBER
    walk.session.close()
    services.close()

    delete_on_the_page(world, "okx", "safe-spot")
    services, walk = start()
    page = walk.open(walk.row("okx", "old bot"))
    assert walk.rotation(page) == before
    assert not any("Not both keys are saved" in text for text in texts(page))
    walk.ask(page)
    ended = walk.rotation(page).ended
    assert ended is not None
    assert (ended.by, ended.said) == (EndedBy.PROVED, "50119")
    names = {name for name, _ in keyring.items}
    press(page, "Remove the old key from this computer")
    press(page, "Remove this key")
    assert reads(page, "This key is not here any more")
    assert walk.is_quiet()
    assert services.store().rotations() == []
    assert [profile.label for profile in services.store().profiles()] == ["new bot"]
    assert len(names - {name for name, _ in keyring.items}) == 1
    walk.session.close()
    services.close()
    practice.close()

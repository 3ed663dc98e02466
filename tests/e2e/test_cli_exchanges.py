"""A whole account on the command line: a stored key of every exchange, and a key of another region."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.conftest import Cli
from keyring_daemon import KeyringDaemon
from latchlight.exchanges import EXCHANGES
from latchlight.practice.exchange import EXCHANGES as IMITATIONS
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld

CODES = {"green": 0, "amber": 1, "red": 2, "grey": 3}


@pytest.fixture(scope="module")
def everywhere() -> Iterator[PracticeWorld]:
    """All practice exchanges, without the ones that are out of order."""
    with PracticeWorld.start(faults=False) as started:
        yield started
        assert started.faults() == []


@pytest.fixture
def account(everywhere: PracticeWorld, bus: KeyringDaemon | None, tmp_path: Path) -> Cli:
    """A new user of all exchanges."""
    return Cli(everywhere, tmp_path, bus)


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_key_of_each_exchange_is_stored_checked_and_removed(account: Cli, exchange: str) -> None:
    expected = account.key("safe-spot", exchange).expected_light.value
    added = account.add("safe-spot", f"my {exchange}", exchange=exchange)
    assert added.exit == 0, added.err
    checked = account.run("check", f"my {exchange}", "--json")
    assert checked.report["light"] == expected
    assert checked.exit == CODES[expected]
    assert account.run("keys", "remove", f"my {exchange}").exit == 0
    assert account.run("keys", "list", "--json").json == []


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_withdrawing_key_of_each_exchange_is_never_let_through(
    account: Cli, exchange: str
) -> None:
    done = account.check("withdraw-on", exchange=exchange)
    assert done.light_of("withdraw-on") == "red"
    assert done.exit == CODES["red"]


def test_check_all_speaks_of_every_key_and_ends_with_the_worst(account: Cli) -> None:
    for exchange in EXCHANGES:
        assert account.add("safe-spot", exchange, exchange=exchange).exit == 0
    done = account.run("check", "--all", "--json")
    lights = {key["exchange"]: key["light"] for key in done.report["keys"]}
    assert lights == {
        exchange: account.key("safe-spot", exchange).expected_light.value for exchange in EXCHANGES
    }
    assert done.exit == CODES["amber"]
    for exchange in EXCHANGES:
        account.run("keys", "remove", exchange)


ELSEWHERE = {
    exchange: plan.name
    for exchange, imitation in IMITATIONS.items()
    for plan in imitation.cast(HOME_ADDRESS, AWAY_ADDRESS)
    if plan.elsewhere
}


def test_four_exchanges_have_a_second_region_to_practise_on() -> None:
    assert set(ELSEWHERE) == {"okx", "bybit", "kucoin", "gate"}


@pytest.mark.parametrize("exchange", ELSEWHERE)
def test_a_key_of_another_region_is_found_after_a_yes_and_kept_there(
    account: Cli, exchange: str
) -> None:
    assert account.add(ELSEWHERE[exchange], "bot", "--save-anyway", exchange=exchange).exit == 0
    elsewhere = f"{exchange}/elsewhere"
    first = account.run("check", "bot", "--json")
    assert first.report["keys"][0]["diagnosis"]["code"] == "key-unknown"
    assert account.world.log.entries(elsewhere) == ()
    asked = account.run("check", "bot", "--ask-other-hosts")
    assert "No new key is needed." in asked.out
    assert account.world.log.entries(elsewhere) != ()
    host = account.world.other_urls[exchange].removeprefix("https://")
    assert account.run("keys", "edit", "bot", "--host", host).exit == 0
    moved = account.run("check", "bot", "--json")
    assert moved.report["keys"][0]["diagnosis"] is None
    assert moved.report["keys"][0]["host"] == host
    account.run("keys", "remove", "bot")


def test_a_key_is_not_moved_to_a_host_of_another_exchange(account: Cli) -> None:
    account.add("safe-spot", "bot", exchange="okx")
    foreign = account.world.base_url("bybit").removeprefix("https://")
    refused = account.run("keys", "edit", "bot", "--host", foreign)
    assert refused.exit == 64
    assert "not a host of OKX" in refused.err
    assert account.run("check", "bot").exit == 0
    account.run("keys", "remove", "bot")


@pytest.mark.parametrize("exchange", ["okx", "kucoin", "bitget"])
def test_a_missing_passphrase_is_named_before_anything_is_sent(account: Cli, exchange: str) -> None:
    key = account.key("safe-spot", exchange)
    before = len(account.world.log.entries())
    given = f'{{"api_key": "{key.api_key}", "secret": "{key.secret}"}}'
    done = account.run("check", "--exchange", exchange, "--credentials", "-", stdin=given)
    assert done.exit == 64
    assert "assphrase" in done.err
    assert len(account.world.log.entries()) == before


@pytest.mark.parametrize("name", ["name", "id"])
def test_the_key_file_of_coinbase_is_taken_as_it_was_downloaded(account: Cli, name: str) -> None:
    key = account.key("safe-spot", "coinbase")
    file = json.dumps({name: key.api_key, "privateKey": key.secret.replace("\n", "\\n")})
    done = account.run(
        "check", "--exchange", "coinbase", "--credentials", "-", "--json", stdin=file
    )
    assert done.report["keys"][0]["diagnosis"] is None
    assert done.exit == CODES[key.expected_light.value]

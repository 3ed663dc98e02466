"""The practice world as a whole: what is started, told and forgotten."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import pytest

from latchlight.core.credentials import KeyKind, key_hint
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.errors import InputError
from latchlight.core.findings import Light
from latchlight.core.rules import RULES
from latchlight.practice.exchange import EXCHANGES
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld

from .conftest import Client


def test_there_are_practice_keys_for_every_light(world: PracticeWorld) -> None:
    lights = Counter(key.expected_light for key in world.keys)
    assert all(lights[light] >= 5 for light in Light)
    assert {key.kind for key in world.keys} == {KeyKind.HMAC, KeyKind.RSA, KeyKind.ED25519}
    assert len({key.name for key in world.keys}) == len(world.keys)


def test_every_reason_is_a_rule_or_a_diagnosis_and_green_has_none(world: PracticeWorld) -> None:
    known = {rule.id for rule in RULES} | {code.value for code in DiagnosisCode}
    for key in world.keys:
        assert (key.expected_reason is None) == (key.expected_light is Light.GREEN)
        assert key.expected_reason is None or key.expected_reason in known


def test_keys_are_fresh_in_every_session_and_look_real(
    start_world: Callable[..., PracticeWorld],
) -> None:
    first, second = start_world(faults=False), start_world(faults=False)
    keys = [*first.keys, *second.keys]
    assert len({key.api_key for key in keys}) == len(keys)
    assert len({key.secret for key in keys}) == len(keys)
    for key in keys:
        assert len(key.api_key) == 64
        assert key.api_key.isalnum()
        pem = key.secret.startswith("-----BEGIN PRIVATE KEY-----")
        assert pem is (key.kind is not KeyKind.HMAC)


def test_a_key_shows_no_credentials_when_printed(world: PracticeWorld) -> None:
    record = world.registry("binance").named("safe-spot")
    for key in world.keys:
        assert key.secret not in repr(key)
        assert key.api_key not in repr(key)
    assert record is not None
    assert record.api_key not in repr(record)


def test_the_description_is_the_one_of_practice_serve(world: PracticeWorld) -> None:
    told = json.loads(json.dumps(world.serve_description()))
    assert set(told) == {"ca_file", "control_url", "ip_urls", "egress", "exchanges"}
    assert told["egress"] == HOME_ADDRESS
    assert set(told["ip_urls"]) == {"ipv4"}
    binance = told["exchanges"]["binance"]
    assert binance["base_url"] == world.base_url("binance")
    safe = next(key for key in binance["keys"] if key["name"] == "safe-spot")
    assert set(safe) == {"name", "kind", "api_key", "secret", "passphrase", "expected_light"}
    assert (safe["kind"], safe["passphrase"], safe["expected_light"]) == ("hmac", None, "green")
    by_name = {key.name: key for key in world.keys}
    for key in binance["keys"]:
        assert by_name[key["name"]].base_url == binance["base_url"]


def test_five_address_services_tell_the_pretended_address(client: Client) -> None:
    urls = client.world.address_urls
    assert list(urls) == [f"practice-{number}" for number in range(1, 6)]
    client.world.egress = AWAY_ADDRESS
    for url in urls.values():
        reply = client.ask(url)
        assert (reply.status, reply.body.decode()) == (200, AWAY_ADDRESS)
        assert reply.headers.get_content_type() == "text/plain"
        assert client.ask(url, "/?format=json").json == {"ip": AWAY_ADDRESS}
    assert client.ask(url, "/other").status == 404
    assert client.ask(url, "/", "POST").status == 405


@pytest.mark.parametrize("address", ["", "here", "10.0.0.1", "::1", "203.0.113.0/24", "127.0.0.1"])
def test_only_a_public_ipv4_address_can_be_pretended(world: PracticeWorld, address: str) -> None:
    with pytest.raises(InputError):
        world.egress = address
    assert world.egress == HOME_ADDRESS


def test_another_home_moves_the_whole_cast(start_world: Callable[..., PracticeWorld]) -> None:
    world = start_world(egress=AWAY_ADDRESS, faults=False)
    client = Client(world)
    assert client.signed(client.key("safe-spot")).status == 200
    assert client.signed(client.key("wrong-address")).status == 400


def test_the_log_tells_what_was_asked_where(client: Client) -> None:
    client.signed(client.key("safe-spot"), timestamp=1)
    client.ask(client.world.address_urls["practice-3"], "/?format=json")
    first, second = client.world.log.entries()
    assert (first.site, first.method) == ("binance", "GET")
    assert first.path == "/sapi/v1/account/apiRestrictions"
    assert first.query.startswith("timestamp=1&signature=")
    assert "x-mbx-apikey" in first.header_names
    assert (second.site, second.query) == ("practice-3", "format=json")


def test_an_unknown_exchange_is_refused() -> None:
    with pytest.raises(KeyError):
        PracticeWorld.start(exchanges=("mtgox",))


def test_the_world_is_a_context_manager() -> None:
    with PracticeWorld.start(faults=False) as world:
        assert Client(world).ask(world.base_url("binance"), "/api/v3/ping").status == 200
    assert not world.ca_file.exists()


def test_a_key_s_own_page_is_found_and_else_the_list_of_keys() -> None:
    with PracticeWorld.start(faults=False) as world:
        start = world.browser_url
        for exchange in EXCHANGES:
            records = world.registry(exchange).records()
            host = world.base_url(exchange).removeprefix("https://")
            for record in records:
                hint = key_hint(record.api_key)
                assert world.page_of(exchange, host, hint, record.name) == (
                    f"{start}{exchange}/{record.name}"
                )
            alone = next(
                record
                for record in records
                if [key_hint(r.api_key) for r in records].count(key_hint(record.api_key)) == 1
            )
            hint = key_hint(alone.api_key)
            assert world.page_of(exchange, host, hint, "my bot").endswith(f"/{alone.name}")
            world.registry(exchange).remove(alone.name)
            assert world.page_of(exchange, host, hint, alone.name) == f"{start}{exchange}/"


def test_a_key_of_the_other_site_has_its_page_there() -> None:
    with PracticeWorld.start(faults=False) as world:
        for exchange, url in world.other_urls.items():
            record = world.registry(exchange, elsewhere=True).records()[0]
            host, hint = url.removeprefix("https://"), key_hint(record.api_key)
            page = world.page_of(exchange, host, hint, record.name)
            assert page == f"{world.browser_url}{exchange}-elsewhere/{record.name}"

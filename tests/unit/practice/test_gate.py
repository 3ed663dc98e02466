"""The practice Gate answers like the documented one, and every key of it gets its light."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import ccxt
import pytest

from latchlight.checkup import check_once
from latchlight.core.credentials import Credentials, Secret
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.findings import KeyReport, Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.practice.gate import cast
from latchlight.practice.keys import PracticeKey
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import practice

from .conftest import Client, Reply

DETAIL = "/api/v4/account/detail"
MAIN_KEYS = "/api/v4/account/main_keys"
SPOT = "/api/v4/spot/accounts"
NOW = 1_795_176_000.25
PLANS = {plan.name: plan for plan in cast(HOME_ADDRESS, AWAY_ADDRESS)}


@pytest.fixture(scope="module")
def here() -> Iterator[Client]:
    """A client of a world that no test changes."""
    with PracticeWorld.start(exchanges=("gate",)) as world:
        yield Client(world)
        assert world.faults() == []


@pytest.fixture
def own(start_world: Callable[..., PracticeWorld]) -> Client:
    """A client of a world of its own, in which the right time never moves."""
    return Client(start_world(exchanges=("gate",), faults=False, clock=lambda: NOW))


def signature(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def headers_of(
    key: PracticeKey, target: str = DETAIL, stamp: str | None = None, **changed: str | None
) -> dict[str, str]:
    """What a client sends; `changed` by names such as `SIGN`, None leaves one out."""
    when = str(int(time.time())) if stamp is None else stamp
    path, _, query = target.partition("?")
    text = f"GET\n{path}\n{query}\n{hashlib.sha512().hexdigest()}\n{when}"
    headers: dict[str, str | None] = {
        "KEY": key.api_key,
        "Timestamp": when,
        "SIGN": signature(key.secret, text),
    }
    return {name: value for name, value in (headers | changed).items() if value is not None}


def asked(client: Client, name: str, target: str = DETAIL, **changed: Any) -> Reply:
    key = client.key(name, "gate")
    return client.ask(key.base_url, target, headers=headers_of(key, target, **changed))


def said(reply: Reply) -> tuple[int, object, object]:
    return reply.status, reply.json["label"], reply.json["message"]


def own_entry(client: Client, name: str) -> dict[str, Any]:
    """The last one: before it stands another key of the same account."""

    reply = asked(client, name, MAIN_KEYS)
    assert reply.status == 200
    entries = json.loads(reply.body)
    assert isinstance(entries, list)
    assert entries[0]["key"] == "c5dcfbf1f3a7*****"
    entry = entries[-1]
    assert isinstance(entry, dict)
    return entry


# answers


def test_the_time_is_public_and_in_ms(own: Client) -> None:
    reply = own.ask(own.world.base_url("gate"), "/api/v4/spot/time")
    assert (reply.status, reply.body) == (200, b'{"server_time":1795176000250}')
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["X-In-Time"] == "1795176000250000"


def test_the_first_question_tells_the_whitelist_and_no_rights(here: Client) -> None:
    detail = asked(here, "safe-spot").json
    assert isinstance(detail.pop("user_id"), int)
    assert detail == {
        "ip_whitelist": ["203.0.113.7"],
        "currency_pairs": [],
        "key": {"mode": 1},
        "tier": 2,
        "copy_trading_role": 0,
    }


def test_the_second_question_tells_the_rights_of_every_key(here: Client) -> None:
    entry = own_entry(here, "safe-spot")
    assert {type(entry.pop(name)) for name in ("created_at", "update_at", "last_access")} == {int}
    assert entry.pop("user_id") == asked(here, "safe-spot").json["user_id"]
    assert entry == {
        "state": 1,
        "mode": 1,
        "name": "safe-spot",
        "perms": [{"name": "account", "read_only": True}, {"name": "spot", "read_only": False}],
        "ip_whitelist": ["203.0.113.7"],
        "currency_pairs": [],
        "key": here.key("safe-spot", "gate").api_key[:12] + "*****",
    }


def test_without_a_list_it_is_empty_in_both_answers(here: Client) -> None:
    assert asked(here, "trading-no-whitelist").json["ip_whitelist"] == []
    assert own_entry(here, "trading-no-whitelist")["ip_whitelist"] == []


def test_odd_keys_get_the_odd_answers_they_are_named_after(here: Client) -> None:
    assert own_entry(here, "frozen-key")["state"] == 3
    assert own_entry(here, "missing-field")["perms"][0] == {"name": "account"}
    assert own_entry(here, "text-booleans")["perms"][1] == {"name": "spot", "read_only": "false"}
    words = {
        name: own_entry(here, name)["perms"][-1]["name"] for name in ("withdraw-on", "makes-keys")
    }
    assert words == {"withdraw-on": "withdrawal", "makes-keys": "sub_accounts"}


def test_of_two_boxes_of_one_right_the_stronger_counts(own: Client) -> None:
    registry = own.world.registry("gate")
    record = registry.named("safe-spot")
    assert record is not None
    both = frozenset({"account:ro", "spot:ro", "spot"})
    registry.change("safe-spot", type(record.state)(False, (), both))
    reply = asked(own, "safe-spot", MAIN_KEYS, stamp=str(int(NOW)))
    assert b'{"name":"spot","read_only":false}' in reply.body
    assert b'{"name":"spot","read_only":true}' not in reply.body


def test_keys_and_secrets_have_the_usual_shape(here: Client) -> None:
    for key in here.world.keys:
        assert re.fullmatch(r"[0-9a-f]{32}", key.api_key)
        assert re.fullmatch(r"[0-9a-f]{64}", key.secret)
        assert key.passphrase is None


# refusals


@pytest.mark.parametrize(
    ("name", "status", "label", "message"),
    [
        ("deleted-key", 401, "INVALID_KEY", "Invalid key provided"),
        ("other-site", 401, "INVALID_KEY", "Invalid key provided"),
        ("wrong-secret", 401, "INVALID_SIGNATURE", "Signature mismatch"),
        ("wrong-address", 401, "IP_FORBIDDEN", "Request IP not in whitelist: 203.0.113.7"),
    ],
)
@pytest.mark.parametrize("path", [DETAIL, MAIN_KEYS, SPOT])
def test_refusals_have_gate_s_statuses_labels_and_words(
    here: Client, path: str, name: str, status: int, label: str, message: str
) -> None:
    assert said(asked(here, name, path)) == (status, label, message)


@pytest.mark.parametrize(
    ("name", "path", "right"),
    [
        ("no-account-permission", DETAIL, "account"),
        ("no-account-permission", MAIN_KEYS, "account"),
        ("no-main-keys", MAIN_KEYS, "account"),
        ("safe-futures", SPOT, "spot"),
        ("safe-spot", "/api/v4/wallet/total_balance", "wallet"),
        ("safe-spot", "/api/v4/futures/usdt/accounts", "futures"),
    ],
)
def test_a_missing_right_is_named(here: Client, name: str, path: str, right: str) -> None:
    message = f"Request API key does not have {right} permission"
    assert said(asked(here, name, path)) == (403, "FORBIDDEN", message)


def test_a_key_that_may_not_ask_for_its_rights_may_ask_for_its_whitelist(here: Client) -> None:
    assert asked(here, "no-main-keys").json["ip_whitelist"] == ["203.0.113.7"]


@pytest.mark.parametrize("name", ["KEY", "Timestamp", "SIGN"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_header_is_named(here: Client, name: str, value: str | None) -> None:
    reply = asked(here, "safe-spot", **{name: value})
    assert said(reply) == (401, "MISSING_REQUIRED_HEADER", f"Missing required header: {name}")


@pytest.mark.parametrize("api_key", ["short", "x" * 32, "c5dcfbf1f3a7*****"])
def test_a_malformed_key_is_an_unknown_one(here: Client, api_key: str) -> None:
    reply = asked(here, "safe-spot", KEY=api_key)
    assert said(reply) == (401, "INVALID_KEY", "Invalid key provided")


@pytest.mark.parametrize(
    ("offset", "status"), [(-60.1, 403), (-60, 200), (0, 200), (60, 200), (60.1, 403)]
)
def test_the_time_window_is_a_minute_either_way(own: Client, offset: float, status: int) -> None:
    reply = asked(own, "safe-spot", stamp=f"{NOW + offset:.2f}")
    assert reply.status == status
    if status != 200:
        message = "gap between request Timestamp and server time exceeds 60"
        assert said(reply) == (403, "REQUEST_EXPIRED", message)


@pytest.mark.parametrize("stamp", ["now", "-1", "1e9", "nan", " 1", "1700000000000"])
def test_a_senseless_timestamp_is_refused(here: Client, stamp: str) -> None:
    assert said(asked(here, "safe-spot", stamp=stamp))[:2] == (403, "REQUEST_EXPIRED")


def test_the_query_belongs_to_what_is_signed(here: Client) -> None:
    key = here.key("safe-spot", "gate")
    assert asked(here, "safe-spot", f"{SPOT}?currency=BTC").status == 200
    bare = headers_of(key, SPOT)
    other = here.ask(key.base_url, f"{SPOT}?currency=BTC", headers=bare)
    assert said(other) == (401, "INVALID_SIGNATURE", "Signature mismatch")


def test_an_encoded_query_is_signed_as_it_was_before(here: Client) -> None:
    key = here.key("safe-spot", "gate")
    headers = headers_of(key, f"{SPOT}?note=a b,c")
    assert here.ask(key.base_url, f"{SPOT}?note=a%20b%2Cc", headers=headers).status == 200


def test_a_body_belongs_to_what_is_signed(here: Client) -> None:
    key = here.key("safe-spot", "gate")
    reply = here.ask(key.base_url, DETAIL, body=b"{}", headers=headers_of(key))
    assert said(reply) == (401, "INVALID_SIGNATURE", "Signature mismatch")


def test_a_signature_of_another_kind_is_refused(here: Client) -> None:
    reply = asked(here, "safe-spot", SIGN="0" * 64)
    assert said(reply) == (401, "INVALID_SIGNATURE", "Signature mismatch")


def test_moving_to_the_other_network_locks_one_key_out_and_lets_the_other_in(own: Client) -> None:
    own.world.egress = AWAY_ADDRESS
    stamp = str(int(NOW))
    assert asked(own, "wrong-address", stamp=stamp).status == 200
    assert asked(own, "safe-spot", stamp=stamp).json["label"] == "IP_FORBIDDEN"
    assert asked(own, "trading-no-whitelist", stamp=stamp).status == 200


def test_a_key_of_gate_eu_is_known_there_and_only_there(here: Client) -> None:
    key = here.key("other-site", "gate")
    elsewhere = here.world.other_urls["gate"]
    assert here.ask(elsewhere, DETAIL, headers=headers_of(key)).status == 200
    at_home = here.key("safe-spot", "gate")
    assert here.ask(elsewhere, DETAIL, headers=headers_of(at_home)).status == 401


def test_other_paths_and_methods_are_refused(here: Client) -> None:
    url = here.world.base_url("gate")
    for path in (
        "/",
        "/api/v4",
        "/api/v4/",
        "/account/detail",
        "/api/v4/sub_accounts",
        "/spot/time",
    ):
        assert said(here.ask(url, path))[:2] == (404, "NOT_FOUND")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert said(here.ask(url, DETAIL, method, b"{}"))[:2] == (405, "METHOD_NOT_ALLOWED")


# through the program


def checked(client: Client, key: PracticeKey) -> KeyReport:
    around = practice(client.world)
    try:
        credentials = Credentials(Secret(key.api_key), Secret(key.secret), key.kind)
        host = key.base_url.removeprefix("https://")
        spec = around.exchanges["gate"]
        intent = Intent(key.purpose)
        report = check_once(spec, host, credentials, intent, around, token=CancelToken())
        return report.keys[0]
    finally:
        around.close()


@pytest.mark.parametrize("name", PLANS)
def test_every_key_gets_its_light_and_its_reason(here: Client, name: str) -> None:
    key = here.key(name, "gate")
    report = checked(here, key)
    assert report.light is key.expected_light
    reasons = {finding.rule for finding in report.findings if finding.light is report.light}
    reasons |= {report.diagnosis.code.value} if report.diagnosis is not None else set()
    assert key.expected_reason in reasons


@pytest.mark.parametrize("name", ["safe-spot", "safe-futures", "safe-watch"])
def test_of_a_well_kept_key_nothing_is_left_but_the_look_at_the_page(
    here: Client, name: str
) -> None:
    report = checked(here, here.key(name, "gate"))
    assert [f.rule for f in report.open_ambers()] == ["withdraw-on"]
    assert report.light is Light.AMBER


def test_an_unknown_key_can_be_asked_for_at_gate_eu(here: Client) -> None:
    found = checked(here, here.key("other-site", "gate")).diagnosis
    assert found is not None
    assert found.code is DiagnosisCode.KEY_UNKNOWN
    assert found.ask_other_hosts == (here.world.other_urls["gate"].removeprefix("https://"),)


def test_the_pause_is_the_one_that_the_exchange_named(here: Client) -> None:
    report = checked(here, here.key("rate-limited", "gate"))
    assert report.diagnosis is not None
    assert report.diagnosis.retry_after == pytest.approx(30.0, abs=2.0)


# an independent client


def independent(client: Client, key: PracticeKey, secret: str | None = None) -> Any:
    exchange = ccxt.gate(
        {
            "apiKey": key.api_key,
            "secret": secret or key.secret,
        }
    )
    for kind in exchange.urls["api"].values():
        kind.update(dict.fromkeys(kind, f"{key.base_url}/api/v4"))
    # Bundles named in the environment would win over ours.
    exchange.session.trust_env = False
    # ccxt hands `verify and validateServerSsl` to requests as the certificates to trust.
    exchange.validateServerSsl = str(client.world.ca_file)
    return exchange


def test_ccxt_is_accepted_with_the_right_secret(here: Client) -> None:
    exchange = independent(here, here.key("safe-spot", "gate"))
    try:
        assert exchange.privateAccountGetDetail()["ip_whitelist"] == ["203.0.113.7"]
        assert exchange.privateAccountGetMainKeys()[-1]["perms"][1]["name"] == "spot"
        assert exchange.fetch_time() == pytest.approx(time.time() * 1000, abs=10_000)
        assert list(exchange.load_markets()) == ["BTC/USDT"]
        assert exchange.fetch_balance()["USDT"]["total"] == 1350.0
    finally:
        exchange.session.close()


def test_ccxt_is_refused_with_a_wrong_secret(here: Client) -> None:
    key = here.key("safe-spot", "gate")
    exchange = independent(here, key, key.secret[::-1])
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.privateAccountGetDetail()
        with pytest.raises(ccxt.AuthenticationError):
            exchange.privateSpotGetAccounts()
    finally:
        exchange.session.close()


def test_ccxt_is_refused_from_an_unlisted_address_and_without_a_right(here: Client) -> None:
    unlisted = independent(here, here.key("wrong-address", "gate"))
    unable = independent(here, here.key("no-account-permission", "gate"))
    try:
        with pytest.raises(ccxt.AuthenticationError):
            unlisted.privateAccountGetDetail()
        with pytest.raises(ccxt.PermissionDenied):
            unable.privateAccountGetDetail()
    finally:
        unlisted.session.close()
        unable.session.close()

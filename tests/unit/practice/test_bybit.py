"""The practice Bybit answers like the documented one, and every key of it gets its light."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import ccxt
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from latchlight.checkup import CheckRequest, ask_other_hosts, check_once
from latchlight.core.credentials import Credentials, KeyKind, Secret, key_hint
from latchlight.core.findings import KeyReport, Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent, Purpose
from latchlight.practice.bybit import RULES, cast
from latchlight.practice.keys import PracticeKey
from latchlight.practice.traits import Trait
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import Services, practice

from .conftest import Client, Reply

INFORMATION = "/v5/user/query-api"
FUNDING = "/v5/asset/transfer/query-account-coins-balance"
NOW = 1_795_176_000.25
NOW_MS = 1_795_176_000_250
PLANS = {plan.name: plan for plan in cast(HOME_ADDRESS, AWAY_ADDRESS)}


@pytest.fixture(scope="module")
def here() -> Iterator[Client]:
    """A client of a world that no test changes."""
    with PracticeWorld.start(exchanges=("bybit",)) as world:
        yield Client(world)
        assert world.faults() == []


@pytest.fixture
def own(start_world: Callable[..., PracticeWorld]) -> Client:
    """A client of a world of its own, in which the right time never moves."""
    return Client(start_world(exchanges=("bybit",), faults=False, clock=lambda: NOW))


def signature(secret: str, text: str) -> str:
    if not secret.startswith("-----BEGIN"):
        return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    private = load_pem_private_key(secret.encode(), None)
    assert isinstance(private, RSAPrivateKey)
    return base64.b64encode(private.sign(text.encode(), PKCS1v15(), SHA256())).decode()


def headers_of(
    key: PracticeKey, query: str = "", stamp: int | None = None, window: str | None = "5000"
) -> dict[str, str]:
    """What a client sends."""
    when = str(int(time.time() * 1000) if stamp is None else stamp)
    headers = {
        "X-BAPI-API-KEY": key.api_key,
        "X-BAPI-TIMESTAMP": when,
        "X-BAPI-SIGN": signature(key.secret, f"{when}{key.api_key}{window or ''}{query}"),
    }
    return headers if window is None else {**headers, "X-BAPI-RECV-WINDOW": window}


def asked(client: Client, name: str, target: str = INFORMATION, **more: Any) -> Reply:
    key = client.key(name, "bybit")
    return client.ask(
        key.base_url, target, headers=headers_of(key, target.partition("?")[2], **more)
    )


def code(reply: Reply) -> tuple[int, object]:
    return reply.status, reply.json["retCode"]


def result(reply: Reply) -> dict[str, Any]:
    assert code(reply) == (200, 0)
    value = reply.json["result"]
    assert isinstance(value, dict)
    return value


# answers


def test_the_time_is_told_without_a_key(own: Client) -> None:
    reply = own.ask(own.world.base_url("bybit"), "/v5/market/time")
    assert (reply.status, reply.body) == (
        200,
        b'{"retCode":0,"retMsg":"OK","result":{"timeSecond":"1795176000",'
        b'"timeNano":"1795176000250000000"},"retExtInfo":{},"time":1795176000250}',
    )
    assert reply.headers["Content-Type"] == "application/json;charset=UTF-8"


def test_a_bound_key_tells_every_documented_field(own: Client) -> None:
    told = result(asked(own, "safe-spot", stamp=NOW_MS))
    permissions = told.pop("permissions")
    assert told.pop("id") == str(told.pop("userID"))
    assert told == {
        "note": "safe-spot",
        "apiKey": own.key("safe-spot", "bybit").api_key,
        "readOnly": 0,
        "secret": "",
        "ips": [HOME_ADDRESS],
        "type": 1,
        "deadlineDay": -2,
        "expiredAt": "1970-01-01T00:00:00Z",
        "createdAt": "2026-10-11T12:00:00Z",
        "unified": 0,
        "uta": 1,
        "inviterID": 0,
        "vipLevel": "No VIP",
        "mktMakerLevel": "0",
        "affiliateID": 0,
        "rsaPublicKey": "",
        "isMaster": True,
        "parentUid": "0",
        "kycLevel": "LEVEL_1",
        "kycRegion": "MYS",
    }
    assert {area: words for area, words in permissions.items() if words} == {"Spot": ["SpotTrade"]}
    assert len(permissions) == 17


def test_a_key_without_a_list_shows_a_star_and_its_end(own: Client) -> None:
    told = result(asked(own, "trading-no-whitelist", stamp=NOW_MS))
    assert told["ips"] == ["*"]
    assert (told["createdAt"], told["expiredAt"]) == (
        "2026-10-11T12:00:00Z",
        "2027-01-09T12:00:00Z",
    )
    assert told["deadlineDay"] == 50


def test_levels_accounts_and_kinds_are_told(here: Client) -> None:
    assert result(asked(here, "watch"))["readOnly"] == 1
    sub = result(asked(here, "safe-sub-account"))
    assert sub["isMaster"] is False
    assert sub["parentUid"] != "0"
    assert result(asked(here, "safe-rsa"))["rsaPublicKey"].startswith("-----BEGIN PUBLIC KEY")


def test_odd_keys_get_the_odd_answers_they_are_named_after(here: Client) -> None:
    assert result(asked(here, "unknown-permission"))["permissions"]["StockTrade"] == ["Order"]
    assert "Wallet" not in result(asked(here, "missing-field"))["permissions"]
    texts = result(asked(here, "text-forms"))
    assert (texts["readOnly"], texts["ips"]) == ("0", HOME_ADDRESS)
    assert result(asked(here, "empty-list"))["ips"] == []
    assert result(asked(here, "another-key"))["apiKey"] != here.key("another-key", "bybit").api_key


def test_keys_and_secrets_have_the_usual_shape(here: Client) -> None:
    for key in here.world.keys:
        assert re.fullmatch(r"[A-Za-z0-9]{18}", key.api_key)
        if key.kind is KeyKind.HMAC:
            assert re.fullmatch(r"[A-Za-z0-9]{36}", key.secret)


def test_what_is_switched_on_the_page_shows_in_the_next_answer(own: Client) -> None:
    registry = own.world.registry("bybit")
    record = registry.named("safe-spot")
    assert record is not None
    fields = {switch.field for switch in RULES.switches}
    assert record.state.switches <= fields
    changed = type(record.state)(False, (), frozenset({"Wallet.Withdraw"}))
    registry.change("safe-spot", changed)
    told = result(asked(own, "safe-spot", stamp=NOW_MS))
    assert told["permissions"]["Wallet"] == ["Withdraw"]
    assert (told["permissions"]["Spot"], told["ips"], told["readOnly"]) == ([], ["*"], 1)


def test_answers_to_keys_carry_the_counters_of_the_account(own: Client) -> None:
    reply = asked(own, "safe-spot", stamp=NOW_MS)
    assert reply.headers["X-Bapi-Limit"] == "10"
    assert reply.headers["X-Bapi-Limit-Status"] == "9"
    assert reply.headers["X-Bapi-Limit-Reset-Timestamp"] == "1795176001000"


# refusals


def test_an_unlisted_address_is_refused_without_naming_it(here: Client) -> None:
    reply = asked(here, "wrong-address")
    assert code(reply) == (200, 10010)
    assert reply.json["retMsg"] == "Unmatched IP, please check your API key's bound IP addresses."
    assert reply.json["result"] == {}


def test_unknown_keys_and_wrong_secrets_are_refused_with_http_200(here: Client) -> None:
    assert code(asked(here, "deleted-key")) == (200, 10003)
    assert code(asked(here, "wrong-secret")) == (200, 10004)
    assert code(asked(here, "ended-key")) == (200, 33004)


def test_a_signature_belongs_to_its_query_and_its_key(here: Client) -> None:
    key, other = here.key("safe-spot", "bybit"), here.key("safe-futures", "bybit")
    headers = headers_of(key, "coin=BTC")
    assert code(here.ask(key.base_url, f"{INFORMATION}?coin=BTC", headers=headers)) == (200, 0)
    assert code(here.ask(key.base_url, f"{INFORMATION}?coin=ETH", headers=headers)) == (200, 10004)
    assert code(here.ask(key.base_url, INFORMATION, headers=headers)) == (200, 10004)
    swapped = {**headers_of(key), "X-BAPI-API-KEY": other.api_key}
    assert code(here.ask(key.base_url, INFORMATION, headers=swapped)) == (200, 10004)
    rsa = here.key("safe-rsa", "bybit")
    for sign in ("00", signature(key.secret, "x"), "!", "\u00e4"):
        told = {**headers_of(rsa), "X-BAPI-SIGN": sign}
        told = {name: value.encode("latin-1").decode("latin-1") for name, value in told.items()}
        assert code(here.ask(rsa.base_url, INFORMATION, headers=told)) == (200, 10004)


@pytest.mark.parametrize(
    ("offset_ms", "window", "wanted"),
    [
        *[(0, "5000", 0), (999, "5000", 0), (1000, "5000", 10002), (60_000, "5000", 10002)],
        *[(-5000, "5000", 0), (-5001, "5000", 10002), (-5000, None, 0), (-5001, None, 10002)],
        *[(-100, "99", 10002), (-99, "99", 0), (-20_000, "30000", 0)],
    ],
)
def test_the_window_is_as_documented(
    own: Client, offset_ms: int, window: str | None, wanted: int
) -> None:
    reply = asked(own, "safe-spot", stamp=NOW_MS + offset_ms, window=window)
    assert code(reply) == (200, wanted)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, None) for name in ("X-BAPI-API-KEY", "X-BAPI-SIGN", "X-BAPI-TIMESTAMP")],
        *[("X-BAPI-API-KEY", value) for value in ("", "short", "a" * 19, "-" * 18)],
        *[("X-BAPI-TIMESTAMP", value) for value in ("", "now", "-1", "1.5", "9" * 16)],
        *[("X-BAPI-RECV-WINDOW", value) for value in ("x", "-5", "5.0")],
    ],
)
def test_headers_that_are_none_get_401_without_a_word(
    here: Client, name: str, value: str | None
) -> None:
    key = here.key("safe-spot", "bybit")
    headers: dict[str, str | None] = {**headers_of(key), name: value}
    sent = {n: v for n, v in headers.items() if v is not None}
    reply = here.ask(key.base_url, INFORMATION, headers=sent)
    assert (reply.status, reply.body) == (401, b"")


def test_the_funding_account_needs_a_wallet_right(here: Client) -> None:
    reply = asked(here, "safe-spot", f"{FUNDING}?accountType=FUND")
    assert code(reply) == (200, 10005)
    allowed = asked(here, "transfer-on", f"{FUNDING}?accountType=FUND")
    assert result(allowed)["accountType"] == "FUND"


def test_other_paths_methods_and_bodies_are_refused(here: Client) -> None:
    key = here.key("safe-spot", "bybit")
    assert here.ask(key.base_url, "/v5/asset/withdraw/create").status == 404
    assert here.ask(key.base_url, "/").status == 404
    for method in ("POST", "PUT", "DELETE"):
        reply = here.ask(key.base_url, INFORMATION, method, headers=headers_of(key))
        assert reply.status == 405
    with_body = here.ask(key.base_url, INFORMATION, "GET", b"{}", headers_of(key))
    assert (with_body.status, with_body.headers["Content-Type"][:9]) == (403, "text/html")


def test_faults_are_worded_as_bybit_words_them(here: Client) -> None:
    def at(trait: Trait, path: str = "/v5/market/time") -> Reply:
        return here.ask(here.world.base_url("bybit", trait), path)

    assert code(at(Trait.MAINTENANCE)) == (200, 10016)
    assert code(at(Trait.REGION)) == (200, 10009)
    assert at(Trait.FIREWALL).status == 403
    banned = at(Trait.BANNED)
    assert (banned.status, banned.body) == (403, b"403, access too frequent")
    assert code(at(Trait.RATE_LIMITED)) == (200, 0)
    limited = asked(here, "rate-limited")
    assert code(limited) == (200, 10006)
    assert limited.headers["X-Bapi-Limit-Status"] == "0"
    assert int(limited.headers["X-Bapi-Limit-Reset-Timestamp"]) > time.time() * 1000


# an independent client


def independent(client: Client, name: str, secret: str = "") -> Any:
    key = client.key(name, "bybit")
    exchange: Any = ccxt.bybit(
        {
            "apiKey": key.api_key,
            "secret": secret or key.secret,
            "options": {"fetchMarkets": {"types": ["spot"]}},
        }
    )
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], key.base_url)
    # Bundles named in the environment would win over ours.
    exchange.session.trust_env = False
    # ccxt hands `verify and validateServerSsl` to requests as the certificates to trust.
    exchange.validateServerSsl = str(client.world.ca_file)
    return exchange


@pytest.mark.parametrize("name", ["safe-spot", "safe-rsa", "watch"])
def test_ccxt_gets_along_with_the_right_secret(here: Client, name: str) -> None:
    exchange = independent(here, name)
    try:
        assert exchange.fetch_time() == pytest.approx(time.time() * 1000, abs=10_000)
        assert exchange.fetch_balance()["USDT"]["total"] == 1250.0
        assert exchange.is_unified_enabled() == [False, True]
        assert list(exchange.markets) == ["BTC/USDT"]
        told = exchange.privateGetV5UserQueryApi()
        assert told["result"]["apiKey"] == exchange.apiKey
    finally:
        exchange.session.close()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("wrong-secret", ccxt.AuthenticationError),
        ("deleted-key", ccxt.AuthenticationError),
        ("wrong-address", ccxt.PermissionDenied),
    ],
)
def test_ccxt_is_refused_like_at_the_real_one(
    here: Client, name: str, problem: type[Exception]
) -> None:
    exchange = independent(here, name)
    try:
        with pytest.raises(problem):
            exchange.privateGetV5UserQueryApi()
    finally:
        exchange.session.close()


def test_ccxt_is_refused_with_another_secret(here: Client) -> None:
    exchange = independent(here, "safe-spot", "s" * 36)
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.privateGetV5AccountWalletBalance({"accountType": "UNIFIED"})
    finally:
        exchange.session.close()


# the whole checkup over HTTPS


def credentials(key: PracticeKey) -> Credentials:
    return Credentials(
        Secret(key.api_key), Secret(key.secret), key.kind, hint=key_hint(key.api_key)
    )


def checked(around: Services, key: PracticeKey) -> KeyReport:
    spec = around.exchanges["bybit"]
    host = key.base_url.removeprefix("https://")
    report = check_once(
        spec, host, credentials(key), Intent(key.purpose), around, token=CancelToken()
    )
    return report.keys[0]


@pytest.mark.parametrize("name", PLANS)
def test_every_key_gets_its_light(here: Client, name: str) -> None:
    key = here.key(name, "bybit")
    around = practice(here.world)
    try:
        report = checked(around, key)
    finally:
        around.close()
    assert report.light is key.expected_light, [
        (f.rule, f.light.value, f.title) for f in report.findings if f.light is not Light.GREEN
    ]
    if key.expected_reason is None:
        assert report.diagnosis is None
        return
    worst = [f for f in report.findings if f.light is report.light and f.required]
    reasons = {f.rule for f in worst} | {f.reason for f in worst}
    if report.diagnosis is not None:
        reasons.add(report.diagnosis.code.value)
    assert key.expected_reason in reasons


def test_a_key_of_the_other_region_is_found_there(here: Client) -> None:
    key = here.key("other-region", "bybit")
    around = practice(here.world)
    try:
        spec = around.exchanges["bybit"]
        request = CheckRequest(
            id="once",
            label="bot",
            exchange=spec,
            host=key.base_url.removeprefix("https://"),
            hint=key_hint(key.api_key),
            intent=Intent(Purpose.SPOT),
            credentials=lambda: credentials(key),
        )
        found = ask_other_hosts(request, around, token=CancelToken())
    finally:
        around.close()
    assert found is not None
    assert found.host.title == "Bybit EU"
    assert found.host.server == here.world.other_urls["bybit"].removeprefix("https://")

"""The practice Bitget answers like the documented one, and every key of it gets its light."""

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

from latchlight.checkup import check_once
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.findings import KeyReport, Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.practice.bitget import WRITES, cast
from latchlight.practice.keys import KeyState, PracticeKey
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import practice

from .conftest import Client, Reply

UNIFIED = "/api/v3/account/info"
CLASSIC = "/api/v2/spot/account/info"
TIME = "/api/v2/public/time"
NOW = 1_795_176_000.25
NOW_MS = 1_795_176_000_250
PLANS = {plan.name: plan for plan in cast(HOME_ADDRESS, AWAY_ADDRESS)}


@pytest.fixture(scope="module")
def here() -> Iterator[Client]:
    """A client of a world that no test changes."""
    with PracticeWorld.start(exchanges=("bitget",)) as world:
        yield Client(world)
        assert world.faults() == []


@pytest.fixture
def own(start_world: Callable[..., PracticeWorld]) -> Client:
    """A client of a world of its own, in which the right time never moves."""
    return Client(start_world(exchanges=("bitget",), faults=False, clock=lambda: NOW))


def signature(key: PracticeKey, text: str) -> str:
    if key.kind is KeyKind.HMAC:
        raw = hmac.digest(key.secret.encode(), text.encode(), hashlib.sha256)
    else:
        private = load_pem_private_key(key.secret.encode(), None)
        assert isinstance(private, RSAPrivateKey)
        raw = private.sign(text.encode(), PKCS1v15(), SHA256())
    return base64.b64encode(raw).decode()


def headers_of(
    key: PracticeKey, target: str = CLASSIC, stamp: int | None = None, **changed: str | None
) -> dict[str, str]:
    """What a client sends; `changed` by names such as `access_sign`, None leaves one out."""
    when = str(int(time.time() * 1000) if stamp is None else stamp)
    headers: dict[str, str | None] = {
        "ACCESS-KEY": key.api_key,
        "ACCESS-SIGN": signature(key, f"{when}GET{target}"),
        "ACCESS-TIMESTAMP": when,
        "ACCESS-PASSPHRASE": key.passphrase,
    }
    headers |= {name.upper().replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in headers.items() if value is not None}


def asked(client: Client, name: str, target: str = CLASSIC, **changed: Any) -> Reply:
    key = client.key(name, "bitget")
    return client.ask(key.base_url, target, headers=headers_of(key, target, **changed))


def said(reply: Reply) -> tuple[int, object, object]:
    return reply.status, reply.json["code"], reply.json["msg"]


def data(client: Client, name: str, target: str = CLASSIC) -> Any:
    reply = asked(client, name, target)
    assert said(reply) == (200, "00000", "success")
    return reply.json["data"]


# answers


def test_the_time_needs_no_key(own: Client) -> None:
    reply = own.ask(own.world.base_url("bitget"), TIME)
    assert reply.json == {
        "code": "00000",
        "msg": "success",
        "requestTime": NOW_MS,
        "data": {"serverTime": str(NOW_MS)},
    }


def test_a_classic_key_tells_every_documented_field(here: Client) -> None:
    told = data(here, "safe-spot")
    assert told.pop("userId").isdigit()
    assert told.pop("regisTime").isdigit()
    assert told == {
        "inviterId": "",
        "ips": "203.0.113.7",
        "authorities": ["stor", "stow"],
        "parentId": 0,
        "traderType": "not_trader",
        "channelCode": "",
        "channel": "",
    }


def test_a_unified_key_tells_every_documented_field(here: Client) -> None:
    told = data(here, "safe-unified", UNIFIED)
    assert told.pop("userId").isdigit()
    assert told.pop("parentId").isdigit()
    assert told.pop("regisTime").isdigit()
    assert told == {
        "inviterId": "",
        "ips": "203.0.113.7",
        "permType": "read-and-write",
        "permissions": ["uta_trade"],
        "channelCode": "",
        "channel": "",
    }


def test_odd_keys_get_the_odd_answers_they_are_named_after(here: Client) -> None:
    assert data(here, "old-words")["authorities"] == ["trade", "readonly"]
    assert data(here, "unknown-permission")["authorities"] == ["nftw", "stor", "stow"]
    assert "ips" not in data(here, "missing-field")
    assert data(here, "safe-futures")["ips"] == ["203.0.113.7"]
    assert data(here, "trading-no-whitelist")["ips"] == ""
    assert data(here, "read-only-as-a-whole", UNIFIED)["permType"] == "read-only"
    assert data(here, "unknown-mode", UNIFIED)["permType"] == "trade-only"


def test_balances_are_told_in_both_kinds_of_account(here: Client) -> None:
    assert data(here, "safe-spot", "/api/v2/spot/account/assets")[0]["available"] == "1250"
    assert (
        data(here, "safe-spot", "/api/v2/account/all-account-balance")[0]["accountType"] == "spot"
    )
    told = data(here, "manages-account", "/api/v3/account/assets")
    assert told["assets"][0]["balance"] == "1250"


def test_keys_and_secrets_have_the_usual_shape(here: Client) -> None:
    for key in here.world.keys:
        assert re.fullmatch(r"bg_[0-9a-f]{32}", key.api_key)
        assert re.fullmatch(r"[A-Za-z0-9]{8,32}", key.passphrase or "")
        if key.kind is KeyKind.HMAC:
            assert re.fullmatch(r"[0-9a-f]{64}", key.secret)


# refusals


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("deleted-key", "40006", "Invalid ACCESS_KEY"),
        ("wrong-passphrase", "40012", "apikey/password is incorrect"),
        ("wrong-secret", "40009", "sign signature error"),
        ("wrong-address", "40018", "invalid ip,current request ip 203.0.113.7"),
        ("demo-key", "40099", "exchange environment is incorrect"),
    ],
)
@pytest.mark.parametrize("path", [CLASSIC, UNIFIED])
def test_refusals_have_bitget_s_status_codes_and_words(
    here: Client, path: str, name: str, code: str, message: str
) -> None:
    reply = asked(here, name, path)
    assert said(reply) == (400, code, message)
    assert reply.json["data"] is None


def test_each_kind_of_account_is_refused_by_the_other_s_questions(here: Client) -> None:
    for path in (UNIFIED, "/api/v3/account/assets"):
        assert said(asked(here, "safe-spot", path))[:2] == (400, "40084")
    for path in (CLASSIC, "/api/v2/spot/account/assets"):
        assert said(asked(here, "safe-unified", path))[:2] == (400, "40085")


def test_a_missing_right_is_named(here: Client) -> None:
    message = "Incorrect permissions, need spot read permissions"
    assert said(asked(here, "futures-only")) == (400, "40014", message)
    message = "Incorrect permissions, need UTA mgt. read permissions"
    reply = asked(here, "safe-unified", "/api/v3/account/assets")
    assert said(reply) == (400, "40014", message)


def test_writing_spot_is_enough_to_read_it(own: Client) -> None:
    state = KeyState(True, (HOME_ADDRESS,), frozenset({"stow"}))
    own.world.registry("bitget").change("safe-spot", state)
    assert asked(own, "safe-spot", stamp=NOW_MS).json["code"] == "00000"


@pytest.mark.parametrize(
    ("header", "code", "message"),
    [
        ("access_key", "40001", "ACCESS_KEY cannot be empty"),
        ("access_sign", "40002", "ACCESS_SIGN cannot be empty"),
        ("access_timestamp", "40005", "Invalid ACCESS_TIMESTAMP"),
        ("access_passphrase", "40011", "ACCESS_PASSPHRASE cannot be empty"),
    ],
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_header_is_named(
    here: Client, header: str, code: str, message: str, value: str | None
) -> None:
    assert said(asked(here, "safe-spot", **{header: value})) == (400, code, message)


@pytest.mark.parametrize("api_key", ["short", "bg_" + "x" * 32, "bg_" + "0" * 32])
def test_a_malformed_key_is_an_unknown_one(here: Client, api_key: str) -> None:
    reply = asked(here, "safe-spot", access_key=api_key)
    assert said(reply) == (400, "40006", "Invalid ACCESS_KEY")


@pytest.mark.parametrize(
    ("offset_ms", "code"),
    [
        (-30_001, "40008"),
        (-30_000, "00000"),
        (0, "00000"),
        (30_000, "00000"),
        (30_001, "40008"),
    ],
)
def test_the_time_window_is_thirty_seconds_either_way(
    own: Client, offset_ms: int, code: str
) -> None:
    assert asked(own, "safe-spot", stamp=NOW_MS + offset_ms).json["code"] == code


@pytest.mark.parametrize("stamp", ["now", "-1", "1795176000", "1795176000.25", "9" * 16])
def test_a_senseless_timestamp_is_refused(here: Client, stamp: str) -> None:
    reply = asked(here, "safe-spot", access_timestamp=stamp)
    assert said(reply) == (400, "40005", "Invalid ACCESS_TIMESTAMP")


def test_what_is_signed_is_the_path_with_its_raw_query(here: Client) -> None:
    key = here.key("safe-spot", "bitget")
    path = "/api/v2/spot/account/assets"
    assert asked(here, "safe-spot", f"{path}?coin=USDT").status == 200
    encoded = here.ask(key.base_url, f"{path}?coin=%24", headers=headers_of(key, f"{path}?coin=$"))
    assert encoded.status == 200
    without = here.ask(key.base_url, f"{path}?coin=USDT", headers=headers_of(key, path))
    assert said(without) == (400, "40009", "sign signature error")


@pytest.mark.parametrize("name", ["safe-spot", "safe-rsa"])
def test_another_text_s_signature_is_refused(here: Client, name: str) -> None:
    key = here.key(name, "bitget")
    assert asked(here, name).status == 200
    for wrong in (signature(key, "something else"), "not base64", "AAAA"):
        assert asked(here, name, access_sign=wrong).json["code"] == "40009"


def test_a_demo_key_is_served_in_the_demo_and_a_live_key_is_not(here: Client) -> None:
    assert asked(here, "demo-key", paptrading="1").status == 200
    assert asked(here, "safe-spot", paptrading="1").json["code"] == "40099"


def test_other_paths_and_methods_are_refused(here: Client) -> None:
    url = here.world.base_url("bitget")
    for path in ("/", "/api/spot/v1/account/getInfo", "/api/v3/account/withdrawal", CLASSIC + "/"):
        assert said(here.ask(url, path)) == (404, "40404", "Request URL NOT FOUND")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for path in (TIME, UNIFIED):
            assert here.ask(url, path, method, b"{}").status == 405


def test_moving_to_the_other_network_locks_one_key_out_and_lets_the_other_in(own: Client) -> None:
    own.world.egress = AWAY_ADDRESS
    assert asked(own, "wrong-address", stamp=NOW_MS).json["code"] == "00000"
    reply = asked(own, "safe-spot", stamp=NOW_MS)
    assert said(reply) == (400, "40018", f"invalid ip,current request ip {AWAY_ADDRESS}")
    assert asked(own, "trading-no-whitelist", stamp=NOW_MS).json["code"] == "00000"


def test_the_page_s_mode_switch_is_the_mode_of_the_answer(own: Client) -> None:
    state = KeyState(True, (HOME_ADDRESS,), frozenset({WRITES, "uta_trade", "stow"}))
    own.world.registry("bitget").change("read-only-as-a-whole", state)
    told: Any = asked(own, "read-only-as-a-whole", UNIFIED, stamp=NOW_MS).json["data"]
    assert told["permType"] == "read-and-write"
    assert told["permissions"] == ["uta_trade"]


# through the program


def checked(client: Client, key: PracticeKey) -> KeyReport:
    assert key.passphrase is not None
    around = practice(client.world)
    try:
        credentials = Credentials(
            Secret(key.api_key), Secret(key.secret), key.kind, Secret(key.passphrase)
        )
        host = key.base_url.removeprefix("https://")
        spec = around.exchanges["bitget"]
        intent = Intent(key.purpose)
        report = check_once(spec, host, credentials, intent, around, token=CancelToken())
        return report.keys[0]
    finally:
        around.close()


@pytest.mark.parametrize("name", PLANS)
def test_every_key_gets_its_light_and_its_reason(here: Client, name: str) -> None:
    key = here.key(name, "bitget")
    report = checked(here, key)
    assert report.light is key.expected_light
    if key.expected_light is Light.GREEN:
        assert key.expected_reason is None
        return
    reasons = {finding.rule for finding in report.findings if finding.light is report.light}
    reasons |= {report.diagnosis.code.value} if report.diagnosis is not None else set()
    assert key.expected_reason in reasons


def test_the_address_that_the_exchange_saw_is_in_the_report(here: Client) -> None:
    report = checked(here, here.key("wrong-address", "bitget"))
    assert report.diagnosis is not None
    assert report.diagnosis.seen_address == HOME_ADDRESS


@pytest.mark.parametrize(
    ("name", "paths"),
    [("safe-unified", [TIME, UNIFIED]), ("safe-spot", [TIME, UNIFIED, CLASSIC])],
)
def test_the_classic_question_is_asked_only_where_the_unified_one_was_refused(
    own: Client, name: str, paths: list[str]
) -> None:
    checked(own, own.key(name, "bitget"))
    assert [entry.path for entry in own.world.log.entries("bitget")] == paths


# an independent client


def independent(client: Client, key: PracticeKey, **changed: str) -> Any:
    exchange = ccxt.bitget(
        {"apiKey": key.api_key, "secret": key.secret, "password": key.passphrase, **changed}
    )
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], key.base_url)
    # Bundles named in the environment would win over ours.
    exchange.session.trust_env = False
    # ccxt hands `verify and validateServerSsl` to requests as the certificates to trust.
    exchange.validateServerSsl = str(client.world.ca_file)
    # Markets are not imitated.
    exchange.markets, exchange.currencies = {}, {}
    exchange.options["uta"] = False
    return exchange


def test_ccxt_is_accepted_with_the_right_credentials(here: Client) -> None:
    exchange = independent(here, here.key("safe-spot", "bitget"))
    try:
        told = exchange.privateSpotGetV2SpotAccountInfo()
        assert told["data"]["authorities"] == ["stor", "stow"]
        assert exchange.fetch_time() == pytest.approx(time.time() * 1000, abs=10_000)
        assert exchange.fetch_balance()["USDT"]["total"] == 1250.0
    finally:
        exchange.session.close()


def test_ccxt_is_accepted_on_a_unified_account(here: Client) -> None:
    exchange = independent(here, here.key("manages-account", "bitget"))
    try:
        told = exchange.privateUtaGetV3AccountAssets()
        assert told["data"]["assets"][0]["coin"] == "USDT"
    finally:
        exchange.session.close()


@pytest.mark.parametrize("wrong", [{"secret": "0" * 64}, {"password": "notInvented7"}])
def test_ccxt_is_refused_with_a_wrong_secret_or_passphrase(
    here: Client, wrong: dict[str, str]
) -> None:
    exchange = independent(here, here.key("safe-spot", "bitget"), **wrong)
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.privateSpotGetV2SpotAccountInfo()
        with pytest.raises(ccxt.AuthenticationError):
            exchange.fetch_balance()
    finally:
        exchange.session.close()


def test_ccxt_is_refused_from_an_unlisted_address(here: Client) -> None:
    exchange = independent(here, here.key("wrong-address", "bitget"))
    try:
        with pytest.raises(ccxt.PermissionDenied):
            exchange.privateSpotGetV2SpotAccountInfo()
    finally:
        exchange.session.close()

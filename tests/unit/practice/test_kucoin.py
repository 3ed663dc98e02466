"""The practice KuCoin answers like the documented one, and every key of it gets its light."""

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

from latchlight.checkup import check_once
from latchlight.core.credentials import Credentials, Secret
from latchlight.core.findings import KeyReport, Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.practice.keys import PracticeKey
from latchlight.practice.kucoin import cast
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import practice

from .conftest import Client, Reply

INFO = "/api/v1/user/api-key"
ACCOUNTS = "/api/v1/accounts"
NOW = 1_795_176_000.25
NOW_MS = 1_795_176_000_250
PLANS = {plan.name: plan for plan in cast(HOME_ADDRESS, AWAY_ADDRESS)}


@pytest.fixture(scope="module")
def here() -> Iterator[Client]:
    """A client of a world that no test changes."""
    with PracticeWorld.start(exchanges=("kucoin",)) as world:
        yield Client(world)
        assert world.faults() == []


@pytest.fixture
def own(start_world: Callable[..., PracticeWorld]) -> Client:
    """A client of a world of its own, in which the right time never moves."""
    return Client(start_world(exchanges=("kucoin",), faults=False, clock=lambda: NOW))


def b64(secret: str, text: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha256)).decode()


def headers_of(
    key: PracticeKey, target: str = INFO, stamp: int | None = None, **changed: str | None
) -> dict[str, str]:
    """What a client sends; `changed` by names such as `kc_api_sign`, None leaves one out."""
    when = str(int(time.time() * 1000) if stamp is None else stamp)
    assert key.passphrase is not None
    headers: dict[str, str | None] = {
        "KC-API-KEY": key.api_key,
        "KC-API-SIGN": b64(key.secret, f"{when}GET{target}"),
        "KC-API-TIMESTAMP": when,
        "KC-API-PASSPHRASE": b64(key.secret, key.passphrase),
        "KC-API-KEY-VERSION": "3",
    }
    headers |= {name.upper().replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in headers.items() if value is not None}


def asked(client: Client, name: str, target: str = INFO, **changed: Any) -> Reply:
    key = client.key(name, "kucoin")
    return client.ask(key.base_url, target, headers=headers_of(key, target, **changed))


def said(reply: Reply) -> tuple[int, object, object]:
    return reply.status, reply.json["code"], reply.json.get("msg")


def info(client: Client, name: str) -> dict[str, Any]:
    reply = asked(client, name)
    assert (reply.status, reply.json["code"]) == (200, "200000")
    data = reply.json["data"]
    assert isinstance(data, dict)
    return data


# answers


def test_the_public_questions_need_no_key(own: Client) -> None:
    url = own.world.base_url("kucoin")
    reply = own.ask(url, "/api/v1/timestamp")
    assert (reply.status, reply.body) == (200, b'{"code":"200000","data":1795176000250}')
    assert own.ask(url, "/api/v1/status").json["data"] == {"status": "open", "msg": ""}
    assert own.ask(url, "/api/v1/my-ip").json["data"] == "203.***.***.7"


def test_a_sub_account_s_key_tells_every_documented_field(here: Client) -> None:
    data = info(here, "safe-spot")
    created, uid = data.pop("createdAt"), data.pop("uid")
    assert isinstance(created, int)
    assert isinstance(uid, int)
    assert data == {
        "remark": "safe-spot",
        "apiKey": here.key("safe-spot", "kucoin").api_key,
        "apiVersion": 3,
        "permission": "General,Spot",
        "isMaster": False,
        "ipWhitelist": "203.**.7",
        "subName": "practice01",
    }


def test_the_main_account_s_key_has_no_sub_account_s_name(here: Client) -> None:
    data = info(here, "main-account")
    assert data["isMaster"] is True
    assert "subName" not in data


def test_without_a_list_its_field_is_not_there(here: Client) -> None:
    assert "ipWhitelist" not in info(here, "trading-no-whitelist")


def test_odd_keys_get_the_odd_answers_they_are_named_after(here: Client) -> None:
    assert info(here, "unknown-permission")["permission"] == "General,Spot,Payments"
    assert "isMaster" not in info(here, "missing-field")
    assert info(here, "null-list")["ipWhitelist"] is None
    assert info(here, "withdraw-on")["permission"] == "General,Spot,Transfer"


def test_keys_and_secrets_have_the_usual_shape(here: Client) -> None:
    for key in here.world.keys:
        assert re.fullmatch(r"[0-9a-f]{24}", key.api_key)
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key.secret)
        assert re.fullmatch(r"[A-Za-z0-9]{7,32}", key.passphrase or "")


# refusals


@pytest.mark.parametrize(
    ("name", "status", "code", "message"),
    [
        ("deleted-key", 401, "400003", "KC-API-KEY does not exist"),
        ("other-region", 401, "400003", "KC-API-KEY does not exist"),
        ("wrong-passphrase", 401, "400004", "Invalid KC-API-PASSPHRASE"),
        ("wrong-secret", 401, "400005", "Invalid KC-API-SIGN"),
        (
            "wrong-address",
            403,
            "400006",
            "Invalid request ip, the current clientIp is:203.0.113.7",
        ),
        ("ipv6-seen", 403, "400006", "Invalid request ip, the current clientIp is:2001:db8::7"),
    ],
)
@pytest.mark.parametrize("path", [INFO, ACCOUNTS])
def test_refusals_have_kucoin_s_statuses_codes_and_words(
    here: Client, path: str, name: str, status: int, code: str, message: str
) -> None:
    assert said(asked(here, name, path)) == (status, code, message)


def test_a_key_of_an_old_generation_is_refused(here: Client) -> None:
    assert said(asked(here, "old-generation"))[:2] == (400, "400008")


@pytest.mark.parametrize("version", [None, "1", "4", "", "3.0"])
def test_an_unknown_version_is_refused(here: Client, version: str | None) -> None:
    reply = asked(here, "safe-spot", kc_api_key_version=version)
    assert said(reply) == (400, "400009", "Invalid KC-API-KEY-VERSION")


@pytest.mark.parametrize(
    "name", ["kc_api_key", "kc_api_sign", "kc_api_timestamp", "kc_api_passphrase"]
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_header_is_named(here: Client, name: str, value: str | None) -> None:
    status, code, message = said(asked(here, "safe-spot", **{name: value}))
    assert (status, code) == (400, "400001")
    assert name.upper().replace("_", "-") in str(message)


@pytest.mark.parametrize("api_key", ["short", "x" * 24, "6705f5c311545b000157d3eb"])
def test_a_malformed_key_is_an_unknown_one(here: Client, api_key: str) -> None:
    reply = asked(here, "safe-spot", kc_api_key=api_key)
    assert said(reply) == (401, "400003", "KC-API-KEY does not exist")


@pytest.mark.parametrize(
    ("offset_ms", "status"), [(-5001, 400), (-5000, 200), (0, 200), (5000, 200), (5001, 400)]
)
def test_the_time_window_is_five_seconds_either_way(
    own: Client, offset_ms: int, status: int
) -> None:
    reply = asked(own, "safe-spot", stamp=NOW_MS + offset_ms)
    assert reply.status == status
    assert reply.json["code"] == ("200000" if status == 200 else "400002")


@pytest.mark.parametrize("stamp", ["now", "-1", "1.5", "9" * 16, " 1"])
def test_a_senseless_timestamp_is_refused(here: Client, stamp: str) -> None:
    reply = asked(here, "safe-spot", kc_api_timestamp=stamp)
    assert said(reply) == (400, "400002", "Invalid KC-API-TIMESTAMP")


def test_a_plain_passphrase_is_refused(here: Client) -> None:
    key = here.key("safe-spot", "kucoin")
    reply = asked(here, "safe-spot", kc_api_passphrase=key.passphrase)
    assert said(reply) == (401, "400004", "Invalid KC-API-PASSPHRASE")


def test_what_is_signed_is_the_path_with_its_query(here: Client) -> None:
    key = here.key("safe-spot", "kucoin")
    assert asked(here, "safe-spot", f"{ACCOUNTS}?type=trade").status == 200
    headers = headers_of(key, ACCOUNTS)
    other = here.ask(key.base_url, f"{ACCOUNTS}?type=trade", headers=headers)
    assert said(other) == (401, "400005", "Invalid KC-API-SIGN")


def test_an_encoded_query_is_signed_as_it_was_before(here: Client) -> None:
    key = here.key("safe-spot", "kucoin")
    headers = headers_of(key, f"{ACCOUNTS}?note=a b")
    assert here.ask(key.base_url, f"{ACCOUNTS}?note=a%20b", headers=headers).status == 200


def test_a_key_without_general_is_refused(own: Client) -> None:
    registry = own.world.registry("kucoin")
    record = registry.named("safe-spot")
    assert record is not None
    registry.change("safe-spot", type(record.state)(True, (HOME_ADDRESS,), frozenset({"Spot"})))
    reply = asked(own, "safe-spot", stamp=NOW_MS)
    assert said(reply) == (403, "400007", "Access denied, requires more permission")


def test_moving_to_the_other_network_locks_one_key_out_and_lets_the_other_in(own: Client) -> None:
    own.world.egress = AWAY_ADDRESS
    assert asked(own, "wrong-address", stamp=NOW_MS).status == 200
    assert asked(own, "safe-spot", stamp=NOW_MS).json["code"] == "400006"
    assert asked(own, "trading-no-whitelist", stamp=NOW_MS).status == 200


def test_a_key_of_the_other_region_is_known_there_and_only_there(here: Client) -> None:
    key = here.key("other-region", "kucoin")
    elsewhere = here.world.other_urls["kucoin"]
    assert here.ask(elsewhere, INFO, headers=headers_of(key)).status == 200
    at_home = here.key("safe-spot", "kucoin")
    assert here.ask(elsewhere, INFO, headers=headers_of(at_home)).status == 401


def test_other_paths_and_methods_are_refused(here: Client) -> None:
    url = here.world.base_url("kucoin")
    for path in ("/", "/api/v1/nothing", "/api/v1/sub/api-key", "/api/v3/accounts"):
        assert said(here.ask(url, path)) == (404, "404000", "Url Not Found")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert here.ask(url, INFO, method, b"{}").status == 405


def test_a_get_with_a_body_is_refused_by_the_front(here: Client) -> None:
    key = here.key("safe-spot", "kucoin")
    reply = here.ask(key.base_url, INFO, body=b"{}", headers=headers_of(key))
    assert (reply.status, reply.headers.get_content_type()) == (403, "text/html")


def test_the_weight_that_is_left_is_told(own: Client) -> None:
    first = asked(own, "safe-spot", stamp=NOW_MS)
    second = asked(own, "safe-spot", stamp=NOW_MS)
    assert first.headers["gw-ratelimit-limit"] == "2000"
    assert first.headers["gw-ratelimit-remaining"] == "1980"
    assert second.headers["gw-ratelimit-remaining"] == "1960"
    assert second.headers["gw-ratelimit-reset"] == "30000"


# through the program


def checked(client: Client, key: PracticeKey) -> KeyReport:
    assert key.passphrase is not None
    around = practice(client.world)
    try:
        credentials = Credentials(
            Secret(key.api_key), Secret(key.secret), key.kind, Secret(key.passphrase)
        )
        host = key.base_url.removeprefix("https://")
        spec = around.exchanges["kucoin"]
        intent = Intent(key.purpose)
        report = check_once(spec, host, credentials, intent, around, token=CancelToken())
        return report.keys[0]
    finally:
        around.close()


@pytest.mark.parametrize("name", PLANS)
def test_every_key_gets_its_light_and_its_reason(here: Client, name: str) -> None:
    key = here.key(name, "kucoin")
    report = checked(here, key)
    assert report.light is key.expected_light
    if key.expected_light is Light.GREEN:
        assert key.expected_reason is None
        return
    reasons = {finding.rule for finding in report.findings if finding.light is report.light}
    reasons |= {report.diagnosis.code.value} if report.diagnosis is not None else set()
    assert key.expected_reason in reasons


def test_the_address_that_the_exchange_saw_is_in_the_report(here: Client) -> None:
    report = checked(here, here.key("ipv6-seen", "kucoin"))
    assert report.diagnosis is not None
    assert report.diagnosis.seen_address == "2001:db8::7"


def test_the_pause_is_the_one_that_the_exchange_named(here: Client) -> None:
    report = checked(here, here.key("rate-limited", "kucoin"))
    assert report.diagnosis is not None
    assert report.diagnosis.retry_after == 30.0


# an independent client


def independent(client: Client, key: PracticeKey, **changed: str) -> Any:
    exchange = ccxt.kucoin(
        {"apiKey": key.api_key, "secret": key.secret, "password": key.passphrase, **changed}
    )
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], key.base_url)
    # Bundles named in the environment would win over ours.
    exchange.session.trust_env = False
    # ccxt hands `verify and validateServerSsl` to requests as the certificates to trust.
    exchange.validateServerSsl = str(client.world.ca_file)
    # Markets are not imitated.
    exchange.markets, exchange.currencies = {}, {}
    return exchange


def test_ccxt_is_accepted_with_the_right_credentials(here: Client) -> None:
    exchange = independent(here, here.key("safe-spot", "kucoin"))
    try:
        assert exchange.privateGetUserApiKey()["data"]["permission"] == "General,Spot"
        assert exchange.fetch_time() == pytest.approx(time.time() * 1000, abs=10_000)
        assert exchange.fetch_status()["status"] == "ok"
        assert exchange.fetch_accounts()[0]["currency"] == "USDT"
        assert exchange.fetch_balance()["USDT"]["total"] == 1250.0
    finally:
        exchange.session.close()


@pytest.mark.parametrize(
    "wrong", [{"secret": "f03a5284-5c39-4aaa-9b20-dea10bdcf8e3"}, {"password": "not-invented-7"}]
)
def test_ccxt_is_refused_with_a_wrong_secret_or_passphrase(
    here: Client, wrong: dict[str, str]
) -> None:
    exchange = independent(here, here.key("safe-spot", "kucoin"), **wrong)
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.privateGetUserApiKey()
        with pytest.raises(ccxt.AuthenticationError):
            exchange.privateGetAccounts()
    finally:
        exchange.session.close()


def test_ccxt_is_refused_from_an_unlisted_address(here: Client) -> None:
    exchange = independent(here, here.key("wrong-address", "kucoin"))
    try:
        with pytest.raises(ccxt.AuthenticationError):
            exchange.privateGetUserApiKey()
    finally:
        exchange.session.close()

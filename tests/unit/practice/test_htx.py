"""The practice HTX answers like the documented one, and every key of it gets its light."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import ccxt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from latchlight.checkup import check_once
from latchlight.core.credentials import Credentials, KeyKind, Secret
from latchlight.core.findings import KeyReport, Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.practice.htx import cast
from latchlight.practice.keys import KeyState, PracticeKey
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import practice

from .conftest import Client, Reply

UID, KEY, ACCOUNTS = "/v2/user/uid", "/v2/user/api-key", "/v1/account/accounts"
SIGNED = (UID, KEY, ACCOUNTS)
NOW = 1_795_176_000.25
PLANS = {plan.name: plan for plan in cast(HOME_ADDRESS, AWAY_ADDRESS)}
ACCESS_KEY = "Incorrect Access key [Access key\u9519\u8bef]"
SIGNATURE = "Verification failure [\u6821\u9a8c\u5931\u8d25]"
TIME = (
    "Invalid submission time or incorrect time format "
    "[\u65e0\u6548\u7684\u63d0\u4ea4\u65f6\u95f4\uff0c\u6216\u65f6\u95f4\u683c\u5f0f\u9519\u8bef]"
)
PERMISSION = "API key has no permission [API Key\u6ca1\u6709\u6743\u9650]"


@pytest.fixture(scope="module")
def here() -> Iterator[Client]:
    """A client of a world that no test changes."""
    with PracticeWorld.start(exchanges=("htx",)) as world:
        yield Client(world)
        assert world.faults() == []


@pytest.fixture
def own(start_world: Callable[..., PracticeWorld]) -> Client:
    """A client of a world of its own, in which the right time never moves."""
    return Client(start_world(exchanges=("htx",), faults=False, clock=lambda: NOW))


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def signature(key: PracticeKey, text: str) -> str:
    if key.kind is KeyKind.HMAC:
        raw = hmac.digest(key.secret.encode(), text.encode(), hashlib.sha256)
    else:
        private: Any = load_pem_private_key(key.secret.encode(), None)
        raw = private.sign(text.encode())
    return base64.b64encode(raw).decode()


def target_of(
    key: PracticeKey, path: str, at: float | None = None, host: str = "", **changed: str | None
) -> str:
    """Path and signed query; `changed` by names such as `Timestamp`, None leaves one out."""
    parts: dict[str, str | None] = {
        "AccessKeyId": key.api_key,
        "SignatureMethod": "HmacSHA256" if key.kind is KeyKind.HMAC else "Ed25519",
        "SignatureVersion": "2",
        "Timestamp": stamp(time.time() if at is None else at),
    }
    parts |= changed
    kept = sorted((name, value) for name, value in parts.items() if value is not None)
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in kept)
    server = host or urlsplit(key.base_url).netloc
    signed = signature(key, f"GET\n{server}\n{path}\n{query}")
    return f"{path}?{query}&Signature={quote(signed, safe='')}"


def asked(client: Client, name: str, path: str = UID, **changed: Any) -> Reply:
    key = client.key(name, "htx")
    return client.ask(key.base_url, target_of(key, path, **changed))


def uid_of(client: Client, name: str) -> str:
    record = client.world.registry("htx").named(name)
    assert record is not None
    return str(record.uid)


def entry(client: Client, name: str, **changed: Any) -> dict[str, Any]:
    wanted = {"uid": uid_of(client, name), "accessKey": client.key(name, "htx").api_key}
    reply = asked(client, name, KEY, **wanted, **changed)
    assert (reply.status, reply.json["code"]) == (200, 200)
    entries = reply.json["data"]
    assert isinstance(entries, list)
    assert len(entries) == 1
    assert isinstance(entries[0], dict)
    return entries[0]


def refused(reply: Reply) -> tuple[int, object, object]:
    """Status, code and text in either family's form."""
    body = reply.json
    if "status" in body:
        assert (body["status"], body["data"]) == ("error", None)
        return reply.status, body["err-code"], body["err-msg"]
    assert set(body) == {"code", "message"}
    return reply.status, body["code"], body["message"]


def not_valid(text: str) -> tuple[int, str, str]:
    return 200, "api-signature-not-valid", f"Signature not valid: {text}"


INVALID = (200, 1003, "invalid signature")

# answers


def test_the_public_questions_need_no_key(own: Client) -> None:
    url = own.world.base_url("htx")
    reply = own.ask(url, "/v1/common/timestamp")
    assert (reply.status, reply.body) == (200, b'{"status":"ok","data":1795176000250}')
    assert own.ask(url, "/v2/market-status").json == {"code": 200, "data": {"marketStatus": 1}}


def test_the_account_number_is_a_number(here: Client) -> None:
    reply = asked(here, "safe-watch")
    assert (reply.status, reply.json) == (
        200,
        {"code": 200, "data": int(uid_of(here, "safe-watch"))},
    )


def test_a_key_tells_every_documented_field(here: Client) -> None:
    told = entry(here, "safe-spot")
    created, updated = told.pop("createTime"), told.pop("updateTime")
    assert isinstance(created, int)
    assert created == updated
    assert told == {
        "accessKey": here.key("safe-spot", "htx").api_key,
        "status": "normal",
        "note": "safe-spot",
        "permission": "readOnly,trade",
        "ipAddresses": "203.0.113.7",
        "validDays": -1,
    }


def test_a_key_without_list_has_an_empty_one_and_an_end(here: Client) -> None:
    told = entry(here, "trading-no-whitelist")
    assert (told["ipAddresses"], told["validDays"]) == ("", 90)
    assert entry(here, "ends-soon")["validDays"] == 5


def test_odd_keys_get_the_odd_answers_they_are_named_after(here: Client) -> None:
    assert entry(here, "unknown-permission")["permission"] == "readOnly,loan"
    assert "permission" not in entry(here, "missing-field")
    assert entry(here, "list-for-text")["permission"] == ["readOnly"]
    assert "ipAddresses" not in entry(here, "no-addresses")
    assert entry(here, "expired-key")["status"] == "expired"
    assert entry(here, "withdraw-on")["permission"] == "readOnly,trade,withdraw"
    assert entry(here, "wide-range")["ipAddresses"] == "203.0.112.0/22"


def test_without_a_name_all_keys_of_the_account_are_told_and_under_another_none(
    here: Client,
) -> None:
    uid = uid_of(here, "safe-watch")
    every = asked(here, "safe-watch", KEY, uid=uid).json["data"]
    assert isinstance(every, list)
    assert [each["note"] for each in every] == ["safe-watch"]
    other = here.key("safe-spot", "htx").api_key
    assert asked(here, "safe-watch", KEY, uid=uid, accessKey=other).json["data"] == []


@pytest.mark.parametrize("uid", [None, "", "x", "-1", "\u0661", "9" * 30])
def test_the_account_number_must_be_one(here: Client, uid: str | None) -> None:
    reply = asked(here, "safe-watch", KEY, uid=uid)
    assert refused(reply) == (200, 2002, "invalid field value in `uid`")


def test_another_account_s_keys_are_not_told(here: Client) -> None:
    reply = asked(here, "safe-watch", KEY, uid=uid_of(here, "safe-spot"))
    assert refused(reply) == (200, 1002, "forbidden")


def test_a_sub_user_s_key_may_ask_for_its_number_and_not_for_its_rights(here: Client) -> None:
    assert asked(here, "sub-user").json["code"] == 200
    reply = asked(here, "sub-user", KEY, uid=uid_of(here, "sub-user"))
    assert (reply.status, reply.body) == (403, b"")


def test_balances_are_told_for_the_account_that_the_list_names(here: Client) -> None:
    accounts: Any = asked(here, "safe-watch", ACCOUNTS).json["data"]
    assert [(a["type"], a["state"]) for a in accounts] == [("spot", "working")]
    path = f"{ACCOUNTS}/{accounts[0]['id']}/balance"
    balance: Any = asked(here, "safe-watch", path).json["data"]
    assert balance["list"][0] == {
        "currency": "usdt",
        "type": "trade",
        "balance": "1250.00",
        "seq-num": "477",
    }
    wrong = asked(here, "safe-watch", f"{ACCOUNTS}/1/balance")
    assert refused(wrong)[:2] == (200, "account-get-accounts-inexistent-error")


def test_keys_and_secrets_have_the_usual_shape(here: Client) -> None:
    for key in here.world.keys:
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{10}-[0-9a-f]{8}-[0-9a-f]{5}", key.api_key)
        if key.kind is KeyKind.HMAC:
            assert re.fullmatch(r"([0-9a-f]{8}-){3}[0-9a-f]{5}", key.secret)
        assert key.passphrase is None


# refusals


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deleted-key", ACCESS_KEY),
        ("wrong-secret", SIGNATURE),
        ("wrong-address", "Incorrect IP address [IP\u5730\u5740\u9519\u8bef]:203.0.113.7"),
        ("ipv6-seen", "Incorrect IP address [IP\u5730\u5740\u9519\u8bef]:2001:db8::7"),
    ],
)
def test_the_older_family_says_why_and_the_newer_one_does_not(
    here: Client, name: str, text: str
) -> None:
    assert refused(asked(here, name, ACCOUNTS)) == not_valid(text)
    assert refused(asked(here, name, f"{ACCOUNTS}/1/balance")) == not_valid(text)
    assert refused(asked(here, name, UID)) == INVALID
    assert refused(asked(here, name, KEY, uid="1")) == INVALID


@pytest.mark.parametrize("path", SIGNED)
@pytest.mark.parametrize("api_key", [None, "", "short", "x" * 8 + "-x" * 3])
def test_a_key_that_is_missing_or_malformed_is_an_unknown_one(
    here: Client, path: str, api_key: str | None
) -> None:
    reply = asked(here, "safe-watch", path, AccessKeyId=api_key)
    assert refused(reply) == (not_valid(ACCESS_KEY) if path == ACCOUNTS else INVALID)


# The clock stands at a quarter past the second: sixty back is a quarter too much.
@pytest.mark.parametrize(
    ("offset", "fits"), [(-60, False), (-59, True), (0, True), (60, True), (61, False)]
)
def test_the_time_window_is_a_minute_either_way(own: Client, offset: int, fits: bool) -> None:
    at = int(NOW) + offset
    older, newer = asked(own, "safe-watch", ACCOUNTS, at=at), asked(own, "safe-watch", UID, at=at)
    if fits:
        assert (older.json["status"], newer.json["code"]) == ("ok", 200)
    else:
        assert (refused(older), refused(newer)) == (not_valid(TIME), INVALID)


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "now",
        "1795176000",
        "2026-11-20",
        "2026-11-20 12:00:00",
        "2026-11-20T12:00:00Z",
        "2026-13-20T12:00:00",
        "2026-11-20T25:00:00",
        "\u0662026-11-20T12:00:00",
    ],
)
def test_a_senseless_timestamp_is_refused(here: Client, said: str | None) -> None:
    assert refused(asked(here, "safe-watch", ACCOUNTS, Timestamp=said)) == not_valid(TIME)


@pytest.mark.parametrize(
    "changed",
    [
        {"SignatureMethod": None},
        {"SignatureMethod": "HmacSHA1"},
        {"SignatureMethod": "Ed25519"},
        {"SignatureVersion": None},
        {"SignatureVersion": "2.1"},
    ],
)
def test_another_method_or_version_is_refused(here: Client, changed: dict[str, str | None]) -> None:
    assert refused(asked(here, "safe-watch", ACCOUNTS, **changed)) == not_valid(SIGNATURE)


def test_an_ed25519_key_does_not_pass_as_an_hmac_one(here: Client) -> None:
    assert asked(here, "safe-ed25519", ACCOUNTS).json["status"] == "ok"
    reply = asked(here, "safe-ed25519", ACCOUNTS, SignatureMethod="HmacSHA256")
    assert refused(reply) == not_valid(SIGNATURE)


def test_another_host_path_or_parameter_was_not_signed(here: Client) -> None:
    key = here.key("safe-watch", "htx")
    good = target_of(key, ACCOUNTS)
    for target in (
        target_of(key, ACCOUNTS, host="api.huobi.pro"),
        good.replace(ACCOUNTS, f"{ACCOUNTS}/1/balance"),
        good.replace("&Signature=", "&more=1&Signature="),
        good.rpartition("&")[0],
        good + "x",
        f"{good.rpartition('=')[0]}=",
    ):
        assert refused(here.ask(key.base_url, target)) == not_valid(SIGNATURE), target
    assert here.ask(key.base_url, good).json["status"] == "ok"


def test_the_order_in_which_parameters_are_sent_does_not_matter(here: Client) -> None:
    key = here.key("safe-watch", "htx")
    path, _, query = target_of(key, ACCOUNTS).partition("?")
    turned = "&".join(reversed(query.split("&")))
    assert here.ask(key.base_url, f"{path}?{turned}").json["status"] == "ok"


def test_a_key_without_read_only_is_refused(own: Client) -> None:
    registry = own.world.registry("htx")
    registry.change("safe-spot", KeyState(True, (HOME_ADDRESS,), frozenset({"trade"})))
    assert refused(asked(own, "safe-spot", ACCOUNTS, at=NOW)) == not_valid(PERMISSION)
    assert refused(asked(own, "safe-spot", UID, at=NOW)) == (200, 1002, "forbidden")


def test_ranges_and_ipv6_may_be_listed(own: Client) -> None:
    registry = own.world.registry("htx")
    for listed, fits in (
        (("203.0.113.0/24",), True),
        (("2001:db8::7", "203.0.113.7"), True),
        (("2001:db8::7",), False),
        (("203.0.112.0/24", "198.51.100.0/24"), False),
    ):
        registry.change("safe-watch", KeyState(True, listed, frozenset({"readOnly"})))
        assert (asked(own, "safe-watch", ACCOUNTS, at=NOW).json["status"] == "ok") is fits, listed


def test_moving_to_the_other_network_locks_one_key_out_and_lets_the_other_in(own: Client) -> None:
    own.world.egress = AWAY_ADDRESS
    assert asked(own, "wrong-address", at=NOW).json["code"] == 200
    assert refused(asked(own, "safe-spot", at=NOW)) == INVALID
    assert asked(own, "trading-no-whitelist", at=NOW).json["code"] == 200


def test_other_paths_and_methods_are_not_allowed(here: Client) -> None:
    url = here.world.base_url("htx")
    for path in ("/", "/v2/nothing", "/v2/User/uid", "/v2/sub-user/api-key-modification"):
        assert refused(here.ask(url, path))[:2] == (405, "method-not-allowed")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert here.ask(url, KEY, method, b"{}").status == 405


def test_a_get_with_a_body_is_refused(here: Client) -> None:
    key = here.key("safe-watch", "htx")
    reply = here.ask(key.base_url, target_of(key, ACCOUNTS), body=b"{}")
    assert (reply.status, reply.body) == (403, b"")


@pytest.mark.parametrize(
    "query", ["%ff=%fe", "a=%ED%A0%80", "=&&=;", "AccessKeyId=a&AccessKeyId=b"]
)
def test_a_strange_query_is_an_unknown_key(here: Client, query: str) -> None:
    url = here.world.base_url("htx")
    assert refused(here.ask(url, f"{ACCOUNTS}?{query}")) == not_valid(ACCESS_KEY)


# through the program


def checked(client: Client, key: PracticeKey) -> KeyReport:
    around = practice(client.world)
    try:
        credentials = Credentials(Secret(key.api_key), Secret(key.secret), key.kind)
        host = key.base_url.removeprefix("https://")
        spec = around.exchanges["htx"]
        intent = Intent(key.purpose)
        report = check_once(spec, host, credentials, intent, around, token=CancelToken())
        return report.keys[0]
    finally:
        around.close()


@pytest.mark.parametrize("name", PLANS)
def test_every_key_gets_its_light_and_its_reason(here: Client, name: str) -> None:
    key = here.key(name, "htx")
    report = checked(here, key)
    assert report.light is key.expected_light
    if key.expected_light is Light.GREEN:
        assert key.expected_reason is None
        return
    required = [f for f in report.findings if f.light is report.light and f.required]
    reasons = {finding.rule for finding in required}
    reasons |= {report.diagnosis.code.value} if report.diagnosis is not None else set()
    assert key.expected_reason in reasons


def test_the_address_that_the_exchange_saw_is_in_the_report(here: Client) -> None:
    report = checked(here, here.key("ipv6-seen", "htx"))
    assert report.diagnosis is not None
    assert report.diagnosis.seen_address == "2001:db8::7"


def test_the_pause_is_the_one_that_the_exchange_named(here: Client) -> None:
    report = checked(here, here.key("rate-limited", "htx"))
    assert report.diagnosis is not None
    assert report.diagnosis.retry_after == 30.0


def test_every_question_but_the_time_is_signed_and_none_changes_anything(
    start_world: Callable[..., PracticeWorld],
) -> None:
    client = Client(start_world(exchanges=("htx",), faults=False))
    checked(client, client.key("safe-watch", "htx"))
    log = client.world.log.entries("htx")
    assert [(each.method, each.path) for each in log] == [
        ("GET", "/v1/common/timestamp"),
        ("GET", UID),
        ("GET", KEY),
    ]
    assert ["Signature=" in each.query for each in log] == [False, True, True]


# an independent client


def independent(client: Client, key: PracticeKey, secret: str | None = None) -> Any:
    exchange = ccxt.htx({"apiKey": key.api_key, "secret": secret or key.secret})
    exchange.urls["hostnames"]["spot"] = urlsplit(key.base_url).netloc
    # Bundles named in the environment would win over ours.
    exchange.session.trust_env = False
    # ccxt hands `verify and validateServerSsl` to requests as the certificates to trust.
    exchange.validateServerSsl = str(client.world.ca_file)
    # Markets are not imitated.
    exchange.markets, exchange.currencies = {}, {}
    return exchange


def test_ccxt_is_accepted_with_the_right_secret(here: Client) -> None:
    key = here.key("safe-watch", "htx")
    exchange = independent(here, key)
    try:
        uid = exchange.spotPrivateGetV2UserUid()["data"]
        wanted = {"uid": uid, "accessKey": key.api_key}
        assert exchange.spotPrivateGetV2UserApiKey(wanted)["data"][0]["permission"] == "readOnly"
        assert exchange.fetch_time() == pytest.approx(time.time() * 1000, abs=10_000)
        assert exchange.fetch_accounts()[0]["type"] == "spot"
        assert exchange.fetch_balance()["USDT"]["total"] == 1250.0
    finally:
        exchange.session.close()


def test_ccxt_is_refused_with_a_wrong_secret(here: Client) -> None:
    key = here.key("safe-watch", "htx")
    exchange = independent(here, key, key.secret[::-1])
    try:
        with pytest.raises(ccxt.AuthenticationError, match="1003"):
            exchange.spotPrivateGetV2UserUid()
        with pytest.raises(ccxt.AuthenticationError, match="Verification failure"):
            exchange.fetch_balance()
    finally:
        exchange.session.close()


def test_ccxt_is_refused_from_an_unlisted_address(here: Client) -> None:
    exchange = independent(here, here.key("wrong-address", "htx"))
    try:
        with pytest.raises(ccxt.AuthenticationError, match="Incorrect IP address"):
            exchange.fetch_accounts()
    finally:
        exchange.session.close()

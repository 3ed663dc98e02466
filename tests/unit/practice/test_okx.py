"""The practice OKX answers like the documented one, and every key of it gets its light."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from latchlight.checkup import ask_other_hosts, check_once, practice_requests, run_checkup
from latchlight.core.credentials import Credentials, Secret
from latchlight.core.findings import KeyReport, Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Intent
from latchlight.practice.keys import KeyState, PracticeKey
from latchlight.practice.okx import cast
from latchlight.practice.world import AWAY_ADDRESS, HOME_ADDRESS, PracticeWorld
from latchlight.services import practice

from .conftest import Client, Reply

CONFIG, BALANCE = "/api/v5/account/config", "/api/v5/account/balance"
SIGNED = (CONFIG, BALANCE, "/api/v5/asset/balances", "/api/v5/account/positions")
NOW = 1_795_176_000.25
NOW_MS = 1_795_176_000_250
PLANS = {plan.name: plan for plan in cast(HOME_ADDRESS, AWAY_ADDRESS)}
NOT_LISTED = "Your IP {address} is not included in your API key's IP whitelist."


@pytest.fixture(scope="module")
def here() -> Iterator[Client]:
    """A client of a world that no test changes."""
    with PracticeWorld.start(exchanges=("okx",)) as world:
        yield Client(world)
        assert world.faults() == []


@pytest.fixture
def own(start_world: Callable[..., PracticeWorld]) -> Client:
    """A client of a world of its own, in which the right time never moves."""
    return Client(start_world(exchanges=("okx",), faults=False, clock=lambda: NOW))


def iso(ms: int) -> str:
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def headers_of(
    key: PracticeKey, target: str = CONFIG, stamp: str | int | None = None, **changed: str | None
) -> dict[str, str]:
    """What a client sends; `changed` by names such as `ok_access_sign`, None leaves one out."""
    when = int(time.time() * 1000) if stamp is None else stamp
    text = iso(when) if isinstance(when, int) else when
    raw = hmac.digest(key.secret.encode(), f"{text}GET{target}".encode(), hashlib.sha256)
    headers: dict[str, str | None] = {
        "OK-ACCESS-KEY": key.api_key,
        "OK-ACCESS-SIGN": base64.b64encode(raw).decode(),
        "OK-ACCESS-TIMESTAMP": text,
        "OK-ACCESS-PASSPHRASE": key.passphrase,
    }
    headers |= {name.upper().replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in headers.items() if value is not None}


def asked(client: Client, name: str, target: str = CONFIG, **changed: Any) -> Reply:
    key = client.key(name, "okx")
    return client.ask(key.base_url, target, headers=headers_of(key, target, **changed))


def said(reply: Reply) -> tuple[int, object, object]:
    return reply.status, reply.json["code"], reply.json["msg"]


def config(client: Client, name: str, **changed: Any) -> dict[str, Any]:
    reply = asked(client, name, **changed)
    assert said(reply) == (200, "0", "")
    data: Any = reply.json["data"]
    assert len(data) == 1
    told = data[0]
    assert isinstance(told, dict)
    return told


# answers


def test_the_public_questions_need_no_key(own: Client) -> None:
    url = own.world.base_url("okx")
    reply = own.ask(url, "/api/v5/public/time")
    assert reply.json == {"code": "0", "msg": "", "data": [{"ts": "1795176000250"}]}
    assert own.ask(url, "/api/v5/system/status").json == {"code": "0", "msg": "", "data": []}


def test_a_key_tells_the_documented_fields_in_the_documented_types(here: Client) -> None:
    told = config(here, "safe-spot")
    uid = told["uid"]
    assert re.fullmatch(r"\d{9}", uid)
    assert told == {
        "acctLv": "2",
        "autoLoan": False,
        "ctIsoMode": "automatic",
        "enableSpotBorrow": False,
        "feeType": "0",
        "greeksType": "PA",
        "ip": "203.0.113.7",
        "kycLv": "3",
        "label": "safe-spot",
        "level": "Lv1",
        "mainUid": uid,
        "opAuth": "1",
        "perm": "read_only,trade",
        "posMode": "long_short_mode",
        "roleType": "0",
        "settleCcy": "USDC",
        "type": "0",
        "uid": uid,
    }


def test_a_sub_account_names_another_main_account(here: Client) -> None:
    told = config(here, "safe-sub-account")
    assert told["uid"] != told["mainUid"]
    assert told["type"] == "1"


def test_a_key_without_list_has_an_empty_one(here: Client) -> None:
    assert config(here, "trading-no-whitelist")["ip"] == ""


def test_odd_keys_get_the_odd_answers_they_are_named_after(here: Client) -> None:
    assert config(here, "unknown-permission")["perm"] == "loan,read_only,trade"
    assert "perm" not in config(here, "missing-field")
    assert config(here, "list-for-text")["perm"] == ["read_only", "trade"]
    assert config(here, "withdraw-on")["perm"] == "read_only,trade,withdraw"
    assert config(here, "wide-range")["ip"] == "203.0.112.0/22"


def test_the_other_private_questions_are_served(own: Client) -> None:
    balance: Any = asked(own, "safe-watch", BALANCE, stamp=NOW_MS).json["data"]
    assert balance[0]["uTime"] == "1795176000250"
    assert [each["ccy"] for each in balance[0]["details"]] == ["USDT"]
    for target in SIGNED[2:]:
        assert asked(own, "safe-watch", target, stamp=NOW_MS).json["data"] == []


def test_keys_secrets_and_passphrases_have_the_usual_shape(here: Client) -> None:
    for key in here.world.keys:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key.api_key)
        assert re.fullmatch(r"[0-9A-F]{32}", key.secret)
        assert re.fullmatch(r"[A-Za-z0-9_]{8,32}", key.passphrase or "")


# refusals


@pytest.mark.parametrize(
    ("name", "status", "code", "message"),
    [
        ("deleted-key", 401, "50119", "API key doesn't exist"),
        ("other-region", 401, "50119", "API key doesn't exist"),
        ("wrong-passphrase", 401, "50105", 'Request header "OK-ACCESS-PASSPHRASE" incorrect.'),
        ("wrong-secret", 401, "50113", "Invalid Sign"),
        ("wrong-address", 401, "50110", NOT_LISTED.format(address="203.0.113.7")),
        ("ipv6-seen", 401, "50110", NOT_LISTED.format(address="2001:db8::7")),
        ("demo-key", 401, "50101", "APIKey does not match current environment."),
        ("frozen-key", 400, "50100", "API frozen, please contact customer service."),
    ],
)
@pytest.mark.parametrize("target", SIGNED)
def test_refusals_have_okx_s_statuses_codes_and_words(
    here: Client, target: str, name: str, status: int, code: str, message: str
) -> None:
    assert said(asked(here, name, target)) == (status, code, message)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ok_access_key", "50103"),
        ("ok_access_sign", "50106"),
        ("ok_access_timestamp", "50107"),
        ("ok_access_passphrase", "50104"),
    ],
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_header_has_a_code_of_its_own_and_is_named(
    here: Client, name: str, code: str, value: str | None
) -> None:
    header = name.upper().replace("_", "-")
    wanted = (401, code, f'Request header "{header}" cannot be empty.')
    assert said(asked(here, "safe-spot", **{name: value})) == wanted


def test_of_several_missing_headers_the_key_comes_first(here: Client) -> None:
    reply = here.ask(here.world.base_url("okx"), CONFIG)
    assert said(reply)[:2] == (401, "50103")


@pytest.mark.parametrize(
    "api_key",
    ["x", "37c541a1", "37C541A1-5B6D-4E8F-90AB-10FE7A038418", "37c541a15b6d4e8f90ab10fe7a038418"],
)
def test_a_malformed_key_is_told_from_an_unknown_one(here: Client, api_key: str) -> None:
    reply = asked(here, "safe-spot", ok_access_key=api_key)
    assert said(reply) == (401, "50111", "Invalid OK-ACCESS-KEY")
    well_formed = "37c541a1-5b6d-4e8f-90ab-10fe7a038418"
    assert said(asked(here, "safe-spot", ok_access_key=well_formed))[:2] == (401, "50119")


@pytest.mark.parametrize(
    ("offset_ms", "fits"),
    [(-30_001, False), (-30_000, True), (0, True), (30_000, True), (30_001, False)],
)
def test_the_time_window_is_thirty_seconds_either_way(
    own: Client, offset_ms: int, fits: bool
) -> None:
    reply = asked(own, "safe-spot", stamp=NOW_MS + offset_ms)
    wanted = (200, "0", "") if fits else (401, "50102", "Timestamp request expired")
    assert said(reply) == wanted


@pytest.mark.parametrize(
    "stamp",
    [
        "now",
        "1795176000250",
        "1795176000.250",
        "2026-11-20",
        "2026-11-20T12:00:00.250",
        "2026-11-20T12:00:00.250+00:00",
        "2026-11-20 12:00:00.250Z",
        "2026-11-20T12:00:00.Z",
        "2026-13-20T12:00:00.250Z",
        "2026-02-30T12:00:00.250Z",
        "2026-11-20T25:00:00.250Z",
        "0000-00-00T00:00:00Z",
    ],
)
def test_a_senseless_timestamp_is_refused(here: Client, stamp: str) -> None:
    reply = asked(here, "safe-spot", stamp=stamp)
    assert said(reply) == (401, "50112", "Invalid OK-ACCESS-TIMESTAMP")


@pytest.mark.parametrize("fraction", ["", ".2", ".25", ".250", ".250000", ".250000000"])
def test_more_or_fewer_digits_of_a_second_are_taken(own: Client, fraction: str) -> None:
    stamp = iso(NOW_MS).replace(".250Z", f"{fraction}Z")
    assert said(asked(own, "safe-spot", stamp=stamp)) == (200, "0", "")


def test_the_earliest_and_the_latest_times_are_no_mistake(here: Client) -> None:
    for stamp in ("0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"):
        assert said(asked(here, "safe-spot", stamp=stamp))[:2] == (401, "50102")


def test_what_is_signed_is_the_path_with_its_query(here: Client) -> None:
    key = here.key("safe-spot", "okx")
    assert asked(here, "safe-spot", f"{BALANCE}?ccy=BTC").status == 200
    for signed, sent in (
        (BALANCE, f"{BALANCE}?ccy=BTC"),
        (f"{BALANCE}?ccy=BTC", BALANCE),
        (f"{BALANCE}?ccy=BTC", f"{BALANCE}?ccy=ETH"),
        (f"{BALANCE}?ccy=a b", f"{BALANCE}?ccy=a%20b"),
        (CONFIG, BALANCE),
    ):
        reply = here.ask(key.base_url, sent, headers=headers_of(key, signed))
        assert said(reply) == (401, "50113", "Invalid Sign"), (signed, sent)


def test_a_body_is_signed_with_the_rest(here: Client) -> None:
    key = here.key("safe-spot", "okx")
    unsigned = here.ask(key.base_url, CONFIG, body=b"{}", headers=headers_of(key))
    assert said(unsigned)[:2] == (401, "50113")
    signed = here.ask(key.base_url, CONFIG, body=b"{}", headers=headers_of(key, CONFIG + "{}"))
    assert signed.status == 200


@pytest.mark.parametrize("signature", ["x", "=", "\u00e4", "A" * 44, "A" * 5000])
def test_a_senseless_signature_is_a_wrong_one(here: Client, signature: str) -> None:
    reply = asked(here, "safe-spot", ok_access_sign=signature)
    assert said(reply)[:2] == (401, "50113")


def test_a_signature_in_hex_or_for_url_is_a_wrong_one(here: Client) -> None:
    key = here.key("safe-spot", "okx")
    headers = headers_of(key)
    raw = base64.b64decode(headers["OK-ACCESS-SIGN"])
    for signature in (raw.hex(), base64.b64encode(raw).decode().rstrip("=")):
        changed = {**headers, "OK-ACCESS-SIGN": signature}
        assert said(here.ask(key.base_url, CONFIG, headers=changed))[:2] == (401, "50113")


@pytest.mark.parametrize("passphrase", ["wrong", "\u00e4\u00f6", "x" * 500])
def test_any_other_passphrase_is_a_wrong_one(here: Client, passphrase: str) -> None:
    reply = asked(here, "safe-spot", ok_access_passphrase=passphrase)
    assert said(reply)[:2] == (401, "50105")


def test_a_key_without_read_is_refused_with_status_200(own: Client) -> None:
    registry = own.world.registry("okx")
    registry.change("safe-spot", KeyState(True, (HOME_ADDRESS,), frozenset({"trade"})))
    wanted = (200, "50120", "This API key doesn't have permission to use this function")
    assert said(asked(own, "safe-spot", stamp=NOW_MS)) == wanted


def test_the_address_is_checked_before_passphrase_and_secret(here: Client) -> None:
    wrong = {"ok_access_passphrase": "wrong", "ok_access_sign": "x"}
    assert said(asked(here, "wrong-address", **wrong))[1] == "50110"
    assert said(asked(here, "safe-spot", **wrong))[1] == "50105"


# demo, regions, addresses


def test_the_demo_is_the_same_server_with_a_header(here: Client) -> None:
    simulated = {"x_simulated_trading": "1"}
    assert config(here, "demo-key", **simulated)["label"] == "demo-key"
    reply = asked(here, "safe-spot", **simulated)
    assert said(reply) == (401, "50101", "APIKey does not match current environment.")
    assert said(asked(here, "safe-spot", x_simulated_trading="0"))[:2] == (200, "0")


def test_a_key_of_the_other_region_is_known_there_and_only_there(here: Client) -> None:
    elsewhere = here.world.other_urls["okx"]
    key = here.key("other-region", "okx")
    assert here.ask(elsewhere, CONFIG, headers=headers_of(key)).status == 200
    at_home = here.key("safe-spot", "okx")
    reply = here.ask(elsewhere, CONFIG, headers=headers_of(at_home))
    assert said(reply)[:2] == (401, "50119")


@pytest.mark.parametrize(
    ("listed", "fits"),
    [
        ((HOME_ADDRESS,), True),
        (("203.0.113.0/24",), True),
        (("203.0.113.8/29", "198.51.100.0/24"), False),
        (("2001:db8::7", HOME_ADDRESS), True),
        (("2001:db8::/32",), False),
    ],
)
def test_lists_may_hold_ranges_and_ipv6(own: Client, listed: tuple[str, ...], fits: bool) -> None:
    rights = frozenset({"read_only"})
    own.world.registry("okx").change("safe-watch", KeyState(True, listed, rights))
    if fits:
        assert config(own, "safe-watch", stamp=NOW_MS)["ip"] == ",".join(listed)
    else:
        assert said(asked(own, "safe-watch", stamp=NOW_MS))[:2] == (401, "50110")


@pytest.mark.parametrize(
    ("listed", "fits"),
    [(("2001:db8::7",), True), (("2001:db8::/64",), True), (("2001:db8:1::/64",), False)],
)
def test_a_caller_over_ipv6_needs_an_ipv6_entry(
    own: Client, listed: tuple[str, ...], fits: bool
) -> None:
    rights = frozenset({"read_only"})
    own.world.registry("okx").change("ipv6-seen", KeyState(True, listed, rights))
    assert said(asked(own, "ipv6-seen", stamp=NOW_MS))[:2] == (
        (200, "0") if fits else (401, "50110")
    )


def test_moving_to_the_other_network_locks_one_key_out_and_lets_the_other_in(own: Client) -> None:
    own.world.egress = AWAY_ADDRESS
    assert asked(own, "wrong-address", stamp=NOW_MS).status == 200
    wanted = (401, "50110", NOT_LISTED.format(address=AWAY_ADDRESS))
    assert said(asked(own, "safe-spot", stamp=NOW_MS)) == wanted
    assert asked(own, "trading-no-whitelist", stamp=NOW_MS).status == 200


def test_other_paths_and_methods_are_refused(here: Client) -> None:
    url = here.world.base_url("okx")
    for path in ("/", "/api/v5/nothing", CONFIG + "/", "/api/v5/users/subaccount/apikey"):
        assert said(here.ask(url, path)) == (404, "404", "Not Found")
    for path in (CONFIG, BALANCE, "/api/v5/public/time"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert said(here.ask(url, path, method, b"{}"))[:2] == (405, "50115")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("maintenance", 503, "50001"), ("rate-limited", 429, "50011"), ("region", 200, "50121")],
)
def test_troubles_have_okx_s_own_words(here: Client, name: str, status: int, code: str) -> None:
    reply = asked(here, name)
    assert said(reply)[:2] == (status, code)
    assert reply.headers["Retry-After"] == ("30" if name == "rate-limited" else None)


def test_a_country_that_is_not_served_is_told_after_the_time(here: Client) -> None:
    key = here.key("region", "okx")
    assert here.ask(key.base_url, "/api/v5/public/time").json["code"] == "0"
    assert "203.0.113.7" in str(asked(here, "region").json["msg"])


def test_a_firewall_shows_a_page(here: Client) -> None:
    reply = asked(here, "firewall")
    assert (reply.status, reply.headers.get_content_type()) == (403, "text/html")


# through the program


def checked(client: Client, key: PracticeKey) -> KeyReport:
    assert key.passphrase is not None
    around = practice(client.world)
    try:
        credentials = Credentials(
            Secret(key.api_key), Secret(key.secret), key.kind, Secret(key.passphrase)
        )
        host = key.base_url.removeprefix("https://")
        spec = around.exchanges["okx"]
        intent = Intent(key.purpose)
        report = check_once(spec, host, credentials, intent, around, token=CancelToken())
        return report.keys[0]
    finally:
        around.close()


@pytest.mark.parametrize("name", PLANS)
def test_every_key_gets_its_light_and_its_reason(here: Client, name: str) -> None:
    key = here.key(name, "okx")
    report = checked(here, key)
    assert report.light is key.expected_light
    if key.expected_light is Light.GREEN:
        assert key.expected_reason is None
        return
    required = [f for f in report.findings if f.light is report.light and f.required]
    reasons = {finding.rule for finding in required}
    reasons |= {report.diagnosis.code.value} if report.diagnosis is not None else set()
    assert key.expected_reason in reasons


def test_the_whole_cast_in_one_run_gets_the_same_lights(
    start_world: Callable[..., PracticeWorld],
) -> None:
    world = start_world(exchanges=("okx",))
    around = practice(world)
    try:
        report = run_checkup(practice_requests(world, around), around, token=CancelToken())
    finally:
        around.close()
    assert [(r.label, r.light) for r in report.keys] == [
        (key.name, key.expected_light) for key in world.keys
    ]


@pytest.mark.parametrize(
    ("name", "address"), [("wrong-address", "203.0.113.7"), ("ipv6-seen", "2001:db8::7")]
)
def test_the_address_that_the_exchange_saw_is_in_the_report(
    here: Client, name: str, address: str
) -> None:
    report = checked(here, here.key(name, "okx"))
    assert report.diagnosis is not None
    assert report.diagnosis.seen_address == address


def test_a_key_of_another_region_is_found_there_once_the_user_agrees(here: Client) -> None:
    around = practice(here.world)
    try:
        requests = practice_requests(here.world, around)
        wanted = next(r for r in requests if r.label == "other-region")
        report = run_checkup([wanted], around, token=CancelToken()).keys[0]
        assert report.diagnosis is not None
        assert report.diagnosis.ask_other_hosts
        found = ask_other_hosts(wanted, around, token=CancelToken())
    finally:
        around.close()
    assert found is not None
    assert found.host.title == "OKX Europe"


def test_the_pause_is_the_one_that_the_exchange_named(here: Client) -> None:
    report = checked(here, here.key("rate-limited", "okx"))
    assert report.diagnosis is not None
    assert report.diagnosis.retry_after == 30.0

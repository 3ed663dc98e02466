"""The practice Binance answers like the documented one, status and body alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import pytest

from latchlight.practice.world import AWAY_ADDRESS, PracticeWorld

from .conftest import ACCOUNT, RESTRICTIONS, Client, sign

NOW = 1_763_600_000.25
NOW_MS = 1_763_600_000_250

INVALID_KEY_IP_OR_PERMISSION = (
    b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
)
TOO_OLD = b'{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}'
TOO_EARLY = (
    b'{"code":-1021,"msg":"Timestamp for this request was 1000ms ahead of the server\'s time."}'
)
BAD_SIGNATURE = b'{"code":-1022,"msg":"Signature for this request is not valid."}'
BAD_KEY_FORMAT = b'{"code":-2014,"msg":"API-key format invalid."}'


@pytest.fixture
def fixed(start_world: Callable[..., PracticeWorld]) -> Client:
    """A client of a world whose right time never moves."""
    return Client(start_world(faults=False, clock=lambda: NOW))


def _missing(name: str) -> bytes:
    text = f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
    return json.dumps({"code": -1102, "msg": text}, separators=(",", ":")).encode()


def test_time_is_the_exchanges_time_and_says_so_in_the_date_header(fixed: Client) -> None:
    reply = fixed.ask(fixed.world.base_url("binance"), "/api/v3/time")
    assert (reply.status, reply.body) == (200, b'{"serverTime":1763600000250}')
    assert reply.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert parsedate_to_datetime(reply.headers["Date"]).timestamp() == int(NOW)
    assert reply.headers["Content-Length"] == str(len(reply.body))


def test_time_in_microseconds_when_the_header_asks_for_it(fixed: Client) -> None:
    url = fixed.world.base_url("binance")
    headers = {"X-MBX-TIME-UNIT": "MICROSECOND"}
    assert fixed.ask(url, "/api/v3/time", headers=headers).json == {"serverTime": NOW_MS * 1000}
    headers = {"X-MBX-TIME-UNIT": "HOUR"}
    reply = fixed.ask(url, "/api/v3/time", headers=headers)
    assert (reply.status, reply.json["code"]) == (400, -1194)


def test_public_paths_need_no_key(client: Client) -> None:
    url = client.world.base_url("binance")
    assert client.ask(url, "/api/v3/ping").body == b"{}"
    assert client.ask(url, "/sapi/v1/system/status").body == b'{"status":0,"msg":"normal"}'
    assert client.ask(url, "/api/v3/exchangeInfo").json["timezone"] == "UTC"


def test_a_safe_key_gets_every_documented_field(client: Client) -> None:
    reply = client.signed(client.key("safe-spot"))
    assert reply.status == 200
    created = reply.json.pop("createTime")
    assert isinstance(created, int)
    assert {n: v for n, v in reply.json.items() if n != "createTime"} == {
        "ipRestrict": True,
        "enableReading": True,
        "enableWithdrawals": False,
        "enableInternalTransfer": False,
        "enableMargin": False,
        "enableFutures": False,
        "permitsUniversalTransfer": False,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": True,
        "enableSpotAndMarginTrading": True,
        "enablePortfolioMarginTrading": False,
    }


@pytest.mark.parametrize("name", ["safe-spot", "safe-ed25519", "safe-rsa"])
@pytest.mark.parametrize("path", [RESTRICTIONS, ACCOUNT])
def test_every_kind_of_key_is_accepted_with_its_own_signature(
    client: Client, name: str, path: str
) -> None:
    assert client.signed(client.key(name), path).status == 200


def test_rsa_and_ed25519_signatures_do_not_stand_in_for_each_other(client: Client) -> None:
    rsa, ed25519 = client.key("safe-rsa"), client.key("safe-ed25519")
    query = f"timestamp={int(time.time() * 1000)}"
    swapped = sign(rsa.secret, query)
    reply = client.raw(ed25519, f"{RESTRICTIONS}?{query}&signature={swapped}")
    assert (reply.status, reply.body) == (400, BAD_SIGNATURE)


def test_account_flags_speak_of_the_account_and_not_of_the_key(client: Client) -> None:
    account = client.signed(client.key("safe-watch"), ACCOUNT).json
    assert (account["canTrade"], account["canWithdraw"], account["canDeposit"]) == (
        True,
        True,
        True,
    )
    balances = account["balances"]
    assert isinstance(balances, list)
    assert len(balances) == 3


def test_zero_balances_can_be_left_out(client: Client) -> None:
    account = client.signed(client.key("safe-spot"), ACCOUNT, omitZeroBalances="true").json
    assert isinstance(account["balances"], list)
    assert [b["asset"] for b in account["balances"]] == ["BTC", "USDT"]


@pytest.mark.parametrize(
    ("path", "field"),
    [("status", "data"), ("apiTradingStatus", "data"), ("info", "isFutureEnabled")],
)
def test_the_other_account_reads_are_served(client: Client, path: str, field: str) -> None:
    reply = client.signed(client.key("safe-spot"), f"/sapi/v1/account/{path}")
    assert reply.status == 200
    assert field in reply.json


def test_used_weight_is_counted_per_minute(fixed: Client) -> None:
    key = fixed.key("safe-spot")
    first = fixed.signed(key, ACCOUNT, timestamp=NOW_MS)
    second = fixed.signed(key, RESTRICTIONS, timestamp=NOW_MS)
    assert first.headers["X-MBX-USED-WEIGHT-1M"] == "20"
    assert second.headers["X-SAPI-USED-IP-WEIGHT-1M"] == "21"
    assert first.headers["x-mbx-uuid"] != second.headers["x-mbx-uuid"]


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        (RESTRICTIONS, 400, b'{"code":-2008,"msg":"Invalid Api-Key ID."}'),
        (ACCOUNT, 401, INVALID_KEY_IP_OR_PERMISSION),
    ],
)
def test_an_unknown_key_is_worded_differently_on_sapi_and_api(
    client: Client, path: str, status: int, body: bytes
) -> None:
    reply = client.signed(client.key("deleted-key"), path)
    assert (reply.status, reply.body) == (status, body)


@pytest.mark.parametrize(("path", "status"), [(RESTRICTIONS, 400), (ACCOUNT, 401)])
def test_an_unlisted_address_is_refused_on_every_signed_path(
    client: Client, path: str, status: int
) -> None:
    reply = client.signed(client.key("wrong-address"), path)
    assert (reply.status, reply.body) == (status, INVALID_KEY_IP_OR_PERMISSION)


def test_moving_to_the_other_network_locks_one_key_out_and_lets_the_other_in(
    client: Client,
) -> None:
    client.world.egress = AWAY_ADDRESS
    assert client.signed(client.key("wrong-address")).status == 200
    assert client.signed(client.key("safe-spot")).body == INVALID_KEY_IP_OR_PERMISSION
    assert client.signed(client.key("trading-no-whitelist")).status == 200


def test_a_key_without_wallet_permission_is_refused_on_sapi_only(client: Client) -> None:
    key = client.key("no-wallet-permission")
    refused = client.signed(key, RESTRICTIONS)
    assert (refused.status, refused.body) == (400, INVALID_KEY_IP_OR_PERMISSION)
    assert client.signed(key, ACCOUNT).status == 200


def test_the_wrong_secret_is_refused(client: Client) -> None:
    for path in (RESTRICTIONS, ACCOUNT):
        reply = client.signed(client.key("wrong-secret"), path)
        assert (reply.status, reply.body) == (400, BAD_SIGNATURE)


@pytest.mark.parametrize("api_key", ["", "short", "x" * 63 + "-", "x" * 65, "ä" * 64])
def test_a_malformed_key_is_refused(client: Client, api_key: str) -> None:
    url = client.world.base_url("binance")
    headers = {"X-MBX-APIKEY": api_key}
    reply = client.ask(url, f"{RESTRICTIONS}?timestamp=1&signature=a", headers=headers)
    assert (reply.status, reply.body) == (401, BAD_KEY_FORMAT)


def test_no_key_at_all_is_malformed_too(client: Client) -> None:
    reply = client.ask(client.world.base_url("binance"), f"{ACCOUNT}?timestamp=1&signature=a")
    assert (reply.status, reply.body) == (401, BAD_KEY_FORMAT)


@pytest.mark.parametrize(
    ("offset_ms", "window", "status", "body"),
    [
        (999, None, 200, None),
        (1000, None, 400, TOO_EARLY),
        (90_000, None, 400, TOO_EARLY),
        (-5000, None, 200, None),
        (-5001, None, 400, TOO_OLD),
        (-5001, "5001", 200, None),
        (-100, "99.999", 400, TOO_OLD),
        (-100, "100.001", 200, None),
        (-60_000, "60000", 200, None),
        (-60_001, "60000", 400, TOO_OLD),
    ],
)
def test_the_time_window_is_the_documented_one(
    fixed: Client, offset_ms: int, window: str | None, status: int, body: bytes | None
) -> None:
    params = {"timestamp": NOW_MS + offset_ms} | ({} if window is None else {"recvWindow": window})
    reply = fixed.signed(fixed.key("safe-spot"), **params)
    assert reply.status == status
    assert body is None or reply.body == body


@pytest.mark.parametrize(("offset_us", "status"), [(999_999, 200), (1_000_000, 400)])
def test_microsecond_timestamps_are_understood(fixed: Client, offset_us: int, status: int) -> None:
    stamp = NOW_MS * 1000 + offset_us
    assert fixed.signed(fixed.key("safe-spot"), timestamp=stamp).status == status


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("timestamp=abc", -1100),
        ("timestamp=-1", -1100),
        (f"timestamp={NOW_MS}&recvWindow=60000.001", -1131),
        (f"timestamp={NOW_MS}&recvWindow=99999", -1131),
        (f"timestamp={NOW_MS}&recvWindow=5.1234", -1100),
        (f"timestamp={NOW_MS}&recvWindow=-1", -1100),
        (f"timestamp={NOW_MS}&timestamp={NOW_MS}", -1101),
    ],
)
def test_senseless_parameters_are_refused(fixed: Client, query: str, code: int) -> None:
    reply = fixed.signed(fixed.key("safe-spot"), query=query)
    assert (reply.status, reply.json["code"]) == (400, code)


def test_missing_parameters_are_named(fixed: Client) -> None:
    key = fixed.key("safe-spot")
    reply = fixed.raw(key, f"{RESTRICTIONS}?timestamp={NOW_MS}")
    assert (reply.status, reply.body) == (400, _missing("signature"))
    reply = fixed.signed(key, query="recvWindow=5000")
    assert (reply.status, reply.body) == (400, _missing("timestamp"))
    assert fixed.raw(key, RESTRICTIONS).body == _missing("timestamp")


def test_parameters_may_come_in_any_order_with_the_signature_last(fixed: Client) -> None:
    key = fixed.key("safe-spot")
    for query in (f"recvWindow=5000&timestamp={NOW_MS}", f"timestamp={NOW_MS}&recvWindow=5000"):
        assert fixed.signed(key, query=query).status == 200
    query = f"timestamp={NOW_MS}"
    moved = f"{RESTRICTIONS}?signature={sign(key.secret, query)}&{query}"
    assert fixed.raw(key, moved).body == BAD_SIGNATURE


def test_what_is_signed_is_the_text_as_sent(fixed: Client) -> None:
    key = fixed.key("safe-spot")
    encoded = f"note={quote('ü/ ')}&timestamp={NOW_MS}"
    assert fixed.signed(key, query=encoded).status == 200
    # The same meaning, encoded in another way, is another text.
    other = encoded.replace("%2F", "/").replace("%20", "+")
    reply = fixed.raw(key, f"{RESTRICTIONS}?{other}&signature={sign(key.secret, encoded)}")
    assert reply.body == BAD_SIGNATURE


def test_an_upper_case_hmac_signature_is_accepted(fixed: Client) -> None:
    key = fixed.key("safe-spot")
    query = f"timestamp={NOW_MS}"
    signature = sign(key.secret, query).upper()
    assert fixed.raw(key, f"{RESTRICTIONS}?{query}&signature={signature}").status == 200


def test_reading_switched_off_closes_the_account_call(client: Client) -> None:
    key = client.key("trading-no-whitelist")
    registry = client.world.registry("binance")
    record = registry.named(key.name)
    assert record is not None
    registry.change(key.name, replace(record.state, switches=frozenset()))
    reply = client.signed(key, ACCOUNT)
    assert (reply.status, reply.body) == (401, INVALID_KEY_IP_OR_PERMISSION)


def test_unknown_paths_and_other_methods_are_refused_as_seen_in_the_wild(client: Client) -> None:
    url = client.world.base_url("binance")
    reply = client.ask(url, "/sapi/v1/nothing?x=1")
    assert reply.status == 404
    assert (reply.json["error"], reply.json["path"]) == ("Not Found", "/sapi/v1/nothing")
    reply = client.ask(url, "/api/v3/nothing")
    assert (reply.status, reply.headers.get_content_type()) == (404, "text/html")
    for method in ("POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
        assert client.ask(url, RESTRICTIONS, method).status == 405
        assert client.ask(url, ACCOUNT, method, b"a=1").status == 405


def test_grey_keys_get_the_odd_answers_they_are_named_after(client: Client) -> None:
    unknown = client.signed(client.key("unknown-permission")).json
    assert unknown["enableAlphaWithdrawals"] is True
    assert "enableWithdrawals" not in client.signed(client.key("missing-field")).json
    texts = client.signed(client.key("text-booleans")).json
    assert (texts["enableWithdrawals"], texts["ipRestrict"]) == ("false", "true")
    twice = client.signed(client.key("field-twice")).body
    assert twice.count(b'"enableWithdrawals"') == 2
    assert b'"enableWithdrawals":true' in twice
    assert b'"enableWithdrawals":false' in twice


def test_old_and_ending_keys_tell_their_dates(client: Client) -> None:
    now = time.time()
    old = client.signed(client.key("key-old")).json["createTime"]
    assert isinstance(old, int)
    assert now - old / 1000 == pytest.approx(500 * 86400, abs=60)
    ends = client.signed(client.key("expires-soon")).json["tradingAuthorityExpirationTime"]
    assert isinstance(ends, int)
    assert ends / 1000 - now == pytest.approx(5 * 86400, abs=60)
    assert "tradingAuthorityExpirationTime" not in client.signed(client.key("safe-spot")).json

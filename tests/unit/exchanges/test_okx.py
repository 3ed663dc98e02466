"""What is special at OKX, beyond what every exchange passes in `test_contract*.py`."""

from __future__ import annotations

from typing import Any

import pytest

from exchange_samples import Accepted, samples
from latchlight.core.addresses import parse_address
from latchlight.core.answer import Answer
from latchlight.core.diagnosis import DiagnosisCode
from latchlight.core.egress import AddressAnswer, agree
from latchlight.core.facts import Environment, Known, Unknown
from latchlight.core.findings import KeyReport, Light
from latchlight.core.purpose import Intent
from latchlight.core.records import replace
from latchlight.exchanges.okx import HOSTS, KEY, SPEC, iso_ms
from scripted_exchange import NOW, NOW_MS, NoMemory, heard, judged, request, rules, services

HERE = "93.184.216.34"
HERE_V6 = "2606:2800:220:1::7"
EGRESS = agree(
    AddressAnswer(party, party, 4, parse_address(HERE), None) for party in ("one", "two")
)
WELL_KEPT: Accepted = samples("okx").accepted[0]


def config(**changes: Any) -> dict[str, Any]:
    """The one entry about the well-kept key."""
    entry: dict[str, Any] = WELL_KEPT.answers[0].body["data"][0]
    return {**entry, "ip": HERE, **changes}


def answered(*entries: Any) -> Any:
    return heard({"code": "0", "msg": "", "data": list(entries)})


def check(said: Any, host: str = HOSTS[0].name, intent: Intent | None = None) -> KeyReport:
    own = intent or Intent(addresses=(parse_address(HERE),))
    key = WELL_KEPT.key.credentials
    asked = request(exchange=SPEC, host=host, intent=own, credentials=key)
    return judged(asked, around(said), EGRESS)


def around(said: Any) -> Any:
    script = {SPEC.time_probe.path: heard(samples("okx").time.filled(NOW_MS)), KEY.path: said}
    return services(script, given_store=NoMemory())


def refused(code: str, text: str, status: int = 401) -> Any:
    return heard({"code": code, "msg": text, "data": []}, status)


# refusals


@pytest.mark.parametrize("status", [200, 401])
def test_50119_offers_the_other_regions_before_it_calls_the_key_deleted(status: int) -> None:
    diagnosis = check(refused("50119", "API key doesn't exist", status)).diagnosis
    assert diagnosis is not None
    causes = [cause.code for cause in diagnosis.causes]
    assert causes == [DiagnosisCode.WRONG_HOST, DiagnosisCode.KEY_UNKNOWN]
    assert diagnosis.ask_other_hosts == tuple(host.name for host in HOSTS[1:])


def test_50119_in_one_region_offers_the_others_and_not_itself() -> None:
    diagnosis = check(refused("50119", "API key doesn't exist"), "eea.okx.com").diagnosis
    assert diagnosis is not None
    assert "eea.okx.com" not in diagnosis.ask_other_hosts
    assert {"openapi.okx.com", "us.okx.com", "app.okx.com"} <= set(diagnosis.ask_other_hosts)


@pytest.mark.parametrize("code", ["50110", "50113", "50105", "50111"])
def test_a_refusal_by_which_okx_knows_the_key_offers_no_other_host(code: str) -> None:
    diagnosis = check(refused(code, "x")).diagnosis
    assert diagnosis is not None
    assert diagnosis.ask_other_hosts == ()


UNLISTED = "Your IP {} is not included in your API key's IP whitelist."


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (UNLISTED.format("198.51.100.23"), "198.51.100.23"),
        (UNLISTED.format(HERE_V6), HERE_V6),
        (UNLISTED.format("2001:DB8:0:0:0:0:0:1"), "2001:db8::1"),
        (UNLISTED.format("::ffff:198.51.100.23"), "198.51.100.23"),
        (UNLISTED.format("198.051.100.023"), None),
        (UNLISTED.format("198.51.100"), None),
        (UNLISTED.format("<b>198.51.100.23</b>"), None),
        (UNLISTED.format("999.1.1.1"), None),
        (UNLISTED.format("::::"), None),
        (UNLISTED.format(""), None),
        ("198.51.100.23 is not on the list", None),
        ("", None),
    ],
)
def test_50110_carries_the_address_that_okx_saw(text: str, address: str | None) -> None:
    report = check(refused("50110", text))
    assert report.diagnosis is not None
    assert report.diagnosis.seen_address == address
    told = next(f for f in report.findings if f.rule == "address-not-whitelisted")
    assert told.light is Light.RED
    assert (address or "this computer's address") in told.detail


def test_50110_names_the_ipv6_that_left_where_an_ipv4_was_listed() -> None:
    """The common trap of machines with both."""
    report = check(refused("50110", UNLISTED.format(HERE_V6)))
    told = next(f for f in report.findings if f.rule == "address-not-whitelisted")
    assert (
        f"IPv6: the list says nothing that could be read; address services say nothing; OKX saw {HERE_V6}"
        in told.detail
    )
    assert told.fix is not None
    assert "IPv6" in told.fix.as_text()


@pytest.mark.parametrize(
    ("code", "status"), [("50110", 200), ("50110", 400), ("50119", 404), ("50113", 200)]
)
def test_the_code_decides_and_not_the_status(code: str, status: int) -> None:
    usual = check(refused(code, UNLISTED.format(HERE))).diagnosis
    other = check(refused(code, UNLISTED.format(HERE), status)).diagnosis
    assert usual is not None
    assert other is not None
    assert other.code is usual.code


@pytest.mark.parametrize("code", [50110, 50119, 50113])
def test_a_code_as_a_number_has_another_form_and_is_still_no_success(code: int) -> None:
    report = check(heard({"code": code, "msg": "", "data": [config()]}))
    assert report.light in (Light.GREY, Light.RED)
    assert not report.facts.accepted


@pytest.mark.parametrize("code", [0, "00", "", " 0", "0 ", None, False, [], "0.0"])
def test_a10_only_the_text_0_is_success(code: Any) -> None:
    report = check(heard({"code": code, "msg": "", "data": [config()]}))
    assert report.light is Light.GREY
    assert not report.facts.accepted


# rights


def test_b14_the_right_to_trade_is_said_to_move_money_between_own_accounts() -> None:
    report = check(answered(config()))
    told = next(f for f in report.findings if f.rule == "transfer-on")
    assert told.light is Light.AMBER
    assert not told.required
    assert "moves money between your own accounts" in told.title
    assert "cannot be switched off separately" in told.detail
    assert report.light is Light.GREEN


def test_b14_a_key_that_only_reads_cannot_move_money() -> None:
    told = rules(check(answered(config(perm="read_only"))))
    assert (told["transfer-on"], told["withdraw-on"]) == ("green", "green")


def test_b18_the_accounts_own_settings_are_no_rights() -> None:
    for name in ("opAuth", "autoLoan", "enableSpotBorrow", "spotBorrowAutoRepay", "type"):
        for value in (True, False, "0", "1", None):
            report = check(answered(config(**{name: value})))
            assert report.light is Light.GREEN, name


def test_b06_a_new_field_that_reads_like_a_right_is_unknown() -> None:
    report = check(answered(config(enableWithdrawal=True)))
    assert report.facts.unknown_rights == Known(("enableWithdrawal",))
    assert report.light is Light.GREY


@pytest.mark.parametrize("second", [{}, None, "x", "the same", "an open key"])
def test_b15_of_two_entries_none_is_read(second: Any) -> None:
    entry = {"the same": config(), "an open key": config(ip="", perm="withdraw")}.get(
        str(second), second
    )
    for entries in ([config(), entry], [entry, config()]):
        report = check(answered(*entries))
        assert report.light is Light.GREY
        assert not report.facts.accepted
        assert isinstance(report.facts.whitelist_on, Unknown)


def test_d03_a_sub_account_is_told_from_a_main_account() -> None:
    assert check(answered(config())).facts.is_sub_account == Known(False)
    assert check(answered(config(uid="1"))).facts.is_sub_account == Known(True)
    for odd in ({"uid": ""}, {"mainUid": ""}, {"uid": 1}, {"mainUid": None}):
        assert isinstance(check(answered(config(**odd))).facts.is_sub_account, Unknown)


# the list


@pytest.mark.parametrize(
    ("listed", "light"),
    [
        (HERE, Light.GREEN),
        (f"{HERE}/32", Light.GREEN),
        (f"{HERE},{HERE_V6}", Light.GREEN),
        (f"{HERE},2606:2800:220:1::/64", Light.GREEN),
        ("93.184.216.32/29", Light.AMBER),
        ("93.184.216.0/24", Light.AMBER),
        ("93.184.0.0/16", Light.AMBER),
        ("93.128.0.0/9", Light.RED),
        (f"{HERE},2606:2800::/24", Light.RED),
        (f"{HERE},::/0", Light.RED),
        ("93.184.216.34/24", Light.GREY),
        (f"{HERE} {HERE_V6}", Light.GREY),
    ],
)
def test_c04_c22_addresses_ranges_and_both_families_are_read(listed: str, light: Light) -> None:
    own = tuple(parse_address(text) for text in (HERE, HERE_V6))
    report = check(answered(config(ip=listed)), intent=Intent(addresses=own))
    assert report.light is light
    on = report.facts.whitelist_on
    assert isinstance(on, Unknown) if light is Light.GREY else on == Known(True)


def test_c01_an_empty_list_is_no_list_and_okx_ends_such_keys() -> None:
    report = check(answered(config(ip="")))
    told = next(f for f in report.findings if f.rule == "whitelist-off")
    assert told.light is Light.RED
    assert "14 days" in told.detail


# the demo


def test_only_demo_requests_say_that_they_are() -> None:
    key = WELL_KEPT.key.credentials()
    for host in HOSTS:
        headers = dict(SPEC.sign(key, KEY, host, NOW_MS).headers)
        demo = host.environment is Environment.DEMO
        assert headers.get("x-simulated-trading") == ("1" if demo else None)


def test_the_demo_is_asked_at_the_live_server_and_never_green() -> None:
    demo = next(host for host in HOSTS if host.environment is Environment.DEMO)
    asked = around(answered(config()))
    made = request(exchange=SPEC, host=demo.name, credentials=WELL_KEPT.key.credentials)
    report = judged(made, asked, EGRESS)
    assert {host for host, _ in asked.client().asked} == {"openapi.okx.com"}
    assert report.host == "openapi.okx.com (demo)"
    assert report.light is Light.GREY


def test_a_demo_key_at_the_live_host_is_named_as_one() -> None:
    report = check(refused("50101", "APIKey does not match current environment."))
    assert report.diagnosis is not None
    assert report.diagnosis.code is DiagnosisCode.WRONG_ENVIRONMENT
    assert report.diagnosis.ask_other_hosts
    assert report.light is Light.GREY


# signing


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (1_607_418_537_715, "2020-12-08T09:08:57.715Z"),
        (1_700_000_000_000, "2023-11-14T22:13:20.000Z"),
        (1_700_000_000_007, "2023-11-14T22:13:20.007Z"),
        (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
    ],
)
def test_e08_the_timestamp_is_utc_with_three_digits(ms: int, text: str) -> None:
    assert iso_ms(ms) == text


def test_a_query_is_part_of_what_is_signed() -> None:
    """The derived vector of a question that this program does not ask."""
    probe = replace(KEY, path="/api/v5/account/balance", query=(("ccy", "BTC"),))
    made = SPEC.sign(WELL_KEPT.key.credentials(), probe, HOSTS[0], 1_607_418_537_715)
    assert dict(made.headers)["OK-ACCESS-SIGN"] == "HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY="
    assert made.query == "ccy=BTC"


@pytest.mark.parametrize("ts", ["1597026383085", "1700000000000"])
def test_the_time_is_a_text_of_digits(ts: str) -> None:
    body = {"code": "0", "msg": "", "data": [{"ts": ts}]}
    said = Answer("GET", "", 200, True, body, NOW, NOW, 0.0)
    assert SPEC.read_time(said) == int(ts)

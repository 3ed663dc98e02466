"""B01 to B28 for Binance: each documented field, each wrong form of it, each stranger beside it."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from factories import make_answer, make_body, make_facts
from latchlight.core.facts import Known, Permission, Unknown, WhyUnknown
from latchlight.core.findings import KeyReport, Light
from latchlight.core.purpose import Purpose
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.binance import RIGHTS, SPEC
from scripted_exchange import DATA, SAFE, check, heard, rules, safe_script, sample

DOCUMENTED = sample("restrictions-documentation")
REQUIRED = sorted(DOCUMENTED)
SWITCHES = [name for name in REQUIRED if isinstance(DOCUMENTED[name], bool)]


def light_of(**changes: Any) -> Light:
    return report_of({**SAFE, **changes}).light


def report_of(body: object, purpose: Purpose = Purpose.SPOT) -> KeyReport:
    return check(safe_script(key=heard(body)), purpose)


def test_the_safe_answer_is_green() -> None:
    assert report_of(SAFE).light is Light.GREEN


def test_the_documented_example_is_not_fit_for_a_spot_bot() -> None:
    assert rules(report_of(DOCUMENTED))["whitelist-off"] == "red"


def test_b13_every_documented_switch_is_classified() -> None:
    classified = {row[0] for row in RIGHTS} | {"ipRestrict", "createTime"}
    assert classified == set(DOCUMENTED)


# "Enable Margin Loan, Repay & Transfer": to the margin account and back.
COMES_WITH = {"enableMargin": (Permission.INTERNAL_TRANSFER,)}


@pytest.mark.parametrize(
    ("field", "permission"),
    [
        ("enableReading", Permission.READ),
        ("enableFixReadOnly", Permission.READ),
        ("enableSpotAndMarginTrading", Permission.SPOT_TRADE),
        ("enableFixApiTrade", Permission.SPOT_TRADE),
        ("enableMargin", Permission.MARGIN_TRADE),
        ("enablePortfolioMarginTrading", Permission.MARGIN_TRADE),
        ("enableFutures", Permission.FUTURES_TRADE),
        ("enableVanillaOptions", Permission.OPTIONS_TRADE),
        ("permitsUniversalTransfer", Permission.INTERNAL_TRANSFER),
        ("enableInternalTransfer", Permission.INTERNAL_TRANSFER),
        ("enableWithdrawals", Permission.WITHDRAW),
    ],
)
def test_b12_each_switch_means_what_its_documentation_says(
    field: str, permission: Permission
) -> None:
    off = dict.fromkeys(SWITCHES, False) | {"ipRestrict": True}
    facts = make_facts(**{**off, field: True})
    assert facts.permission(permission) == Known(True)
    meant = {permission, *COMES_WITH.get(field, ()), Permission.KEY_MANAGEMENT}
    assert all(facts.permission(p) == Known(True) for p in COMES_WITH.get(field, ()))
    others = set(Permission) - meant
    assert all(facts.permission(other) == Known(False) for other in others)


@pytest.mark.parametrize("field", REQUIRED)
def test_b04_a_missing_field_is_never_green(field: str) -> None:
    report = report_of({k: v for k, v in SAFE.items() if k != field})
    assert report.light is Light.GREY


@pytest.mark.parametrize("pair", list(itertools.combinations(REQUIRED, 2)), ids="-".join)
def test_b04_two_missing_fields_are_never_green(pair: tuple[str, str]) -> None:
    report = report_of({k: v for k, v in SAFE.items() if k not in pair})
    assert report.light in (Light.GREY, Light.RED)


FORMS: list[Any] = [
    *("true", "false", "TRUE", "True", "yes", "1", "0", "", " ", "null"),
    *(0, 1, -1, 2, 1.0, 0.0, 10**30),
    *(None, [], {}, [True], [False], {"value": True}, [[]]),
]


@pytest.mark.parametrize("field", SWITCHES)
@pytest.mark.parametrize("value", FORMS, ids=repr)
def test_b01_b02_b03_b09_a_switch_in_another_form_is_grey(field: str, value: Any) -> None:
    assert light_of(**{field: value}) is Light.GREY
    rights = {right.name: right.granted for right in make_facts(**{field: value}).rights}
    if field in rights:
        assert rights[field] == Unknown(WhyUnknown.WRONG_FORM, field)


@pytest.mark.parametrize(
    "value",
    [*FORMS, True, False, 1, -5, 1e12, 1780000000000.0, "1780000000000", 0, 99_999_999_999_999],
    ids=repr,
)
def test_b24_a_creation_time_in_another_form_is_grey(value: Any) -> None:
    assert light_of(createTime=value) is Light.GREY


@pytest.mark.parametrize("value", [*FORMS, True, False, 0, -1, 1e12, "1900000000000"], ids=repr)
def test_an_end_in_another_form_is_grey_and_null_is_no_end(value: Any) -> None:
    wanted = Light.GREEN if value is None else Light.GREY
    assert light_of(tradingAuthorityExpirationTime=value) is wanted


def renamings(name: str) -> list[str]:
    return [name.upper(), name.lower(), name[:-1], name + "d", " " + name, "x" + name, "is_" + name]


@pytest.mark.parametrize("field", REQUIRED)
def test_b05_a_renamed_field_is_never_green(field: str) -> None:
    rest = {k: v for k, v in SAFE.items() if k != field}
    for name in renamings(field):
        assert report_of({**rest, name: SAFE[field]}).light is Light.GREY
    assert report_of({**rest, "data": {field: SAFE[field]}}).light is Light.GREY


def names(count: int) -> list[str]:
    """Names that may be rights and names that nobody would take for one."""
    dice = random.Random(6)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    starts = ("enable", "permits", "can", "allow", "is", "has", "", "", "x", "\u4ea4")
    return [dice.choice(starts) + "".join(dice.choices(letters, k=9)) for _ in range(count)]


def test_b06_a_thousand_new_switches_that_are_on_are_never_green() -> None:
    for name in names(1000):
        report = report_of({**SAFE, name: True})
        assert report.light is Light.GREY
        assert rules(report)["unknown-permission-on"] == "grey"


def test_b07_a_thousand_new_switches_that_are_off_change_nothing() -> None:
    for name in names(1000):
        assert light_of(**{name: False}) is Light.GREEN


@pytest.mark.parametrize("value", [True, "true", "TRUE", " yes ", "on", 1, 1.0, [], {}, [1]])
@pytest.mark.parametrize("name", ["enableXyz", "withdrawable", "x"])
def test_b06_a_new_field_that_says_yes_in_any_form_is_reported(name: str, value: Any) -> None:
    report = report_of({**SAFE, name: value})
    assert report.light is Light.GREY
    assert report.facts.unknown_rights == Known((name,))


@pytest.mark.parametrize(
    ("name", "value"),
    [("apiName", "my bot"), ("updateTime", 1780000000000), ("note", None), ("x", "off"), ("y", 0)],
)
def test_a_new_field_that_is_no_switch_changes_nothing(name: str, value: Any) -> None:
    assert report_of({**SAFE, name: value}).light is Light.GREEN


@pytest.mark.parametrize(
    "name", ["EnableWithdrawals", "enablewithdrawals", "ENABLEWITHDRAWALS", "IPRestrict"]
)
def test_a16_a_twin_in_another_case_is_grey(name: str) -> None:
    assert report_of({**SAFE, name: False}).light is Light.GREY


@pytest.mark.parametrize("value", [True, False, None, "x"])
def test_b18_the_accounts_own_flags_are_no_input(value: Any) -> None:
    account = {**sample("account"), "canWithdraw": value, "canTrade": value}
    refused = heard(sample("error-2015"), 400)
    report = check(safe_script(key=refused, account=heard(account)))
    assert report.light is Light.GREY
    assert report.facts.permission(Permission.WITHDRAW) == Unknown(WhyUnknown.NOT_READ)


@pytest.mark.parametrize("file", sorted(DATA.glob("*.json")), ids=lambda f: f.stem)
def test_bo10_the_answer_of_another_question_is_never_green(file: Any) -> None:
    body = sample(file.stem)
    fits = {"restrictions-spot", "restrictions-with-end"}
    assert (report_of(body).light is Light.GREEN) is (file.stem in fits)
    assert check(safe_script(time=heard(body))).light is not Light.GREEN or file.stem == "time"


def test_h01_every_sample_says_where_it_comes_from() -> None:
    tags = {"documented", "posted", "derived"}
    files = sorted(DATA.glob("*.json"))
    assert len(files) >= 25
    for file in files:
        tag, source, date = file.with_suffix(".origin").read_text("utf-8").splitlines()
        assert tag in tags
        assert len(source) > 10
        assert date == "read 2026-11-20"
    assert {f.stem for f in DATA.glob("*.origin")} == {f.stem for f in files}


def test_b28_the_evidence_quotes_the_field_that_was_read() -> None:
    report = report_of(SAFE)
    said = {f.rule: [e.said for e in f.evidence] for f in report.findings}
    assert said["withdraw-on"] == ["enableWithdrawals=false"]
    assert said["whitelist-off"] == ["ipRestrict=true"]


@pytest.mark.parametrize(
    "name", ["enable<b>x</b>", "enable\u202egnp.exe", "enable\x1b[31m", "enable" + "x" * 9000]
)
def test_bo11_a_hostile_field_name_is_shown_short_and_harmless(name: str) -> None:
    told = report_of({**SAFE, name: True}).facts.unknown_rights
    assert isinstance(told, Known)
    assert len(told.value[0]) <= 64
    assert not {"\u202e", "\x1b"} & set(told.value[0])


def test_five_hundred_new_fields_are_no_crash() -> None:
    many = {f"enableNew{n}": True for n in range(480)}
    assert report_of({**SAFE, **many}).light is Light.GREY
    assert report_of({**SAFE, **{f"n{n}": False for n in range(600)}}).light is Light.GREY


def test_accepted_is_said_only_of_the_documented_shape() -> None:
    def accepted(body: Any) -> bool:
        return SPEC.read_facts((make_answer(body),), _anybody(), SPEC.hosts[0]).accepted

    assert accepted(make_body())
    for body in ({"x": 1}, {"ipRestrict": True}, {"data": "Normal"}, {"enableReading": True}):
        assert not accepted(body)


def _anybody() -> Any:
    from scripted_exchange import credentials

    return credentials()


# the tables themselves


def test_l16_every_statement_has_a_source_and_a_date() -> None:
    from datetime import date

    for spec in EXCHANGES.values():
        assert spec.statements
        date.fromisoformat(spec.facts_date)
        for stated in spec.statements:
            assert stated.source
            assert stated.value
            date.fromisoformat(stated.date)


def test_p4_the_client_may_only_ask_the_listed_questions() -> None:
    for path in ("/sapi/v1/capital/withdraw/apply", "/api/v3/order", "/", "", "/api/v3/time/.."):
        assert not SPEC.allows("api.binance.com", path)
    for path in ("/api/v3/time", "/sapi/v1/account/apiRestrictions", "/api/v3/account"):
        assert SPEC.allows("api.binance.com", path)
        assert not SPEC.allows("api.binance.com.evil.example", path)
        assert not SPEC.allows("API.BINANCE.COM", path)
        assert not SPEC.allows("api.binance.com:443", path)


def test_every_probe_is_one_of_the_three_harmless_questions() -> None:
    probes = {p for p in (SPEC.time_probe, SPEC.key_probe, SPEC.narrow_probe) if p}
    assert {str(p) for p in probes} == {
        "GET /api/v3/time",
        "GET /sapi/v1/account/apiRestrictions",
        "GET /api/v3/account",
    }


def test_every_fix_leads_to_the_exchanges_own_page() -> None:
    for fix in SPEC.traits.fixes.values():
        assert len(fix.steps) >= 3
        assert fix.page is None or fix.page.startswith("https://www.binance.com/")

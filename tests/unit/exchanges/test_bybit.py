"""What is special about Bybit: areas and their words, the level of the key, `["*"]`, and the hosts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from answer_mutations import YES, around, full_width, in_other_case, new_flags, random_words
from exchange_samples import samples
from latchlight.core.answer import Answer
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.facts import (
    TRADES,
    Environment,
    KeyFacts,
    Known,
    Permission,
    Unknown,
    WhyUnknown,
    is_true,
)
from latchlight.core.findings import Light
from latchlight.core.progress import CancelToken
from latchlight.core.purpose import Purpose
from latchlight.exchanges.bybit import AREAS, HOSTS, SPEC, diagnose, read_facts
from latchlight.exchanges.spec import SourceCertainty, Topic
from latchlight.probing import find_host
from scripted_exchange import NOW, heard, judged, rules, services

from .contract import KNOWN

BYBIT = KNOWN["bybit"]
TOLD = samples("bybit")
KEY = BYBIT.well_kept.key.credentials()
KEY_PATH = "/v5/user/query-api"
RESULT: dict[str, Any] = BYBIT.bodies[0]["result"]
EVERY_WORD = [(area, row) for area, rows in AREAS.items() for row in rows]


def answer(result: Any, status: int = 200, **more: Any) -> Answer:
    body = {"retCode": 0, "retMsg": "", "result": result, **more}
    return Answer(f"GET {KEY_PATH}", "api.bybit.com", status, True, body, NOW, NOW, 0.0)


def facts(permissions: dict[str, Any] | None = None, **changed: Any) -> KeyFacts:
    """Of the well-kept key, but for these areas and fields; `...` takes one away."""
    areas = {**RESULT["permissions"], **(permissions or {})}
    result = {**RESULT, "permissions": areas, **changed}
    kept = {name: value for name, value in result.items() if value is not ...}
    return read_facts((answer(kept),), KEY, HOSTS[0])


def unknown(read: KeyFacts) -> tuple[str, ...]:
    assert isinstance(read.unknown_rights, Known)
    return read.unknown_rights.value


def light(permissions: dict[str, Any], purpose: Purpose = Purpose.SPOT, **changed: Any) -> Any:
    result = {**RESULT, "permissions": {**RESULT["permissions"], **permissions}, **changed}
    asked = dataclasses.replace(BYBIT.well_kept, purpose=purpose)
    script = BYBIT.script(asked)
    script[KEY_PATH] = heard({"retCode": 0, "retMsg": "", "result": result})
    return BYBIT.report(script, asked)


# words and areas

DOCUMENTED = {
    "ContractTrade": ("Order", "Position"),
    "Spot": ("SpotTrade",),
    "Wallet": ("AccountTransfer", "SubMemberTransfer", "SubMemberTransferList", "Withdraw"),
    "Options": ("OptionsTrade",),
    "Derivatives": ("DerivativesTrade",),
    "Exchange": ("ExchangeHistory",),
    "Earn": ("Earn",),
    "FiatP2P": ("FiatP2POrder", "Advertising"),
    "FiatBitPay": ("FaitPayOrder",),
    "FiatBybitPay": ("FaitPayOrder",),
    "FiatConvertBroker": ("FiatConvertBrokerOrder",),
    "BitCard": ("BitCard",),
    "BlockTrade": ("BlockTrade",),
    "Affiliate": ("Affiliate",),
}


def test_b13_every_documented_word_is_a_known_one() -> None:
    assert {area: tuple(dict.fromkeys(r.name for r in rows)) for area, rows in AREAS.items()} == (
        DOCUMENTED
    )
    for area, words in DOCUMENTED.items():
        for word in words:
            assert unknown(facts({area: [word]})) == ()


@pytest.mark.parametrize(("area", "row"), EVERY_WORD, ids=lambda one: getattr(one, "name", one))
def test_each_word_grants_its_permission_and_no_area_alone_does(area: str, row: Any) -> None:
    assert is_true(facts({area: [row.name]}).permission(row.permission))
    if row.permission not in (Permission.READ, Permission.SPOT_TRADE):
        assert facts({area: []}).permission(row.permission) == Known(False)


@pytest.mark.parametrize("area", [*AREAS, "ByXPost", "NFT", "CopyTrading", "StockTrade"])
def test_b08_a_new_word_is_named_with_its_area(area: str) -> None:
    old = RESULT["permissions"].get(area, [])
    for word in random_words(60):
        read = facts({area: [*old, word]})
        assert [name.casefold() for name in unknown(read)] == [f"{area}.{word}"[:64].casefold()]
    assert light({area: [*old, "NewWord"]}).light is Light.GREY


def test_b11_words_around_a_known_word_are_unknown() -> None:
    for area, row in EVERY_WORD:
        for word in (*around(row.name), full_width(row.name)):
            read = facts({area: [word]})
            assert len(unknown(read)) == 1
            assert unknown(read)[0].startswith(f"{area}.")
            assert not any(r.name == f"{area}.{row.name}" for r in read.granted(row.permission))


def test_b10_case_and_spaces_of_a_word_do_not_matter() -> None:
    for area, row in EVERY_WORD:
        for word in in_other_case(row.name):
            read = facts({area: [word]})
            assert unknown(read) == ()
            assert is_true(read.permission(row.permission))


def test_a_word_counts_in_its_own_area_only() -> None:
    read = facts({"Spot": ["SpotTrade", "Withdraw"], "Earn": ["Withdraw"]})
    assert read.permission(Permission.WITHDRAW) == Known(False)
    assert unknown(read) == ("Spot.Withdraw", "Earn.Withdraw")


@pytest.mark.parametrize("place", ["result", "permissions"])
def test_b06_a_new_flag_that_does_not_say_no_is_unknown(place: str) -> None:
    for name, value in [(n, True) for n in new_flags(100)] + [("enableXyz", y) for y in YES]:
        read = facts({name: value}) if place == "permissions" else facts(**{name: value})
        assert [found.partition(".")[0] for found in unknown(read)] == [name]
    for value in (False, None, 0, "", "false", []):
        read = facts({"enableXyz": value}) if place == "permissions" else facts(enableXyz=value)
        assert unknown(read) == ()


@pytest.mark.parametrize("area", ["ContractTrade", "Spot", "Wallet", "Options", "Derivatives"])
def test_b04_a_missing_area_of_trading_or_wallet_is_unknown(area: str) -> None:
    areas = {name: words for name, words in RESULT["permissions"].items() if name != area}
    read = read_facts((answer({**RESULT, "permissions": areas}),), KEY, HOSTS[0])
    for row in AREAS[area]:
        told = [r for r in read.rights if r.name == f"{area}.{row.name}"]
        assert [r.granted for r in told] == [Unknown(WhyUnknown.MISSING, area)] * len(told)
    assert read.unknown_rights == Unknown(WhyUnknown.MISSING, area)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("words", [None, True, 0, "", "Withdraw", {}, {"Withdraw": 1}, [None], [1]])
def test_b09_an_area_of_another_type_is_unknown(area: str, words: Any) -> None:
    read = facts({area: words})
    assert isinstance(read.unknown_rights, Unknown)
    granted = [r.granted for r in read.rights if r.name.startswith(f"{area}.")]
    assert set(map(type, granted)) == {Unknown}
    assert light({area: words}).light is Light.GREY


@pytest.mark.parametrize("permissions", [None, [], "Spot", {}, ...])
def test_b16_without_any_word_nothing_is_green(permissions: Any) -> None:
    result = {**RESULT, "permissions": permissions}
    kept = {name: value for name, value in result.items() if value is not ...}
    script = {**BYBIT.script(), KEY_PATH: heard({"retCode": 0, "result": kept})}
    assert BYBIT.report(script).light is Light.GREY


# the level of the key


def test_b17_words_on_a_read_only_key_are_asleep_and_never_off() -> None:
    for area, row in EVERY_WORD:
        read = facts({"Spot": [], area: [row.name]}, readOnly=1)
        asleep = [r for r in read.rights if r.dormant]
        assert {r.name for r in asleep} == {f"{area}.{row.name}"}
        assert all(r.granted == Known(False) for r in asleep)
        assert read.permission(Permission.READ) == Known(True)


def test_a_withdrawal_right_that_sleeps_is_not_called_off() -> None:
    report = light({"Wallet": ["Withdraw"]}, Purpose.WATCH, readOnly=1)
    assert rules(report)["withdraw-on"] == "amber"
    told = next(f for f in report.findings if f.rule == "withdraw-on")
    assert told.reason == "asleep"
    assert "read-only" in told.title


def test_less_than_purpose_names_the_level_and_not_the_word() -> None:
    report = light({}, readOnly=1)
    told = next(f for f in report.findings if f.rule == "less-than-purpose")
    assert told.light is Light.AMBER
    assert told.title == "The key is read-only as a whole, although trading is ticked."


@pytest.mark.parametrize("level", [..., None, "0", "1", True, False, 2, -1, 0.0, [], {}])
def test_b02_an_unreadable_level_makes_listed_words_unknown(level: Any) -> None:
    read = facts({"Wallet": ["Withdraw"]}, readOnly=level)
    assert isinstance(read.permission(Permission.WITHDRAW), Unknown)
    assert isinstance(read.permission(Permission.SPOT_TRADE), Unknown)
    assert read.permission(Permission.OPTIONS_TRADE) == Known(False)


# what a word brings with it


@pytest.mark.parametrize("word", ["AccountTransfer", "SubMemberTransfer", "Withdraw"])
def test_a_main_accounts_wallet_right_makes_keys_for_sub_accounts(word: str) -> None:
    wallet = {"Wallet": [word]}
    assert facts(wallet).permission(Permission.KEY_MANAGEMENT) == Known(True)
    of_sub = facts(wallet, isMaster=False, parentUid="1448938")
    assert not any(r.gives(Permission.KEY_MANAGEMENT) for r in of_sub.rights)
    assert rules(light(wallet))["key-management-on"] == "amber"


def test_every_other_way_out_is_a_transfer_and_no_withdrawal() -> None:
    outs = {a for a, row in EVERY_WORD if row.permission is Permission.INTERNAL_TRANSFER}
    assert outs == {
        *("Wallet", "BlockTrade", "Earn", "FiatP2P", "FiatBitPay", "FiatBybitPay"),
        *("FiatConvertBroker", "BitCard", "Exchange"),
    }
    for area in outs - {"Wallet"}:
        read = facts({area: [AREAS[area][0].name]})
        assert read.permission(Permission.WITHDRAW) == Known(False)
        assert rules(light({area: [AREAS[area][0].name]}))["transfer-on"] == "red"


def test_trading_words_serve_only_what_a_bot_can_live_on() -> None:
    serving = {(a, row.name, row.permission) for a, row in EVERY_WORD if row.serves}
    trading = {(area, word, p) for area, word, p in serving if p in TRADES}
    assert trading == {
        ("ContractTrade", "Order", Permission.FUTURES_TRADE),
        ("Spot", "SpotTrade", Permission.SPOT_TRADE),
        ("Options", "OptionsTrade", Permission.OPTIONS_TRADE),
    }


# the list of addresses


@pytest.mark.parametrize(
    "entries",
    [
        *(..., None, [], [""], ["", ""], "*", True, 0, [None], [7], {"0": "*"}, [["*"]]),
        *(["*", "*"], ["203.0.113.7", "*"], ["*", "203.0.113.7"], [" *"], ["**"], "203.0.113.7"),
        *(["203.0.113.7", ""], ["203.0.113.7,198.51.100.1"], ["0.0.0.0"], ["203.0.113.*"]),
        *(["203.0.113.07"], ["203.0.113.7/24"], ["localhost"]),
    ],
)
def test_c02_only_one_star_is_no_list_and_only_addresses_are_one(entries: Any) -> None:
    read = facts(ips=entries)
    assert isinstance(read.whitelist_on, Unknown)
    assert isinstance(read.whitelist, Unknown)


def test_c02_one_star_is_a_key_without_a_list() -> None:
    read = facts(ips=["*"])
    assert read.whitelist_on == Known(False)
    assert read.whitelist == Known(())


def test_the_list_is_read_in_full() -> None:
    read = facts(ips=["18.181.170.164", " 13.212.45.0/24 ", "2606:4700::1111"])
    assert read.whitelist_on == Known(True)
    assert isinstance(read.whitelist, Known)
    assert [str(network) for network in read.whitelist.value] == [
        *("18.181.170.164/32", "13.212.45.0/24", "2606:4700::1111/128")
    ]


# the end and the beginning of a key

EPOCH = "1970-01-01T00:00:00Z"
END = "2027-01-08T03:20:45Z"


def test_e06_1970_is_no_end_where_addresses_are_bound() -> None:
    assert facts(expiredAt=EPOCH).expires_at == Known(None)
    assert facts(expiredAt="1970-01-01T01:00:00+01:00").expires_at == Known(None)


def test_e06_1970_on_a_key_without_a_list_is_a_contradiction() -> None:
    open_key = facts(expiredAt=EPOCH, ips=["*"])
    assert open_key.expires_at == Unknown(WhyUnknown.CONTRADICTORY, "expiredAt")
    assert isinstance(facts(expiredAt=EPOCH, ips=[]).expires_at, Unknown)
    assert isinstance(facts(expiredAt=EPOCH, deadlineDay=1).expires_at, Unknown)


@pytest.mark.parametrize("entries", [["*"], ["203.0.113.7"], []])
def test_e06_an_end_is_an_end_with_and_without_a_list(entries: list[str]) -> None:
    read = facts(expiredAt=END, ips=entries)
    assert read.expires_at == Known(datetime(2027, 1, 8, 3, 20, 45, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "never", "2027-01-08", "2027-01-08T03:20:45", "0001-01-01T00:00:00Z"),
        *("1970-01-02T00:00:00Z", "2012-12-31T00:00:00Z", 0, None, 1799378445, ...),
    ],
)
def test_another_form_of_the_end_is_none(text: Any) -> None:
    assert isinstance(facts(expiredAt=text).expires_at, Unknown)


@pytest.mark.parametrize("days", [-20_000, -5100, 2, 400])
def test_a_key_made_before_bybit_or_tomorrow_has_no_age(days: int) -> None:
    moment = (NOW + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert isinstance(facts(createdAt=moment).created_at, Unknown)


# which key


@pytest.mark.parametrize("echoed", ["", "*", KEY.hint, "CFEJUGQEQPPHGOHGH", "cfejugqeqpphgohghm"])
def test_d01_an_answer_about_another_key_counts_for_nothing(echoed: str) -> None:
    assert facts(apiKey=echoed).other_key
    script = {
        **BYBIT.script(),
        KEY_PATH: heard({"retCode": 0, "result": {**RESULT, "apiKey": echoed}}),
    }
    report = BYBIT.report(script)
    assert report.diagnosis is not None
    assert "another key" in report.diagnosis.title
    assert report.facts.rights == ()


def test_d03_a_sub_accounts_key_is_called_one() -> None:
    assert facts().is_sub_account == Known(False)
    assert facts(isMaster=False, parentUid="9").is_sub_account == Known(True)
    assert facts(isMaster=False, parentUid=...).is_sub_account == Known(True)
    for changed in ({"isMaster": False}, {"parentUid": "9"}, {"isMaster": "true"}, {"isMaster": 1}):
        assert isinstance(facts(**changed).is_sub_account, Unknown)


def test_the_evidence_holds_nothing_of_the_accounts_owner() -> None:
    read = facts({"Wallet": ["AccountTransfer"]}, note="my name", userID=987654321)
    told = " ".join([*read.said, *read.said.values()])
    for private in ("my name", "987654321", "kyc", "MYS", "userID", "PRO", "parentUid", "note"):
        assert private not in told
    assert read.said["Wallet.AccountTransfer"] == "Wallet=AccountTransfer; readOnly=0"
    assert read.said["ips"].startswith("ips=")


# refusals


def refused(code: int, text: str = "", status: int = 200, **more: Any) -> Diagnosis:
    said = Answer("GET", "", status, True, {"retCode": code, "retMsg": text}, NOW, NOW, 0.0, **more)
    diagnosis = diagnose(said)
    assert diagnosis is not None
    return diagnosis


def test_an_unknown_key_most_likely_belongs_to_another_site() -> None:
    diagnosis = refused(10003, "API key is invalid.")
    assert diagnosis.code is DiagnosisCode.KEY_UNKNOWN
    assert [(c.code, c.likelihood) for c in diagnosis.causes] == [
        (DiagnosisCode.WRONG_HOST, Likelihood.LIKELY),
        (DiagnosisCode.KEY_UNKNOWN, Likelihood.POSSIBLE),
    ]


def test_the_other_hosts_are_offered_but_for_the_same_one_and_undocumented_ones() -> None:
    script = {
        **BYBIT.script(),
        KEY_PATH: heard({"retCode": 10003, "retMsg": "API key is invalid."}),
    }
    report = BYBIT.report(script)
    assert report.diagnosis is not None
    offered = set(report.diagnosis.ask_other_hosts)
    assert {"api.bybit.eu", "api-testnet.bybit.com", "api-demo.bybit.com"} <= offered
    assert not offered & {"api.bybit.com", "api.bytick.com", "api.bybit-tr.com", "api.bybit.com.hk"}


@pytest.mark.parametrize(
    ("host", "path", "result", "code"),
    [
        ("api.bybit.eu", KEY_PATH, RESULT, "wrong-host"),
        ("api-testnet.bybit.com", KEY_PATH, RESULT, "wrong-environment"),
        ("api-demo.bybit.com", "/v5/account/info", {"marginMode": "X"}, "wrong-environment"),
    ],
)
def test_a_key_of_another_place_is_found_there(
    host: str, path: str, result: dict[str, Any], code: str
) -> None:
    stranger = heard({"retCode": 10003, "retMsg": "API key is invalid."})
    script = {"/v5/market/time": BYBIT.time(), KEY_PATH: stranger, "/v5/account/info": stranger}
    script[host + path] = heard({"retCode": 0, "result": result})
    found = find_host(SPEC, HOSTS[0].name, KEY, services(script), CancelToken())
    assert found is not None
    assert (found.host.name, found.diagnosis.code.value) == (host, code)


def test_demo_trading_is_asked_only_what_it_documents() -> None:
    demo = next(sample for sample in TOLD.accepted if sample.host == "api-demo.bybit.com")
    around = services(BYBIT.script(demo))
    report = judged(BYBIT.request(demo), around)
    assert around.client().paths() == ["/v5/market/time", "/v5/account/info"]
    assert report.facts.accepted
    assert report.facts.environment is Environment.DEMO
    assert report.light is Light.GREY


def test_minus_2015_is_an_ended_key_and_not_binances_riddle() -> None:
    assert refused(-2015, "Your api key has expired").code is DiagnosisCode.KEY_EXPIRED
    assert len(refused(-2015).causes) == 1


def test_a_refused_address_is_red_though_bybit_does_not_name_it() -> None:
    script = {**BYBIT.script(), KEY_PATH: heard(TOLD.refusals[0].body)}
    report = BYBIT.report(script)
    assert rules(report)["address-not-whitelisted"] == "red"
    assert rules(report)["credentials-rejected"] == "grey"
    assert report.diagnosis is not None
    assert report.diagnosis.seen_address is None
    assert [cause.code.value for cause in report.diagnosis.causes] == ["ip-not-whitelisted"]


def test_a09_a_403_without_a_code_says_nothing_about_the_key() -> None:
    for answered in (Answer("GET", "", 403, False, None, NOW, NOW, 0.0), answer(None, 403)):
        diagnosis = diagnose(answered)
        assert diagnosis is not None
        assert diagnosis.code is DiagnosisCode.FIREWALL_BLOCKED
        assert "ten minutes" in diagnosis.next_step
        assert diagnosis.causes[0].code is DiagnosisCode.REGION_BLOCKED
        assert diagnosis.causes[0].likelihood is Likelihood.POSSIBLE


@pytest.mark.parametrize(("told", "kept"), [(None, 600), (5.0, 600), (1800.0, 1800)])
def test_a_lock_out_that_bybit_names_lasts_ten_minutes_at_least(
    told: float | None, kept: float
) -> None:
    diagnosis = refused(403, "403, Access too frequent", 403, retry_after=told)
    assert diagnosis.code is DiagnosisCode.ADDRESS_BANNED
    assert diagnosis.retry_after == kept
    assert f"{kept // 60:.0f} minutes" in diagnosis.next_step


def test_nothing_more_is_sent_during_a_lock_out() -> None:
    banned = heard({"retCode": 403, "retMsg": "403, access too frequent"}, 403)
    around = services({**BYBIT.script(), KEY_PATH: banned})
    judged(BYBIT.request(), around)
    until = around.store().ban_until("api.bybit.com", NOW)
    assert until is not None
    assert until - NOW >= timedelta(minutes=10)
    asked = len(around.client().asked)
    judged(BYBIT.request(), around)
    assert len(around.client().asked) == asked


def test_the_reset_header_says_when_a_pause_ends() -> None:
    ends = str(round((NOW + timedelta(seconds=90)).timestamp() * 1000))
    answered = heard(
        {"retCode": 10006, "retMsg": "Too many visits!"},
        429,
        headers={"x-bapi-limit-reset-timestamp": ends},
    )
    report = BYBIT.report({**BYBIT.script(), KEY_PATH: answered})
    assert report.diagnosis is not None
    assert report.diagnosis.code is DiagnosisCode.RATE_LIMITED
    assert report.diagnosis.retry_after == pytest.approx(90, abs=1)


# time


def time_of(change: Callable[[dict[str, Any]], object]) -> int | None:
    body = dict(TOLD.time.answer)
    body["result"] = dict(body["result"])
    change(body)
    return SPEC.read_time(dataclasses.replace(answer(None), body=body))


def test_the_time_is_read_only_where_both_fields_agree() -> None:
    assert time_of(lambda body: None) == 1688639403423
    for seconds in ("1688639402", "1688639404"):
        assert time_of(lambda b, s=seconds: b["result"].update(timeSecond=s)) == 1688639403423
    for seconds in ("1688639401", "1688639405", "0", "1", "9" * 30):
        assert time_of(lambda b, s=seconds: b["result"].update(timeSecond=s)) is None


# statements and hosts


def test_hosts_that_only_the_library_names_are_never_searched() -> None:
    only_there = {"api.bybit-tr.com", "api.bybit.com.hk"}
    assert {host.name for host in HOSTS if not host.searched} == {"api.bytick.com", *only_there}
    remark = next(s for s in SPEC.statements if s.topic is Topic.REMARK and s.subject == "hosts")
    assert remark.certainty is SourceCertainty.SDK
    assert all(name in remark.value for name in only_there)


@pytest.mark.parametrize("purpose", [Purpose.SPOT, Purpose.FUTURES, Purpose.MARGIN])
def test_an_affiliates_key_serves_no_bot(purpose: Purpose) -> None:
    report = light({"Spot": [], "Affiliate": ["Affiliate"]}, purpose)
    assert rules(report)["less-than-purpose"] == "amber"
    assert report.light is Light.AMBER

"""What Bitget does in its own way: two kinds of account, letter codes, a mode over all words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from exchange_samples import Fields, WordList, samples
from latchlight.core.answer import Answer
from latchlight.core.credentials import KeyKind
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.errors import InputError
from latchlight.core.facts import (
    NOT_TOLD,
    KeyFacts,
    Known,
    Permission,
    Readable,
    Unknown,
    WhyUnknown,
    is_true,
)
from latchlight.core.findings import Light
from latchlight.core.purpose import Purpose
from latchlight.exchanges.bitget import (
    CLASSIC,
    CLASSIC_RIGHTS,
    HOSTS,
    KEY,
    OLD_RIGHTS,
    SPEC,
    UNIFIED_RIGHTS,
    follow,
    read_facts,
    sign,
)
from latchlight.exchanges.intake import read_credentials
from latchlight.exchanges.spec import Probe
from scripted_exchange import NOW, heard, rules

from .contract import Exchange, none_of
from .test_contract_fields import spoilt_fields

SAMPLES = samples("bitget")
BITGET = Exchange(SPEC, SAMPLES)
CREDENTIALS = SAMPLES.accepted[0].key.credentials()
NOT_UNIFIED: dict[str, Any] = SAMPLES.accepted[0].answers[0].body
CLASSIC_BODY: dict[str, Any] = SAMPLES.accepted[0].answers[1].body["data"]
UNIFIED_BODY: dict[str, Any] = SAMPLES.accepted[1].answers[0].body["data"]
HOST, DEMO = HOSTS


def answer(body: Any, probe: Probe = KEY, status: int = 200) -> Answer:
    return Answer(str(probe), HOST.name, status, True, body, NOW, NOW, 0.0)


def read(probe: Probe, body: dict[str, Any], changed: dict[str, Any]) -> KeyFacts:
    data = {name: value for name, value in (body | changed).items() if value is not ...}
    answers = (answer({"code": "00000", "data": data}, probe),)
    if probe is CLASSIC:
        answers = (answer(NOT_UNIFIED, status=400), *answers)
    return read_facts(answers, CREDENTIALS, HOST)


def classic(*codes: str, **changed: Any) -> KeyFacts:
    return read(CLASSIC, CLASSIC_BODY, {"authorities": list(codes)} | changed)


def unified(*words: str, **changed: Any) -> KeyFacts:
    return read(KEY, UNIFIED_BODY, {"permissions": list(words)} | changed)


def refusal(code: str, message: str = "") -> Diagnosis:
    found = SPEC.diagnose(answer({"code": code, "msg": message}, status=400))
    assert found is not None
    return found


def on(facts: KeyFacts) -> set[str]:
    return {right.name for right in facts.rights if is_true(right.granted)}


# two kinds of account


def test_the_classic_question_follows_the_refusal_of_the_unified_one() -> None:
    assert follow((answer(NOT_UNIFIED, status=400),)) is CLASSIC


@pytest.mark.parametrize("status", [200, 401, 403])
def test_the_same_refusal_with_another_status_is_followed_too(status: int) -> None:
    assert follow((answer(NOT_UNIFIED, status=status),)) is CLASSIC


@pytest.mark.parametrize("status", [204, 301, 429, 500, 503])
def test_a_status_that_refuses_nothing_is_not_followed(status: int) -> None:
    assert follow((answer(NOT_UNIFIED, status=status),)) is None


@pytest.mark.parametrize(
    "body", [{"code": 40084}, {"code": "40085"}, {"code": "00000"}, {"code": "40014"}, {}, []]
)
def test_nothing_else_is_followed(body: Any) -> None:
    assert follow((answer(body, status=400),)) is None


def test_the_classic_question_is_asked_once() -> None:
    first = answer(NOT_UNIFIED, status=400)
    assert follow((first, answer(NOT_UNIFIED, CLASSIC, 400))) is None


def test_an_account_that_is_neither_is_grey_and_says_so() -> None:
    body = {"code": "40085", "msg": "You are in Unified Account mode"}
    report = BITGET.report(BITGET.script() | {CLASSIC.path: heard(body, 400)})
    assert report.light is Light.GREY
    assert report.diagnosis is not None
    assert "neither a unified nor a classic one" in report.diagnosis.title


def test_a_classic_key_without_spot_is_known_but_cannot_ask() -> None:
    body = {"code": "40014", "msg": "Incorrect permissions, need spot read permissions"}
    report = BITGET.report(BITGET.script() | {CLASSIC.path: heard(body, 400)})
    assert report.light is Light.GREY
    assert rules(report)["credentials-rejected"] == "grey"
    assert report.diagnosis is not None
    assert report.diagnosis.code is DiagnosisCode.PERMISSION_MISSING
    assert "Spot trade" in report.diagnosis.next_step


def test_each_answer_is_read_by_the_question_it_answers() -> None:
    both = {"permissions": ["uta_trade"], "authorities": ["wwow"], "permType": "read-and-write"}
    assert on(unified(**both)) == {"permType", "uta_trade"}
    assert on(classic(**both)) == {"wwow"}


# classic codes

DOCUMENTED = {
    "Get Account Information, read only": "coor cpor stor smor ttor wtor taxr chor p2pr pllr",
    "Get Account Information, read and write": "coow cpow stow smow ttow wtow wwow chow p2p pllw",
    "Get Account Information, in Chinese": "p2pw",
}


@pytest.mark.parametrize("source", DOCUMENTED)
def test_b13_every_documented_code_is_classified(source: str) -> None:
    facts = classic(*DOCUMENTED[source].split())
    assert facts.unknown_rights == Known(())
    assert on(facts) >= set(DOCUMENTED[source].split())


def test_b06_the_one_code_that_no_page_explains_is_reported_like_a_new_one() -> None:
    assert classic("stow", "taxw").unknown_rights == Known(("taxw",))


@pytest.mark.parametrize("write", ["stow", "smow", "coow", "cpow"])
def test_a_code_for_reading_and_writing_reads_too(write: str) -> None:
    facts = classic(write)
    assert facts.serves(Permission.READ) == Known(True)
    assert on(facts) == {write, write[:-1] + "r"}
    assert facts.said[write] == f"authorities={write}"


@pytest.mark.parametrize("code", ["wtow", "wwow", "chow", "ttow", "p2p", "p2pw", "pllw"])
def test_no_other_code_makes_a_bot_s_key_read(code: str) -> None:
    assert classic(code).serves(Permission.READ) == Known(False)


@pytest.mark.parametrize(
    ("code", "permission"),
    [
        ("wwow", Permission.WITHDRAW),
        ("p2p", Permission.WITHDRAW),
        ("p2pw", Permission.WITHDRAW),
        ("wtow", Permission.INTERNAL_TRANSFER),
        ("pllw", Permission.INTERNAL_TRANSFER),
        ("chow", Permission.KEY_MANAGEMENT),
    ],
)
def test_b13_every_way_out_for_money_has_its_row(code: str, permission: Permission) -> None:
    assert classic("stow").permission(permission) == Known(False)
    assert classic("stow", code).permission(permission) == Known(True)
    assert classic("stow", code.upper()).permission(permission) == Known(True)


@pytest.mark.parametrize("code", [row.name for row in (*CLASSIC_RIGHTS, *OLD_RIGHTS)])
def test_b11_a_code_that_only_holds_a_known_one_is_unknown(code: str) -> None:
    for strange in (f"{code}2", f"x{code}", f"{code} {code}"):
        facts = classic("stor", strange)
        assert facts.unknown_rights == Known((strange,))
        assert on(facts) == {"stor"}


def test_copy_trading_is_more_than_any_bot_needs() -> None:
    for purpose, codes in ((Purpose.SPOT, ["stow"]), (Purpose.FUTURES, ["stor", "coow"])):
        sample = next(s for s in SAMPLES.accepted if s.purpose is purpose)
        body = {**CLASSIC_BODY, "authorities": [*codes, "ttow"]}
        reply = replace(SAMPLES.accepted[0].answers[1], body={"code": "00000", "data": body})
        answers = (SAMPLES.accepted[0].answers[0], reply)
        report = BITGET.report_of(replace(sample, answers=answers, purpose=purpose))
        assert rules(report)["more-than-purpose"] == "amber"


# the old words of the documented example


def test_old_words_say_yes_but_their_silence_says_nothing() -> None:
    facts = classic("trade", "readonly")
    assert on(facts) == {"trade", "readonly"}
    for permission in (Permission.SPOT_TRADE, Permission.MARGIN_TRADE, Permission.FUTURES_TRADE):
        assert facts.permission(permission) == Known(True)
    for silent in (
        Permission.WITHDRAW,
        Permission.INTERNAL_TRANSFER,
        Permission.KEY_MANAGEMENT,
    ):
        assert facts.permission(silent) == Unknown(WhyUnknown.WRONG_FORM, "authorities")


def test_old_words_beside_a_code_hide_nothing() -> None:
    facts = classic("readonly", "wwow")
    assert facts.permission(Permission.WITHDRAW) == Known(True)
    assert facts.permission(Permission.INTERNAL_TRANSFER) == Unknown(
        WhyUnknown.WRONG_FORM, "authorities"
    )


@pytest.mark.parametrize("codes", [("readonly",), ("trade",), ("READONLY",), ("stow", "trade")])
def test_a_key_with_an_old_word_is_never_green(codes: tuple[str, ...]) -> None:
    for purpose in Purpose:
        body = {**CLASSIC_BODY, "authorities": list(codes)}
        script = BITGET.script() | {CLASSIC.path: heard({"code": "00000", "data": body})}
        sample = replace(SAMPLES.accepted[0], purpose=purpose)
        assert BITGET.report(script, sample).light in (Light.GREY, Light.RED)


def test_where_no_old_word_is_listed_none_is_missed() -> None:
    assert {right.name for right in classic("stow").rights}.isdisjoint({"trade", "readonly"})


# unified words and their mode


def test_b13_every_documented_word_is_classified() -> None:
    words = ["uta_mgt", "uta_trade", "withdraw", "copy_futures_position", "copy_futures_order"]
    facts = unified(*words)
    assert facts.unknown_rights == Known(())
    assert on(facts) == {"permType", *words}


@pytest.mark.parametrize("word", [row.name for row in UNIFIED_RIGHTS])
def test_b11_a_word_that_only_holds_a_known_one_is_unknown(word: str) -> None:
    for strange in (f"{word}_history", f"no-{word}", f"{word}s"):
        facts = unified("uta_trade", strange)
        assert facts.unknown_rights == Known((strange,))
        assert on(facts) == {"permType", "uta_trade"}


@pytest.mark.parametrize("word", ["uta_trade", "uta_mgt", "copy_futures_order"])
def test_b17_a_word_on_a_read_only_key_names_what_it_may_look_at(word: str) -> None:
    facts = unified(word, permType="read-only")
    assert on(facts) == {"permType"}
    assert not any(right.dormant for right in facts.rights)
    assert facts.permission(Permission.READ) == Known(True)


@pytest.mark.parametrize("mode", ["read-only", "read-and-write", "full-access", "", None, ...])
def test_withdrawals_that_are_listed_are_never_off(mode: Any) -> None:
    facts = unified("uta_trade", "withdraw", permType=mode)
    assert facts.permission(Permission.WITHDRAW) == Known(True)


@pytest.mark.parametrize(
    "mode",
    [
        *("full-access", "", "Read-Only", "READ-AND-WRITE", "read_write", " read-only", "readonly"),
        *(None, 1, True, [], ["read-only"], {}, ...),
    ],
)
def test_b17_in_an_unknown_mode_no_right_is_known(mode: Any) -> None:
    facts = unified("uta_trade", permType=mode)
    assert on(facts) == set()
    for permission in Permission:
        if permission is not Permission.OPTIONS_TRADE:
            unknown = facts.permission(permission)
            assert isinstance(unknown, Unknown)
            assert unknown.where == "permType"


def test_management_moves_money_and_leaves_withdrawals_open() -> None:
    facts = unified("uta_mgt")
    assert facts.permission(Permission.KEY_MANAGEMENT) == Known(True)
    assert facts.permission(Permission.INTERNAL_TRANSFER) == Known(True)
    assert facts.permission(Permission.WITHDRAW) == NOT_TOLD
    assert unified("uta_mgt", permType="read-only").permission(Permission.WITHDRAW) == Known(False)
    assert unified("uta_mgt", "withdraw").permission(Permission.WITHDRAW) == Known(True)


def test_b01_b09_every_spoilt_field_of_a_unified_key_shows() -> None:
    ids = ("userId", "inviterId", "parentId", "channelCode", "channel", "regisTime")
    fields = Fields(
        harmless=("msg", "requestTime", *(f"data.{name}" for name in ids)),
        word_lists=(WordList("data.permissions", "list"),),
        other_forms={"data.ips": ("listed",)},
    )
    chosen = Exchange(SPEC, replace(SAMPLES, accepted=SAMPLES.accepted[1:], fields=fields))
    assert chosen.best.light is Light.GREEN
    complaints = list(spoilt_fields(chosen, lambda how: True))
    assert len(complaints) > 90
    none_of(complaints)


# addresses


@pytest.mark.parametrize(
    ("ips", "addresses"),
    [
        ("203.0.113.7", ["203.0.113.7/32"]),
        ("192.168.1.1,192.168.1.2", ["192.168.1.1/32", "192.168.1.2/32"]),
        (" 203.0.113.7 , 2001:db8::7 ", ["203.0.113.7/32", "2001:db8::7/128"]),
        (["203.0.113.7"], ["203.0.113.7/32"]),
        (["203.0.113.7", "203.0.113.8"], ["203.0.113.7/32", "203.0.113.8/32"]),
        ("", []),
        ("  ", []),
        ([], []),
        (None, []),
    ],
)
def test_every_documented_form_of_the_list_is_read(ips: Any, addresses: list[str]) -> None:
    for facts in (classic("stow", ips=ips), unified("uta_trade", ips=ips)):
        assert isinstance(facts.whitelist, Known)
        assert [str(network) for network in facts.whitelist.value] == addresses
        assert facts.whitelist_on == Known(bool(addresses))
        assert facts.whitelist_readable is Readable.FULL


@pytest.mark.parametrize(
    "ips",
    [
        *(True, False, 0, 7, {}, {"ip": "203.0.113.7"}, [None], [["203.0.113.7"]], [""], "0.0.0.0"),
        *("203.0.113.7,", ",", "*", "unlimited", "203.0.113.7 203.0.113.8", ["203.0.113.7,x"]),
        *(["203.0.113.7", 7], ["203.0.113.7", None], ["203.0.113.7", ""], ["::"]),
    ],
)
def test_b09_any_other_form_of_the_list_is_not_known(ips: Any) -> None:
    for facts in (classic("stow", ips=ips), unified("uta_trade", ips=ips)):
        assert facts.accepted
        assert facts.whitelist_on == Unknown(WhyUnknown.WRONG_FORM, "ips")


def test_b04_a_list_that_is_not_told_is_not_an_empty_one() -> None:
    for facts in (classic("stow", ips=...), unified("uta_trade", ips=...)):
        assert facts.whitelist_on == Unknown(WhyUnknown.MISSING, "ips")


# the account


def test_the_account_s_age_is_not_taken_for_the_key_s() -> None:
    for facts in (classic("stow"), unified("uta_trade")):
        assert facts.created_at == NOT_TOLD
        assert facts.expires_at == NOT_TOLD


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        (0, Known(False)),
        ("", Known(False)),
        ("0", Known(False)),
        ("3102211471", Known(False)),
        (3102211471, Known(False)),
        (77, Known(True)),
        ("77", Known(True)),
        (None, NOT_TOLD),
        (..., NOT_TOLD),
        (True, Unknown(WhyUnknown.WRONG_FORM, "parentId")),
        ([77], Unknown(WhyUnknown.WRONG_FORM, "parentId")),
        (7.5, Unknown(WhyUnknown.WRONG_FORM, "parentId")),
    ],
)
def test_a_sub_account_has_a_parent_that_is_not_itself(parent: Any, expected: Any) -> None:
    assert classic("stow", parentId=parent).is_sub_account == expected
    assert unified("uta_trade", parentId=parent).is_sub_account == expected


# refusals


def test_an_address_error_names_the_address_in_its_newer_form_only() -> None:
    assert refusal("40018", "Invalid IP").seen_address is None
    newer = "invalid ip,current request ip 203.0.113.9"
    assert refusal("40018", newer).seen_address == "203.0.113.9"
    assert refusal("40018", newer + " 1").seen_address == "203.0.113.9"


def test_a_stale_timestamp_is_the_clock_and_no_address() -> None:
    """Widely read pages call 40008 an address block."""
    found = refusal("40008", "Request timestamp expired")
    assert found.code is DiagnosisCode.CLOCK_OFF
    assert [cause.code for cause in found.causes] == [DiagnosisCode.CLOCK_OFF]


def test_a_demo_key_at_live_offers_to_ask_the_demo() -> None:
    body = {"code": "40099", "msg": "exchange environment is incorrect"}
    report = BITGET.report(BITGET.script() | {KEY.path: heard(body, 400)})
    assert report.diagnosis is not None
    assert report.diagnosis.ask_other_hosts == (DEMO.name,)


def test_an_unknown_key_may_be_a_demo_key() -> None:
    found = refusal("40006", "Invalid ACCESS_KEY")
    assert [(cause.code, cause.likelihood) for cause in found.causes] == [
        (DiagnosisCode.KEY_UNKNOWN, Likelihood.LIKELY),
        (DiagnosisCode.WRONG_ENVIRONMENT, Likelihood.POSSIBLE),
    ]


def test_a_wrong_key_or_passphrase_names_both() -> None:
    found = refusal("40012", "apikey/password is incorrect")
    assert [cause.code for cause in found.causes] == [
        DiagnosisCode.PASSPHRASE_WRONG,
        DiagnosisCode.KEY_UNKNOWN,
    ]


# requests


def test_the_demo_is_the_same_server_with_one_header_more() -> None:
    assert DEMO.server == HOST.server == "api.bitget.com"
    live = dict(sign(CREDENTIALS, KEY, HOST, 1_700_000_000_000).headers)
    demo = dict(sign(CREDENTIALS, KEY, DEMO, 1_700_000_000_000).headers)
    assert demo == live | {"paptrading": "1"}
    assert live["locale"] == "en-US"


def test_the_old_domain_is_not_offered() -> None:
    assert {host.server for host in HOSTS} == {"api.bitget.com"}
    assert not SPEC.allows("capi.bitget.com", KEY.path)
    assert any(stated.subject == "capi.bitget.com" for stated in SPEC.statements)


def test_the_query_is_sent_and_signed_in_ascending_order() -> None:
    unsorted = Probe("x", "/api/v2/x", True, (("b", "2"), ("a", "1")))
    in_order = Probe("x", "/api/v2/x", True, (("a", "1"), ("b", "2")))
    first = sign(CREDENTIALS, unsorted, HOST, 1)
    second = sign(CREDENTIALS, in_order, HOST, 1)
    assert first.query == second.query == "a=1&b=2"
    assert first.headers == second.headers


# what is typed in

TYPED = {"api_key": "bg_" + "0a" * 16, "secret": "1b" * 32, "passphrase": "Practice2026"}


def test_a_usual_key_is_taken_without_a_word() -> None:
    taken = read_credentials(SPEC, TYPED)
    assert taken.warnings == ()
    assert taken.repairs == ()


def test_exchanged_fields_are_put_right() -> None:
    swapped = TYPED | {"api_key": TYPED["secret"], "secret": TYPED["api_key"]}
    taken = read_credentials(SPEC, swapped)
    assert taken.exchanged
    assert taken.credentials.api_key == read_credentials(SPEC, TYPED).credentials.api_key


def test_an_unusual_passphrase_warns_and_is_taken() -> None:
    taken = read_credentials(SPEC, TYPED | {"passphrase": "with space_1"})
    assert [note.field for note in taken.warning_notes] == ["passphrase"]
    assert taken.credentials.passphrase is not None


def test_an_rsa_private_key_is_taken_with_its_passphrase() -> None:
    pem = next(s.key.secret for s in SAMPLES.accepted if s.key.kind == "rsa")
    assert read_credentials(SPEC, TYPED | {"secret": pem}).credentials.kind is KeyKind.RSA


@pytest.mark.parametrize("missing", ["api_key", "secret", "passphrase"])
def test_nothing_may_be_left_out(missing: str) -> None:
    with pytest.raises(InputError) as refused:
        read_credentials(SPEC, TYPED | {missing: ""})
    assert refused.value.field == missing

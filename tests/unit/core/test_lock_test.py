"""A lock test proves something only where every step of it does: each way of falling short is grey."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factories import NOW, make_facts
from latchlight.core.addresses import Address, parse_address, parse_network
from latchlight.core.diagnosis import Cause, Diagnosis, DiagnosisCode, Likelihood
from latchlight.core.egress import AddressAnswer, EgressReport, agree
from latchlight.core.evaluate import evaluate
from latchlight.core.facts import Environment, KeyFacts, Known, Readable, Unknown, WhyUnknown
from latchlight.core.findings import Evidence, Finding, Light, Sureness
from latchlight.core.limits import LIMITS
from latchlight.core.lock_test import (
    Later,
    LockTest,
    Standing,
    TriedAnswer,
    Verdict,
    Why,
    answer_of,
    certain_addresses,
    is_usable,
    judge_test,
    list_mark,
    outweighs,
    standing,
)
from latchlight.core.records import replace
from latchlight.core.rules.rule import NotApplicable
from latchlight.core.sentences import say
from latchlight.core.situation import Situation
from latchlight.exchanges import EXCHANGES
from latchlight.exchanges.coinbase import read_facts

from .test_findings import situation

HOME, AWAY, THIRD = map(parse_address, ("93.184.216.34", "8.8.4.4", "9.9.9.9"))
HOME6 = parse_address("2606:2800:220:1::7")
HOME6_TOMORROW = parse_address("2606:2800:220:1:dead:beef::9")
AWAY6 = parse_address("2001:4860:4860::8844")
MINUTE = timedelta(minutes=1)
PRINT = "f" * 32
NAMED = TriedAnswer(
    accepted=False,
    probe="GET /api/v3/brokerage/key_permissions",
    code="ip-not-whitelisted",
    http_status=401,
    exchange_code="authentication_error",
    only_cause=True,
    address_possible=True,
)
ACCEPTED = TriedAnswer(accepted=True, probe=NAMED.probe)
PLAIN = replace(NAMED, code="unauthorized", only_cause=False)


def a_lock_test(**changes: Any) -> LockTest:
    """A test as it should be, ended a minute ago."""
    made = LockTest(
        exchange="coinbase",
        host="api.coinbase.com",
        practice=False,
        fingerprint=PRINT,
        used_at=NOW - 30 * MINUTE,
        used_from=(HOME,),
        tried_at=NOW - 20 * MINUTE,
        tried_from=(AWAY,),
        still_from=(AWAY,),
        answer=NAMED,
        list_before="shown ",
        back_at=NOW - MINUTE,
        back_from=(HOME,),
        list_after="shown ",
    )
    return replace(made, **changes)


# What it proves at all -------------------------------------------------------------------------


def test_refused_by_name_and_accepted_before_and_after_is_a_proof() -> None:
    assert judge_test(a_lock_test()).verdict is Verdict.LOCKED
    assert judge_test(a_lock_test()).why is None


HOUR = timedelta(seconds=LIMITS.lock_step_seconds)
SHORT: dict[str, tuple[dict[str, Any], Why]] = {
    "the usual address was not certain": ({"used_from": ()}, Why.USUAL_UNKNOWN),
    "the address was not certain before": ({"tried_from": ()}, Why.ADDRESS_UNKNOWN),
    "the address was not certain after": ({"still_from": ()}, Why.ADDRESS_UNKNOWN),
    "the address changed meanwhile": ({"still_from": (THIRD,)}, Why.ADDRESS_CHANGED),
    "a second address came": ({"still_from": (AWAY, HOME6)}, Why.ADDRESS_CHANGED),
    "back home meanwhile": ({"still_from": (HOME,)}, Why.ADDRESS_CHANGED),
    "nobody left the house": (
        {"tried_from": (HOME,), "still_from": (HOME,)},
        Why.SAME_ADDRESS,
    ),
    "one family stayed at home": (
        {"tried_from": (AWAY, HOME), "still_from": (HOME, AWAY)},
        Why.SAME_ADDRESS,
    ),
    "only IPv4 left the house, and IPv6 has a new address": (
        {
            "used_from": (HOME, HOME6),
            "tried_from": (AWAY, HOME6_TOMORROW),
            "still_from": (AWAY, HOME6_TOMORROW),
        },
        Why.SAME_ADDRESS,
    ),
    "used from there before": ({"used_from": (HOME, AWAY)}, Why.SAME_ADDRESS),
    "on the list": ({"listed": (parse_network("8.8.4.0/24"),)}, Why.ADDRESS_LISTED),
    "accepted long ago": ({"used_at": NOW - 21 * MINUTE - HOUR}, Why.START_OLD),
    "accepted only later": ({"used_at": NOW - 19 * MINUTE}, Why.START_OLD),
    "never asked": ({"answer": replace(NAMED, probe="")}, Why.NOT_ASKED),
    "accepted, but never asked": ({"answer": replace(ACCEPTED, probe="")}, Why.NOT_ASKED),
    "another address was seen": ({"answer": replace(NAMED, seen=THIRD)}, Why.OTHER_ADDRESS),
    "the home address was seen": ({"answer": replace(NAMED, seen=HOME)}, Why.OTHER_ADDRESS),
    "not back": ({"back_at": None}, Why.NOT_BACK),
    "back before it left": ({"back_at": NOW - 21 * MINUTE}, Why.BACK_LATE),
    "back too late": ({"back_at": NOW - 19 * MINUTE + HOUR}, Why.BACK_LATE),
    "back at another place": ({"back_from": (THIRD,)}, Why.BACK_ELSEWHERE),
    "still abroad": ({"back_from": (AWAY,)}, Why.BACK_ELSEWHERE),
    "one family stayed abroad": (
        {
            "used_from": (HOME, HOME6),
            "tried_from": (AWAY, AWAY6),
            "still_from": (AWAY, AWAY6),
            "back_from": (AWAY, HOME6),
        },
        Why.BACK_ELSEWHERE,
    ),
    "back at nowhere certain": ({"back_from": ()}, Why.BACK_ELSEWHERE),
    "another list afterwards": ({"list_after": "shown x"}, Why.LIST_CHANGED),
}


@pytest.mark.parametrize("case", SHORT)
def test_each_step_that_falls_short_leaves_it_undecided(case: str) -> None:
    changes, why = SHORT[case]
    found = judge_test(a_lock_test(**changes))
    assert (found.verdict, found.why) == (Verdict.UNDECIDED, why)


@pytest.mark.parametrize("code", [c for c in DiagnosisCode if c.value != "ip-not-whitelisted"])
def test_only_a_refusal_that_names_the_address_proves(code: DiagnosisCode) -> None:
    alone = replace(NAMED, code=code.value, address_possible=False)
    found = judge_test(a_lock_test(answer=alone))
    assert (found.verdict, found.why) == (Verdict.UNDECIDED, Why.REFUSED_OTHERWISE)
    one_of_many = replace(NAMED, code=code.value, only_cause=False)
    assert judge_test(a_lock_test(answer=one_of_many)).verdict is Verdict.UNNAMED


def test_a_named_refusal_with_other_causes_beside_it_does_not_prove() -> None:
    assert (
        judge_test(a_lock_test(answer=replace(NAMED, only_cause=False))).verdict is Verdict.UNNAMED
    )


def test_a_clear_refusal_of_a_dead_key_is_no_proof() -> None:
    """It is refused from everywhere, so it never comes back."""
    assert judge_test(a_lock_test(back_at=None)).verdict is Verdict.UNDECIDED


def test_let_in_is_let_in_whether_somebody_goes_back_or_not() -> None:
    for changes in ({}, {"back_at": None}, {"back_from": (THIRD,)}, {"list_after": "other"}):
        assert judge_test(a_lock_test(answer=ACCEPTED, **changes)).verdict is Verdict.OPEN


@pytest.mark.parametrize("case", SHORT)
def test_let_in_from_an_address_that_is_not_surely_foreign_is_no_danger(case: str) -> None:
    changes, why = SHORT[case]
    if "answer" in changes or why in (Why.NOT_BACK, Why.BACK_LATE, Why.BACK_ELSEWHERE):
        return
    if why is Why.LIST_CHANGED:
        return
    assert judge_test(a_lock_test(**changes, answer=ACCEPTED)).verdict is Verdict.UNDECIDED


# What goes in ----------------------------------------------------------------------------------


def services(*said: tuple[str, str]) -> EgressReport:
    answers = []
    for number, (party, text) in enumerate(said):
        address = parse_address(text)
        answers.append(AddressAnswer(f"{number}", party, address.version, address, None))
    return agree(answers)


@pytest.mark.parametrize(
    ("said", "ipv6", "expected"),
    [
        ([("a", "8.8.4.4"), ("b", "8.8.4.4")], False, (AWAY,)),
        ([("a", "8.8.4.4")], False, ()),
        ([("a", "8.8.4.4"), ("a", "8.8.4.4")], False, ()),
        ([("a", "8.8.4.4"), ("b", "9.9.9.9")], False, ()),
        ([], False, ()),
        ([("a", "8.8.4.4"), ("b", "8.8.4.4"), ("a", str(HOME6))], False, (AWAY,)),
        ([("a", "8.8.4.4"), ("b", "8.8.4.4"), ("a", str(HOME6))], True, ()),
        ([("a", "8.8.4.4"), ("b", "8.8.4.4"), ("a", str(HOME6)), ("b", str(HOME6))], True,
         (AWAY, HOME6)),
    ],
)  # fmt: skip
def test_only_what_unrelated_services_agree_on_is_certain(
    said: list[tuple[str, str]], ipv6: bool, expected: tuple[Address, ...]
) -> None:
    assert certain_addresses(services(*said), ipv6=ipv6) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [("timeout", ()), ("offline", (AWAY,)), ("name-not-found", (AWAY,))],
)
def test_services_that_were_too_slow_do_not_say_that_there_is_no_ipv6(
    error: str, expected: tuple[Address, ...]
) -> None:
    """A VPN for IPv4 alone lets IPv6 past it: the exchange may see the usual line."""
    heard = services(("a", str(AWAY)), ("b", str(AWAY))).answers
    silent = [AddressAnswer("s", "s", 6, None, error), AddressAnswer("t", "t", 6, None, "offline")]
    report = agree([*heard, *silent])
    assert certain_addresses(report, ipv6=True) == expected
    assert certain_addresses(report, ipv6=False) == (AWAY,)


def test_every_exchange_that_names_the_address_is_read_so() -> None:
    text = say("x")
    named = Diagnosis(
        DiagnosisCode.IP_NOT_WHITELISTED,
        text,
        text,
        (Cause(DiagnosisCode.IP_NOT_WHITELISTED, Likelihood.CERTAIN, text, text),),
        http_status=401,
        exchange_code="50110",
        seen_address="8.8.4.4",
    )
    answer = answer_of(named, "GET /x")
    assert (answer.only_cause, answer.seen, answer.code) == (True, AWAY, "ip-not-whitelisted")
    assert answer_of(replace(named, seen_address="somewhere"), "GET /x").seen is None
    assert answer_of(None, "GET /x").accepted


def test_the_ambiguous_refusal_of_binance_stays_ambiguous() -> None:
    from factories import make_refusal

    answer = answer_of(make_refusal(), "GET /sapi/v1/account/apiRestrictions")
    assert not answer.accepted
    assert (answer.only_cause, answer.address_possible) == (False, True)
    assert judge_test(a_lock_test(answer=answer)).verdict is Verdict.UNNAMED


def test_an_answer_with_the_list_off_says_nothing_about_addresses() -> None:
    assert is_usable(make_facts())
    assert not is_usable(make_facts(ipRestrict=False))
    assert not is_usable(KeyFacts())
    assert not is_usable(replace(make_facts(), locked=True))
    assert not is_usable(replace(make_facts(), other_key=True))


def test_the_mark_of_a_list_is_another_one_as_soon_as_the_list_is() -> None:
    entries = [parse_network("8.8.4.4"), parse_network("9.9.9.9")]
    lists = [Known(tuple(entries)), Known(tuple(entries[:1])), Known(tuple(reversed(entries)))]
    marks = [list_mark(replace(make_facts(), whitelist=one)) for one in lists]
    assert marks[0] == marks[2] != marks[1]
    assert list_mark(make_facts()) != list_mark(make_facts(ipRestrict=False))


# Whether it still counts -----------------------------------------------------------------------


COINBASE = EXCHANGES["coinbase"]


def coinbase_facts(environment: Environment = Environment.PRODUCTION) -> KeyFacts:
    from factories import CREDENTIALS, make_answer

    body = {"can_view": True, "can_trade": True, "can_transfer": False, "can_receive": False}
    host = replace(COINBASE.hosts[0], environment=environment)
    return read_facts((make_answer(dict(body)),), CREDENTIALS, host)


def stands(test: LockTest, **changes: Any) -> Standing:
    about: dict[str, Any] = {
        "exchange": "coinbase",
        "host": "api.coinbase.com",
        "fingerprint": PRINT,
        "facts": coinbase_facts(),
        "now": NOW,
        "later": Later(),
    }
    return standing(test, **{**about, **changes})


LATEST = NOW - 20 * MINUTE + timedelta(days=LIMITS.lock_proof_days)


def test_it_counts_for_thirty_days_and_not_a_moment_longer() -> None:
    assert LIMITS.lock_proof_days == 30
    assert stands(a_lock_test()) is Standing.COUNTS
    assert stands(a_lock_test(), now=LATEST) is Standing.COUNTS
    assert stands(a_lock_test(), now=LATEST + timedelta(microseconds=1)) is Standing.EXPIRED


def test_a_clock_that_went_back_makes_it_void() -> None:
    assert stands(a_lock_test(), now=NOW - 2 * MINUTE) is Standing.CLOCK
    assert stands(a_lock_test(), now=NOW - timedelta(days=400)) is Standing.CLOCK
    assert stands(a_lock_test(back_at=None), now=NOW - 21 * MINUTE) is Standing.CLOCK


@pytest.mark.parametrize(
    "other",
    [
        {"exchange": "binance"},
        {"host": "api.example.com"},
        {"fingerprint": "e" * 32},
        {"fingerprint": ""},
    ],
)
def test_it_is_about_one_key_at_one_host(other: dict[str, str]) -> None:
    assert stands(a_lock_test(), **other) is Standing.OTHER_KEY


def test_practice_never_counts_for_a_real_key_nor_the_other_way_round() -> None:
    practice = coinbase_facts(Environment.PRACTICE)
    assert stands(a_lock_test(practice=True)) is Standing.OTHER_KEY
    assert stands(a_lock_test(), facts=practice) is Standing.OTHER_KEY
    in_practice = a_lock_test(practice=True, fingerprint="")
    assert stands(in_practice, facts=practice, fingerprint="") is Standing.COUNTS
    assert stands(in_practice, fingerprint="") is Standing.OTHER_KEY


def test_a_key_without_a_fingerprint_has_no_proof_outside_of_practice() -> None:
    assert stands(a_lock_test(fingerprint=""), fingerprint="") is Standing.OTHER_KEY


def test_another_list_ends_it() -> None:
    assert stands(a_lock_test(list_before="shown other", list_after="shown other")) is (
        Standing.LIST_CHANGED
    )


LISTED = (parse_network("8.8.8.0/24"),)
DENIED: dict[str, Later] = {
    "accepted now where it was refused": Later(here=(AWAY,)),
    "accepted now where it was refused, though named since": Later(here=(AWAY,), named=(AWAY,)),
    "one family is where it was refused": Later(here=(AWAY, HOME6)),
    "accepted meanwhile where it was refused": Later(here=(HOME,), since=(HOME, AWAY)),
    "accepted now where nobody knew of it": Later(here=(THIRD,)),
    "accepted meanwhile where nobody knew of it": Later(here=(HOME,), since=(THIRD,)),
}
EXPLAINED: dict[str, Later] = {
    "nowhere certain": Later(),
    "at home": Later(here=(HOME,), since=(HOME,)),
    "at home, with a new IPv6 address": Later(here=(HOME, HOME6), since=(HOME, HOME6_TOMORROW)),
    "at a place that the user named": Later(here=(THIRD,), since=(THIRD,), named=(THIRD,)),
    "at a place that the list showed": Later(here=(parse_address("8.8.8.9"),)),
}


@pytest.mark.parametrize("case", DENIED)
def test_who_is_let_in_later_where_the_list_should_keep_out_ends_it(case: str) -> None:
    test = a_lock_test(listed=LISTED)
    assert stands(test, later=DENIED[case]) is Standing.LET_IN_SINCE


@pytest.mark.parametrize("case", EXPLAINED)
def test_what_the_test_explains_lets_it_count(case: str) -> None:
    assert stands(a_lock_test(listed=LISTED), later=EXPLAINED[case]) is Standing.COUNTS


# The lights ------------------------------------------------------------------------------------


def around(lock: object, **changes: Any) -> Situation:
    """A Coinbase key that is as good as its answers can be."""
    probes = {"time": COINBASE.time_probe, "key": COINBASE.key_probe}
    made = situation(
        exchange=COINBASE.traits,
        facts=coinbase_facts(),
        egress=services(("a", str(HOME)), ("b", str(HOME))),
        host="api.coinbase.com",
        fingerprint=PRINT,
        evidence={
            name: Evidence(str(probe), "api.coinbase.com", NOW, "accepted")
            for name, probe in probes.items()
        },
        lock=lock,
    )
    return replace(made, **changes)


def findings(made: Situation) -> dict[str, Finding]:
    return {finding.rule: finding for finding in evaluate(made)[0]}


def is_green(made: Situation) -> bool:
    return all(f.light is Light.GREEN for f in findings(made).values() if f.required)


def test_where_the_list_cannot_be_read_a_proof_makes_it_green() -> None:
    assert findings(around(None))["whitelist-off"].light is Light.AMBER
    assert "lock-open" not in findings(around(None))
    assert not is_green(around(None))
    found = findings(around(a_lock_test()))
    assert is_green(around(a_lock_test()))
    for rule in ("whitelist-off", "lock-open"):
        assert found[rule].light is Light.GREEN
        assert found[rule].sureness is Sureness.MEASURED
        assert "8.8.4.4" in found[rule].detail
        assert "2026-11-20, 11:40 UTC" in found[rule].detail
        said = [evidence.said for evidence in found[rule].evidence]
        assert said == [
            "accepted",
            "lock test: accepted; own addresses 93.184.216.34",
            "lock test: refused, ip-not-whitelisted, HTTP 401, code authentication_error, from 8.8.4.4",
            "lock test: accepted, from 93.184.216.34",
        ]


NOT_ENOUGH: dict[str, LockTest] = {
    **{case: a_lock_test(**changes) for case, (changes, _) in SHORT.items()},
    "not named": a_lock_test(answer=PLAIN),
    "let in": a_lock_test(answer=ACCEPTED),
    "too old": a_lock_test(
        **{
            name: getattr(a_lock_test(), name) - timedelta(days=31)
            for name in ("used_at", "tried_at", "back_at")
        }
    ),
    "in the future": a_lock_test(back_at=NOW + MINUTE),
    "of another key": a_lock_test(fingerprint="e" * 32),
    "of another host": a_lock_test(host="api.example.com"),
    "of practice": a_lock_test(practice=True),
    "of practice without a key": a_lock_test(practice=True, fingerprint=""),
    "of another exchange": a_lock_test(exchange="okx"),
    "of another list": a_lock_test(list_before="a", list_after="a"),
}


@pytest.mark.parametrize("case", NOT_ENOUGH)
def test_nothing_less_than_a_proof_makes_it_green(case: str) -> None:
    made = around(NOT_ENOUGH[case])
    assert not is_green(made)
    assert findings(made)["whitelist-off"].light is Light.AMBER
    lock = findings(made).get("lock-open")
    assert lock is None or lock.light is not Light.GREEN
    assert lock is None or lock.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"egress": services(("a", str(AWAY)), ("b", str(AWAY)))},
        {"egress": services(("a", str(THIRD)), ("b", str(THIRD)))},
        {"accepted_since": (HOME, AWAY)},
        {"accepted_since": (HOME, THIRD)},
    ],
)
def test_a_list_that_was_switched_off_since_is_noticed_where_it_shows(
    changes: dict[str, Any],
) -> None:
    made = around(a_lock_test(), **changes)
    assert not is_green(made)
    found = findings(made)
    assert found["whitelist-off"].light is Light.AMBER
    assert (found["lock-open"].light, found["lock-open"].required) == (Light.GREY, False)
    assert found["lock-open"].reason == "lock-test-let-in-since"


def test_no_proof_stands_for_evidence_of_this_run() -> None:
    assert not is_green(around(a_lock_test(), evidence={}))
    refused = Diagnosis(DiagnosisCode.UNAUTHORIZED, say("No."), say("Look."))
    found = findings(around(a_lock_test(), facts=KeyFacts(), diagnosis=refused))
    assert found["whitelist-off"].light is Light.GREY
    assert "lock-open" not in found


def test_a_foreign_address_that_was_let_in_is_red_until_another_test() -> None:
    opened = a_lock_test(answer=ACCEPTED, back_at=None)
    later = NOW + timedelta(days=400)
    refused = Diagnosis(DiagnosisCode.TIMEOUT, say("No."), say("Look."))
    for made in (
        around(opened),
        around(opened, now=NOW - timedelta(days=3)),
        around(opened, facts=KeyFacts(), diagnosis=refused),
    ):
        assert findings(made)["lock-open"].light is Light.RED
    old = around(opened, now=later)
    assert findings(old)["lock-open"].light is Light.RED
    assert "8.8.4.4" in findings(old)["lock-open"].detail


def test_a_newer_list_ends_the_danger_but_is_no_proof() -> None:
    opened = a_lock_test(answer=ACCEPTED, list_before="list 0.0.0.0/0")
    found = findings(around(opened))["lock-open"]
    assert (found.light, found.required) == (Light.GREY, False)
    assert found.reason == "lock-test-other-list"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("too old", "lock-test-expired"),
        ("in the future", "lock-test-later-than-now"),
        ("of another list", "lock-test-other-list"),
        ("not named", "lock-test-unnamed"),
        ("still abroad", "lock-test-undecided"),
    ],
)
def test_a_test_that_does_not_count_is_grey_and_holds_nothing_back(case: str, reason: str) -> None:
    found = findings(around(NOT_ENOUGH[case]))["lock-open"]
    assert (found.light, found.required, found.reason) == (Light.GREY, False, reason)
    assert found.detail


def test_a_test_that_cannot_be_read_is_grey() -> None:
    found = findings(around(Unknown(WhyUnknown.WRONG_FORM)))
    assert found["lock-open"].light is Light.GREY
    assert found["lock-open"].reason == "lock-test-unreadable"
    assert found["whitelist-off"].light is Light.AMBER


def test_elsewhere_it_is_one_more_piece_of_evidence_and_no_light_waits_for_it() -> None:
    """Binance reports that its list is on, and does not show it."""
    facts = make_facts()
    mark = list_mark(facts)
    own = a_lock_test(exchange="binance", host="api.binance.com", list_before=mark, list_after=mark)
    made = situation(host="api.binance.com", fingerprint=PRINT, lock=own)
    with_test, without = findings(made), findings(replace(made, lock=None))
    assert with_test["lock-open"].light is Light.GREEN
    rest = {rule: f.light for rule, f in with_test.items() if rule != "lock-open"}
    assert rest == {rule: f.light for rule, f in without.items()}
    off = replace(made, facts=make_facts(ipRestrict=False))
    assert "lock-open" not in findings(off)
    assert findings(off)["whitelist-off"].light is Light.RED


def test_a_masked_list_that_shows_something_else_ends_it() -> None:
    facts = replace(
        make_facts(),
        whitelist_readable=Readable.MASKED,
        whitelist_fields=("ipWhitelist",),
        said={"ipWhitelist": "ipWhitelist=203.**.7"},
    )
    mark = list_mark(facts)
    own = a_lock_test(exchange="binance", host="api.binance.com", list_before=mark, list_after=mark)
    made = situation(host="api.binance.com", fingerprint=PRINT, lock=own, facts=facts)
    assert findings(made)["lock-open"].light is Light.GREEN
    other = replace(facts, said={"ipWhitelist": "ipWhitelist=203.**.7,8.**.4"})
    assert findings(replace(made, facts=other))["lock-open"].light is Light.GREY


def test_without_a_test_the_rule_says_nothing() -> None:
    from latchlight.core.rules.lock import RULES

    (rule,) = RULES
    assert isinstance(rule.evaluate(around(None)), NotApplicable)


# Which of two is kept ---------------------------------------------------------------------------

OPENED = a_lock_test(answer=ACCEPTED, back_at=None, back_from=(), list_after="")
FROM_THIRD = a_lock_test(tried_from=(THIRD,), still_from=(THIRD,))


def test_a_refusal_without_a_reason_from_elsewhere_takes_nothing_back() -> None:
    """At Binance the red of an address that is on the list would end with any other network."""
    assert outweighs(OPENED, replace(FROM_THIRD, answer=PLAIN))
    assert outweighs(OPENED, replace(FROM_THIRD, back_at=None))


@pytest.mark.parametrize(
    "newer",
    [
        FROM_THIRD,
        a_lock_test(answer=PLAIN),
        replace(FROM_THIRD, answer=ACCEPTED),
        replace(FROM_THIRD, answer=PLAIN, list_before="shown x", list_after="shown x"),
        replace(FROM_THIRD, answer=PLAIN, fingerprint="e" * 32),
        replace(FROM_THIRD, answer=PLAIN, host="api.example.com"),
    ],
)
def test_what_is_known_better_by_now_takes_its_place(newer: LockTest) -> None:
    assert not outweighs(OPENED, newer)


@pytest.mark.parametrize("before", [a_lock_test(), a_lock_test(answer=PLAIN)])
def test_only_a_lock_that_was_open_outweighs(before: LockTest) -> None:
    assert not outweighs(before, replace(FROM_THIRD, answer=PLAIN))

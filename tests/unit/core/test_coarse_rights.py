"""Exchanges that tell less than one yes or no per right: bundles, sleeping rights, silence."""

from __future__ import annotations

from typing import Any

import pytest

from factories import make_facts
from latchlight.core.addresses import parse_address, parse_network
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.egress import AddressAnswer, agree
from latchlight.core.evaluate import evaluate
from latchlight.core.facts import (
    NOT_TOLD,
    ON_PAGE,
    KeyFacts,
    Known,
    Permission,
    Readable,
    Right,
    Unknown,
    WhyUnknown,
)
from latchlight.core.findings import Finding, Light, worst
from latchlight.core.purpose import Intent, Purpose
from latchlight.core.records import replace
from latchlight.core.rules.address_lines import address_lines
from latchlight.core.sentences import say
from latchlight.core.situation import Situation

from .test_findings import situation

GREEN, AMBER, RED, GREY = Light.GREEN, Light.AMBER, Light.RED, Light.GREY
YES, NO = Known(True), Known(False)
READ = Right("read", "Read", Permission.READ, YES)
TRADE = Right(
    "trade",
    "Trade",
    Permission.SPOT_TRADE,
    YES,
    also=(Permission.FUTURES_TRADE, Permission.INTERNAL_TRANSFER),
)
WITHDRAW_OFF = Right("withdraw", "Withdraw", Permission.WITHDRAW, NO)


def of(*rights: Right, purpose: Purpose = Purpose.SPOT, **changes: Any) -> Situation:
    made = replace(make_facts(), rights=rights, unknown_rights=Known(()), **changes)
    return situation(facts=made, intent=Intent(purpose))


def findings(made: Situation) -> dict[str, Finding]:
    return {finding.rule: finding for finding in evaluate(made)[0]}


def overall(made: Situation) -> Light:
    return worst(f.light for f in evaluate(made)[0] if f.required)


def test_b14_a_trading_right_that_moves_money_is_never_called_unable_to() -> None:
    found = findings(of(READ, TRADE, WITHDRAW_OFF))["transfer-on"]
    assert (found.light, found.required) == (AMBER, False)
    assert "moves money between your own accounts" in found.title
    assert "cannot move" not in f"{found.title} {found.detail}"


def test_a_bundle_that_the_purpose_needs_holds_no_light_back() -> None:
    assert overall(of(READ, TRADE, WITHDRAW_OFF)) is GREEN
    assert overall(of(READ, TRADE, WITHDRAW_OFF, purpose=Purpose.FUTURES)) is GREEN


def test_a_bundle_that_the_purpose_does_not_need_is_more_than_it_needs() -> None:
    made = of(READ, TRADE, WITHDRAW_OFF, purpose=Purpose.WATCH)
    assert findings(made)["more-than-purpose"].light is AMBER
    assert findings(made)["transfer-on"].light is RED


def test_a_transfer_right_of_its_own_beside_the_bundle_is_red() -> None:
    own = Right("move", "Transfer", Permission.INTERNAL_TRANSFER, YES)
    assert findings(of(READ, TRADE, own, WITHDRAW_OFF))["transfer-on"].light is RED


def test_a_transfer_right_that_was_not_told_beside_the_bundle_is_grey() -> None:
    unread = Unknown(WhyUnknown.MISSING, "move")
    own = Right("move", "Transfer", Permission.INTERNAL_TRANSFER, unread)
    assert findings(of(READ, TRADE, own, WITHDRAW_OFF))["transfer-on"].light is GREY


def test_a_bundle_that_can_withdraw_is_red() -> None:
    right = replace(TRADE, also=(Permission.WITHDRAW,))
    assert findings(of(READ, right))["withdraw-on"].light is RED


def test_a_bundle_without_whitelist_is_red() -> None:
    made = of(READ, TRADE, WITHDRAW_OFF, whitelist_on=NO)
    assert findings(made)["whitelist-off"].light is RED


ASLEEP = replace(TRADE, granted=NO, dormant=True)


def test_b17_a_sleeping_right_is_neither_granted_nor_forgotten() -> None:
    made = of(READ, ASLEEP, WITHDRAW_OFF, purpose=Purpose.WATCH)
    found = findings(made)["more-than-purpose"]
    assert found.light is AMBER
    assert "read-only as a whole" in found.detail
    assert overall(made) is AMBER


def test_a_trading_bot_with_sleeping_rights_is_told_that_the_key_is_read_only() -> None:
    found = findings(of(READ, ASLEEP, WITHDRAW_OFF))["less-than-purpose"]
    assert found.light is AMBER
    assert found.title == "The key is read-only as a whole, although trading is ticked."


@pytest.mark.parametrize(
    ("permission", "rule"),
    [(Permission.WITHDRAW, "withdraw-on"), (Permission.INTERNAL_TRANSFER, "transfer-on")],
)
def test_a_sleeping_exit_for_money_is_never_green(permission: Permission, rule: str) -> None:
    asleep = Right("exit", "Exit", permission, NO, dormant=True)
    found = findings(of(READ, asleep, purpose=Purpose.WATCH))[rule]
    assert (found.light, found.required) == (AMBER, True)


@pytest.mark.parametrize(
    ("permission", "rule"),
    [(Permission.WITHDRAW, "withdraw-on"), (Permission.INTERNAL_TRANSFER, "transfer-on")],
)
def test_a_sleeping_exit_beside_one_that_was_not_told_is_grey(
    permission: Permission, rule: str
) -> None:
    asleep = Right("exit", "Exit", permission, NO, dormant=True)
    lost = Right("other", "Other exit", permission, Unknown(WhyUnknown.MISSING, "other"))
    made = of(READ, asleep, lost, purpose=Purpose.WATCH)
    assert findings(made)[rule].light is GREY


def test_a_sleeping_right_ends_an_acceptance_of_less() -> None:
    one = findings(of(READ, ASLEEP, WITHDRAW_OFF, purpose=Purpose.WATCH))["more-than-purpose"]
    more = Right("options", "Options", Permission.OPTIONS_TRADE, NO, dormant=True)
    two = findings(of(READ, ASLEEP, more, WITHDRAW_OFF, purpose=Purpose.WATCH))["more-than-purpose"]
    assert one.basis != two.basis


def test_withdrawal_that_only_the_page_tells_is_amber() -> None:
    silent = replace(WITHDRAW_OFF, granted=ON_PAGE)
    made = of(READ, TRADE, silent)
    assert findings(made)["withdraw-on"].light is AMBER
    assert overall(made) is AMBER


def test_withdrawal_that_the_answer_lacks_is_grey_not_amber() -> None:
    lost = replace(WITHDRAW_OFF, granted=Unknown(WhyUnknown.MISSING, "withdraw"))
    assert findings(of(READ, replace(TRADE, also=()), lost))["withdraw-on"].light is GREY


def test_rights_that_a_place_never_tells_are_grey_everywhere() -> None:
    rights = tuple(replace(r, granted=NOT_TOLD) for r in (READ, TRADE, WITHDRAW_OFF))
    made = of(*rights, whitelist_on=NOT_TOLD, whitelist=NOT_TOLD)
    found = findings(made)
    names = ("withdraw-on", "transfer-on", "more-than-purpose", "less-than-purpose")
    assert {found[name].light for name in (*names, "whitelist-off")} == {GREY}


def test_a_whitelist_that_only_the_page_tells_is_amber_and_proves_no_address() -> None:
    made = of(READ, TRADE, WITHDRAW_OFF, whitelist_on=ON_PAGE, whitelist_readable=Readable.NONE)
    made = replace(made, egress=seen((), "203.0.113.7").egress)
    found = findings(made)
    assert found["whitelist-off"].light is AMBER
    address = found["address-not-whitelisted"]
    assert (address.light, address.required) == (GREY, False)
    assert overall(made) is AMBER


def test_a_whitelist_only_on_the_page_is_grey_where_the_key_was_refused() -> None:
    refused = Diagnosis(DiagnosisCode.UNAUTHORIZED, say("No."), say("Again."))
    made = situation(facts=KeyFacts(whitelist_on=ON_PAGE), diagnosis=refused)
    assert findings(made)["whitelist-off"].light is GREY


@pytest.mark.parametrize(
    ("field", "rule"), [("created_at", "key-old"), ("expires_at", "expires-soon")]
)
def test_what_no_key_of_an_exchange_is_told_holds_nothing_back(field: str, rule: str) -> None:
    made = of(READ, TRADE, WITHDRAW_OFF, **{field: NOT_TOLD})
    found = findings(made)[rule]
    assert (found.light, found.required) == (GREY, False)
    assert overall(made) is GREEN
    lost = of(READ, TRADE, WITHDRAW_OFF, **{field: Unknown(WhyUnknown.MISSING, field)})
    assert overall(lost) is GREY


def test_a_key_that_may_make_keys_only_by_documents_is_amber() -> None:
    general = replace(READ, also=(Permission.KEY_MANAGEMENT,))
    made = of(general, replace(TRADE, also=()), WITHDRAW_OFF)
    assert findings(made)["key-management-on"].light is AMBER
    outright = Right("keys", "Keys", Permission.KEY_MANAGEMENT, YES)
    assert findings(of(general, outright, WITHDRAW_OFF))["key-management-on"].light is RED


def test_reading_alone_without_whitelist_is_red_where_it_may_make_keys() -> None:
    general = replace(READ, also=(Permission.KEY_MANAGEMENT,))
    made = of(general, WITHDRAW_OFF, purpose=Purpose.WATCH, whitelist_on=NO)
    assert findings(made)["whitelist-off"].light is RED
    made = of(READ, WITHDRAW_OFF, purpose=Purpose.WATCH, whitelist_on=NO)
    assert findings(made)["whitelist-off"].light is AMBER


def test_making_keys_that_comes_with_the_trading_of_the_key_is_shown_and_holds_nothing_back() -> (
    None
):
    trade = replace(TRADE, also=(*TRADE.also, Permission.KEY_MANAGEMENT))
    found = findings(of(READ, trade, WITHDRAW_OFF))["key-management-on"]
    assert (found.light, found.required) == (AMBER, False)
    made = of(READ, trade, WITHDRAW_OFF)
    unguarded = replace(made, exchange=replace(made.exchange, unguarded_keys=True))
    assert findings(unguarded)["key-management-on"].required
    watching = findings(of(READ, trade, WITHDRAW_OFF, purpose=Purpose.WATCH))["key-management-on"]
    assert (watching.light, watching.required) == (AMBER, True)


@pytest.mark.parametrize(
    ("word", "rule"),
    [("withdraw_onchain", "withdraw-on"), ("SubTransfer2", "transfer-on")],
)
def test_b08_an_unknown_right_that_speaks_of_money_leaves_no_light_about_it_green(
    word: str, rule: str
) -> None:
    plain = replace(TRADE, also=())
    none = Right("move", "Transfer", Permission.INTERNAL_TRANSFER, NO)
    assert findings(of(READ, plain, none, WITHDRAW_OFF))[rule].light is GREEN
    made = of(READ, plain, none, WITHDRAW_OFF)
    made = replace(made, facts=replace(made.facts, unknown_rights=Known((word,))))
    assert findings(made)[rule].light is GREY


def test_looking_once_counts_for_what_the_key_could_do_then() -> None:
    silent = replace(WITHDRAW_OFF, granted=ON_PAGE)
    one = findings(of(READ, silent, purpose=Purpose.WATCH, whitelist_on=ON_PAGE))
    two = findings(of(READ, TRADE, silent, purpose=Purpose.WATCH, whitelist_on=ON_PAGE))
    for rule in ("withdraw-on", "whitelist-off"):
        assert one[rule].light is two[rule].light is AMBER
        assert one[rule].basis != two[rule].basis


# three views of one address


def seen(listed: tuple[str, ...], service: str, refused_from: str | None = None) -> Situation:
    networks = Known(tuple(parse_network(text) for text in listed))
    address = parse_address(service)
    egress = agree(AddressAnswer(n, n, address.version, address, None) for n in ("one", "two"))
    if refused_from is None:
        facts = replace(
            make_facts(), whitelist=networks, whitelist_on=YES, whitelist_readable=Readable.FULL
        )
        return situation(facts=facts, egress=egress)
    diagnosis = Diagnosis(
        DiagnosisCode.IP_NOT_WHITELISTED, say("No."), say("Add it."), seen_address=refused_from
    )
    return situation(facts=KeyFacts(), diagnosis=diagnosis, egress=egress)


def test_list_services_and_exchange_stand_in_one_line() -> None:
    (line,) = address_lines(seen(("203.0.113.7",), "198.51.100.23"))
    assert line == (
        "IPv4: the list says 203.0.113.7; address services say 198.51.100.23; "
        "Binance saw 203.0.113.7."
    )


def test_of_two_listed_addresses_none_is_said_to_have_been_seen() -> None:
    (line,) = address_lines(seen(("203.0.113.7", "203.0.113.8"), "203.0.113.7"))
    assert "Binance saw an address that it did not name" in line


def test_each_family_has_a_line_of_its_own() -> None:
    lines = address_lines(seen(("203.0.113.7", "2001:db8::1"), "203.0.113.7"))
    assert [line[:4] for line in lines] == ["IPv4", "IPv6"]


def test_the_address_in_a_refusal_stands_in_the_finding() -> None:
    made = seen((), "203.0.113.7", "2001:db8::7")
    detail = findings(made)["address-not-whitelisted"].detail
    assert "Binance saw 2001:db8::7" in detail
    assert detail.count("IPv4:") == 0


def test_without_any_named_address_there_is_no_line() -> None:
    assert address_lines(situation(facts=make_facts())) == ()

"""What a page accepts in the list of addresses, and whom a list lets in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from latchlight.core.errors import InputError
from latchlight.practice.binance import PRACTICE
from latchlight.practice.keys import KeyState
from latchlight.practice.registry import checked, checked_address, lets_in

RULES = PRACTICE.rules
WIDE = replace(RULES, ranges=True, ipv6=True)


def _locked(*addresses: str) -> KeyState:
    return KeyState(True, addresses)


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("203.0.113.7/32", "203.0.113.7/32"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("2001:db8::/48", "2001:db8::/48"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_ranges_and_ipv6_are_kept_in_their_usual_form_where_accepted(text: str, usual: str) -> None:
    assert checked_address(text, ranges=True, ipv6=True) == usual
    assert checked(_locked(text, usual), WIDE).addresses == (usual,)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("203.0.113.7/24", "“203.0.113.7/24” is not a range that is accepted here."),
        ("2001:db8::7/48", "“2001:db8::7/48” is not a range that is accepted here."),
        ("203.0.113.0/33", "“203.0.113.0/33” is not a range that is accepted here."),
        ("203.0.113.0/24/24", "“203.0.113.0/24/24” is not a range that is accepted here."),
        ("/", "“/” is not a range that is accepted here."),
        ("0.0.0.0/0", "0.0.0.0/0 is not an address on the internet."),
        ("192.168.0.0/16", "192.168.0.0/16 is not an address on the internet."),
        ("fd00::1", "fd00::1 is not an address on the internet."),
        ("here", "“here” is not an address."),
        ("", "“” is not an address."),
    ],
)
def test_ranges_with_set_host_bits_and_other_rubbish_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(_locked(text), WIDE)
    assert sentence in str(caught.value)


def test_each_of_ranges_and_ipv6_is_allowed_by_itself() -> None:
    ranges, ipv6 = replace(RULES, ranges=True), replace(RULES, ipv6=True)
    assert checked(_locked("203.0.113.0/24"), ranges).addresses == ("203.0.113.0/24",)
    assert checked(_locked("2001:db8::7"), ipv6).addresses == ("2001:db8::7",)
    for text, rules in (("2001:db8::/48", ranges), ("2001:db8::7", ranges), ("::/0", ipv6)):
        with pytest.raises(InputError):
            checked(_locked(text), rules)


def test_hints_use_the_words_of_the_exchanges_own_page() -> None:
    words = replace(RULES.words, open="Everybody", restricted="Somebody")
    rules = replace(RULES, words=words)
    with pytest.raises(InputError) as empty:
        checked(_locked(), rules)
    assert "“Everybody”" in empty.value.next_step
    with pytest.raises(InputError) as unlocked:
        checked(KeyState(False, (), frozenset({"enableWithdrawals"})), rules)
    assert "“Somebody”" in unlocked.value.next_step


@pytest.mark.parametrize(
    ("state", "address", "let_in"),
    [
        (KeyState(False), "203.0.113.7", True),
        (_locked("203.0.113.7"), "203.0.113.7", True),
        (_locked("203.0.113.7"), "203.0.113.8", False),
        (_locked("203.0.113.0/24"), "203.0.113.8", True),
        (_locked("203.0.113.0/24"), "203.0.112.255", False),
        (_locked("2001:db8::/32"), "2001:db8::5", True),
        (_locked("0.0.0.0/0"), "2001:db8::5", False),
        (_locked(), "203.0.113.7", False),
    ],
)
def test_a_list_lets_in_its_addresses_and_those_within_its_ranges(
    state: KeyState, address: str, let_in: bool
) -> None:
    assert lets_in(state, address) is let_in

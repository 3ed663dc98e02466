"""C10 to C14: how many voices agree, and what is no address at all."""

from __future__ import annotations

import itertools
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchlight.core.egress import AddressAnswer, Certainty, agree, read_service_address

ONE, TWO, SIX = "8.8.4.4", "9.9.9.9", "2a00::1"


def said(party: str, address: str | None, family: int = 4) -> AddressAnswer:
    parsed = ip_address(address) if address else None
    return AddressAnswer(party, party, family, parsed, None if parsed else "timeout")


@pytest.mark.parametrize("answers", list(itertools.product([ONE, TWO, None], repeat=4)))
def test_an_address_is_named_only_where_nobody_disagrees(answers: tuple[str | None, ...]) -> None:
    report = agree(said(str(n), a) for n, a in enumerate(answers))
    heard = [a for a in answers if a]
    if len(set(heard)) == 1:
        assert str(report.ipv4) == heard[0]
        wanted = Certainty.AGREED if len(heard) > 1 else Certainty.SINGLE
    else:
        assert report.ipv4 is None
        wanted = Certainty.CONFLICT if heard else Certainty.NONE
    assert report.certainty is report.worst_certainty is wanted
    assert len(report.answers) == 4


def test_families_are_judged_apart() -> None:
    report = agree([said("a", ONE), said("b", ONE), said("a", SIX, 6), said("b", "2a00::2", 6)])
    assert (report.certainty, report.ipv6_certainty) == (Certainty.AGREED, Certainty.CONFLICT)
    assert report.worst_certainty is Certainty.CONFLICT
    assert report.ipv6 is None


def test_a_missing_ipv6_counts_for_nothing() -> None:
    report = agree([said("a", ONE), said("b", ONE), said("a", None, 6)])
    assert report.worst_certainty is Certainty.AGREED


def test_one_party_with_two_services_is_one_voice() -> None:
    answers = [AddressAnswer(n, "same", 4, ip_address(ONE), None) for n in "ab"]
    assert agree(answers).certainty is Certainty.SINGLE


@given(st.text(max_size=60))
def test_any_text_is_a_public_address_or_refused(text: str) -> None:
    for family in (4, 6):
        try:
            address = read_service_address(text, family)
        except ValueError:
            continue
        assert address.version == family
        assert address.is_global


def test_documentation_addresses_pass_on_the_practice_network_only() -> None:
    with pytest.raises(ValueError, match="public"):
        read_service_address("203.0.113.7", 4)
    assert str(read_service_address("203.0.113.7", 4, allow_documentation=True)) == "203.0.113.7"
    with pytest.raises(ValueError, match="public"):
        read_service_address("10.0.0.1", 4, allow_documentation=True)

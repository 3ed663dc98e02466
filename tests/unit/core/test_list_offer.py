"""“Copy my IP” copies what belongs on the list, in the page's own form, and never a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import ADDRESS, make_egress
from latchlight.core.addresses import parse_address
from latchlight.core.egress import AddressAnswer, Certainty, EgressReport, agree
from latchlight.core.fixes import AddressForm
from latchlight.core.list_offer import ListOffer, list_offer
from latchlight.core.purpose import Intent, Setup

FORM = AddressForm(separator=",")
SERVER, STAND_IN = parse_address("198.51.100.7"), parse_address("198.51.100.8")
SIX = parse_address("2001:db8::7")


def offer(
    intent: Intent | None = None,
    egress: EgressReport | None = None,
    form: AddressForm = FORM,
    seen: str | None = None,
) -> ListOffer:
    return list_offer(intent or Intent(), egress or make_egress(), form, "Binance", seen)


def test_a_bot_on_this_computer_gets_the_address_on_which_services_agree() -> None:
    assert offer().text == ADDRESS
    assert offer(seen=ADDRESS).text == ADDRESS


@pytest.mark.parametrize("certainty", [c for c in Certainty if c is not Certainty.AGREED])
def test_an_address_that_is_not_agreed_on_is_never_offered(certainty: Certainty) -> None:
    unsure = offer(egress=replace(make_egress(), certainty=certainty))
    assert unsure.text == ""
    assert unsure.addresses == ()
    assert unsure.said


def test_one_service_alone_is_not_enough() -> None:
    one = agree([AddressAnswer("one", "one", 4, parse_address(ADDRESS), None)])
    assert offer(egress=one).text == ""


def test_an_exchange_that_saw_another_address_beats_the_services() -> None:
    other = offer(seen="198.51.100.99")
    assert other.text == ""
    assert "198.51.100.99" in other.said
    assert ADDRESS in other.said


def test_a_call_that_came_by_ipv6_is_told_beside_the_offer() -> None:
    by_six = offer(seen=str(SIX))
    assert by_six.text == ADDRESS
    assert any(str(SIX) in note for note in by_six.notes)


def test_text_of_a_server_that_is_no_address_changes_nothing() -> None:
    assert offer(seen="<b>127.0.0.1</b>") == offer()


def test_a_bot_elsewhere_gets_the_named_addresses_in_the_form_of_the_page() -> None:
    intent = Intent(setup=Setup.FAILOVER, addresses=(SERVER, STAND_IN))
    assert offer(intent).text == "198.51.100.7,198.51.100.8"
    assert offer(intent, form=AddressForm()).text == "198.51.100.7\n198.51.100.8"
    assert ADDRESS not in offer(intent).text


def test_a_bot_elsewhere_without_a_named_address_leads_to_the_plan() -> None:
    for setup in Setup:
        if setup is not Setup.THIS_COMPUTER:
            empty = offer(Intent(setup=setup))
            assert (empty.text, empty.plan_first) == ("", True)


def test_a_place_of_the_plan_that_is_empty_is_told() -> None:
    half = offer(Intent(setup=Setup.FAILOVER, addresses=(SERVER,)))
    assert half.text == "198.51.100.7"
    assert half.plan_first
    assert any("Stand-in" in note for note in half.notes)


def test_ipv6_is_left_out_where_the_exchange_does_not_document_it() -> None:
    intent = Intent(setup=Setup.ONE_SERVER, addresses=(SERVER, SIX))
    assert offer(intent).text == "198.51.100.7"
    assert any(str(SIX) in note for note in offer(intent).notes)
    assert offer(intent, form=AddressForm(",", ipv6=True)).text == "198.51.100.7,2001:db8::7"
    assert offer(replace(intent, addresses=(SIX,))).text == ""


def test_more_than_the_list_takes_is_not_copied() -> None:
    intent = Intent(setup=Setup.FAILOVER, addresses=(SERVER, STAND_IN))
    assert offer(intent, form=AddressForm(most=1)).text == ""


def test_a_plan_for_this_computer_that_names_another_address_is_not_overruled() -> None:
    other = offer(Intent(addresses=(SERVER,)))
    assert (other.text, other.plan_first) == ("", True)
    assert offer(Intent(addresses=(parse_address(ADDRESS),))).text == ADDRESS

"""The whitelist planner: places, what may stand in them, and the comparison with what is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import make_egress
from latchlight.core.addresses import parse_address, parse_network
from latchlight.core.egress import EgressReport
from latchlight.core.errors import InputError
from latchlight.core.facts import NOT_READ, NOT_TOLD, ON_PAGE, KeyFacts, Known, Readable
from latchlight.core.fixes import AddressForm
from latchlight.core.plan import (
    OPTIONAL,
    SLOTS,
    Basis,
    Comparison,
    EntryState,
    Plan,
    Slot,
    compare,
    list_text,
    needed,
    plan_from,
    plan_of,
    read_place,
)
from latchlight.core.plan_words import (
    SLOT_HINTS,
    SLOT_NAMES,
    STATE_WORDS,
    comparison_words,
    entry_words,
    form_words,
    number_words,
    reasons,
    too_many,
)
from latchlight.core.profile import AddressSighting
from latchlight.core.purpose import MOST_ADDRESSES, Setup
from latchlight.core.steadiness import LineHistory, Steadiness, line_history

V4 = AddressForm(",", ranges=False, ipv6=False, most=20)
BOTH = AddressForm(",", ranges=True, ipv6=True, most=20)
A, B, C = (parse_address(text) for text in ("8.8.4.4", "9.9.9.9", "1.1.1.1"))
A6, B6 = (parse_address(text) for text in ("2a00::1", "2a00::2"))
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def shown(*networks: str, **changes: object) -> KeyFacts:
    """What an exchange that shows its list tells."""
    facts = KeyFacts(
        accepted=True,
        whitelist_on=Known(True),
        whitelist=Known(tuple(parse_network(text) for text in networks)),
        whitelist_readable=Readable.FULL,
    )
    return replace(facts, **changes)


def states(found: Comparison) -> dict[str, EntryState]:
    return {str(entry.network): entry.state for entry in found.entries}


# places ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("setup", Setup)
def test_every_setup_has_as_many_places_as_its_list_may_hold(setup: Setup) -> None:
    assert len(SLOTS[setup]) == MOST_ADDRESSES[setup]
    assert 1 <= needed(setup) <= MOST_ADDRESSES[setup]
    assert Slot.EXTRA not in SLOTS[setup]
    assert number_words(setup)
    for slot in SLOTS[setup]:
        assert SLOT_NAMES[slot]
        assert SLOT_HINTS[slot]


def test_staging_and_production_is_one_address_on_each_of_two_lists() -> None:
    assert needed(Setup.STAGING_AND_PRODUCTION) == 1
    assert "Two keys" in number_words(Setup.STAGING_AND_PRODUCTION)
    plan = plan_from(Setup.STAGING_AND_PRODUCTION, (A, B))
    assert plan.extra == (B,)


def test_a_second_exit_and_the_home_line_may_stay_empty_but_a_stand_in_may_not() -> None:
    assert plan_from(Setup.FAILOVER, (A,)).unfilled == (Slot.STAND_IN,)
    assert plan_from(Setup.SERVERLESS, (A,)).unfilled == ()
    assert plan_from(Setup.HOME_AND_SERVER, (A,)).unfilled == ()
    assert plan_from(Setup.HOME_AND_SERVER, ()).unfilled == (Slot.SERVER,)


def test_an_ipv6_twin_stands_beside_its_ipv4_address() -> None:
    plan = plan_from(Setup.FAILOVER, (A, A6, B, B6))
    assert [place.addresses for place in plan.places] == [(A, A6), (B, B6)]
    assert plan.addresses == (A, A6, B, B6)
    assert plan.extra == ()


def test_a_second_ipv6_address_is_a_place_of_its_own() -> None:
    assert [p.addresses for p in plan_from(Setup.FAILOVER, (A6, B6)).places] == [(A6,), (B6,)]


def test_what_is_more_than_the_setup_needs_is_kept_and_called_so() -> None:
    plan = plan_from(Setup.ONE_SERVER, (A, B, C))
    assert plan.addresses == (A, B, C)
    assert plan.extra == (B, C)
    assert compare(plan, shown("8.8.4.4", "9.9.9.9", "1.1.1.1")).fits is False


def test_one_address_in_two_places_is_listed_once() -> None:
    assert plan_of(Setup.FAILOVER, [(A,), (A,)]).addresses == (A,)


addresses = st.lists(
    st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)), max_size=6, unique=True
).map(tuple)


@given(st.sampled_from(Setup), addresses)
def test_no_address_is_lost_or_invented_by_giving_places(
    setup: Setup, named: tuple[object, ...]
) -> None:
    plan = plan_from(setup, named)  # type: ignore[arg-type]
    assert plan.addresses == named
    assert [p.slot for p in plan.places][: len(SLOTS[setup])] == list(SLOTS[setup])


# what may stand in a place -----------------------------------------------------------------------


def test_one_place_takes_one_address_and_its_twin() -> None:
    assert read_place(" 8.8.4.4 ", V4, "Gate") == (A,)
    assert read_place("", V4, "Gate") == ()
    assert read_place("2a00::1, 8.8.4.4", BOTH, "OKX") == (A, A6)
    assert read_place("8.8.4.4/32", V4, "Gate") == (A,)
    assert read_place("2a00::1/128", BOTH, "OKX") == (A6,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("8.8.4.4 9.9.9.9", "several addresses"),
        ("2a00::1", "IPv6"),
        ("10.0.0.1", "home or office network"),
        ("100.64.0.1", "your provider's network"),
        ("127.0.0.1", "this computer itself"),
        ("0.0.0.0", "reserved"),
        ("224.0.0.1", "reserved"),
        ("203.0.113.7", "from books"),
        ("8.8.4.0/24", "is a range"),
        ("8.8.4.4/31", "is a range"),
        ("8.8.4.*", "is a range"),
        ("8.8.4.4-8.8.4.9", "is a range"),
        ("8.8.4.4:443", "port"),
        ("[2a00::1]:443", "port"),
        ("bot.example.com", "name of a computer"),
        ("https://8.8.4.4/", "web page"),
        ("\uff18.\uff18.\uff14.\uff14", "full-width"),
        ("8\u30028\u30024\u30024", "full-width"),
        ("fe80::1%eth0", "network card"),
        ("008.008.004.004", "is not an address"),
        ("8.8.4", "is not an address"),
        ("8.8.4.999", "is not an address"),
        ("not an address", "not an address"),
    ],
)
def test_bad_input_has_a_sentence_that_says_what_it_is(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_place(text, V4, "Gate")
    assert words in caught.value.message
    assert caught.value.next_step
    assert caught.value.field == "addresses"


def test_a_key_in_the_wrong_field_is_never_repeated() -> None:
    for text in (
        "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
        "abc.def.ghij",
    ):
        with pytest.raises(InputError) as caught:
            read_place(text, V4, "Gate")
        assert text not in f"{caught.value.message}{caught.value.next_step}"


@given(st.text(max_size=120))
def test_any_text_gives_addresses_or_a_sentence(text: str) -> None:
    try:
        found = read_place(text, BOTH, "OKX")
    except InputError:
        return
    assert len(found) <= 2
    assert len({address.version for address in found}) == len(found)


def test_the_list_is_copied_in_the_form_of_the_exchange() -> None:
    assert list_text((A, B), V4) == "8.8.4.4,9.9.9.9"
    assert list_text((A, A6), replace(BOTH, separator="\n")) == "8.8.4.4\n2a00::1"
    assert list_text((), V4) == ""


# comparison --------------------------------------------------------------------------------------


def test_a_list_that_holds_the_plan_and_nothing_else_fits() -> None:
    found = compare(plan_from(Setup.FAILOVER, (A, B)), shown("9.9.9.9", "8.8.4.4/32"))
    assert (found.basis, found.fits, found.let_in) == (Basis.COMPARED, True, True)


def test_a_stand_in_that_is_not_listed_is_named_with_what_it_means() -> None:
    found = compare(plan_from(Setup.FAILOVER, (A, B)), shown("8.8.4.4"))
    assert states(found) == {"9.9.9.9/32": EntryState.MISSING, "8.8.4.4/32": EntryState.THERE}
    assert found.fits is False
    assert "on the day you need it" in entry_words(found.entries[0])


def test_what_is_listed_but_not_planned_is_to_be_taken_out() -> None:
    found = compare(plan_from(Setup.ONE_SERVER, (A,)), shown("8.8.4.4", "1.1.1.1"))
    assert states(found)["1.1.1.1/32"] is EntryState.NOT_PLANNED
    assert found.fits is False
    assert "take it out" in entry_words(found.entries[0])


def test_a_range_around_a_planned_address_is_wider_than_planned() -> None:
    found = compare(plan_from(Setup.ONE_SERVER, (A,)), shown("8.8.4.0/24"))
    assert states(found) == {"8.8.4.0/24": EntryState.WIDER}
    assert found.fits is False
    assert "256" in entry_words(found.entries[0])


def test_a_range_beside_the_single_address_is_still_too_wide() -> None:
    found = compare(plan_from(Setup.ONE_SERVER, (A,)), shown("8.8.4.4", "8.8.4.0/24"))
    assert set(states(found).values()) == {EntryState.THERE, EntryState.WIDER}
    assert found.fits is False


def test_staging_on_the_list_of_production_is_named_with_its_key() -> None:
    plan = plan_from(Setup.STAGING_AND_PRODUCTION, (A,))
    found = compare(plan, shown("8.8.4.4", "9.9.9.9"), {B: "staging-bot"})
    assert states(found)["9.9.9.9/32"] is EntryState.OTHER_ENVIRONMENT
    assert "staging-bot" in entry_words(found.entries[0])
    assert found.fits is False


def test_an_incomplete_plan_never_fits() -> None:
    plan = plan_from(Setup.FAILOVER, (A,))
    found = compare(plan, shown("8.8.4.4"))
    assert {entry.state for entry in found.entries} == {EntryState.THERE}
    assert found.fits is False
    assert "not complete" in comparison_words(found, plan, "OKX", "IP whitelist")


@pytest.mark.parametrize(
    ("facts", "basis"),
    [
        (None, Basis.NOT_CHECKED),
        (KeyFacts(), Basis.NOT_READ),
        (shown("8.8.4.4", accepted=False), Basis.NOT_READ),
        (shown("8.8.4.4", other_key=True), Basis.NOT_READ),
        (shown("8.8.4.4", locked=True), Basis.NOT_READ),
        (shown("8.8.4.4", whitelist_on=Known(False)), Basis.LIST_OFF),
        (shown("8.8.4.4", whitelist_on=NOT_READ), Basis.NOT_READ),
        (shown(), Basis.NOT_READ),
        (shown(whitelist=NOT_READ), Basis.NOT_READ),
        (shown(whitelist=NOT_TOLD, whitelist_readable=Readable.FLAG), Basis.NOT_SHOWN),
        (shown(whitelist=NOT_TOLD, whitelist_readable=Readable.MASKED), Basis.NOT_SHOWN),
        (
            shown(whitelist=ON_PAGE, whitelist_on=ON_PAGE, whitelist_readable=Readable.NONE),
            Basis.NOT_SHOWN,
        ),
    ],
)
def test_nothing_but_a_list_that_was_shown_can_fit(facts: KeyFacts | None, basis: Basis) -> None:
    plan = plan_from(Setup.ONE_SERVER, (A,))
    found = compare(plan, facts)
    assert (found.basis, found.fits) == (basis, False)
    assert comparison_words(found, plan, "OKX", "IP whitelist")


def test_where_the_list_is_not_shown_only_what_is_proved_is_said() -> None:
    plan = plan_from(Setup.ONE_SERVER, (A,))
    flag = compare(plan, shown(whitelist=NOT_TOLD, whitelist_readable=Readable.FLAG))
    none = compare(
        plan, shown(whitelist=ON_PAGE, whitelist_on=ON_PAGE, whitelist_readable=Readable.NONE)
    )
    assert flag.let_in
    assert not none.let_in
    assert "it let this computer in" in comparison_words(flag, plan, "Binance", "trusted IPs")
    assert "Nothing is proved" in comparison_words(none, plan, "Coinbase", "IP allowlist")


networks = st.lists(
    st.one_of(
        st.sampled_from(["8.8.4.4", "9.9.9.9", "1.1.1.1", "8.8.4.0/24", "2a00::1", "2a00::/64"])
    ),
    min_size=1,
    max_size=5,
)


@given(st.sampled_from(Setup), st.lists(st.sampled_from([A, B, C, A6]), unique=True), networks)
def test_a_plan_fits_only_the_very_same_list(
    setup: Setup, named: list[object], listed: list[str]
) -> None:
    plan = plan_from(setup, named)  # type: ignore[arg-type]
    same = {parse_network(str(a)) for a in named} == {parse_network(text) for text in listed}
    whole = not plan.unfilled and not plan.extra
    assert compare(plan, shown(*listed)).fits is (same and whole)


# words -------------------------------------------------------------------------------------------


def test_every_state_and_every_missing_place_has_its_words() -> None:
    assert set(STATE_WORDS) == set(EntryState)
    for setup in Setup:
        plan = plan_of(setup, [(A,), (B,), (C,)])
        for entry in compare(plan, shown("1.0.0.1")).entries:
            assert entry_words(entry)
    assert set(SLOT_NAMES) == set(SLOT_HINTS) == set(Slot)
    assert Slot.EXTRA in OPTIONAL


def test_the_reason_against_a_home_line_rests_on_what_was_seen_of_it() -> None:
    moving = reasons(Setup.THIS_COMPUTER, LineHistory(Steadiness.UNSTEADY, 3), V4, "Gate")
    assert any("changed 3 times in 30 days" in reason for reason in moving)
    unknown = reasons(Setup.THIS_COMPUTER, LineHistory(Steadiness.TOO_SHORT), V4, "Gate")
    assert any("not seen this line long enough" in reason for reason in unknown)
    server = reasons(Setup.ONE_SERVER, LineHistory(Steadiness.UNSTEADY, 3), V4, "Gate")
    assert not any("line" in reason for reason in server)


def test_what_the_exchange_takes_is_said_as_far_as_it_is_documented() -> None:
    assert (
        form_words(V4, "Gate")
        == "Gate: separated by commas, IPv4 only, no ranges, at most 20 per key."
    )
    assert "not documented" in form_words(AddressForm(), "Bybit")
    plan = plan_from(Setup.FAILOVER, (A, B))
    assert too_many(plan, replace(V4, most=1), "Gate") is not None
    assert too_many(plan, V4, "Gate") is None
    assert too_many(plan, replace(V4, most=None), "Gate") is None


# the line ----------------------------------------------------------------------------------------


def seen(*texts: str, days: float = 5) -> tuple[AddressSighting, ...]:
    start = NOW - timedelta(days=days * len(texts))
    return tuple(
        AddressSighting(
            parse_address(text),
            start + timedelta(days=days * n),
            start + timedelta(days=days * (n + 1)),
        )
        for n, text in enumerate(texts)
    )


@pytest.mark.parametrize(
    ("history", "egress", "wanted"),
    [
        ((), make_egress(), LineHistory(Steadiness.TOO_SHORT)),
        (seen("203.0.113.7", days=0.2), make_egress(), LineHistory(Steadiness.TOO_SHORT)),
        (seen("203.0.113.7"), make_egress(), LineHistory(Steadiness.STEADY)),
        (seen("8.8.4.4"), make_egress(), LineHistory(Steadiness.STEADY, 1)),
        (seen("8.8.4.4", "9.9.9.9"), make_egress(), LineHistory(Steadiness.UNSTEADY, 2)),
        (seen("203.0.113.7"), EgressReport(), LineHistory(Steadiness.UNSEEN_TODAY)),
    ],
)
def test_a_line_is_steady_only_if_it_was_seen_so_and_is_so_now(
    history: tuple[AddressSighting, ...], egress: EgressReport, wanted: LineHistory
) -> None:
    assert line_history(history, egress, NOW) == wanted


def test_a_plan_knows_where_its_addresses_stand() -> None:
    plan: Plan = plan_from(Setup.FAILOVER, (A, B))
    assert plan.slot_of(B) is Slot.STAND_IN
    with pytest.raises(LookupError):
        plan.slot_of(C)

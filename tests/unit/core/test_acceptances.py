"""What an acceptance covers: exactly what was found when it was given, and nothing that came later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from factories import NOW, make_facts
from latchlight.core.addresses import parse_address, parse_network
from latchlight.core.egress import AddressAnswer, agree
from latchlight.core.evaluate import evaluate
from latchlight.core.facts import KeyFacts, Known, Readable
from latchlight.core.findings import Finding, Light
from latchlight.core.profile import Acceptance
from latchlight.core.purpose import Intent, Purpose
from latchlight.core.records import replace
from latchlight.core.situation import ClockReading, Situation, Storage

from .test_findings import situation


def rights(purpose: Purpose = Purpose.SPOT, **changes: Any) -> Situation:
    return situation(facts=make_facts(**changes), intent=Intent(purpose))


def ending(days: float, now: float = 0) -> Situation:
    """A key that ends so many days from the start, looked at so many days after it."""
    facts = replace(make_facts(), expires_at=Known(NOW + timedelta(days=days)))
    return situation(facts=facts, now=NOW + timedelta(days=now))


def listing(*entries: str, own: str = "203.0.113.7") -> Situation:
    networks = tuple(parse_network(entry) for entry in entries)
    facts = replace(make_facts(), whitelist=Known(networks), whitelist_readable=Readable.FULL)
    return situation(facts=facts, intent=Intent(addresses=(parse_address(own),)))


def kept(*twins: str, keyring: str = "one", weakness: str | None = None) -> Situation:
    return situation(storage=Storage(keyring, weakness, twins))  # type: ignore[arg-type]


def leaving_from(address: str) -> Situation:
    """Only one service could be asked, and the exchange has not said which address it saw."""
    answer = AddressAnswer("one", "one", 4, parse_address(address), None)
    return situation(facts=KeyFacts(), egress=agree([answer]))


def test_f10_a_right_that_is_no_longer_told_ends_an_acceptance_and_the_amber() -> None:
    before = rights(**FUTURES)
    basis = found("more-than-purpose", before).basis
    until = NOW + timedelta(days=30)
    given = Acceptance("bot", "more-than-purpose", "f" * 32, "I know", until, basis)
    after = rights(**FUTURES, enableVanillaOptions=None)
    finding = next(f for f in evaluate(after, (given,))[0] if f.rule == "more-than-purpose")
    assert (finding.light, finding.acceptance) == (Light.GREY, None)


def clock(offset_ms: float) -> Situation:
    return situation(clock=ClockReading(offset_ms, 40.0))


def found(rule: str, made: Situation, *given: Acceptance) -> Finding:
    finding = next(f for f in evaluate(made, given)[0] if f.rule == rule)
    assert finding.light is Light.AMBER
    return finding


def accepted(rule: str, before: Situation, after: Situation) -> bool:
    """Whether what was accepted before is still accepted after; both are amber."""
    until = NOW + timedelta(days=30)
    basis = found(rule, before).basis
    given = Acceptance("bot", rule, "f" * 32, "I know", until, basis)
    assert found(rule, before, given).acceptance == given
    return found(rule, after, given).acceptance is not None


FUTURES = {"enableFutures": True}
MOVES = rights(Purpose.FUTURES, **FUTURES, permitsUniversalTransfer=True)
WIDER: dict[str, tuple[str, Callable[[], tuple[Situation, Situation]]]] = {
    "options beside futures": (
        "more-than-purpose",
        lambda: (rights(**FUTURES), rights(**FUTURES, enableVanillaOptions=True)),
    ),
    "futures instead of options": (
        "more-than-purpose",
        lambda: (rights(enableVanillaOptions=True), rights(**FUTURES)),
    ),
    "another purpose": (
        "more-than-purpose",
        lambda: (rights(**FUTURES), rights(Purpose.MARGIN, **FUTURES)),
    ),
    "trading off as well": (
        "less-than-purpose",
        lambda: (
            rights(Purpose.MARGIN),
            rights(Purpose.MARGIN, enableSpotAndMarginTrading=False),
        ),
    ),
    "a second way to move money": (
        "transfer-on",
        lambda: (
            MOVES,
            rights(
                Purpose.FUTURES,
                **FUTURES,
                permitsUniversalTransfer=True,
                enableInternalTransfer=True,
            ),
        ),
    ),
    "another right to read from anywhere": (
        "whitelist-off",
        lambda: (
            rights(Purpose.WATCH, ipRestrict=False, enableSpotAndMarginTrading=False),
            rights(
                Purpose.WATCH,
                ipRestrict=False,
                enableSpotAndMarginTrading=False,
                enableFixReadOnly=True,
            ),
        ),
    ),
    "ended": ("expires-soon", lambda: (ending(5), ending(5, now=6))),
    "ends earlier": ("expires-soon", lambda: (ending(5), ending(3))),
    "ended on another day": ("expires-soon", lambda: (ending(2, now=6), ending(4, now=6))),
    "probably from another address": (
        "address-uncertain",
        lambda: (leaving_from("185.199.110.7"), leaving_from("185.199.110.8")),
    ),
    "another twin": ("key-shared", lambda: (kept("a"), kept("a", "b"))),
    "twins of other names": ("key-shared", lambda: (kept("a", "b"), kept("ab"))),
    "another keyring": (
        "vault-weak",
        lambda: (kept(weakness="It is plain."), kept(keyring="two", weakness="It is plain.")),
    ),
    "one more entry": (
        "whitelist-too-wide",
        lambda: (
            listing("185.199.110.7", "185.199.110.8"),
            listing("185.199.110.7", "185.199.110.8", "185.199.110.9"),
        ),
    ),
    "wide behind what is reserved": (
        "whitelist-too-wide",
        lambda: (
            listing("10.0.0.1", "185.199.110.7"),
            listing("10.0.0.1", "185.199.110.7", "185.199.111.0/24"),
        ),
    ),
    "another strange entry": (
        "whitelist-stale-entries",
        lambda: (
            listing("203.0.113.7", "185.199.110.7"),
            listing("203.0.113.7", "185.199.110.7", "185.199.110.8"),
        ),
    ),
    "the other way": ("clock-off", lambda: (clock(-3000), clock(8000))),
}


@pytest.mark.parametrize("case", WIDER)
def test_f10_an_acceptance_does_not_cover_anything_else(case: str) -> None:
    rule, make = WIDER[case]
    before, after = make()
    assert not accepted(rule, before, after)
    assert accepted(rule, before, before)
    assert accepted(rule, after, after)


SAME: dict[str, tuple[str, Callable[[], tuple[Situation, Situation]]]] = {
    "a day later": ("expires-soon", lambda: (ending(5), ending(5, now=1))),
    "nine days later": (
        "more-than-purpose",
        lambda: (rights(**FUTURES), replace(rights(**FUTURES), now=NOW + timedelta(days=9))),
    ),
    "a day older": (
        "key-old",
        lambda: (
            replace(rights(), key_age_days=30),
            replace(rights(), key_age_days=30, now=NOW + timedelta(days=1)),
        ),
    ),
    "the list in another order": (
        "whitelist-too-wide",
        lambda: (
            listing("185.199.110.7", "185.199.110.8"),
            listing("185.199.110.8", "185.199.110.7"),
        ),
    ),
    "one more entry that is mine": (
        "whitelist-stale-entries",
        lambda: (
            listing("185.199.110.7", own="185.199.110.9"),
            listing("185.199.110.7", "185.199.110.9", own="185.199.110.9"),
        ),
    ),
    "another finding beside it": (
        "more-than-purpose",
        lambda: (rights(**FUTURES), rights(**FUTURES, enableWithdrawals=True)),
    ),
    "a little more or less": ("clock-off", lambda: (clock(8000), clock(8400))),
}


@pytest.mark.parametrize("case", SAME)
def test_f10_an_acceptance_covers_the_same_thing_on_another_day(case: str) -> None:
    rule, make = SAME[case]
    assert accepted(rule, *make())


@pytest.mark.parametrize("basis", ["", "0" * 16, "more-than-purpose"])
def test_f10_an_acceptance_of_nothing_in_particular_accepts_nothing(basis: str) -> None:
    until = NOW + timedelta(days=30)
    given = Acceptance("bot", "more-than-purpose", "f" * 32, "I know", until, basis)
    assert found("more-than-purpose", rights(**FUTURES), given).acceptance is None


def test_every_finding_has_a_basis_of_its_own() -> None:
    bases = [finding.basis for finding in evaluate(rights(**FUTURES))[0]]
    assert len(set(bases)) == len(bases)
    assert all(len(basis) == 16 and int(basis, 16) >= 0 for basis in bases)

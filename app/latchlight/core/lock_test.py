"""The lock test: what was seen when a key was tried from a foreign address, and what that proves. Pure.

A test has three parts: the key is accepted from its usual address, tried from another network, and
accepted again from the usual address. Only what was seen is kept. What it proves is worked out anew
each time it is looked at, so that no stored word can stand for a proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum

from latchlight.core.addresses import Address, Network, contains, parse_address
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.egress import Certainty, EgressReport
from latchlight.core.facts import Environment, KeyFacts, Known, is_false
from latchlight.core.limits import LIMITS
from latchlight.core.records import dataclass


@dataclass(frozen=True)
class TriedAnswer:
    """What the exchange said to the signed question from the foreign address."""

    accepted: bool
    probe: str = ""
    """The signed question: `GET /api/v5/account/config`. Empty: it was never sent."""
    code: str = ""
    """`DiagnosisCode` of a refusal; empty where it was accepted."""
    http_status: int | None = None
    exchange_code: str = ""
    seen: Address | None = None
    """The address that the exchange says it saw, where it says so."""
    only_cause: bool = False
    """The refusal names one cause and no other."""
    address_possible: bool = False
    """The address is among the causes that the refusal may have."""


@dataclass(frozen=True)
class LockTest:
    """One test as it was seen. All times UTC, by this computer's clock."""

    exchange: str
    host: str
    practice: bool
    fingerprint: str
    """Of the key, as in its profile; empty for practice keys."""
    used_at: datetime
    """The key was accepted from its usual address."""
    used_from: tuple[Address, ...]
    """Every address that is the key's own: it was accepted from there, or the user named it."""
    tried_at: datetime
    tried_from: tuple[Address, ...]
    """This computer's addresses just before the try; none where they were not certain."""
    still_from: tuple[Address, ...]
    """The same just after it."""
    answer: TriedAnswer
    list_before: str = ""
    """The list as the exchange showed it (`list_mark`), before the try."""
    listed: tuple[Network, ...] = ()
    """The same as ranges, where they could be read."""
    back_at: datetime | None = None
    """The key was accepted from its usual address again; None: not yet."""
    back_from: tuple[Address, ...] = ()
    list_after: str = ""


class Verdict(Enum):
    """What a test proves."""

    LOCKED = "locked"
    """The exchange refused the address by name."""
    OPEN = "open"
    """The exchange let the foreign address in."""
    UNNAMED = "unnamed"
    """It refused, and the address is the likeliest of several causes: no proof."""
    UNDECIDED = "undecided"


class Why(Enum):
    """Why a test decided nothing."""

    USUAL_UNKNOWN = "usual-address-unknown"
    ADDRESS_UNKNOWN = "address-unknown"
    ADDRESS_CHANGED = "address-changed"
    SAME_ADDRESS = "same-address"
    ADDRESS_LISTED = "address-listed"
    START_OLD = "start-too-old"
    NOT_ASKED = "not-asked"
    REFUSED_OTHERWISE = "refused-otherwise"
    OTHER_ADDRESS = "other-address-seen"
    NOT_BACK = "not-back-yet"
    BACK_LATE = "back-too-late"
    BACK_ELSEWHERE = "back-elsewhere"
    LIST_CHANGED = "list-changed"


@dataclass(frozen=True)
class Judgement:
    """A verdict; `why` is set where it is undecided."""

    verdict: Verdict
    why: Why | None = None


def judge_test(test: LockTest) -> Judgement:
    """What was proved at the time of the test. Whether that still counts says `standing`."""
    why = _why_not_foreign(test)
    if why is not None:
        return Judgement(Verdict.UNDECIDED, why)
    answer = test.answer
    if not answer.probe:
        return Judgement(Verdict.UNDECIDED, Why.NOT_ASKED)
    if answer.accepted:
        # Whatever comes later: somebody else's address was let in.
        return Judgement(Verdict.OPEN)
    named = answer.code == DiagnosisCode.IP_NOT_WHITELISTED.value and answer.only_cause
    if not named and not answer.address_possible:
        return Judgement(Verdict.UNDECIDED, Why.REFUSED_OTHERWISE)
    if answer.seen is not None and answer.seen not in test.tried_from:
        return Judgement(Verdict.UNDECIDED, Why.OTHER_ADDRESS)
    why = _why_not_back(test)
    if why is not None:
        return Judgement(Verdict.UNDECIDED, why)
    return Judgement(Verdict.LOCKED if named else Verdict.UNNAMED)


def _why_not_foreign(test: LockTest) -> Why | None:
    """The try must come from one address that is surely not one of the key's own."""
    if not test.used_from:
        return Why.USUAL_UNKNOWN
    if not test.tried_from or not test.still_from:
        return Why.ADDRESS_UNKNOWN
    if set(test.tried_from) != set(test.still_from):
        return Why.ADDRESS_CHANGED
    if any(_same_line(tried, own) for tried in test.tried_from for own in test.used_from):
        return Why.SAME_ADDRESS
    if any(contains(test.listed, address) for address in test.tried_from):
        return Why.ADDRESS_LISTED
    if not _within(test.used_at, test.tried_at, LIMITS.lock_step_seconds):
        return Why.START_OLD
    return None


def _why_not_back(test: LockTest) -> Why | None:
    """The same key must be accepted again soon: else it may have died of something else."""
    if test.back_at is None:
        return Why.NOT_BACK
    if not _within(test.tried_at, test.back_at, LIMITS.lock_step_seconds):
        return Why.BACK_LATE
    here = set(test.back_from)
    if not here & set(test.used_from) or here & set(test.tried_from):
        return Why.BACK_ELSEWHERE
    if test.list_before != test.list_after:
        return Why.LIST_CHANGED
    return None


def _same_line(one: Address, other: Address) -> bool:
    """IPv6: a computer changes its part of the address every day, the line's half stays."""
    if one.version == other.version == 6:
        return int(one) >> 64 == int(other) >> 64
    return one == other


def _within(first: datetime, then: datetime, seconds: float) -> bool:
    return timedelta(0) <= then - first <= timedelta(seconds=seconds)


@dataclass(frozen=True)
class Later:
    """From where the key was accepted after a test: what the test says must still explain it."""

    here: tuple[Address, ...] = ()
    """This computer's certain addresses, if the key was accepted just now."""
    since: tuple[Address, ...] = ()
    """The same of earlier checks, all of them later than the test."""
    named: tuple[Address, ...] = ()
    """Those that the user calls the key's own."""

    def denies(self, test: LockTest) -> bool:
        """Whether the key was let in where the list, as the test met it, should have kept it out.

        One address of this computer that is the key's own explains a call. Of earlier checks only
        IPv4 is asked for that: the same computer has another IPv6 address every day.
        """
        if {*self.here, *self.since} & set(test.tried_from):
            return True
        own = {*test.used_from, *self.named}
        strange = [a for a in self.here if a not in own and not contains(test.listed, a)]
        if self.here and len(strange) == len(self.here):
            return True
        before = (a for a in self.since if a.version == 4 and a not in own)
        return any(not contains(test.listed, a) for a in before)


def outweighs(before: LockTest, test: LockTest) -> bool:
    """Whether the older test is to be kept: it let an address in, and the new one takes nothing of that back.

    A refusal without a reason from another address may have any reason, and the list is the same.
    """
    same_key = (before.exchange, before.host, before.fingerprint, before.practice) == (
        test.exchange,
        test.host,
        test.fingerprint,
        test.practice,
    )
    if not same_key or before.list_before != test.list_before:
        return False
    if judge_test(before).verdict is not Verdict.OPEN:
        return False
    weak = judge_test(test).verdict in (Verdict.UNNAMED, Verdict.UNDECIDED)
    return weak and not set(before.tried_from) & set(test.tried_from)


class Standing(Enum):
    """Whether what a test showed still counts for a key at this moment."""

    COUNTS = "counts"
    EXPIRED = "lock-test-expired"
    CLOCK = "lock-test-later-than-now"
    """It is dated later than now: a clock went back, and its age is not known."""
    LIST_CHANGED = "lock-test-other-list"
    LET_IN_SINCE = "lock-test-let-in-since"
    """The key was accepted later from where it was refused, or from where it was never used before."""
    OTHER_KEY = "lock-test-other-key"


def standing(
    test: LockTest,
    *,
    exchange: str,
    host: str,
    fingerprint: str,
    facts: KeyFacts,
    now: datetime,
    later: Later,
) -> Standing:
    """Whether `test` is about exactly this key with exactly this list, and young enough."""
    practice = facts.environment is Environment.PRACTICE
    whose = (test.exchange, test.host, test.fingerprint, test.practice)
    if whose != (exchange, host, fingerprint, practice) or not (fingerprint or practice):
        return Standing.OTHER_KEY
    if facts.accepted and list_mark(facts) != test.list_before:
        return Standing.LIST_CHANGED
    if now < (test.back_at or test.tried_at):
        return Standing.CLOCK
    if now - test.tried_at > timedelta(days=LIMITS.lock_proof_days):
        return Standing.EXPIRED
    if later.denies(test):
        return Standing.LET_IN_SINCE
    return Standing.COUNTS


# What goes into a test -------------------------------------------------------------------------


def list_mark(facts: KeyFacts) -> str:
    """The list as far as the exchange shows it: another text as soon as another list is shown."""
    if isinstance(facts.whitelist, Known):
        return "list " + " ".join(sorted(map(str, facts.whitelist.value)))
    shown = [facts.said[name] for name in facts.whitelist_fields if name in facts.said]
    # What is shown as evidence is cut short; behind the cut the list may have changed.
    return "shown " + ", ".join([*shown, *filter(None, [facts.whitelist_digest])])


def listed_ranges(facts: KeyFacts) -> tuple[Network, ...]:
    """The ranges of the list where they can be read."""
    return facts.whitelist.value if isinstance(facts.whitelist, Known) else ()


_LATE = DiagnosisCode.TIMEOUT.value


def certain_addresses(egress: EgressReport, *, ipv6: bool) -> tuple[Address, ...]:
    """The addresses that an exchange can see this computer under; none where one is uncertain.

    `ipv6`: calls may leave over IPv6 as well.
    """
    found: list[Address] = []
    families = [(4, egress.ipv4, egress.certainty)]
    if ipv6:
        families.append((6, egress.ipv6, egress.ipv6_certainty))
    # Services that were too slow do not say that there is no way out by that family.
    late = {answer.family for answer in egress.answers if answer.error == _LATE}
    for family, address, certainty in families:
        if certainty in (Certainty.CONFLICT, Certainty.SINGLE):
            return ()
        if certainty is Certainty.NONE and family in late:
            return ()
        if address is not None:
            found.append(address)
    return tuple(found)


def answer_of(diagnosis: Diagnosis | None, probe: str) -> TriedAnswer:
    """The answer to the try. `probe`: the signed question, empty where it was never answered."""
    if diagnosis is None:
        return TriedAnswer(accepted=True, probe=probe)
    causes = [cause.code for cause in diagnosis.causes]
    address = DiagnosisCode.IP_NOT_WHITELISTED
    return TriedAnswer(
        accepted=False,
        probe=probe,
        code=diagnosis.code.value,
        http_status=diagnosis.http_status,
        exchange_code=diagnosis.exchange_code or "",
        seen=_address(diagnosis.seen_address),
        only_cause=set(causes) <= {diagnosis.code},
        address_possible=address in (*causes, diagnosis.code),
    )


def _address(text: str | None) -> Address | None:
    try:
        return None if text is None else parse_address(text)
    except ValueError:
        return None


def is_usable(facts: KeyFacts) -> bool:
    """Whether an accepted answer says anything about addresses: not where the list is off."""
    sound = facts.accepted and not facts.other_key and not facts.locked
    return sound and not is_false(facts.whitelist_on)


def own_addresses(*groups: Iterable[Address]) -> tuple[Address, ...]:
    """Each address once, in the order given."""
    return tuple(dict.fromkeys(address for group in groups for address in group))

"""The steps of a lock test: where this computer is, what the exchange says from there, what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from latchlight.checkup import look_up_address
from latchlight.core.addresses import Address
from latchlight.core.diagnosis import Diagnosis, DiagnosisCode
from latchlight.core.errors import LatchlightError, StoreError
from latchlight.core.facts import KeyFacts
from latchlight.core.limits import LIMITS
from latchlight.core.lock_test import (
    LockTest,
    Verdict,
    answer_of,
    certain_addresses,
    is_usable,
    judge_test,
    list_mark,
    listed_ranges,
    own_addresses,
)
from latchlight.core.progress import CancelToken
from latchlight.core.records import dataclass
from latchlight.core.sentences import say
from latchlight.core.situation import ClockReading
from latchlight.keys import CheckRequest
from latchlight.services import Services


@dataclass(frozen=True)
class Attempt:
    """One signed question, and this computer's addresses before and after it."""

    at: datetime
    """When the exchange had answered (UTC)."""
    before: tuple[Address, ...]
    """None where a service disagrees or too few were heard."""
    after: tuple[Address, ...]
    facts: KeyFacts
    diagnosis: Diagnosis | None
    probe: str
    """The signed question as it was answered; empty where none was."""

    @property
    def accepted(self) -> bool:
        """Whether the exchange took the key, with its list on as far as it tells."""
        return self.diagnosis is None and bool(self.probe) and is_usable(self.facts)

    @property
    def steady(self) -> tuple[Address, ...]:
        """Where this computer was the whole time; empty where that is not certain."""
        return self.before if set(self.before) == set(self.after) else ()


def attempt(request: CheckRequest, services: Services, token: CancelToken) -> Attempt:
    """Look where this computer is, ask the exchange, look again. The user has asked for all of it.

    Raises Cancelled only. Nothing of it goes into the address history: it is a visit.
    """
    from latchlight.probing import KeyAnswers, ask_exchange, leaves_over_ipv6

    ipv6 = leaves_over_ipv6(services)
    before = _here(services, token, ipv6)
    try:
        credentials = request.credentials()
        answers = ask_exchange(request.exchange, request.host, credentials, services, token)
    except LatchlightError as problem:
        answers = KeyAnswers.failed(request.exchange, request.host, problem)
    after = _here(services, token, ipv6)
    # The time alone is no answer about the key, and without it the exchange may not be reached at all.
    key = answers.evidence.get("key") if "time" in answers.evidence else None
    diagnosis = answers.diagnosis
    if _is_clock_off(answers.clock):
        # What is dated wrongly would count longer than it may once the clock is set right.
        key, diagnosis = None, _CLOCK_OFF
    return Attempt(
        at=services.now() if key is None else key.at,
        before=before,
        after=after,
        facts=answers.facts,
        diagnosis=diagnosis,
        probe="" if key is None else key.probe,
    )


_CLOCK_OFF = Diagnosis(
    DiagnosisCode.CLOCK_OFF,
    say("The clock of this computer is wrong."),
    say("Switch on automatic time in the system settings, then check again."),
)


def _is_clock_off(clock: ClockReading | None) -> bool:
    return clock is not None and abs(clock.offset_ms) > LIMITS.clock_offset_seconds * 1000


def _here(services: Services, token: CancelToken, ipv6: bool) -> tuple[Address, ...]:
    egress = look_up_address(services, token=token, asked_for=True, remember=False)
    return certain_addresses(egress, ipv6=ipv6)


def known_addresses(request: CheckRequest, services: Services) -> tuple[Address, ...]:
    """From where else the key is used: what was seen lately, and what the user named. StoreError.

    Not the address of a test in which a stranger's address was let in: checks from there were, too.
    """
    store, since = services.store(), services.now() - timedelta(days=LIMITS.lock_proof_days)
    foreign = _let_in(request, services)
    used = (a for a in store.accepted_from(request.id, since) if a not in foreign)
    return own_addresses(used, request.intent.addresses)


def _let_in(request: CheckRequest, services: Services) -> tuple[Address, ...]:
    try:
        last = services.store().lock_test(request.id)
    except StoreError:
        return ()  # one that cannot be read is done again like any other
    opened = last is not None and judge_test(last).verdict is Verdict.OPEN
    return last.tried_from if last is not None and opened else ()


def make_test(
    request: CheckRequest,
    *,
    practice: bool,
    home: Attempt,
    known: tuple[Address, ...],
    tried: Attempt,
    back: Attempt | None = None,
) -> LockTest:
    """The test as it was seen. `known` is from before the try, so that the try itself is not in it.

    `back` only counts where the key was accepted.
    """
    returned = back if back is not None and back.accepted else None
    # Where the usual address is uncertain, no other one is surely foreign.
    usable = home.accepted and bool(home.steady)
    return LockTest(
        exchange=request.exchange.id,
        host=request.host,
        practice=practice,
        fingerprint=request.fingerprint,
        used_at=home.at,
        used_from=own_addresses(home.steady, known) if usable else (),
        tried_at=tried.at,
        tried_from=tried.before,
        still_from=tried.after,
        answer=answer_of(tried.diagnosis, tried.probe),
        list_before=list_mark(home.facts),
        listed=listed_ranges(home.facts),
        back_at=None if returned is None else returned.at,
        back_from=() if returned is None else returned.steady,
        list_after="" if returned is None else list_mark(returned.facts),
    )


def keep_test(test: LockTest, request: CheckRequest, services: Services) -> bool:
    """Remember it with the key. StoreError.

    False: this key is not stored, or the test before outweighs this one.
    """
    if not (request.stored or services.practice):
        return False
    return services.store().keep_lock_test(request.id, test)


def end_visit(addresses: Iterable[Address], since: datetime, services: Services) -> None:
    """Take foreign addresses that were noted since `since` out of the history of this line."""
    try:
        services.store().forget_visit(addresses, since)
    except StoreError:
        return

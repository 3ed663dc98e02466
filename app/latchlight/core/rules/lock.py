"""What a lock test showed: whether the key was refused when it was tried from a foreign address."""

from __future__ import annotations

from datetime import datetime

from latchlight.core.facts import Unknown, is_false
from latchlight.core.findings import Evidence, Light, Sureness
from latchlight.core.limits import LIMITS
from latchlight.core.lock_test import (
    Later,
    LockTest,
    Standing,
    Verdict,
    certain_addresses,
    judge_test,
    standing,
)
from latchlight.core.rules.rule import Answer, NotApplicable, Outcome, Rule
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.situation import Situation

_AGAIN = say("Do the lock test again from the key's page.")


def proof(situation: Situation) -> LockTest | None:
    """The lock test that proves, at this moment, that a list keeps others out; None without one.

    It needs the key to be accepted in this run: a dead key is refused everywhere.
    """
    lock, facts = situation.lock, situation.facts
    if not isinstance(lock, LockTest) or not facts.accepted or situation.diagnosis is not None:
        return None
    locked = judge_test(lock).verdict is Verdict.LOCKED
    return lock if locked and _standing(lock, situation) is Standing.COUNTS else None


def _standing(lock: LockTest, situation: Situation) -> Standing:
    return standing(
        lock,
        exchange=situation.exchange.id,
        host=situation.host,
        fingerprint=situation.fingerprint,
        facts=situation.facts,
        now=situation.now,
        later=_later(situation),
    )


def _later(situation: Situation) -> Later:
    """From where the key was accepted, in this run and since the test."""
    egress = situation.egress
    here = certain_addresses(egress, ipv6=True) or certain_addresses(egress, ipv6=False)
    accepted = situation.facts.accepted and situation.diagnosis is None
    return Later(here if accepted else (), situation.accepted_since, situation.intent.addresses)


def _lock_open(situation: Situation) -> Answer:
    lock = situation.lock
    if lock is None or is_false(situation.facts.whitelist_on):
        return NotApplicable()  # never tested, or no list to test
    if isinstance(lock, Unknown):
        return _nothing(
            say("The lock test that was kept cannot be read."), _AGAIN, "lock-test-unreadable"
        )
    verdict, stands = judge_test(lock).verdict, _standing(lock, situation)
    if stands is Standing.OTHER_KEY:
        return NotApplicable()
    if verdict is Verdict.OPEN and stands is not Standing.LIST_CHANGED:
        return _let_in(lock, situation)  # that grows no better with age
    if stands is not Standing.COUNTS:
        return _over(lock, stands)
    match verdict:
        case Verdict.UNNAMED:
            return _not_named(lock, situation)
        case Verdict.UNDECIDED:
            return _nothing(
                say("The last lock test decided nothing."), _AGAIN, "lock-test-undecided"
            )
        case _:
            return _kept_out(situation)


def _kept_out(situation: Situation) -> Answer:
    lock = proof(situation)
    if lock is None:
        return NotApplicable()  # the key was not accepted this time: nothing is said about its lock
    return Outcome(
        Light.GREEN,
        Sureness.MEASURED,
        say("From another network this key is refused."),
        series((proved_words(lock, situation.exchange.name), _LIMITS), " "),
        earlier=lock_evidence(lock),
    )


_LIMITS = say(
    "One address was tried, at one time: other entries of the list, and what was changed on it since, are not part "
    "of that. After {days} days it does not count any more.",
    days=LIMITS.lock_proof_days,
)


def proved_words(lock: LockTest, exchange: str) -> Sentence:
    """What a test proved, with address and time."""
    return say(
        "Proved by the lock test of {at}: {exchange} refused the key from {address}, because that address is not on "
        "its list, and accepted it before and after from {usual}.",
        at=at_words(lock.tried_at),
        exchange=exchange,
        address=series(lock.tried_from),
        usual=series(lock.back_from or lock.used_from[:2]),
    )


def _let_in(lock: LockTest, situation: Situation) -> Outcome:
    return Outcome(
        Light.RED,
        Sureness.MEASURED,
        say("From another network this key works, too."),
        say(
            "In the lock test of {at} {exchange} accepted the key from {address}, which is not one of your addresses: "
            "the whitelist does not keep others out. Open the key's page, switch the list on, take out what is not "
            "yours, and do the lock test again. If that network only looked like another one, such as a VPN that lets "
            "some programs past it, do the test from a phone's hotspot.",
            at=at_words(lock.tried_at),
            exchange=situation.exchange.name,
            address=series(lock.tried_from),
        ),
        "lock-open",
        earlier=lock_evidence(lock),
        # Without an answer of this run it is still so.
        probes=("key",),
    )


def _not_named(lock: LockTest, situation: Situation) -> Outcome:
    return _nothing(
        say("From another network this key was refused, without a clear reason."),
        say(
            "In the lock test of {at} {exchange} refused the key from {address}, and accepted it before and after from "
            "{usual}. That speaks for the list, but proves nothing: the refusal has other causes as well, and "
            "{exchange} does not say which one it was. Look at the list on the key's page.",
            at=at_words(lock.tried_at),
            exchange=situation.exchange.name,
            address=series(lock.tried_from),
            usual=series(lock.back_from),
        ),
        "lock-test-unnamed",
        lock_evidence(lock),
    )


def _over(lock: LockTest, stands: Standing) -> Outcome:
    why: dict[Standing, Sentence] = {
        Standing.EXPIRED: say(
            "It was done on {at}, and counts for {days} days.",
            at=at_words(lock.tried_at),
            days=LIMITS.lock_proof_days,
        ),
        Standing.CLOCK: say(
            "It is dated {at}, which is later than now: this computer's clock went back.",
            at=at_words(lock.tried_at),
        ),
        Standing.LIST_CHANGED: say(
            "It was done on {at}. The exchange shows another list now.", at=at_words(lock.tried_at)
        ),
        Standing.LET_IN_SINCE: say(
            "It was done on {at}. The key was accepted since then from an address that was refused in the test, or "
            "from which it was not used before: the list may be another one, or off.",
            at=at_words(lock.tried_at),
        ),
    }
    return _nothing(
        say("The last lock test does not count any more."),
        series((why[stands], _AGAIN), " "),
        stands.value,
        lock_evidence(lock),
    )


def _nothing(
    title: Sentence, detail: Sentence, reason: str, earlier: tuple[Evidence, ...] = ()
) -> Outcome:
    """No light depends on it: without a lock test there is only less to go by."""
    return Outcome(
        Light.GREY,
        Sureness.MEASURED,
        title,
        detail,
        reason,
        probes=(),
        required=False,
        earlier=earlier,
    )


def at_words(at: datetime) -> Sentence:
    """`2026-11-20, 12:00 UTC`: the same words in every place and on every computer."""
    return say("{day}, {time} UTC", day=at.date().isoformat(), time=at.strftime("%H:%M"))


def lock_evidence(lock: LockTest) -> tuple[Evidence, ...]:
    """Every step as a line of evidence: when, from where, and what the exchange said."""
    answer = lock.answer
    outcome = "accepted" if answer.accepted else f"refused, {answer.code}"
    if not answer.accepted and answer.http_status is not None:
        outcome += f", HTTP {answer.http_status}, code {answer.exchange_code or 'none'}"
    steps = [
        (lock.used_at, f"lock test: accepted; own addresses {_list(lock.used_from)}"),
        (lock.tried_at, f"lock test: {outcome}, from {_list(lock.tried_from)}"),
    ]
    if lock.back_at is not None:
        steps.append((lock.back_at, f"lock test: accepted, from {_list(lock.back_from)}"))
    return tuple(Evidence(answer.probe, lock.host, at, said) for at, said in steps)


def _list(addresses: tuple[object, ...]) -> str:
    return " ".join(map(str, addresses)) or "nowhere certain"


RULES = (
    Rule(
        "lock-open",
        say("Only a try from a foreign address shows that a list keeps others out."),
        _lock_open,
    ),
)

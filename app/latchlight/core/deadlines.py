"""When a key ends by itself: the date that was told, or the rule for keys without a whitelist. Pure.

No date is made up: where the start of a period is not known, the period is said and no day.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from enum import Enum

from latchlight.core.facts import Environment, KeyFacts, Known, Permission, is_false
from latchlight.core.records import dataclass
from latchlight.core.sentences import Sentence, say

NEAR_DAYS = (7, 3, 1, 0)
"""At these many days before its end a watched key is spoken of."""


class Counted(Enum):
    """From when an exchange counts the days of a key without a whitelist."""

    ANY_REQUEST = "the last signed request, which ours is, too"
    LAST_USE = "the last use, and whether reading is one is not documented"
    MADE = "the day on which it was made or renewed"


@dataclass(frozen=True)
class UnlistedEnd:
    """What an exchange documents about keys without a whitelist."""

    days: int
    counted: Counted
    only_with: tuple[Permission, ...] = ()
    """The rule is for keys with one of these rights; empty: for all."""


def days_begun(left: timedelta) -> int:
    """Days that have begun count: five days from now is five, not four and a bit."""
    return math.ceil(left.total_seconds() / 86400)


def day_words(days: int) -> Sentence:
    """`1 day`, `5 days`."""
    return say("1 day") if days == 1 else say("{n} days", n=days)


@dataclass(frozen=True)
class Deadline:
    """One way in which a key ends by itself."""

    words: Sentence
    """What ends and why."""
    at: datetime | None = None
    """UTC, where a day is known."""
    earliest: bool = False
    """It may also be later."""

    def days_left(self, now: datetime) -> int | None:
        """Days that have begun count; 0 and less: it is over. None where no day is known."""
        if self.at is None:
            return None
        return days_begun(self.at - now)

    def text(self, now: datetime) -> Sentence:
        """With the days that are left."""
        left = self.days_left(now)
        if left is None:
            return self.words
        if left <= 0:
            return say("{words} That day is over.", words=self.words)
        days = day_words(left)
        if self.earliest:
            return say("{words} That is in {days} at the earliest.", words=self.words, days=days)
        return say("{words} That is in {days}.", words=self.words, days=days)


def deadlines(
    facts: KeyFacts, rule: UnlistedEnd | None, exchange: str, asked_at: datetime
) -> tuple[Deadline, ...]:
    """Every end that is known or ruled, the dated ones first. `asked_at`: when the key was asked about."""
    if not facts.accepted or facts.other_key or facts.locked:
        return ()
    found = []
    if isinstance(facts.expires_at, Known) and facts.expires_at.value is not None:
        end = facts.expires_at.value
        words = say(
            "This key, or its right to trade, ends on {day}, {exchange} says.",
            day=end.date().isoformat(),
            exchange=exchange,
        )
        found.append(Deadline(words, end))
    elif rule is not None and _applies(facts, rule):
        found.append(_unlisted(facts, rule, exchange, asked_at))
    return tuple(sorted(found, key=lambda one: one.at is None))


def nearest(found: tuple[Deadline, ...], now: datetime) -> int | None:
    """The step of NEAR_DAYS that the nearest end has reached; None: none is near."""
    left = [one.days_left(now) for one in found]
    days = min((each for each in left if each is not None), default=None)
    if days is None:
        return None
    return min((step for step in NEAR_DAYS if days <= step), default=None)


def _applies(facts: KeyFacts, rule: UnlistedEnd) -> bool:
    """Only to a key whose list is certainly off, and unless the rights are certainly others."""
    if facts.environment not in (Environment.PRODUCTION, Environment.PRACTICE):
        return False
    named = [right.granted for right in facts.rights if right.gives(*rule.only_with)]
    return is_false(facts.whitelist_on) and not (named and all(is_false(each) for each in named))


def _unlisted(facts: KeyFacts, rule: UnlistedEnd, exchange: str, asked_at: datetime) -> Deadline:
    days = timedelta(days=rule.days)
    match rule.counted:
        case Counted.ANY_REQUEST:
            words = say(
                "Without a whitelist {exchange} ends this key {n} days after its last request, and this check was one.",
                exchange=exchange,
                n=rule.days,
            )
            return Deadline(words, asked_at + days, earliest=True)
        case Counted.LAST_USE:
            words = say(
                "Without a whitelist {exchange} ends this key, or its right to trade, {n} days after its last "
                "use. When that was is not told.",
                exchange=exchange,
                n=rule.days,
            )
            return Deadline(words)
        case Counted.MADE:
            words = say(
                "Without a whitelist {exchange} ends this key {n} days after it was made or renewed.",
                exchange=exchange,
                n=rule.days,
            )
            made = facts.created_at
            at = made.value + days if isinstance(made, Known) else None
            if at is None or at <= asked_at:
                # It was accepted after that day, so it was renewed since: when, is not told.
                return Deadline(words)
            return Deadline(words, at, earliest=True)

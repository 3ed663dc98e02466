"""How long the key has lived and how long it will."""

from __future__ import annotations

from datetime import date, timedelta

from latchlight.core.deadlines import day_words, days_begun
from latchlight.core.facts import Unknown
from latchlight.core.findings import Light, Sureness
from latchlight.core.limits import LIMITS
from latchlight.core.rules.rule import (
    Answer,
    NotApplicable,
    Outcome,
    Rule,
    grey_for,
    is_not_told,
    never_told,
)
from latchlight.core.sentences import Sentence, say
from latchlight.core.situation import Situation


def _days(left: timedelta) -> Sentence:
    return day_words(days_begun(left))


def _expires_soon(situation: Situation) -> Answer:
    fact = situation.facts.expires_at
    if is_not_told(fact) and situation.facts.accepted:
        return never_told(situation, say("Whether this key ends soon cannot be read."))
    if isinstance(fact, Unknown):
        return grey_for(fact, situation, say("Whether this key ends soon is not known."))
    end = fact.value
    if end is None:
        return Outcome(
            Light.GREEN,
            Sureness.REPORTED,
            say("No end date."),
            say(
                "{exchange} reports no date on which this key ends.",
                exchange=situation.exchange.name,
            ),
        )
    left = end - situation.now
    day = end.date().isoformat()
    if left <= timedelta(0):
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("This key's right to trade ended on {day}.", day=day),
            say("Renew it on the key's page, or set a whitelist so that it does not end."),
            "expires-soon",
            basis=("ended", day),
        )
    if left <= timedelta(days=LIMITS.expiry_warning_days):
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("This key's right to trade ends on {day}.", day=day),
            say("That is in {days}. Renew it before your bot stops.", days=_days(left)),
            "expires-soon",
            basis=("soon", day),
        )
    return Outcome(
        Light.GREEN,
        Sureness.REPORTED,
        say("It does not end soon."),
        say("{exchange} reports {day} as its end.", exchange=situation.exchange.name, day=day),
    )


def _key_old(situation: Situation) -> Answer:
    fact = situation.facts.created_at
    if is_not_told(fact) and situation.facts.accepted:
        return never_told(situation, say("How old this key is cannot be read."))
    if isinstance(fact, Unknown):
        return grey_for(fact, situation, say("How old this key is, is not known."))
    age = (situation.now - fact.value).days
    day = fact.value.date().isoformat()
    if age > situation.key_age_days:
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("This key is {age} old.", age=_days(timedelta(days=age))),
            say(
                "Made on {day}; your limit is {limit}. Make a new one and delete this.",
                day=day,
                limit=_days(timedelta(days=situation.key_age_days)),
            ),
            "key-old",
        )
    return Outcome(
        Light.GREEN,
        Sureness.REPORTED,
        say("This key is {age} old.", age=_days(timedelta(days=max(age, 0)))),
        say(
            "Made on {day}; your limit is {limit}.",
            day=day,
            limit=_days(timedelta(days=situation.key_age_days)),
        ),
    )


def _tables_old(situation: Situation) -> Answer:
    """Exchanges add rights; a version that has not been compared for long may not know them."""
    compared = date.fromisoformat(situation.exchange.facts_date)
    age = (situation.now.date() - compared).days
    if age <= LIMITS.tables_age_days:
        return NotApplicable()
    return Outcome(
        Light.AMBER,
        Sureness.CONCLUDED,
        say("This version of Latchlight is old."),
        say(
            "What it knows about {exchange} is of {day}. Install the newest version and check again.",
            exchange=situation.exchange.name,
            day=situation.exchange.facts_date,
        ),
        "tables-old",
        probes=(),
    )


RULES = (
    Rule(
        "expires-soon",
        say("A key that ends stops your bot in the middle of a trade."),
        _expires_soon,
    ),
    Rule("key-old", say("The longer a key lives, the more places have seen it."), _key_old),
    Rule("tables-old", say("Exchanges add rights that an old version does not know."), _tables_old),
)

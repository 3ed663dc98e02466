"""What the key may do, against what it is for."""

from __future__ import annotations

from latchlight.core.facts import (
    NOT_READ,
    TRADES,
    Known,
    Permission,
    Right,
    Unknown,
    WhyUnknown,
    is_false,
    is_true,
)
from latchlight.core.findings import Light, Sureness
from latchlight.core.purpose import NEEDS, Purpose
from latchlight.core.rules.rule import (
    Answer,
    NotApplicable,
    Outcome,
    Rule,
    grey_for,
    joined,
    quoted,
)
from latchlight.core.sentences import Sentence, say, series
from latchlight.core.situation import Situation

_PURPOSE_WORDS = {
    Purpose.WATCH: say("a key that only watches"),
    Purpose.SPOT: say("a spot bot"),
    Purpose.MARGIN: say("a margin bot"),
    Purpose.FUTURES: say("a futures bot"),
}


def _labels(situation: Situation, *permissions: Permission) -> Sentence:
    return quoted(right.label for right in situation.facts.granted(*permissions))


def _fields(situation: Situation, *permissions: Permission) -> tuple[str, ...]:
    return tuple(r.name for r in situation.facts.rights if r.gives(*permissions))


def _names(situation: Situation, *permissions: Permission) -> tuple[str, ...]:
    """What is on, and apart from that what may be on: an answer that falls silent is news as well."""
    unclear = [
        f"{right.name}?"
        for right in situation.facts.rights
        if right.gives(*permissions) and _is_unclear(right.granted)
    ]
    asleep = [f"{right.name}~" for right in situation.facts.dormant(*permissions)]
    on = [right.name for right in situation.facts.granted(*permissions)]
    return (*on, *unclear, *asleep)


def _with_not_reported(detail: Sentence, situation: Situation) -> Sentence:
    """With the ways out for money that this exchange does not report."""
    parts = situation.exchange.not_reported
    if not parts:
        return detail
    rest = say(
        "Not reported by {exchange}, so look at the page yourself: {parts}.",
        exchange=situation.exchange.name,
        parts=joined(parts),
    )
    return series((detail, rest), " ")


def _withdraw_on(situation: Situation) -> Answer:
    fact = situation.facts.permission(Permission.WITHDRAW)
    fields = _fields(situation, Permission.WITHDRAW)
    if is_true(fact):
        return Outcome(
            Light.RED,
            Sureness.REPORTED,
            say("This key can withdraw your money."),
            say(
                "{exchange} reports the withdrawal right as switched on.",
                exchange=situation.exchange.name,
            ),
            "withdraw-on",
            fields=fields,
        )
    if _all_asleep(situation, Permission.WITHDRAW):
        return _asleep(
            situation,
            Permission.WITHDRAW,
            say("The withdrawal right is ticked, though the key is read-only as a whole."),
        )
    if isinstance(fact, Unknown) and fact.why is WhyUnknown.ON_PAGE:
        return Outcome(
            Light.AMBER,
            Sureness.CONCLUDED,
            say("Look yourself whether this key can withdraw."),
            _with_not_reported(
                say(
                    "{exchange} does not tell a key whether it may withdraw. Open the key's page and see "
                    "that withdrawals are off.",
                    exchange=situation.exchange.name,
                ),
                situation,
            ),
            "not-told",
            fields=fields,
            # Who looked at this key has not looked at one that may do more.
            basis=tuple(right.name for right in situation.facts.rights if is_true(right.granted)),
        )
    strange = _strange(situation, "withdraw")
    if is_false(fact) and strange is not None:
        return grey_for(strange, situation, say("Whether this key can withdraw is not known."))
    if is_false(fact):
        return Outcome(
            Light.GREEN,
            Sureness.REPORTED,
            say("This key cannot withdraw."),
            _with_not_reported(
                say(
                    "{exchange} reports the withdrawal right as switched off.",
                    exchange=situation.exchange.name,
                ),
                situation,
            ),
            fields=fields,
        )
    return grey_for(_unknown(fact), situation, say("Whether this key can withdraw is not known."))


def _strange(situation: Situation, word: str) -> Unknown | None:
    """A right that is on, is not known here, and has this word in its name."""
    fact = situation.facts.unknown_rights
    names = () if isinstance(fact, Unknown) else fact.value
    found = next((name for name in names if word in name.casefold()), None)
    return None if found is None else Unknown(WhyUnknown.WRONG_FORM, found)


def _all_asleep(situation: Situation, permission: Permission) -> bool:
    """Listed and asleep, and no other switch of this kind that the answer leaves open."""
    listed = situation.facts.dormant(permission)
    return bool(listed) and _first_unclear(situation, permission) is None


def _asleep(situation: Situation, permission: Permission, title: Sentence) -> Outcome:
    """Listed on a key that is read-only as a whole: one click on the page wakes it."""
    rights = situation.facts.dormant(permission)
    return Outcome(
        Light.AMBER,
        Sureness.REPORTED,
        title,
        say(
            "Asleep as long as {exchange} reports the key as read-only: {labels}. Take the ticks out.",
            exchange=situation.exchange.name,
            labels=quoted(right.label for right in rights),
        ),
        "asleep",
        fields=tuple(right.name for right in rights),
        basis=tuple(right.name for right in rights),
    )


def _moves_within_trading(situation: Situation) -> Outcome:
    """The right to trade moves money too, and the exchange offers no narrower one."""
    rights = situation.facts.granted(Permission.INTERNAL_TRANSFER)
    return Outcome(
        Light.AMBER,
        Sureness.REPORTED,
        say("The right to trade also moves money between your own accounts."),
        say(
            "{exchange} gives {labels} as one right: it cannot be switched off separately. Nothing leaves "
            "your account this way, but money kept in another of your accounts there is not out of reach.",
            exchange=situation.exchange.name,
            labels=_labels(situation, Permission.INTERNAL_TRANSFER),
        ),
        "transfer-within-trading",
        fields=tuple(right.name for right in rights),
        required=False,
        basis=tuple(right.name for right in rights),
    )


def _comes_with_trading(situation: Situation) -> bool:
    """Whether every switch that is on and moves money is one that the purpose needs for trading."""
    needed = NEEDS[situation.intent.purpose]
    return all(
        right.permission is not Permission.INTERNAL_TRANSFER and right.gives(*needed)
        for right in situation.facts.granted(Permission.INTERNAL_TRANSFER)
    )


def _transfer_on(situation: Situation) -> Answer:
    fact = situation.facts.permission(Permission.INTERNAL_TRANSFER)
    fields = _fields(situation, Permission.INTERNAL_TRANSFER)
    if is_true(fact) and _comes_with_trading(situation):
        unclear = _first_unclear(situation, Permission.INTERNAL_TRANSFER)
        if unclear is None:
            return _moves_within_trading(situation)
        return grey_for(
            unclear, situation, say("What this key can move between accounts is not all known.")
        )
    if is_true(fact):
        red = situation.intent.purpose in (Purpose.WATCH, Purpose.SPOT)
        unclear = _first_unclear(situation, Permission.INTERNAL_TRANSFER)
        if unclear is not None and not red:
            return grey_for(
                unclear, situation, say("What this key can move between accounts is not all known.")
            )
        return Outcome(
            Light.RED if red else Light.AMBER,
            Sureness.REPORTED,
            say("This key can move money between your accounts."),
            say(
                "Switched on: {labels}. Whoever has the key could move funds to where another right reaches them; "
                "{purpose} does not need it unless it moves collateral itself.",
                labels=_labels(situation, Permission.INTERNAL_TRANSFER),
                purpose=_PURPOSE_WORDS[situation.intent.purpose],
            ),
            "transfer-on",
            fields=fields,
            basis=_names(situation, Permission.INTERNAL_TRANSFER),
        )
    if _all_asleep(situation, Permission.INTERNAL_TRANSFER):
        return _asleep(
            situation,
            Permission.INTERNAL_TRANSFER,
            say("Transfers are ticked, though the key is read-only as a whole."),
        )
    strange = _strange(situation, "transfer")
    if is_false(fact) and strange is not None:
        return grey_for(strange, situation, say("Whether this key can move money is not known."))
    if is_false(fact):
        return Outcome(
            Light.GREEN,
            Sureness.REPORTED,
            say("This key cannot move money between accounts."),
            say(
                "{exchange} reports every transfer right as switched off.",
                exchange=situation.exchange.name,
            ),
            fields=fields,
        )
    return grey_for(_unknown(fact), situation, say("Whether this key can move money is not known."))


def _key_management_on(situation: Situation) -> Answer:
    if not _fields(situation, Permission.KEY_MANAGEMENT):
        return NotApplicable()
    fact = situation.facts.permission(Permission.KEY_MANAGEMENT)
    rights = situation.facts.granted(Permission.KEY_MANAGEMENT)
    if is_true(fact) and all(r.permission is not Permission.KEY_MANAGEMENT for r in rights):
        needed = NEEDS[situation.intent.purpose]
        with_trading = all(r.permission in TRADES and r.gives(*needed) for r in rights)
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("This key may be able to make keys for sub-accounts."),
            say(
                "By {exchange}'s documents {labels} on a main account's key is enough to make or change "
                "keys of its sub-accounts, also without a whitelist. A key of a sub-account cannot do that.",
                exchange=situation.exchange.name,
                labels=_labels(situation, Permission.KEY_MANAGEMENT),
            ),
            "key-management-on",
            fields=_fields(situation, Permission.KEY_MANAGEMENT),
            # Where it comes with the trading that the key is for, nothing can be switched off.
            required=situation.exchange.unguarded_keys or not with_trading,
            basis=tuple(right.name for right in rights),
        )
    if is_true(fact):
        return Outcome(
            Light.RED,
            Sureness.REPORTED,
            say("This key can make new keys."),
            say("It could create a key without a whitelist and so undo every other protection."),
            "key-management-on",
        )
    if is_false(fact):
        return Outcome(
            Light.GREEN,
            Sureness.REPORTED,
            say("This key cannot make or change keys."),
            say(
                "{exchange} reports key management as switched off.",
                exchange=situation.exchange.name,
            ),
        )
    return grey_for(_unknown(fact), situation, say("Whether this key can make keys is not known."))


def _more_than_purpose(situation: Situation) -> Answer:
    needed = NEEDS[situation.intent.purpose]
    extra = [p for p in (*TRADES, Permission.READ) if p not in needed]
    rights = [r for r in situation.facts.rights if r.gives(*extra) and not r.gives(*needed)]
    on = [r for r in rights if is_true(r.granted)]
    asleep = [r for r in rights if r.dormant and Purpose.WATCH is situation.intent.purpose]
    fields = tuple(right.name for right in rights)
    # First what is not known: an amber could be accepted, and the gate would pass over it.
    unclear = _first_unclear(situation)
    if unclear is not None:
        return grey_for(
            unclear, situation, say("Whether this key may do more than it is for is not known.")
        )
    if on:
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("This key may do more than it is for."),
            say(
                "Switched on but not needed for {purpose}: {labels}.",
                purpose=_PURPOSE_WORDS[situation.intent.purpose],
                labels=quoted(right.label for right in on),
            ),
            "more-than-purpose",
            fields=fields,
            basis=(*_names(situation, *extra), *(right.name for right in asleep)),
        )
    if asleep:
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("Rights are ticked on this key that it cannot use."),
            say(
                "The key is read-only as a whole; asleep on it: {labels}. One click on the page wakes them.",
                labels=quoted(right.label for right in asleep),
            ),
            "asleep",
            fields=fields,
            basis=tuple(right.name for right in asleep),
        )
    return Outcome(
        Light.GREEN,
        Sureness.REPORTED,
        say("No trading right beyond its purpose."),
        say(
            "Everything that {purpose} does not need is off.",
            purpose=_PURPOSE_WORDS[situation.intent.purpose],
        ),
        fields=fields,
    )


def _less_than_purpose(situation: Situation) -> Answer:
    needed = sorted(NEEDS[situation.intent.purpose], key=lambda p: p.value)
    fields = _fields(situation, *needed)
    off = [p for p in needed if is_false(situation.facts.serves(p))]
    unclear = next((f for p in needed if isinstance(f := situation.facts.serves(p), Unknown)), None)
    if unclear is not None:
        return grey_for(
            unclear, situation, say("Whether this key has the rights it needs is not known.")
        )
    if off:
        rights = [r for r in situation.facts.rights if r.gives(*off) and r.serves]
        if any(right.dormant for right in rights):
            return _read_only_as_a_whole(situation, [r for r in rights if r.dormant])
        rights = _narrowest(rights, off, needed)
        labels = quoted(right.label for right in rights)
        return Outcome(
            Light.AMBER,
            Sureness.REPORTED,
            say("This key may do less than it is for."),
            say(
                "Switched off: {labels}. As {purpose} it will fail at its first request.",
                labels=labels,
                purpose=_PURPOSE_WORDS[situation.intent.purpose],
            ),
            "less-than-purpose",
            fields=fields,
            basis=tuple(right.name for right in rights),
        )
    return Outcome(
        Light.GREEN,
        Sureness.REPORTED,
        say("It has the rights that it needs."),
        say("What {purpose} needs is on.", purpose=_PURPOSE_WORDS[situation.intent.purpose]),
        fields=fields,
    )


def _narrowest(rights: list[Right], off: list[Permission], needed: list[Permission]) -> list[Right]:
    """Of the switches that would do, those that bring the least that is not needed."""

    def beyond(right: Right) -> int:
        return len({right.permission, *right.also} - set(needed))

    least = {p: min(beyond(r) for r in rights if r.gives(p)) for p in off}
    return [r for r in rights if any(r.gives(p) and beyond(r) == least[p] for p in off)]


def _read_only_as_a_whole(situation: Situation, rights: list[Right]) -> Outcome:
    return Outcome(
        Light.AMBER,
        Sureness.REPORTED,
        say("The key is read-only as a whole, although trading is ticked."),
        say(
            "Ticked, but asleep: {labels}. As {purpose} it will fail at its first order.",
            labels=quoted(right.label for right in rights),
            purpose=_PURPOSE_WORDS[situation.intent.purpose],
        ),
        "less-than-purpose",
        fields=tuple(right.name for right in rights),
        basis=tuple(right.name for right in rights),
    )


def _unknown_permission_on(situation: Situation) -> Answer:
    fact = situation.facts.unknown_rights
    title = say("Whether it has rights that this version does not know is not known.")
    if isinstance(fact, Unknown):
        return grey_for(fact, situation, title)
    if fact.value:
        return Outcome(
            Light.GREY,
            Sureness.REPORTED,
            say("A right that this version does not know is switched on."),
            say(
                "{exchange} reports {names}. Nobody here can say what it allows: "
                "switch it off if you do not need it, or update Latchlight.",
                exchange=situation.exchange.name,
                names=quoted(fact.value[:5]),
            ),
            "unknown-permission",
            fields=fact.value[:5],
        )
    return Outcome(
        Light.GREEN,
        Sureness.REPORTED,
        say("Every right that is on is a known one."),
        say(
            "{exchange} reports no right that this version does not know.",
            exchange=situation.exchange.name,
        ),
    )


def _first_unclear(situation: Situation, *permissions: Permission) -> Unknown | None:
    """A switch that should have been told and was not, also where another one gives the same right.

    Of these permissions; of all where none is named.
    """
    if not situation.facts.rights:
        return NOT_READ
    for right in situation.facts.rights:
        if permissions and not right.gives(*permissions):
            continue
        fact = right.granted
        if isinstance(fact, Unknown) and _is_unclear(fact):
            return fact
    return None


def _is_unclear(fact: Known[bool] | Unknown) -> bool:
    """What the exchange never tells is no gap in the answer; its page shows it."""
    return isinstance(fact, Unknown) and fact.why is not WhyUnknown.ON_PAGE


def _unknown(fact: Known[bool] | Unknown) -> Unknown:
    if isinstance(fact, Unknown):
        return fact
    return Unknown(WhyUnknown.WRONG_FORM)


RULES = (
    Rule(
        "withdraw-on",
        say("A stolen key with this right empties the account in minutes."),
        _withdraw_on,
    ),
    Rule(
        "transfer-on",
        say("Money that can be moved inside can often be brought outside."),
        _transfer_on,
    ),
    Rule(
        "key-management-on", say("A key that makes keys needs no other right."), _key_management_on
    ),
    Rule(
        "unknown-permission-on",
        say("New rights appear; an unknown one is not a harmless one."),
        _unknown_permission_on,
    ),
    Rule(
        "more-than-purpose",
        say("Every right that is not needed is a risk for nothing."),
        _more_than_purpose,
    ),
    Rule(
        "less-than-purpose",
        say("A bot that lacks a right fails when you are not looking."),
        _less_than_purpose,
    ),
)

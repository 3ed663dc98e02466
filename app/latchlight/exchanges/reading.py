"""Fields of an answer in their documented form, or unknown: nothing here guesses.

Every function takes the answer's object and the name of a field. `Known` means that the field was
there, of exactly the documented type.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from latchlight.core.addresses import Network, parse_network
from latchlight.core.answer import JsonValue
from latchlight.core.facts import (
    Fact,
    Known,
    Permission,
    Right,
    Unknown,
    WhyUnknown,
)
from latchlight.core.records import dataclass
from latchlight.core.server_text import harmless

Body = Mapping[str, JsonValue]

FIRST_KEYS = datetime(2013, 1, 1, tzinfo=UTC)
"""No exchange that we know had keys before."""
_YEAR_2100 = 4_102_444_800
_NO = frozenset({"", "false", "f", "no", "n", "off", "0", "none", "null", "disable", "disabled"})
_BEGINS_LIKE_A_RIGHT = ("enable", "can", "allow", "right", "scope")
_SAYS_A_RIGHT = ("withdraw", "transfer")
_HOLDS_A_RIGHT = ("perm", "auth", "withdraw", "transfer", "allowed")
_SPACES = string.whitespace
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def missing(name: str) -> Unknown:
    """The answer lacks the field."""
    return Unknown(WhyUnknown.MISSING, name)


def wrong_form(name: str) -> Unknown:
    """The field is there in a form that its documentation does not give."""
    return Unknown(WhyUnknown.WRONG_FORM, name)


def flag(body: Body, name: str) -> Fact[bool]:
    """`true` or `false` and nothing that looks like it."""
    if name not in body:
        return missing(name)
    value = body[name]
    return Known(value) if value is True or value is False else wrong_form(name)


def number_flag(body: Body, name: str) -> Fact[bool]:
    """The numbers 0 and 1 as no and yes, where that is the documented form."""
    if name not in body:
        return missing(name)
    value = body[name]
    return Known(value == 1) if type(value) is int and value in (0, 1) else wrong_form(name)


def text(body: Body, name: str) -> Fact[str]:
    """A text, perhaps an empty one."""
    if name not in body:
        return missing(name)
    value = body[name]
    return Known(value) if isinstance(value, str) else wrong_form(name)


def texts(body: Body, name: str) -> Fact[tuple[str, ...]]:
    """A list of texts, perhaps an empty one."""
    if name not in body:
        return missing(name)
    value = body[name]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return wrong_form(name)
    return Known(tuple(str(item) for item in value))


def comma_list(body: Body, name: str) -> Fact[tuple[str, ...]]:
    """A text of words with commas between, `""` as an empty list. An empty word is no word."""
    fact = text(body, name)
    if isinstance(fact, Unknown):
        return fact
    if not fact.value.strip(_SPACES):
        return Known(())
    words = tuple(word.strip(_SPACES) for word in fact.value.split(","))
    return Known(words) if all(words) else wrong_form(name)


def moment_ms(body: Body, name: str, now: datetime) -> Fact[datetime]:
    """A moment in the past, in ms since 1970 as a number."""
    return _moment(body, name, now, 1000)


def moment_s(body: Body, name: str, now: datetime) -> Fact[datetime]:
    """A moment in the past, in s since 1970 as a number."""
    return _moment(body, name, now, 1)


def _moment(body: Body, name: str, now: datetime, per_second: int) -> Fact[datetime]:
    if name not in body:
        return missing(name)
    value = body[name]
    if type(value) is not int or not 0 < value < _YEAR_2100 * per_second:
        return wrong_form(name)
    moment = datetime.fromtimestamp(value / per_second, UTC)
    return Known(moment) if FIRST_KEYS <= moment <= now + timedelta(days=1) else wrong_form(name)


def moment_iso(body: Body, name: str) -> Fact[datetime]:
    """A moment as `2025-10-13T03:20:45Z`, with an offset from UTC."""
    fact = text(body, name)
    if isinstance(fact, Unknown):
        return fact
    if _ISO.fullmatch(fact.value) is None:
        return wrong_form(name)
    try:
        moment = datetime.fromisoformat(fact.value)
        if moment.tzinfo is None:
            return wrong_form(name)
        return Known(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return wrong_form(name)


def address_list(entries: Fact[tuple[str, ...]], name: str) -> Fact[tuple[Network, ...]]:
    """Every entry of a whitelist as an address or range; one that is not makes the list unreadable.

    `0.0.0.0` and `::` are addresses by their form only: what an exchange means by them is not known.
    """
    if isinstance(entries, Unknown):
        return entries
    networks: list[Network] = []
    for entry in entries.value:
        try:
            network = parse_network(entry.strip(_SPACES))
        except ValueError:
            return wrong_form(name)
        if network.prefixlen == network.max_prefixlen and network.network_address.is_unspecified:
            return wrong_form(name)
        networks.append(network)
    return Known(tuple(networks))


def is_on(listed: Fact[tuple[Network, ...]]) -> Fact[bool]:
    """Where an empty list means none, by the exchange's documents: whether there is a whitelist."""
    return listed if isinstance(listed, Unknown) else Known(bool(listed.value))


@dataclass(frozen=True)
class Word:
    """One word of a permission list: what it is called on the page, and what it allows."""

    name: str
    label: str
    permission: Permission
    also: tuple[Permission, ...] = ()
    serves: bool = True


def normal(word: str) -> str:
    """Without spaces around, ASCII letters in lower case; other letters stay what they are."""
    bare = word.strip(_SPACES)
    return bare.lower() if bare.isascii() else bare


def rights_from(
    table: Iterable[Word], words: Fact[tuple[str, ...]], where: str
) -> tuple[tuple[Right, ...], Fact[tuple[str, ...]]]:
    """A right per row of the table, granted where its word is listed; and the words of no row.

    A key without a single word should not have answered: then nothing is known about any right.
    """
    if isinstance(words, Known) and not words.value:
        words = Unknown(WhyUnknown.CONTRADICTORY, where)
    rights = []
    listed = {normal(word) for word in words.value} if isinstance(words, Known) else set()
    known = set()
    for row in table:
        known.add(normal(row.name))
        granted = words if isinstance(words, Unknown) else Known(normal(row.name) in listed)
        rights.append(Right(row.name, row.label, row.permission, granted, row.serves, row.also))
    if isinstance(words, Unknown):
        return tuple(rights), words
    strange = [harmless(word)[:64] for word in words.value if normal(word) not in known]
    return tuple(rights), Known(tuple(dict.fromkeys(strange)))


def strange_rights(body: Body, known: Collection[str]) -> tuple[str, ...]:
    """Fields that this version does not know and that may be rights.

    Named like one and not plainly saying no, or of any name and speaking of one inside. Fields that
    hold the user's own words belong among the `known`.
    """
    strange = []
    for name, value in body.items():
        if name in known:
            continue
        named = _like_a_right(name.casefold()) and not says_no(value)
        if named or _speaks_of_a_right(value):
            strange.append(harmless(name)[:64])
    return tuple(strange)


def _speaks_of_a_right(value: JsonValue) -> bool:
    if isinstance(value, str):
        return any(word in value.casefold() for word in _SAYS_A_RIGHT)
    if isinstance(value, list):
        return any(_speaks_of_a_right(item) for item in value)
    if isinstance(value, dict):
        return any(
            (_like_a_right(name.casefold()) and not says_no(item)) or _speaks_of_a_right(item)
            for name, item in value.items()
        )
    return False


def _like_a_right(name: str) -> bool:
    return name.startswith(_BEGINS_LIKE_A_RIGHT) or any(part in name for part in _HOLDS_A_RIGHT)


def says_no(value: JsonValue) -> bool:
    """Whether this can only mean no."""
    if isinstance(value, str):
        return value.strip().casefold() in _NO
    if isinstance(value, dict | list):
        return not value
    return value is None or value is False or (value == 0 and value is not True)


def with_strange(unknown: Fact[tuple[str, ...]], more: Iterable[str]) -> Fact[tuple[str, ...]]:
    """Unknown words and unknown fields together; what could not be read stays unreadable."""
    if isinstance(unknown, Unknown):
        return unknown
    return Known((*unknown.value, *more))


def said(body: Body, *names: str) -> dict[str, str]:
    """What the exchange said, field by field, as short safe text for the evidence."""
    return {name: f"{name}={_short(body[name])}" for name in names if name in body}


def said_of_rights(
    body: Body, where: str, rights: Iterable[Right], unknown: Fact[tuple[str, ...]]
) -> dict[str, str]:
    """Where one field tells every right, it is the evidence for each of them."""
    if where not in body:
        return {}
    names = [right.name for right in rights]
    names += unknown.value if isinstance(unknown, Known) else ()
    return dict.fromkeys(names, said(body, where)[where])


def _short(value: JsonValue) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, list):
        return harmless(", ".join(_short(item) for item in value[:20]))[:80] or "[]"
    return harmless(str(value))[:80]

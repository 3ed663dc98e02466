"""Forms that several exchanges share: lists of words, addresses, dates, fields without a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from .evidence import Asked, a_text, must
from .strict_json import Refused

DAY_MS = 86_400_000
OLDEST_KEY_DAYS = 365
SOONEST_END_DAYS = 14
BLANKS = " \t\r\n"
NO = {"", "false", "f", "no", "n", "off", "0", "none", "null", "disable", "disabled"}
RIGHTS_BEGIN = ("enable", "permit", "can", "allow")
ABOUT_RIGHTS = re.compile(r"(enable|allow|can$|rights?$|scopes?$).*")
ALWAYS_ABOUT_RIGHTS = ("withdraw", "transfer", "auth", "perm")
MOVES_MONEY = ("withdraw", "transfer")
DESCRIBES = ("name", "label", "note", "remark", "alias")


# words


def one_word(word: str) -> str:
    """A word without the blanks around it, in small letters; only ASCII ones have small ones."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in word.strip(BLANKS))


def words(named: Iterable[object]) -> set[str]:
    """At least one word, and none that is empty."""
    found = {one_word(a_text(name)) for name in named}
    must(bool(found) and "" not in found)
    return found


def comma_words(value: object) -> set[str]:
    """The words of one text with commas between."""
    return words(a_text(value).split(","))


# addresses


def only_own(entries: Iterable[object], own: str) -> None:
    """A list that lets in the user's own address and no other one."""
    found = [a_text(entry).strip(BLANKS) for entry in entries]
    must(bool(found) and all(_is(entry, own) for entry in found))


def _is(entry: str, own: str) -> bool:
    address, slash, bits = entry.partition("/")
    if ":" in address:
        return _mapped(address) == _number(own) and (not slash or bits == "128")
    return address == own and (not slash or bits == "32")


def _number(address: str) -> int:
    parts = [int(part) for part in address.split(".")]
    return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]


def is_ipv4(text: str) -> bool:
    """Four numbers up to 255, none with a zero before it."""
    parts = text.split(".")
    return len(parts) == 4 and all(is_octet(part) for part in parts)


def is_octet(part: str) -> bool:
    """0 to 255 as it is usually written."""
    return bool(re.fullmatch(r"0|[1-9][0-9]{0,2}", part)) and int(part) < 256


def _mapped(text: str) -> int | None:
    """The IPv4 address within an IPv6 one such as `::ffff:192.0.2.1`, else None."""
    head, _, tail = text.rpartition(":")
    if is_ipv4(tail):
        number = _number(tail)
        text = f"{head}:{number >> 16:x}:{number & 0xFFFF:x}"
    before, gap, after = (side.split(":") if side else [] for side in text.partition("::"))
    missing = 8 - len(before) - len(after)
    if (missing < 1) if gap else missing:
        return None
    groups = [*before, *(["0"] * missing), *after]
    if not all(re.fullmatch(r"[0-9a-fA-F]{1,4}", group) for group in groups):
        return None
    values = [int(group, 16) for group in groups]
    return values[6] << 16 | values[7] if values[:6] == [0, 0, 0, 0, 0, 0xFFFF] else None


# dates


def young(asked: Asked, made_ms: int) -> None:
    """A key that was made within a year, and not in the future."""
    must(made_ms <= asked.now_ms + DAY_MS)
    must((asked.now_ms - made_ms) // DAY_MS <= OLDEST_KEY_DAYS)


def no_end_soon(asked: Asked, end_ms: int) -> None:
    """An end that is more than two weeks away."""
    must(end_ms > asked.now_ms + SOONEST_END_DAYS * DAY_MS)


def utc_ms(value: object) -> int:
    """Such as `2026-10-10T03:20:45Z`."""
    text = a_text(value)
    found = re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z", text
    )
    if found is None:
        raise Refused
    try:
        moment = datetime(*(int(part) for part in found.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        raise Refused from None
    return round(moment.timestamp() * 1000)


# fields that no page describes


def no_new_rights(
    fields: dict[str, object], known: Iterable[str], settings: Iterable[str] = ()
) -> None:
    """What the documentation does not name must not look like a right that is on.

    The `settings` among what it names must not hold one inside.
    """
    table, quiet = set(known), set(settings)
    must(all(_harmless(name, value) for name, value in fields.items() if name not in table))
    must(all(_harmless("", value) for name, value in fields.items() if name in quiet))


def is_nothing(value: object) -> bool:
    """Plainly no, or empty."""
    return not value or (isinstance(value, str) and one_word(value) in NO)


def _harmless(name: str, value: object) -> bool:
    if is_nothing(value):
        return True
    whole, parts = name.strip(BLANKS).casefold(), _parts(name)
    if whole.startswith(RIGHTS_BEGIN) or any(word in whole for word in ALWAYS_ABOUT_RIGHTS):
        return False
    if any(ABOUT_RIGHTS.fullmatch(part) for part in parts):
        return False
    if isinstance(value, dict):
        return all(_harmless(inner, part) for inner, part in value.items())
    if isinstance(value, list):
        return all(_harmless("", part) for part in value)
    if not isinstance(value, str) or (parts and parts[-1] in DESCRIBES):
        return True
    return not any(word in value.casefold() for word in MOVES_MONEY)


def _parts(name: str) -> list[str]:
    """`ipWhitelist_on` is made of ip, whitelist and on."""
    return [part.casefold() for part in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])", name)]

"""A second judge of Binance answers, written from the documentation's table and nothing else.

It shares no line with the program: own reader of JSON, own table, own rules. It says only whether
green may be said. Sources: developers.binance.com/docs/wallet/account/api-key-permission and
github.com/binance/binance-spot-api-docs (rest-api.md), read 2026-11-20.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

DAY_MS = 86_400_000
FIRST_KEYS_MS = 1_498_867_200_000  # 2017-07-01, the month in which Binance opened
YEAR_2100_MS = 4_102_444_800_000

# field -> (group, whether a bot can live on this switch alone)
TABLE = {
    "enableReading": ("read", True),
    "enableFixReadOnly": ("read", False),
    "enableSpotAndMarginTrading": ("spot", True),
    "enableFixApiTrade": ("spot", False),
    "enableMargin": ("margin", True),
    "enablePortfolioMarginTrading": ("margin", False),
    "enableFutures": ("futures", True),
    "enableVanillaOptions": ("options", True),
    "permitsUniversalTransfer": ("exit", True),
    "enableInternalTransfer": ("exit", True),
    "enableWithdrawals": ("exit", True),
}
OTHER_FIELDS = {"ipRestrict", "createTime", "tradingAuthorityExpirationTime"}
WANTED = {
    "watch": {"read"},
    "spot": {"read", "spot"},
    "margin": {"read", "spot", "margin"},
    "futures": {"read", "futures"},
}
NO = {"", "false", "f", "no", "n", "off", "0", "none", "null", "disable", "disabled"}
RIGHTS_BEGIN = ("enable", "permit", "can", "allow")


@dataclass(frozen=True)
class Heard:
    """One answer as it came over the line."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    cached: bool = False
    date_ms: int | None = None


class Refused(Exception):  # noqa: N818 - a verdict on bytes
    """Not JSON, or JSON that two readers could read differently."""


_TOKEN = re.compile(
    r"[ \t\n\r]*(?:([{}\[\]:,])"
    r'|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")'
    r"|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(true|false|null))"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}
Token = tuple[str, object]


def _tokens(text: str) -> Iterator[Token]:
    position, end = 0, len(text.rstrip(" \t\n\r"))
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            raise Refused
        position = found.end()
        mark, string, number, word = found.groups()
        if mark is not None:
            yield mark, None
        elif string is not None:
            yield "value", _string(string)
        elif number is not None:
            yield "value", _number(number)
        else:
            yield "value", _WORDS[word]
    yield "end", None


def _string(token: str) -> str:
    def letter(found: re.Match[str]) -> str:
        if found.group(1) is not None:
            return chr(int(found.group(1), 16))
        return _SHORT.get(found.group(2), found.group(2))

    text = _ESCAPE.sub(letter, token[1:-1]) if "\\" in token else token[1:-1]
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise Refused from None


def _number(token: str) -> int | float:
    if len(token) > 64:
        raise Refused
    if not any(letter in ".eE" for letter in token):
        return int(token)
    value = float(token)
    if value in (float("inf"), float("-inf")):
        raise Refused
    return value


def _value(token: Token, rest: Iterator[Token], depth: int) -> object:
    kind, value = token
    if kind == "value":
        return value
    if depth == 0:
        raise Refused
    if kind == "{":
        return _object(rest, depth - 1)
    if kind == "[":
        return _list(rest, depth - 1)
    raise Refused


def _object(rest: Iterator[Token], depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    folded: set[str] = set()
    token = next(rest)
    if token[0] == "}":
        return found
    while True:
        name = token[1]
        if token[0] != "value" or not isinstance(name, str) or next(rest)[0] != ":":
            raise Refused
        if name.casefold() in folded or len(folded) >= 500:
            raise Refused
        folded.add(name.casefold())
        found[name] = _value(next(rest), rest, depth)
        mark = next(rest)[0]
        if mark == "}":
            return found
        if mark != ",":
            raise Refused
        token = next(rest)


def _list(rest: Iterator[Token], depth: int) -> list[object]:
    found: list[object] = []
    token = next(rest)
    if token[0] == "]":
        return found
    while True:
        found.append(_value(token, rest, depth))
        mark = next(rest)[0]
        if mark == "]":
            return found
        if mark != ",":
            raise Refused
        token = next(rest)


def read(body: bytes) -> object:
    """The value of a JSON text. Raises Refused."""
    if len(body) > 262_144:
        raise Refused
    try:
        rest = _tokens(body.decode("utf-8"))
        value = _value(next(rest), rest, 20)
        if next(rest)[0] != "end":
            raise Refused
    except (UnicodeDecodeError, StopIteration):
        raise Refused from None
    return value


def may_be_green(time: Heard, key: Heard, purpose: str, now_ms: int) -> bool:
    """Whether these two answers, received at `now_ms`, prove a key safe for this purpose."""
    try:
        server, rights = _accepted(time), _accepted(key)
    except Refused:
        return False
    told = server.get("serverTime")
    if type(told) is not int or not -1000 <= told - now_ms <= 5000:
        return False
    if key.cached or (key.date_ms is not None and abs(key.date_ms - told) > 600_000):
        return False
    return _restrictions_fine(rights, purpose, now_ms)


def _accepted(heard: Heard) -> dict[str, object]:
    if heard.status != 200 or heard.content_type != "application/json":
        raise Refused
    value = read(heard.body)
    if not isinstance(value, dict) or not value or "code" in value or "msg" in value:
        raise Refused
    return value


def _restrictions_fine(rights: dict[str, object], purpose: str, now_ms: int) -> bool:
    return (
        rights.get("ipRestrict") is True
        and all(_switch_fine(rights, name, purpose) for name in TABLE)
        and _dates_fine(rights, now_ms)
        and all(
            _stranger_fine(name, value)
            for name, value in rights.items()
            if name not in TABLE and name not in OTHER_FIELDS
        )
    )


def _switch_fine(rights: dict[str, object], name: str, purpose: str) -> bool:
    value = rights.get(name)
    group, live = TABLE[name]
    if value is not True and value is not False:
        return False
    if group not in WANTED[purpose]:
        return value is False
    return value is True or not live


def _dates_fine(rights: dict[str, object], now_ms: int) -> bool:
    made = rights.get("createTime")
    if type(made) is not int or not FIRST_KEYS_MS <= made <= now_ms + DAY_MS:
        return False
    if (now_ms - made) // DAY_MS > 365:
        return False
    end = rights.get("tradingAuthorityExpirationTime")
    if end is None:
        return True
    return type(end) is int and now_ms + 14 * DAY_MS < end < YEAR_2100_MS


def _stranger_fine(name: str, value: object) -> bool:
    """A field that the table does not have must not be a right that is on."""
    if value is False or value is None:
        return True
    if isinstance(value, dict | list) or value is True:
        return False
    if name.casefold().startswith(RIGHTS_BEGIN):
        return False
    if isinstance(value, str):
        describes = name.casefold().endswith(("name", "label", "note", "remark", "alias"))
        return describes or value.strip().casefold() in NO
    if value == 0:
        return True
    return type(value) is int and 0 < value < YEAR_2100_MS and name.casefold().endswith("time")

"""JSON, read by hand: anything that two readers could read differently is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator


class Refused(Exception):  # noqa: N818 - a verdict on an answer
    """Not JSON, or not an answer that proves anything."""


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

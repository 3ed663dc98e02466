"""Strict JSON: anything a careful reader would stumble over is refused, not repaired."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from latchlight.core.answer import JsonValue
from latchlight.core.limits import LIMITS

_LONGEST_NUMBER = 64


class NotStrictJson(ValueError):  # noqa: N818 - a verdict on bytes, never shown to anybody
    """The bytes are not JSON in the strict sense. Carries no part of them."""


def decode(body: bytes) -> JsonValue:
    """UTF-8 JSON with unique names, finite numbers and bounded nesting. Raises NotStrictJson."""
    value = _parsed(body)
    if isinstance(value, _Refused):
        # Raised out here, so that the parser's error, which holds the whole body, does not hang on.
        raise NotStrictJson("not strict JSON")
    return value


class _Refused:
    """Stands for no value at all."""


def _parsed(body: bytes) -> JsonValue | _Refused:
    try:
        text = body.decode("utf-8", "strict")
        _bound_nesting(text)
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_unique_names,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_short_int,
        )
        _refuse_surrogates(value)
    except (ValueError, RecursionError):
        return _Refused()
    return value


def _bound_nesting(text: str) -> None:
    """Count open brackets outside strings before the parser recurses into them."""
    if text.count("[") + text.count("{") <= LIMITS.json_nesting:
        return
    depth, in_string, escaped = 0, False, False
    for letter in text:
        if in_string:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                in_string = False
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            if depth > LIMITS.json_nesting:
                raise NotStrictJson("too deep")
        elif letter in "]}":
            depth -= 1


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > LIMITS.json_names:
        raise NotStrictJson("too many names")
    names = dict(pairs)
    if len(names) != len(pairs) or len({name.casefold() for name in names}) != len(names):
        raise NotStrictJson("a name occurs twice")
    return names


def _refuse_constant(_: str) -> NoReturn:
    raise NotStrictJson("not a number")


def _finite(text: str) -> float:
    value = float(text) if len(text) <= _LONGEST_NUMBER else math.inf
    if not math.isfinite(value):
        raise NotStrictJson("number out of range")
    return value


def _short_int(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise NotStrictJson("number out of range")
    return int(text)


def _refuse_surrogates(value: JsonValue) -> None:
    """Escaped lone surrogates survive decoding and break every later text operation."""
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise NotStrictJson("lone surrogate")
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            _refuse_surrogates(name)
            _refuse_surrogates(item)

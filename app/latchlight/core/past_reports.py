"""Reads reports that this program stored long ago. What it cannot read it leaves out, never guesses.

What comes out of here are words of history: no light of a key is ever taken from it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from string import Formatter
from typing import Any

from latchlight.core.changes import Snapshot, SnapshotLine
from latchlight.core.findings import Light
from latchlight.core.sentences import Sentence, say

_LONGEST_REPORT = 1_000_000
_LONGEST_TITLE = 400
_MOST_LINES = 200
_DEEPEST_SENTENCE = 6
_RULE = re.compile(r"[a-z][a-z0-9-]{0,60}", re.ASCII)
_BASIS = re.compile(r"[0-9a-f]{16}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9.:() -]{1,270}", re.ASCII)
_LIGHTS = {light.value: light for light in Light}


class _NotOursError(ValueError):
    """Something that this program never wrote."""


def snapshot_from_json(text: str, at: datetime) -> Snapshot | None:
    """One stored report, finished at `at` (UTC); None where it is not one of ours.

    `text` is what `report/as_json.py: key_for_history` wrote, in this version or an older one.
    Lines that cannot be read are left out and counted in `gaps`.
    """
    report = _decoded(text)
    if report is None:
        return None
    light, host = _LIGHTS.get(_text(report.get("light"))), _text(report.get("host"))
    listed = report.get("findings")
    if light is None or type(listed) is not list or len(listed) > _MOST_LINES:
        return None
    lines = [line for line in map(_line, listed) if line is not None]
    once = {line.rule: line for line in lines}
    return Snapshot(
        at,
        light,
        tuple(once.values()),
        answered=report.get("diagnosis", 0) is None,
        host=host if _HOST.fullmatch(host) else "",
        gaps=len(listed) - len(once),
    )


def _decoded(text: str) -> dict[str, Any] | None:
    if len(text) > _LONGEST_REPORT:
        return None
    try:
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotOursError
    return found


def _no_number(_name: str) -> float:
    raise _NotOursError


def _text(value: object) -> str:
    return value if type(value) is str else ""


def _line(value: object) -> SnapshotLine | None:
    if not isinstance(value, dict):
        return None
    rule, title = _text(value.get("rule")), _text(value.get("title"))
    light, basis = _LIGHTS.get(_text(value.get("light"))), _text(value.get("basis"))
    if light is None or _RULE.fullmatch(rule) is None or not _is_printable(title):
        return None
    return SnapshotLine(
        rule,
        light,
        _sentence(value.get("title_made_of"), title),
        basis if _BASIS.fullmatch(basis) else "",
    )


def _is_printable(title: str) -> bool:
    if not 0 < len(title) <= _LONGEST_TITLE:
        return False
    return all(unicodedata.category(letter)[0] != "C" for letter in title)


def _sentence(made_of: object, title: str) -> Sentence:
    """The title with its template, so that it can be said in the language in force.

    Only if it says, word for word, what stands there as the title.
    """
    try:
        sentence = _made(made_of, _DEEPEST_SENTENCE)
    except (ValueError, KeyError):
        return say("{title}", title=title)
    return sentence if sentence == title else say("{title}", title=title)


def _made(value: object, deepest: int) -> Sentence:
    if not isinstance(value, dict) or value.keys() != {"template", "values"} or deepest == 0:
        raise _NotOursError
    template, values = value["template"], value["values"]
    if type(template) is not str or not isinstance(values, dict):
        raise _NotOursError
    for _, name, form, conversion in Formatter().parse(template):
        if name is not None and (not name.isidentifier() or form or conversion):
            raise _NotOursError
    return Sentence(template, {name: _value(each, deepest) for name, each in values.items()})


def _value(value: object, deepest: int) -> str:
    return value if type(value) is str else _made(value, deepest - 1)

"""One thing spoilt in an answer, in every way in which a reader could fall for it.

A body is decoded JSON. A path leads to one of its parts: `("data", 0, "perm")`, as text
`data.0.perm`. Nothing here knows an exchange.
"""

from __future__ import annotations

import copy
import itertools
import json
import random
import string
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[str | int, ...]
Spoilt = tuple[str, Any]
"""What was done, and the body after it."""


def text_of(path: Path) -> str:
    """`data.0.perm`."""
    return ".".join(str(step) for step in path)


def path_in(body: Any, text: str) -> Path | None:
    """The path of that text in this body; None where there is no such part."""
    path: Path = ()
    for name in text.split(".") if text else ():
        body_here = at(body, path)
        if isinstance(body_here, list) and name.isdigit() and int(name) < len(body_here):
            path = (*path, int(name))
        elif isinstance(body_here, dict) and name in body_here:
            path = (*path, name)
        else:
            return None
    return path


def parts(body: Any, path: Path = ()) -> Iterator[Path]:
    """Every member and element below the body itself, containers before what they hold."""
    steps: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(body, dict):
        steps = iter(body.items())
    elif isinstance(body, list):
        steps = iter(enumerate(body))
    for step, value in steps:
        yield (*path, step)
        yield from parts(value, (*path, step))


def at(body: Any, path: Path) -> Any:
    """What stands there. Raises LookupError."""
    for step in path:
        body = body[step]
    return body


def put(body: Any, path: Path, value: Any) -> Any:
    """A copy of the body in which this value stands there."""
    if not path:
        return copy.deepcopy(value)
    changed = copy.deepcopy(body)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def without(body: Any, *paths: Path) -> Any:
    """A copy of the body without these parts."""
    changed = copy.deepcopy(body)
    for path in sorted(paths, key=text_of, reverse=True):
        del at(changed, path[:-1])[path[-1]]
    return changed


def with_member(body: Any, path: Path, name: str, value: Any) -> Any:
    """A copy in which the object at this path has one member more."""
    changed = copy.deepcopy(body)
    at(changed, path)[name] = value
    return changed


def replaced(body: Any, old: str, new: Callable[[str], Any]) -> Any:
    """A copy in which every text that holds `old` is what `new` makes of it."""
    if isinstance(body, str):
        return new(body) if old in body else body
    if isinstance(body, dict):
        return {name: replaced(value, old, new) for name, value in body.items()}
    if isinstance(body, list):
        return [replaced(value, old, new) for value in body]
    return body


# what may befall one part


def spoilt_at(body: Any, path: Path) -> Iterator[Spoilt]:
    """B01 to B05, B09, B24: gone, renamed, moved, null, or of another type."""
    value, step = at(body, path), path[-1]
    yield "missing", without(body, path)
    if isinstance(step, str):
        for how, name in _other_names(step):
            yield how, with_member(without(body, path), path[:-1], name, value)
        yield "one level down", put(body, path, {step: value})
        if isinstance(body, dict):
            yield "elsewhere", with_member(without(body, path), (), "moved", {step: value})
    for how, other in other_types(value):
        yield how, put(body, path, other)


def _other_names(name: str) -> Iterator[tuple[str, str]]:
    for how, other in (("upper case", name.upper()), ("lower case", name.lower())):
        if other != name:
            yield how, other
    yield "longer name", name + "X"
    yield "shorter name", name[:-1] or "x"


def other_types(value: Any) -> Iterator[Spoilt]:
    """The value in forms that mean the same to a careless reader, and in empty ones."""
    forms: dict[str, Any] = {
        "null": None,
        "empty list": [],
        "empty object": {},
        "empty text": "",
        "listed": [value],
        "wrapped": {"value": value},
        **_own_forms(value),
    }
    plain = json.dumps(value)
    for how, other in forms.items():
        if json.dumps(other) != plain:
            yield how, other


def _own_forms(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        number = int(value)
        word = str(value)
        yes_or_no: dict[str, Any] = {"text": word.lower(), "capital text": word}
        return yes_or_no | {"number": number, "number text": str(number), "float": float(value)}
    if isinstance(value, int):
        forms: dict[str, Any] = {"text": str(value), "float": float(value), "huge": 10**30}
        return forms | ({"true or false": bool(value)} if value in (0, 1) else {})
    if isinstance(value, str):
        return {"true": True, "false": False, "zero": 0, "one": 1} | _forms_of_text(value)
    if isinstance(value, list):
        forms = {"true": True, "false": False, "zero": 0, "nulls": [None], "empty texts": [""]}
        return forms | _forms_of_list(value)
    if isinstance(value, dict):
        return {"true": True, "false": False, "zero": 0, "as text": json.dumps(value)}
    return {"true": True, "false": False, "zero": 0}


def _forms_of_text(value: str) -> dict[str, Any]:
    forms: dict[str, Any] = {}
    if value.isascii() and value.isdigit():
        forms |= {"number": int(value), "float": float(value)}
    if "," in value:
        forms["split"] = value.split(",")
    return forms


def _forms_of_list(value: list[Any]) -> dict[str, Any]:
    forms: dict[str, Any] = {"object": {str(number): item for number, item in enumerate(value)}}
    if value and all(isinstance(item, str) for item in value):
        forms["joined"] = ",".join(value)
    if len(value) == 1:
        forms["bare"] = value[0]
    return forms


def pairs(paths: list[Path], most: int = 1500) -> list[tuple[Path, Path]]:
    """Two parts of which neither holds the other; of very many a fixed choice."""
    every = [(a, b) for a, b in itertools.combinations(paths, 2) if b[: len(a)] != a]
    return every if len(every) <= most else random.Random(4).sample(every, most)


# what only shows in the bytes


def packed(body: Any) -> bytes:
    """The body as it is sent."""
    return json.dumps(body).encode()


_MARK = "(mark)"


def twice(body: Any, path: Path, value: Any) -> Iterator[tuple[str, bytes]]:
    """A16: a member that stands there twice, this value before or behind the real one."""
    name, members = str(path[-1]), at(body, path[:-1])
    orders = {
        "last": {**members, name + _MARK: value},
        "first": {name + _MARK: value, **members},
    }
    for order, doubled in orders.items():
        text = json.dumps(put(body, path[:-1], doubled))
        yield order, text.replace(_MARK, "").encode()


RAW = {
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "1e999": "1e999",
    "5000 digits": "1" * 5000,
    "deep lists": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "lone surrogate": r'"\ud800"',
    "leading zero": "007",
    "comment": "1/**/",
}
"""A17: what stands in place of a value, as text."""


def raw_at(body: Any, path: Path, raw: str) -> bytes:
    """The body with this text in place of a value."""
    return json.dumps(put(body, path, _MARK)).replace(f'"{_MARK}"', raw).encode()


ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig", "cp037")
"""A18: of these only UTF-8 without a mark may be read."""


# permission words


def random_words(count: int) -> list[str]:
    """Words that no exchange has, some of them beyond ASCII."""
    dice = random.Random(8)
    letters = string.ascii_letters + string.digits + "_-\u4ea4\u00e4"
    return ["new" + "".join(dice.choices(letters, k=dice.randint(3, 20))) for _ in range(count)]


def around(word: str) -> list[str]:
    """B11: words in which a known one is hidden."""
    return [f"{word}_history", f"{word}2", f"x{word}", f"no-{word}", f"{word} off", word * 2]


def in_other_case(word: str) -> list[str]:
    """B10: the same word to everybody."""
    return [word.upper(), word.lower(), word.capitalize(), f" {word} ", f"\t{word}", f"{word}\n"]


def full_width(word: str) -> str:
    """B10: letters that only look like those of the word."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def new_flags(count: int) -> list[str]:
    """B06: names of rights that nobody has documented."""
    dice = random.Random(6)
    starts = ("enable", "permits", "can", "allow", "can_", "allow_", "enable_")
    letters = string.ascii_letters
    return [dice.choice(starts) + "".join(dice.choices(letters, k=9)) for _ in range(count)]


YES = (True, "true", "TRUE", " yes ", "on", 1, 1.0, "1", ["x"], {"on": True})
"""B06: forms in which a new right may say that it is on."""

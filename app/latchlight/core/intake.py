"""Pasted text becomes a key, a secret or a passphrase: mended visibly, or refused in one sentence.

Every change is told, because a key that was changed in silence is a key that fails in silence.
No error here ever holds the value: errors are raised outside of every `except`, so that not even
their context does. Cleaning a cleaned value changes nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import NoReturn

from latchlight.core.errors import InputError
from latchlight.core.pem import looks_like_pem, rebuild_pem
from latchlight.core.records import dataclass, field
from latchlight.core.sentences import Sentence, say

LONGEST_PASTE = 20_000
"""Characters of one paste or one JSON document; an RSA key of 4096 bits has about 3,300."""
LONGEST_VALUE = 512
"""Characters of a key, secret or passphrase that is no private key; the longest known has 95."""

FIELD_NAMES = ("api_key", "secret", "passphrase")

_INVISIBLE = dict.fromkeys(
    (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10))
)
_QUOTES = (
    "\"'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f"
    "\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f\uff02\uff07"
)
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
_MASKS = (
    "*\u2022\u25cf\u2219\u00b7\u22c5\u25e6\u25cb\u26ab\u2b24\u25aa\u25a0\u25ab\uff0a\u204e\u2217"
)
_MASKED = re.compile(rf"[{re.escape(_MASKS)}]|\u2026|\.{{3}}|\u2025")
_ALL_MASK = re.compile(rf"[{re.escape(_MASKS)}]+")
_SPACES = re.compile(r"[ \t\n]+")
_ODD = re.compile(r"[\s\"'`<>{}\\,;|]")
_PLACEHOLDER = re.compile(
    r"your[-_ ]?(?:[a-z]+[-_ ])?(?:api|secret|key|pass)|<[^>]*>", re.IGNORECASE
)

_WORDS = (
    r"(?P<secret>(?:api[-_ ]?)?(?:key[-_ ]?)?secret(?:[-_ ]?access)?(?:[-_ ]?key)?|private[-_ ]?key)"
    r"|(?P<passphrase>(?:api[-_ ]?)?(?:pass[-_ ]?phrase|password))"
    r"|(?P<api_key>(?:x-mbx-)?api[-_ ]?key(?:[-_ ]?id)?|access[-_ ]?key(?:[-_ ]?id)?|key[-_ ]?id|key)"
)
NAME_PATTERN = rf"(?:[A-Za-z0-9]{{1,16}}[-_ .]){{0,3}}?(?:{_WORDS})"
"""The names that people and files give to the three values, with something like `BINANCE_` before."""
_PREFIX = re.compile(
    rf"(?:export\s+|set\s+|const\s+|let\s+|\$env:)?[\"'`]?{NAME_PATTERN}[\"'`]?\s*"
    r"(?:\([^)\n]{0,40}\)\s*)?(?::=|=>|[:=]|[\t\n])[ \t\n]*(?=\S)",
    re.IGNORECASE,
)
_KEY_FILE_PREFIX = re.compile(
    r"[\"'`]?(?P<api_key>(?:key[-_ ]?)?(?:name|id))[\"'`]?\s*[:=]\s*"
    r"(?=[\"'`]?(?:organizations/|[0-9a-f]{8}-[0-9a-f]{4}-))",
    re.IGNORECASE,
)
"""What Coinbase's key file calls the API key is too common a word to be one anywhere else."""


@dataclass(frozen=True)
class Cleaned:
    """One value as it will be used. The text has no place in any message."""

    text: str = field(repr=False)
    repairs: tuple[Sentence, ...] = ()
    named: str | None = None
    """The field that the pasted text itself named: `secret` for `Secret: ...`."""
    is_pem: bool = False
    gaps: int = 0
    """How many gaps inside it were closed."""


def clean_value(text: str, field_name: str) -> Cleaned:
    """The value of `api_key`, `secret` or `passphrase` out of pasted text.

    Raises InputError with the field's name for whatever cannot be mended with certainty.
    """
    refuse_oversize(text, field_name)
    visible, repairs = _visible(text, field_name)
    if field_name == "passphrase":
        return _passphrase(visible, repairs)
    cleaned = Cleaned(visible, repairs)
    while not cleaned.is_pem:
        before = cleaned
        cleaned = _mended(before, field_name)
        if cleaned.text == before.text and not cleaned.is_pem:
            _refuse_leftovers(cleaned.text, field_name)
            break
    return cleaned


def _mended(value: Cleaned, field_name: str) -> Cleaned:
    """One round. What comes to light under one layer is looked at like what was pasted."""
    if looks_like_pem(value.text):
        pem = rebuild_pem(value.text, field_name)
        return Cleaned(pem.text, _merged(value.repairs, pem.repairs), value.named, is_pem=True)
    plain, more = _plain_letters(value.text)
    peeled, named, peelings = _peel(plain)
    joined, joining = _joined(peeled)
    repairs = _merged(value.repairs, (*more, *peelings, *joining))
    gaps = value.gaps + len(_SPACES.findall(peeled))
    return Cleaned(joined, repairs, value.named or named, gaps=gaps)


def _merged(one: tuple[Sentence, ...], other: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def refuse_oversize(text: str, field_name: str) -> None:
    """Raises InputError for a paste that is longer than any key, before anything else looks at it."""
    if len(text) > LONGEST_PASTE:
        raise InputError(
            say(
                "This text is too long: no key has more than {most} characters.", most=LONGEST_PASTE
            ),
            say("Paste only the key itself."),
            field_name,
        )


def _visible(text: str, field_name: str) -> tuple[str, tuple[Sentence, ...]]:
    """Without invisible characters, and with plain spaces and line breaks only."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in text if unicodedata.category(c) != "Cf").translate(_INVISIBLE)
    plain = "".join(_plain_space(letter) for letter in kept)
    if any(
        unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\t\n" for letter in plain
    ):
        raise InputError(
            say("The text contains control characters, which no key has."),
            say("Copy it again from the exchange's page."),
            field_name,
        )
    removed = len(text) - len(kept)
    if not removed:
        return plain, ()
    if removed == 1:
        return plain, (say("Removed an invisible character."),)
    return plain, (say("Removed {count} invisible characters.", count=removed),)


def _plain_space(letter: str) -> str:
    if letter in "\u2028\u2029\x85\v\f":
        return "\n"
    return " " if unicodedata.category(letter) == "Zs" else letter


def _passphrase(visible: str, repairs: tuple[Sentence, ...]) -> Cleaned:
    """Only its edges are touched: every character inside may be meant."""
    trimmed, trimming = _trimmed(visible)
    _refuse_empty(trimmed, "passphrase")
    if _ALL_MASK.fullmatch(trimmed):
        raise _masked("passphrase")
    if not trimmed.isascii() or "\n" in trimmed or "\t" in trimmed:
        raise _foreign_letters("passphrase")
    _refuse_long(trimmed, "passphrase")
    return Cleaned(trimmed, (*repairs, *trimming))


def _plain_letters(text: str) -> tuple[str, tuple[Sentence, ...]]:
    """Full-width letters and typographic dashes as plain ones. Dots and quotes stay what they are."""
    repairs = []
    wide = "".join(_narrow(letter) for letter in text)
    if wide != text:
        repairs.append(say("Turned wide or decorated characters into plain ones."))
    dashed = wide.translate(_DASHES)
    if dashed != wide:
        repairs.append(say("Turned typographic dashes into plain ones."))
    return dashed, tuple(repairs)


def _narrow(letter: str) -> str:
    if letter.isascii() or letter in _QUOTES or letter in _MASKS or letter in "\u2026\u2025":
        return letter
    narrow = unicodedata.normalize("NFKC", letter)
    return narrow if narrow.isascii() and narrow.isprintable() else letter


def _peel(text: str) -> tuple[str, str | None, tuple[Sentence, ...]]:
    """Names, quotation marks, punctuation and spaces around the value, layer by layer."""
    repairs: list[Sentence] = []
    named: str | None = None
    while True:
        before = text
        text, told = _trimmed(text)
        repairs += told
        prefix = _PREFIX.match(text) or _KEY_FILE_PREFIX.match(text)
        if prefix is not None:
            named = named or prefix.lastgroup
            text = text[prefix.end() :]
            repairs.append(say("Removed the name in front of the value."))
        bare = text.strip(_QUOTES)
        if bare != text:
            repairs.append(say("Removed quotation marks."))
        text = bare.rstrip(",;")
        if text != bare:
            repairs.append(say("Removed a comma or semicolon at the end."))
        if text == before:
            return text, named, tuple(dict.fromkeys(repairs))


def _trimmed(text: str) -> tuple[str, list[Sentence]]:
    trimmed = text.strip(" \t\n")
    if trimmed == text:
        return text, []
    start = text[: len(text) - len(text.lstrip(" \t\n"))]
    end = text[len(text.rstrip(" \t\n")) :]
    return trimmed, [_edge_words(start, end)]


def _edge_words(start: str, end: str) -> Sentence:
    if "\n" in start + end:
        if not start:
            return say("Removed a line break at the end.")
        return say("Removed line breaks around it.")
    if not start:
        return say("Removed spaces at the end.")
    return say("Removed spaces at the start.") if not end else say("Removed spaces around it.")


def _joined(text: str) -> tuple[str, tuple[Sentence, ...]]:
    gaps = _SPACES.findall(text)
    if not gaps:
        return text, ()
    what = (
        say("Removed a line break in the middle.")
        if len(gaps) == 1 and "\n" in gaps[0]
        else say("Removed a gap in the middle.")
        if len(gaps) == 1
        else say("Removed {count} gaps in the middle.", count=len(gaps))
    )
    return _SPACES.sub("", text), (what,)


def _refuse_leftovers(text: str, field_name: str) -> None:
    _refuse_empty(text, field_name)
    if _MASKED.search(text):
        raise _masked(field_name)
    if len(text) < 80 and _PLACEHOLDER.search(text):
        raise InputError(
            say("This is the placeholder of an example, not a key."),
            say("Copy the key itself from the exchange's page."),
            field_name,
        )
    if not text.isascii():
        raise _foreign_letters(field_name)
    if _ODD.search(text):
        raise InputError(
            say("The text contains characters that no key has, or more than one value."),
            say("Paste only this one value."),
            field_name,
        )
    _refuse_long(text, field_name)


def _refuse_empty(text: str, field_name: str) -> None:
    if not text:
        raise InputError(
            say("Nothing was filled in here."),
            say("Paste it from the exchange's page."),
            field_name,
        )


def _refuse_long(text: str, field_name: str) -> None:
    if len(text) > LONGEST_VALUE:
        raise InputError(
            say("This is longer than any key: {count} characters.", count=len(text)),
            say("Paste only this one value."),
            field_name,
        )


def _masked(field_name: str) -> InputError:
    return InputError(
        say("These are stars or dots, not the value itself: the page shows it only once."),
        say("If you did not keep it, make a new key at the exchange."),
        field_name,
    )


def _foreign_letters(field_name: str) -> InputError:
    return InputError(
        say("The text contains letters that no key has; some only look like Latin ones."),
        say("Copy it again from the exchange's page instead of typing it."),
        field_name,
    )


def parse_credentials_json(text: str) -> Mapping[str, str]:
    """`{"api_key": "...", "secret": "...", "passphrase": "..."}` and nothing else.

    `passphrase` may be missing or null. Raises InputError, never with a part of the text.
    """
    refuse_oversize(text, "")
    document = strict_json(text.removeprefix("\ufeff"))
    if not isinstance(document, dict):
        raise InputError(
            say("The credentials are not a JSON object, or it names something twice."), _FORM
        )
    given = {name: value for name, value in document.items() if value is not None}
    if not set(document) <= set(FIELD_NAMES):
        raise InputError(say("The credentials contain a name that is not known."), _FORM)
    for name in ("api_key", "secret"):
        if not given.get(name):
            raise InputError(say("The credentials lack “{name}”.", name=name), _FORM, name)
    for name, value in given.items():
        if not isinstance(value, str):
            raise InputError(
                say("“{name}” in the credentials is not text.", name=name), _FORM, name
            )
    return given


_FORM = say(
    'Give {{"api_key": "…", "secret": "…", "passphrase": "…"}}; the passphrase is optional.'
)


def strict_json(text: str) -> object:
    """The document, or None where it is not strict JSON (also: a name twice in one object)."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        # The error holds the whole text; returning from here lets it go.
        return None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a name twice")
    return names


def _no_constant(_: str) -> NoReturn:
    raise ValueError("not a JSON number")

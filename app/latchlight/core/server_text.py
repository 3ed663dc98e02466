"""Words of somebody else's server: made harmless before anybody sees them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from latchlight.core.limits import LIMITS

_LIKE_A_KEY = re.compile(
    r"(?=(?:[A-Za-z_.~+/%=&-]*[0-9]){2})[A-Za-z0-9_.~+/%=&-]{24,}",
)
_LEFT_OUT = "[…]"
_READ_CHARACTERS = 4000
_SHORTEST_PART = 8
"""Characters of something that was sent which are never shown back."""
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)


def harmless(text: str, sent: Iterable[str] = ()) -> str:
    """Printable characters only, white space folded, at most 200 characters. Still plain text.

    A server or a firewall before it may quote the request: what is as long and mixed as a key, a
    signature or a query string is left out, and every part of the values that were `sent`.
    """
    text = text[:_READ_CHARACTERS]
    for value in sent:
        text = _without(text, value)
    kept = "".join(
        letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in text
    )
    folded = _LIKE_A_KEY.sub(_LEFT_OUT, " ".join(kept.split()))
    if len(folded) > LIMITS.server_text_characters:
        return folded[: LIMITS.server_text_characters - 1] + "…"
    return folded


def harmless_code(code: str, sent: Iterable[str] = ()) -> str | None:
    """An exchange's error code: letters, digits, `_`, `.` and `-`, at most 40; None for anything else."""
    if _CODE.fullmatch(code) is None or any(_shared(code, value) for value in sent):
        return None
    return code


def _without(text: str, value: str) -> str:
    """The text with every part of the value that is at least eight characters long left out."""
    hidden = [False] * len(text)
    for start, length in _shared(text, value):
        hidden[start : start + length] = [True] * length
    if not any(hidden):
        return text
    kept, gap = [], False
    for letter, is_hidden in zip(text, hidden, strict=True):
        if not is_hidden:
            kept.append(letter)
        elif not gap:
            kept.append(_LEFT_OUT)
        gap = is_hidden
    return "".join(kept)


def _shared(text: str, value: str) -> list[tuple[int, int]]:
    """Where parts of the value stand in the text, as start and length of the shortest such parts."""
    length = min(_SHORTEST_PART, len(value))
    if length < 6:
        return []
    parts = {value[at : at + length] for at in range(len(value) - length + 1)}
    places = range(len(text) - length + 1)
    return [(at, length) for at in places if text[at : at + length] in parts]

"""Words and shapes of text for the window. Qt-free. What documents say as well is in `core/words.py`."""

from __future__ import annotations

import re

from latchlight.core.rules.address_lines import is_address_line
from latchlight.core.sentences import Sentence, lines_of, say, series
from latchlight.core.words import LIKELIHOOD_HEADS, PURPOSE_WORDS, SETUP_WORDS, sureness_words

__all__ = [
    "LIKELIHOOD_HEADS",
    "NOTE_WORDS",
    "PURPOSE_WORDS",
    "SETUP_WORDS",
    "address_lines",
    "in_lines",
    "looks_like_a_secret",
    "sureness_words",
    "without_address_lines",
]

NOTE_WORDS = say("This is only a note: it does not hold the light back.")
"""Under an amber finding that is not required."""


def in_lines(detail: str) -> str:
    """A finding's detail with what is known about each address family on a line of its own."""
    lines = address_lines(detail)
    return series((without_address_lines(detail), *lines), "\n") if lines else detail


def address_lines(detail: str) -> list[str]:
    """Only these lines; none where the finding is not about addresses."""
    return [part for part in lines_of(detail) if is_address_line(part)]


def without_address_lines(detail: str) -> Sentence:
    """All but these lines."""
    return series((part for part in lines_of(detail) if not is_address_line(part)), " ")


_LIKE_A_SECRET = re.compile(r"[A-Za-z0-9+/=_-]{24,}")


def looks_like_a_secret(text: str) -> bool:
    """Whether a text for other purposes holds what could be key material: longer than any word."""
    return _LIKE_A_SECRET.search(text) is not None

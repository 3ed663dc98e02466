"""Text for a terminal, wrapped by what it takes on the screen: Chinese letters are two columns wide."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

_NOT_FIRST = frozenset(
    "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09"
    "\u300b\u300d\u300f\u3011\u3009\u2026\u201d\u2019\uff05"
)
_NOT_LAST = frozenset("\uff08\u300a\u300c\u300e\u3010\u3008\u201c\u2018")
"""Chinese punctuation that may not begin or end a line: commas and closing marks; opening marks."""


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def padded(text: str, width: int) -> str:
    """With spaces behind it until it is so many columns wide."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `width` columns; the first begins with `first`, the others with `rest`.

    At least one line. What is longer than a line by itself is broken.
    """
    if columns(first + text) == len(first + text):
        lines = textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest)
        return lines or [first]
    done, line, begins = [], first, True
    for piece in _pieces(text, width - columns(rest)):
        if not begins and columns(line + piece) > width:
            done.append(line)
            line, begins = rest, True
        line += piece.lstrip() if begins else piece
        begins = False
    return [*done, line]


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if _is_wide(letter) else 1


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _pieces(text: str, most: int) -> Iterator[str]:
    """What may not be divided, each with a space in front if one stood there."""
    piece = ""
    for letter in " ".join(text.split()):
        last = piece[-1:]
        divides = (
            letter == " "
            or columns(piece + letter) > most
            or (
                bool(piece.strip())
                and (_is_wide(letter) or _is_wide(last))
                and letter not in _NOT_FIRST
                and last not in _NOT_LAST
            )
        )
        if divides and piece:
            yield piece
            piece = ""
        piece += letter
    yield piece
